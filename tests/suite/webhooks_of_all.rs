//! Group H for every provider that sends notices: what each brings about, what is refused, and in which words.

use fiiiiilm::simulator::Provider;
use fiiiiilm::simulator::notices::{Delivery, Notice, Variation};
use futures_util::future::join_all;
use serde_json::Value;

use crate::kit::{Answer, Browser, CONTRACTS, Contract, TestApp, every_provider};

/// What brings what about, by the provider's own names; whatever is not listed brings nothing about.
const LINK_OVER: [&str; 11] = [
    "UNLINK_FROM_APPS",
    "ACCOUNT_DELETE",
    "FORCED_ACCOUNT_DELETE",
    "UNLINK_FROM_ADMIN",
    "INCOMPLETE_SIGN_UP",
    "user-unlinked",
    "account-purged",
    "unlink",
    "consent-revoked",
    "account-delete",
    "account-deleted",
];
const SESSIONS_OVER: [&str; 7] = [
    "tokens-revoked",
    "token-revoked",
    "sessions-revoked",
    "account-disabled",
    "credential-compromise",
    "account-credential-change-required",
    "credential-change",
];

fn senders() -> Vec<&'static Contract> {
    CONTRACTS.iter().filter(|contract| !Notice::of(contract.provider).is_empty()).collect()
}

/// The answer when it was taken, by the contract.
const fn taken(notice: Notice) -> u16 {
    match notice {
        Notice::KakaoEvent(_) | Notice::GoogleEvent(_) => 202,
        Notice::NaverUnlink => 204,
        Notice::KakaoUnlink(_) | Notice::AppleEvent(_) => 200,
    }
}

fn built(app: &TestApp, notice: Notice, whom: &str, variation: Variation) -> Delivery {
    app.simulator.state().notice(notice, whom, variation).unwrap()
}

/// As a provider sends it: one that could not be taken in time comes again.
async fn sent(app: &TestApp, delivery: &Delivery) -> Answer {
    for _ in 0..8 {
        let answer = app.browser().deliver(delivery).await;
        if answer.status != 503 {
            return answer;
        }
        // Keys that could not be had are asked for again a minute later.
        app.clock.advance(time::Duration::seconds(61));
    }
    panic!("{delivery:?} is never taken");
}

async fn deliver(app: &TestApp, notice: Notice, whom: &str, variation: Variation) -> Answer {
    sent(app, &built(app, notice, whom, variation)).await
}

async fn came_in(app: &TestApp, contract: &Contract) -> Browser {
    let mut browser = app.browser();
    let answer = browser.come_in_at(contract.name(), contract.ordinary).await;
    assert_eq!(answer.status, 303, "{}: {}", contract.name(), answer.body);
    browser
}

fn lines(app: &TestApp, action: &str) -> i64 {
    app.inspect().number(&format!("select count(*) as n from audit_events where action = '{action}'"))
}

on_both! {
    with every_provider;

    async fn h06_h08_h10_h15_each_kind_of_every_provider_does_what_it_says_and_no_more(app: TestApp) {
        for contract in senders() {
            for notice in Notice::of(contract.provider) {
                let mut browser = came_in(&app, contract).await;
                let answer = deliver(&app, notice, contract.ordinary, Variation::Plain).await;
                assert_eq!((answer.status, answer.body.as_str()), (taken(notice), ""), "{notice:?}");
                // Google names a token there, and we keep none of its tokens by that name.
                let by_token = notice == Notice::GoogleEvent("token-revoked");
                let link_over = LINK_OVER.contains(&notice.name());
                let over = link_over || SESSIONS_OVER.contains(&notice.name()) && !by_token;
                assert_eq!(browser.me().await.status, if over { 401 } else { 200 }, "{notice:?}");
                let left = format!("select count(*) as n from identities where provider = '{}'", contract.name());
                assert_eq!(app.inspect().number(&left), i64::from(!link_over), "{notice:?}");
            }
        }
    }

    async fn h03_h09_every_true_variation_counts_once_however_often_it_comes(app: TestApp) {
        let other = app.second().await;
        for contract in senders() {
            let Some(notice) = Notice::of(contract.provider).into_iter().find(|notice| LINK_OVER.contains(&notice.name()) && (notice.is_signed() || contract.name() == "naver"))
                .or_else(|| Notice::of(contract.provider).into_iter().find(|notice| SESSIONS_OVER.contains(&notice.name())))
            else { continue };
            for variation in Variation::of(notice).into_iter().filter(|variation| !variation.is_forged() && *variation != Variation::UnknownEvent) {
                let mut browser = came_in(&app, contract).await;
                let done = || lines(&app, "notice.unlink") + lines(&app, "notice.sessions");
                let before = done();
                let delivery = built(&app, notice, contract.ordinary, variation);
                let mut couriers: Vec<Browser> = (0..5).flat_map(|_| [app.browser(), Browser::new(other.address)]).collect();
                let answers = join_all(couriers.iter_mut().map(|courier| courier.deliver(&delivery))).await;
                for answer in answers {
                    assert!([taken(notice), 503].contains(&answer.status), "{notice:?} {variation:?}: {} {}", answer.status, answer.body);
                }
                assert_eq!(sent(&app, &delivery).await.status, taken(notice), "{notice:?} {variation:?}");
                assert_eq!(browser.me().await.status, 401, "{notice:?} {variation:?}");
                assert_eq!(done(), before + 1, "{notice:?} {variation:?}");
            }
        }
    }

    async fn h07_forged_notices_of_every_provider_change_nothing_and_ask_for_nothing(app: TestApp) {
        for contract in senders() {
            let mut browser = came_in(&app, contract).await;
            for notice in Notice::of(contract.provider).into_iter().filter(|notice| LINK_OVER.contains(&notice.name())) {
                for variation in Variation::of(notice).into_iter().filter(|variation| variation.is_forged()) {
                    let answer = deliver(&app, notice, contract.ordinary, variation).await;
                    assert!([400, 401, 403].contains(&answer.status), "{notice:?} {variation:?}: {} {}", answer.status, answer.body);
                    if notice.is_signed() {
                        let body: Value = serde_json::from_str(&answer.body).unwrap();
                        let known = ["invalid_request", "invalid_key", "invalid_issuer", "invalid_audience"];
                        assert!(known.contains(&body["err"].as_str().unwrap()), "{notice:?} {variation:?}: {body}");
                    }
                }
            }
            assert_eq!(browser.me().await.status, 200, "{}", contract.name());
        }
        assert_eq!(app.inspect().number("select count(*) as n from heard_notices"), 0);
        assert_eq!(app.inspect().number("select count(*) as n from recent_events"), 0);
    }

    async fn h07_a_notice_of_one_provider_says_nothing_at_anothers_door(app: TestApp) {
        let mut browsers = Vec::new();
        for contract in senders() {
            browsers.push(came_in(&app, contract).await);
        }
        let all = senders().into_iter().flat_map(|contract| {
            Notice::of(contract.provider).into_iter().filter(|notice| LINK_OVER.contains(&notice.name())).map(move |notice| (contract, notice))
        });
        let all: Vec<(&Contract, Notice)> = all.collect();
        let doors: Vec<String> = all.iter().map(|(contract, notice)| built(&app, *notice, contract.ordinary, Variation::Plain).path).collect();
        for (contract, notice) in &all {
            // About somebody of the other provider, as a provider that lies would say it.
            for (victim, _) in &all {
                let mut delivery = built(&app, *notice, victim.ordinary, Variation::Plain);
                if contract.provider == victim.provider {
                    continue;
                }
                let home = delivery.path.clone();
                for door in doors.iter().filter(|door| **door != home) {
                    delivery.path.clone_from(door);
                    let status = sent(&app, &delivery).await.status;
                    assert!((400..500).contains(&status), "{notice:?} at {door}: {status}");
                }
            }
        }
        for browser in &mut browsers {
            assert_eq!(browser.me().await.status, 200);
        }
    }

    async fn h11_a_notice_of_every_provider_wins_over_logins_that_began_before_and_over_no_other(app: TestApp) {
        for contract in senders() {
            for known in [false, true] {
                let mut before = app.browser();
                let callback = before.until_callback(&contract.start(), contract.ordinary).await;
                let notice = Notice::of(contract.provider).into_iter().find(|notice| {
                    LINK_OVER.contains(&notice.name()) || SESSIONS_OVER.contains(&notice.name())
                });
                let notice = notice.expect("one that does something");
                assert_eq!(deliver(&app, notice, contract.ordinary, Variation::Plain).await.status, taken(notice));
                let refused = before.get(&callback).await;
                assert_eq!(refused.status, 400, "{} known: {known}: {}", contract.name(), refused.body);
                assert_eq!(before.me().await.status, 401, "{}", contract.name());
                // Begun in the same second, and after it.
                came_in(&app, contract).await;
            }
        }
    }

    async fn h16_forged_notices_have_keys_fetched_once_and_nobody_else_notices(app: TestApp) {
        for contract in senders().into_iter().filter(|contract| Notice::of(contract.provider).iter().any(|notice| notice.is_signed())) {
            let notice = Notice::of(contract.provider).into_iter().find(|notice| notice.is_signed()).unwrap();
            let fetched = || app.simulator.state().requests().iter().filter(|request| {
                contract.provider.paths(fiiiiilm::simulator::Place::Keys).contains(&request.path.as_str())
            }).count();
            let (before, began) = (fetched(), app.clock.now());
            for variation in [Variation::UnknownKid, Variation::WrongKey, Variation::NoKey, Variation::AlgNone].into_iter().cycle().take(200) {
                let delivery = built(&app, notice, contract.ordinary, variation);
                assert_eq!(sent(&app, &delivery).await.status, 400, "{notice:?} {variation:?}");
            }
            // The first list, and one look a minute for the key that is not in it.
            let minutes = usize::try_from((app.clock.now() - began).whole_minutes()).unwrap();
            assert!(fetched() <= before + 2 + 2 * minutes, "{}: {}", contract.name(), fetched() - before);
            came_in(&app, contract).await;
        }
    }
}

/// Kept true by whoever adds a provider: each one that sends notices is in the table above.
#[test]
fn every_sender_is_held_against_the_contract() {
    let senders: Vec<Provider> = senders().iter().map(|contract| contract.provider).collect();
    assert_eq!(senders.len(), 4, "{senders:?}");
}
