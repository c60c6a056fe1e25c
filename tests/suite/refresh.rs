//! Silent renewal on a page, and what ends it.

use futures_util::future::join_all;
use time::Duration;

use crate::kit::{Browser, TestApp, people};

on_both! {
    async fn a_page_renews_both_tokens_without_a_redirect(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let before = (browser.cookie("access").unwrap().to_owned(), browser.cookie("refresh").unwrap().to_owned());
        app.clock.advance(Duration::minutes(11));
        assert_eq!(browser.me().await.status, 401, "the API does not renew");
        let page = browser.get("/profile").await;
        assert_eq!(page.status, 200);
        assert_ne!(browser.cookie("access"), Some(before.0.as_str()));
        assert_ne!(browser.cookie("refresh"), Some(before.1.as_str()));
        assert_eq!(browser.me().await.status, 200);
    }

    async fn a_form_sent_with_an_expired_access_token_is_processed(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        app.clock.advance(Duration::minutes(11));
        let saved = browser.post("/profile", &[("display_name", "늦은 사람")]).await;
        assert_eq!((saved.status, saved.location()), (303, "/profile?saved=name"));
        assert!(saved.cookie("__Host-access").is_some(), "renewed on the same answer");
    }

    async fn five_tabs_that_renew_at_once_all_stay_logged_in(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        app.clock.advance(Duration::minutes(11));
        let mut tabs: Vec<Browser> = (0..5).map(|_| browser.twin()).collect();
        let answers = join_all(tabs.iter_mut().map(|tab| tab.get("/profile"))).await;
        assert!(answers.iter().all(|answer| answer.status == 200));
        let successors: std::collections::HashSet<_> = answers.iter().map(|answer| answer.cookie("__Host-refresh")).collect();
        assert_eq!(successors.len(), 1, "the same successor for everybody");
        assert_eq!(app.inspect().number("select max(counter) as n from sessions"), 1);
    }

    async fn the_parent_is_good_for_thirty_seconds_and_then_ends_the_session_quietly(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        app.clock.advance(Duration::minutes(11));
        let (mut winner, mut late) = (browser.twin(), browser.twin());
        winner.get("/profile").await;
        app.clock.advance(Duration::seconds(29));
        assert_eq!(late.get("/profile").await.status, 200);
        let mut stale = browser.twin();
        app.clock.advance(Duration::seconds(2));
        stale.forget_cookie("access");
        assert_eq!(stale.get("/profile").await.status, 303);
        assert_eq!(app.inspect().lines("select end_reason as s from sessions"), ["stale"]);
    }

    async fn d13_a_token_older_than_a_used_one_is_a_thief_and_ends_the_session(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let stolen = browser.cookie("refresh").unwrap().to_owned();
        for _ in 0..2 {
            app.clock.advance(Duration::minutes(11));
            assert_eq!(browser.get("/profile").await.status, 200);
        }
        let mut thief = app.browser();
        thief.set_cookie("refresh", &stolen);
        assert_eq!(thief.get("/profile").await.status, 303);
        assert_eq!(app.inspect().lines("select end_reason as s from sessions"), ["reuse"]);
        assert_eq!(app.inspect().number("select count(*) as n from audit_events where action = 'session.reuse'"), 1);
        let ended = browser.get("/profile").await;
        assert_eq!(ended.status, 303, "both are out");
        assert!(ended.set_cookies().iter().any(|line| line.starts_with("__Host-refresh=;")), "D13: cleared, for the session has ended");
    }

    async fn p12_a_clock_that_is_put_back_logs_nobody_out(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        app.clock.advance(-Duration::hours(1));
        assert_eq!(browser.get("/profile").await.status, 200);
        assert_eq!(browser.get("/profile").await.status, 200);
        app.clock.advance(Duration::hours(1));
        assert_eq!(browser.get("/profile").await.status, 200);
    }

    async fn a_session_ends_of_idleness_and_of_age(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        app.clock.advance(Duration::days(13));
        assert_eq!(browser.get("/profile").await.status, 200);
        app.clock.advance(Duration::days(14) + Duration::seconds(1));
        assert_eq!(browser.get("/profile").await.status, 303, "idle for fourteen days");
        let mut browser = app.logged_in(people::ORDINARY).await;
        for _ in 0..8 {
            app.clock.advance(Duration::days(11));
            assert_eq!(browser.get("/profile").await.status, 200);
        }
        app.clock.advance(Duration::days(2) + Duration::seconds(1));
        assert_eq!(browser.get("/profile").await.status, 303, "ninety days are the end");
    }

    async fn a_string_that_is_no_token_of_ours_clears_nothing(app: TestApp) {
        let mut browser = app.browser();
        browser.set_cookie("refresh", "garbage");
        browser.set_cookie("access", "a.b.c");
        let answer = browser.get("/profile").await;
        assert_eq!(answer.status, 303);
        assert!(answer.set_cookies().is_empty(), "{:?}", answer.set_cookies());
    }

    async fn a_raised_version_renews_a_cookie_in_place_and_refuses_a_bearer(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let bearer = format!("Bearer {}", browser.cookie("access").unwrap());
        app.inspect().execute("update users set role = 'admin', version = version + 1");
        app.running.app().changes.mark_all();
        let refused = app.browser().get_with("/api/me", &[("Authorization", &bearer)]).await;
        assert_eq!(refused.status, 401);
        let page = browser.get("/admin/users").await;
        assert_eq!(page.status, 200, "renewed, then judged by the new role");
        assert!(page.cookie("__Host-access").is_some());
    }

    async fn p03_p04_sessions_and_pending_logins_survive_a_restart(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let mut pending = app.browser();
        let callback = pending.until_callback("/login/kakao", people::NO_EMAIL).await;
        let app = app.restart().await;
        browser.at(app.running.address);
        pending.at(app.running.address);
        assert_eq!(browser.me().await.status, 200);
        assert_eq!(pending.get(&callback).await.status, 303);
    }
}
