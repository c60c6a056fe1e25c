//! Two processes on one database: what one changes, the other knows within a second.

use std::time::Duration;

use diesel::Connection as _;
use fiiiiilm::audit::Circumstances;
use fiiiiilm::users::{self, Role};

use crate::kit::{TestApp, people};

/// How long a change may take to reach another process, with room for a slow machine.
const SOON: Duration = Duration::from_millis(2_500);

/// Asks again until it is so.
macro_rules! soon {
    ($ask:expr) => {{
        let begun = std::time::Instant::now();
        loop {
            if $ask {
                break true;
            }
            if begun.elapsed() > SOON {
                break false;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }};
}

on_both! {
    async fn a_log_out_in_one_process_reaches_the_other(app: TestApp) {
        let second = app.second().await;
        let mut browser = app.logged_in(people::ORDINARY).await;
        let mut thief = browser.twin();
        thief.at(second.address);
        assert_eq!(thief.me().await.status, 200, "remembered by the second process");
        browser.post("/logout", &[]).await;
        assert_eq!(browser.twin().me().await.status, 401);
        assert!(soon!(thief.me().await.status == 401));
        second.stop(Some(Duration::ZERO)).await;
    }

    async fn a_promotion_at_the_command_line_reaches_the_server(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        assert_eq!(browser.get("/admin/users").await.status, 403);
        let found = users::find_by_reference(app.inspect().conn(), &format!("kakao:{}", people::ORDINARY)).unwrap();
        let how = Circumstances::cli(app.clock.now());
        app.inspect().conn().transaction(|conn| users::set_role(conn, &found[0].id, Role::Admin, &how)).unwrap();
        assert!(soon!(browser.get("/admin/users").await.status == 200), "the cookie is renewed in place and judged again");
    }

    async fn a_change_through_this_process_shows_on_the_next_request(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        for name in ["하나", "둘", "셋"] {
            browser.post("/profile", &[("display_name", name)]).await;
            assert!(browser.get("/profile").await.body.contains(name));
            assert!(browser.me().await.body.contains(name));
        }
    }

    async fn two_servers_that_start_at_once_share_one_signing_key(app: TestApp) {
        let second = app.second().await;
        assert_eq!(app.running.app().keys().jwks(), second.app().keys().jwks());
        assert_eq!(app.inspect().number("select count(*) as n from signing_keys"), 1);
        second.stop(Some(Duration::ZERO)).await;
    }
}
