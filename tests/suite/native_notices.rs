//! What a provider said since it made a code, an access token or an ID token wins over it: a native app keeps one for minutes or
//! hours.

use fiiiiilm::config::demo;
use fiiiiilm::simulator::notices::{Notice, Variation};
use fiiiiilm::users;
use serde_json::{Value, json};
use time::Duration;

use crate::kit::{Answer, TestApp, people};
use crate::native_login::{code, code_proof, hand_in, native, tokens};
use crate::token_api::read;

/// As an app does that has logged its person in and waits.
fn proof(issued: &Value, nonce: &str) -> Value {
    json!({ "id_token": issued["id_token"], "nonce": nonce })
}

async fn deliver(app: &TestApp, notice: Notice) -> Answer {
    let delivery = app.simulator.state().notice(notice, people::ORDINARY, Variation::Plain).unwrap();
    app.browser().deliver(&delivery).await
}

on_both! {
    with native;

    async fn h11_a_notice_wins_over_an_id_token_made_before_it_and_over_none_made_after(app: TestApp) {
        let notices = [
            Notice::KakaoEvent("account-disabled"),
            Notice::KakaoEvent("sessions-revoked"),
            Notice::KakaoUnlink("UNLINK_FROM_APPS"),
            Notice::KakaoEvent("user-unlinked"),
        ];
        for (round, notice) in notices.into_iter().enumerate() {
            let nonce = |which: &str| format!("{which}{round}");
            // The first time about somebody who is not known yet.
            let before = tokens(&app, &nonce("before")).await;
            app.clock.advance(Duration::hours(2));
            let told = deliver(&app, notice).await;
            assert!([200, 202].contains(&told.status), "{notice:?}: {} {}", told.status, told.body);
            app.clock.advance(Duration::hours(2));
            let (people, sessions) = (app.inspect().rows().0, app.inspect().rows().2);
            let refused = hand_in(&app, proof(&before, &nonce("before"))).await;
            assert_eq!(refused.status, 401, "{notice:?}: {}", refused.body);
            assert_eq!((app.inspect().rows().0, app.inspect().rows().2), (people, sessions), "{notice:?}");
            let after = tokens(&app, &nonce("after")).await;
            let taken = hand_in(&app, proof(&after, &nonce("after"))).await;
            assert_eq!(taken.status, 200, "{notice:?}: {}", taken.body);
            assert!(read(&taken)["access"].is_string(), "{}", taken.body);
        }
    }

    async fn h11_a_notice_wins_over_a_code_made_before_it_however_it_is_redeemed(app: TestApp) {
        for notice in ["account-disabled", "sessions-revoked", "credential-compromise"] {
            let before = code(&app, demo::NATIVE_REDIRECT_URI, "").await;
            assert_eq!(deliver(&app, Notice::KakaoEvent(notice)).await.status, 202);
            app.clock.advance(Duration::minutes(9));
            let (people, sessions) = (app.inspect().rows().0, app.inspect().rows().2);
            let refused = hand_in(&app, code_proof(&before)).await;
            assert_eq!(refused.status, 401, "{notice}: {}", refused.body);
            assert_eq!((app.inspect().rows().0, app.inspect().rows().2), (people, sessions), "{notice}");
            // Kakao answers by itself, without asking the person anything: so the next one may be from before, too.
            app.clock.advance(Duration::seconds(61));
            let after = code(&app, demo::NATIVE_REDIRECT_URI, "").await;
            let after = hand_in(&app, code_proof(&after)).await;
            assert_eq!(after.status, 200, "{notice}: {}", after.body);
        }
    }

    async fn h11_a_notice_wins_over_an_access_token_made_before_it(app: TestApp) {
        let before = tokens(&app, "before").await;
        app.clock.advance(Duration::hours(1));
        assert_eq!(deliver(&app, Notice::KakaoEvent("credential-compromise")).await.status, 202);
        app.clock.advance(Duration::hours(1));
        let refused = hand_in(&app, json!({ "access_token": before["access_token"] })).await;
        assert_eq!((refused.status, app.inspect().rows().0), (401, 0), "{}", refused.body);
        app.clock.advance(Duration::hours(12));
        let after = tokens(&app, "after").await;
        let taken = hand_in(&app, json!({ "access_token": after["access_token"] })).await;
        assert_eq!(taken.status, 200, "{}", taken.body);
    }

    async fn h11_what_began_before_the_oldest_notice_that_is_kept_is_not_taken(app: TestApp) {
        let now = app.clock.now();
        let mut inspect = app.inspect();
        for (age, refused) in [(Duration::minutes(30), false), (Duration::hours(23), false), (Duration::hours(24), true)] {
            let since = now - age;
            let heard = users::heard_since(inspect.conn(), "kakao", people::ORDINARY, since, now).unwrap();
            assert_eq!(heard, refused, "{age}");
        }
        assert_eq!(deliver(&app, Notice::KakaoEvent("account-disabled")).await.status, 202);
        // A notice is kept for longer than anything that it wins over can be.
        app.clock.advance(Duration::hours(23));
        fiiiiilm::upkeep::sweep_once(app.running.app()).await.unwrap();
        let heard = users::heard_since(inspect.conn(), "kakao", people::ORDINARY, now, app.clock.now()).unwrap();
        assert!(heard, "it is still known");
        app.clock.advance(Duration::hours(1));
        fiiiiilm::upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(app.inspect().number("select count(*) as n from recent_events"), 0, "and forgotten within the day");
    }
}
