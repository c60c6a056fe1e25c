//! Group H: notices from Kakao, true and forged.

use fiiiiilm::simulator::notices::{Notice, Variation};
use serde_json::Value;

use crate::kit::{Answer, TestApp, people};
use crate::leaving::{id_of, link};

const UNLINK: &str = "/webhooks/kakao/unlink";

fn key() -> String {
    format!("KakaoAK {}", fiiiiilm::config::demo::ADMIN_KEY)
}

/// Kakao says, truly, that this person has ended the link there.
pub(crate) async fn unlinked_there(app: &TestApp, subject: &str) -> Answer {
    unlinked(app, &key(), &app_id(), subject).await
}

async fn unlinked(app: &TestApp, authorization: &str, app_id: &str, subject: &str) -> Answer {
    let form = [("app_id", app_id), ("user_id", subject), ("referrer_type", "UNLINK_FROM_APPS")];
    app.browser().send(reqwest::Method::POST, UNLINK, &[("Authorization", authorization)], Some(&form)).await
}

pub(crate) fn app_id() -> String {
    fiiiiilm::config::demo::APP_ID.to_string()
}

async fn deliver(app: &TestApp, notice: Notice, whom: &str, variation: Variation) -> Answer {
    let delivery = app.simulator.state().notice(notice, whom, variation).unwrap();
    app.browser().deliver(&delivery).await
}

on_both! {
    async fn h04_only_the_admin_key_and_our_app_are_believed(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let right = key();
        for wrong in ["", "KakaoAK", "KakaoAK wrong", &right.to_lowercase(), &right.replace("KakaoAK", "Bearer"), &format!("{right} ")] {
            if wrong != format!("{right} ") {
                assert_eq!(unlinked(&app, wrong, &app_id(), people::ORDINARY).await.status, 401, "{wrong}");
            }
        }
        assert_eq!(unlinked(&app, &right, "1", people::ORDINARY).await.status, 401, "another app");
        let in_query = format!("{UNLINK}?app_id={}&user_id={}&Authorization={right}", app_id(), people::ORDINARY);
        assert_eq!(app.browser().get(&in_query.replace(' ', "%20")).await.status, 401);
        assert_eq!(browser.me().await.status, 200);
        assert_eq!(app.inspect().rows(), (1, 1, 1));
    }

    async fn h05_h06_a_true_unlink_ends_that_link_and_its_sessions(app: TestApp) {
        assert_eq!(unlinked(&app, &key(), &app_id(), "3999999999").await.status, 200, "nobody here");
        let mut browser = app.logged_in(people::ORDINARY).await;
        let mut others = [app.logged_in(people::ORDINARY).await, app.logged_in(people::ORDINARY).await];
        let user = id_of(&mut browser).await;
        link(&app, &user, "naver", "n1");
        for _ in 0..2 {
            assert_eq!(unlinked(&app, &key(), &app_id(), people::ORDINARY).await.status, 200);
        }
        assert_eq!(browser.me().await.status, 401);
        for other in &mut others {
            assert_eq!(other.me().await.status, 401);
        }
        let mut inspect = app.inspect();
        assert_eq!(inspect.lines("select provider as s from identities"), ["naver"]);
        assert_eq!(inspect.number("select count(*) as n from audit_events where action = 'notice.unlink'"), 1);
        assert_eq!(inspect.number("select count(*) as n from outbox"), 0, "Kakao knows");
    }

    async fn h05_by_get_too_and_whoever_has_no_other_account_has_left(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let path = format!("{UNLINK}?app_id={}&user_id={}&referrer_type=ACCOUNT_DELETE", app_id(), people::ADMIN);
        let key = key();
        let answer = app.browser().get_with(&path, &[("Authorization", key.as_str())]).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        assert_eq!(admin.me().await.status, 401, "also the last admin");
        assert_eq!(app.inspect().rows(), (0, 0, 0));
    }

    async fn a_ban_is_not_lifted_by_unlinking(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        app.inspect().execute("update users set standing = 'banned'");
        assert_eq!(unlinked(&app, &key(), &app_id(), people::ORDINARY).await.status, 200);
        let mut back = app.browser();
        assert_eq!(back.log_in(people::ORDINARY).await.status, 403);
        let left = "select count(*) as n from identities where nickname is not null or email is not null or picture is not null";
        assert_eq!(app.inspect().number(left), 0, "of the account only the number is left");
    }

    async fn h03_h08_each_true_event_counts_once(app: TestApp) {
        for notice in [Notice::KakaoEvent("tokens-revoked"), Notice::KakaoEvent("sessions-revoked"), Notice::KakaoEvent("account-disabled")] {
            let mut browser = app.logged_in(people::ORDINARY).await;
            let delivery = app.simulator.state().notice(notice, people::ORDINARY, Variation::Plain).unwrap();
            let before = app.inspect().number("select count(*) as n from audit_events where action = 'notice.sessions'");
            for _ in 0..10 {
                let answer = app.browser().deliver(&delivery).await;
                assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{notice:?}");
            }
            assert_eq!(browser.me().await.status, 401, "{notice:?}");
            let after = app.inspect().number("select count(*) as n from audit_events where action = 'notice.sessions'");
            assert_eq!(after, before + 1, "{notice:?}");
        }
        assert_eq!(app.inspect().rows().1, 1, "the link stays");
    }

    async fn h07_forged_events_are_refused_in_the_words_of_rfc_8935(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let notice = Notice::KakaoEvent("user-unlinked");
        for variation in Variation::of(notice).into_iter().filter(|variation| variation.is_forged()) {
            let answer = deliver(&app, notice, people::ORDINARY, variation).await;
            assert_eq!(answer.status, 400, "{variation:?}: {}", answer.body);
            assert_eq!(answer.header("content-type"), Some("application/json"), "{variation:?}");
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            let known = ["invalid_request", "invalid_key", "invalid_issuer", "invalid_audience"];
            assert!(known.contains(&body["err"].as_str().unwrap()), "{body}");
        }
        assert_eq!(browser.me().await.status, 200);
    }

    async fn h11_an_event_wins_over_a_login_that_began_before_it(app: TestApp) {
        for whom in [people::ORDINARY, people::NO_EMAIL] {
            // The second time about somebody who is not known yet.
            if whom == people::ORDINARY {
                app.logged_in(whom).await;
            }
            let mut browser = app.browser();
            let callback = browser.until_callback("/login/kakao", whom).await;
            let told = deliver(&app, Notice::KakaoEvent("account-disabled"), whom, Variation::Plain).await;
            assert_eq!(told.status, 202);
            let refused = browser.get(&callback).await;
            assert_eq!(refused.status, 400, "{}", refused.body);
            assert_eq!(browser.me().await.status, 401);
            assert_eq!(browser.log_in(whom).await.status, 303, "a login that begins afterwards is fine, at once");
        }
    }

    async fn h13_h14_the_wrong_shape_is_refused_and_cookies_say_nothing(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(admin.get("/webhooks/kakao/events").await.status, 405);
        let headers = [("Origin", "https://evil.test"), ("Sec-Fetch-Site", "cross-site")];
        let form = [("app_id", "1"), ("user_id", people::ADMIN)];
        let refused = admin.send(reqwest::Method::POST, UNLINK, &headers, Some(&form)).await;
        assert_eq!(refused.status, 401);
        let text = admin.send(reqwest::Method::POST, "/webhooks/kakao/events", &headers, Some(&form)).await;
        assert_eq!(text.status, 400);
        let long = "x".repeat(20_000);
        let large = admin.send(reqwest::Method::POST, "/webhooks/kakao/events", &headers, Some(&[("a", &long)])).await;
        assert_eq!(large.status, 413);
        assert_eq!(admin.me().await.status, 200);
    }
}
