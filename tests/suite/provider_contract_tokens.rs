//! The contract's part about ID tokens: group G for every provider that signs them.

use fiiiiilm::simulator::{By, Draft, Place, Provider, TWISTS};
use serde_json::{Value, json};

use crate::kit::{CONTRACTS, Contract, TestApp, every_provider};

/// A login in which the ID token is as it is now: nobody comes in, nothing stays, the profile is not asked.
async fn assert_refused(app: &TestApp, contract: &Contract, what: &str) {
    let before = app.inspect().rows();
    app.simulator.state().forget_requests();
    let mut browser = app.browser();
    let answer = browser.come_in_at(contract.name(), contract.ordinary).await;
    assert!((400..=503).contains(&answer.status), "{} {what}: {}", contract.name(), answer.status);
    assert!(answer.cookie("__Host-access").is_none(), "{} {what}", contract.name());
    assert_eq!(browser.me().await.status, 401, "{} {what}", contract.name());
    assert_eq!(app.inspect().rows(), before, "{} {what}", contract.name());
    assert_eq!(app.token_requests_at(contract.provider), 1, "{} {what}: once", contract.name());
    if let Some((profile, _)) = contract.profile {
        let asked = app.simulator.state().requests().iter().any(|request| request.path == profile);
        assert!(!asked, "{} {what}: B17, the tokens are not used for anything", contract.name());
    }
}

async fn assert_accepted(app: &TestApp, contract: &Contract, what: &str) {
    let answer = app.browser().come_in_at(contract.name(), contract.ordinary).await;
    assert_eq!(answer.status, 303, "{} {what}: {}", contract.name(), answer.body);
}

fn signers() -> impl Iterator<Item = &'static Contract> {
    CONTRACTS.iter().filter(|contract| contract.openid)
}

on_both! {
    with every_provider;

    async fn g01_g02_g05_g06_g07_g08_g09_g10_g13_b17_no_twisted_id_token_lets_anybody_in(app: TestApp) {
        for contract in signers() {
            for twist in TWISTS.iter().filter(|twist| twist.wrong) {
                app.simulator.state().twist_by_name(contract.provider, twist.name);
                assert_refused(&app, contract, twist.name).await;
            }
            app.simulator.state().twist_by_name(contract.provider, "aud-list");
            assert_accepted(&app, contract, "aud-list").await;
            app.simulator.state().twist_by_name(contract.provider, "");
            assert_accepted(&app, contract, "plain").await;
        }
    }

    async fn g02_every_text_somebody_could_take_for_a_secret_is_refused(app: TestApp) {
        for contract in signers().filter(|contract| contract.provider != Provider::Line) {
            let client_secret = fiiiiilm::config::demo::GOOGLE.client_secret.as_bytes().to_vec();
            for secret in [Vec::new(), client_secret, b"secret".to_vec()] {
                let twist = move |draft: &mut Draft| {
                    draft.head("alg", Some(json!("HS256")));
                    draft.by = By::Secret(secret.clone());
                };
                app.simulator.state().twist_id_tokens(contract.provider, Some(twist));
                assert_refused(&app, contract, "HS256").await;
            }
            app.simulator.state().twist_id_tokens(contract.provider, None::<fn(&mut Draft)>);
        }
    }

    async fn g03_g04_keys_named_by_the_token_are_never_fetched(app: TestApp) {
        let trap = format!("{}/trap", app.simulator.origin());
        let abuses = [
            ("jku", json!(trap)), ("x5u", json!(trap)), ("jwk", json!({"kty": "oct", "k": "AA"})), ("x5c", json!(["AA=="])),
            ("kid", json!("../../../dev/null")), ("kid", json!("' OR 1=1--")), ("kid", json!(trap)), ("kid", json!("\0")),
            ("kid", json!("k".repeat(65_536))), ("kid", json!(7)),
        ];
        for contract in signers().filter(|contract| contract.provider != Provider::Line) {
            for (name, value) in abuses.clone() {
                let told = value.clone();
                let twist = move |draft: &mut Draft| {
                    draft.head(name, Some(told.clone()));
                    draft.by = By::Stranger;
                };
                app.simulator.state().twist_id_tokens(contract.provider, Some(twist));
                assert_refused(&app, contract, name).await;
                assert!(!app.simulator.state().requests().iter().any(|request| request.path.starts_with("/trap")), "{name}");
            }
            app.simulator.state().twist_id_tokens(contract.provider, None::<fn(&mut Draft)>);
        }
    }

    async fn g04_unknown_keys_fetch_the_set_once_a_minute_at_most(app: TestApp) {
        for contract in signers().filter(|contract| contract.provider != Provider::Line) {
            assert_accepted(&app, contract, "plain").await;
            app.simulator.state().forget_requests();
            app.simulator.state().twist_by_name(contract.provider, "kid-unknown");
            for _ in 0..5 {
                app.browser().come_in_at(contract.name(), contract.ordinary).await;
            }
            app.simulator.state().twist_by_name(contract.provider, "");
            let paths = contract.provider.paths(Place::Keys);
            let fetched = app.simulator.state().requests().iter().filter(|request| paths.contains(&request.path.as_str())).count();
            assert!(fetched <= 1, "{}: {fetched}", contract.name());
        }
    }

    async fn g14_at_hash_has_to_be_that_of_the_access_token(app: TestApp) {
        for contract in signers() {
            let twist = |draft: &mut Draft| draft.claim("at_hash", Some(json!("77QmUPtjPfzWtF2AnpK9RQ")));
            app.simulator.state().twist_id_tokens(contract.provider, Some(twist));
            assert_refused(&app, contract, "at_hash").await;
            app.simulator.state().twist_id_tokens(contract.provider, None::<fn(&mut Draft)>);
        }
    }

    async fn g16_keys_may_be_replaced_at_any_time(app: TestApp) {
        for contract in signers() {
            assert_accepted(&app, contract, "before").await;
            app.simulator.state().rotate_keys(contract.provider);
            app.clock.advance(time::Duration::seconds(61));
            assert_accepted(&app, contract, "after a rotation").await;
        }
    }

    async fn g17_an_outage_of_the_keys_stops_nobody_once_they_are_known(app: TestApp) {
        for contract in signers() {
            assert_accepted(&app, contract, "before").await;
            app.simulator.state().set_trouble_at(contract.provider, Place::Keys, Some(fiiiiilm::simulator::Trouble::Status(500)));
            assert_accepted(&app, contract, "without keys").await;
            app.simulator.state().set_trouble_at(contract.provider, Place::Keys, None);
        }
    }

    async fn b18_a_provider_that_owes_an_id_token_has_to_send_it(app: TestApp) {
        for contract in signers().filter(|contract| contract.openid_needed) {
            let path = contract.provider.paths(Place::Token)[0];
            let twist = |answer: &mut Value| drop(answer.as_object_mut().map(|answer| answer.remove("id_token")));
            app.simulator.state().twist_answers(path, Some(twist));
            assert_refused(&app, contract, "without an ID token").await;
            app.simulator.state().twist_answers(path, None::<fn(&mut Value)>);
        }
    }

    async fn g18_a_token_without_kid_needs_a_set_of_one_key(app: TestApp) {
        for contract in signers().filter(|contract| contract.provider != Provider::Line) {
            app.simulator.state().twist_id_tokens(contract.provider, Some(|draft: &mut Draft| draft.head("kid", None)));
            let path = contract.provider.paths(Place::Keys)[0];
            let one = |answer: &mut Value| {
                if let Some(keys) = answer["keys"].as_array_mut() {
                    keys.truncate(1);
                }
            };
            app.simulator.state().twist_answers(path, Some(one));
            assert_accepted(&app, contract, "one key").await;
            app.simulator.state().twist_answers(path, None::<fn(&mut Value)>);
            app.simulator.state().twist_id_tokens(contract.provider, None::<fn(&mut Draft)>);
        }
    }
}
