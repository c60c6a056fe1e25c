//! Black-box tests: each starts the real server on a database of its own, with the simulator as the outside world, and
//! looks at it from outside. One binary, because linking twenty takes longer than running them.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
mod kit;

mod admin;
mod approval;
mod authorization;
mod callbacks;
mod chromium;
mod chromium_axe;
mod chromium_desk;
mod chromium_leaving;
mod chromium_linking;
mod command_line;
mod commands_desk;
mod cors;
mod database_faults;
mod database_wear;
mod described;
mod desk;
mod devices;
mod events;
mod events_replayed;
mod events_weather;
mod export;
mod fresh_login;
mod grace;
mod headers;
mod history;
mod hostile_tokens;
mod identities;
mod identity_provider;
mod in_app;
mod layers;
mod leaving;
mod limits;
mod linking;
mod log_out;
mod login;
mod logs;
mod migrations;
mod native_login;
mod notices;
mod numbers;
mod outbox;
mod outbox_killed;
mod posted;
mod process_faults;
mod process_weather;
mod provider_contract;
mod provider_contract_people;
mod provider_contract_tokens;
mod provider_faults;
mod provider_weather;
mod raw_http;
mod redirects;
mod refresh;
mod refusals;
mod reuse_alarm;
mod search;
mod shared_state;
mod signing_keys;
mod tls;
mod token_api;
mod token_weather;
mod tokens;
mod unlinking;
mod verifiers;
mod webhooks;
mod webhooks_killed;
mod webhooks_late;
mod webhooks_of_all;
mod who_may;
