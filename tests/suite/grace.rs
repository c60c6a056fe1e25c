//! Leaving with days of grace: closed, back by logging in, or erased.

use fiiiiilm::upkeep;
use time::Duration;

use crate::kit::{Setting, TestApp, people};
use crate::leaving::{holds, id_of, traces};
use crate::outbox::until;

fn ten_days() -> Vec<Setting> {
    vec![("FIIIIILM_ACCOUNT__GRACE_DAYS", "10".into())]
}

on_both! {
    with ten_days;
    async fn whoever_left_is_out_and_back_by_logging_in(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let (id, mut held) = (id_of(&mut browser).await, browser.twin());
        assert!(browser.get("/profile/delete").await.body.contains("10일"));
        let left = browser.post("/profile/delete", &[]).await;
        assert!(left.status == 200 && left.body.contains("지워져요"), "{}", left.body);
        assert_eq!(held.me().await.status, 401);
        assert_eq!(app.inspect().number("select count(*) as n from outbox"), 0, "nobody is told yet");
        app.clock.advance(Duration::days(9));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        let mut back = app.logged_in(people::ORDINARY).await;
        assert_eq!(id_of(&mut back).await, id);
        app.clock.advance(Duration::days(9));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(app.inspect().rows().0, 1, "and stays");
    }

    async fn whoever_does_not_come_back_is_erased_and_unlinked(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        browser.post("/profile/delete", &[]).await;
        app.clock.advance(Duration::days(11));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(app.inspect().rows(), (0, 0, 0));
        let linked = || app.simulator.state().is_linked(fiiiiilm::simulator::Provider::Kakao, people::ORDINARY);
        until("unlinked at Kakao", || !linked()).await;
        until("told", || app.inspect().number("select count(*) as n from outbox where state = 'waiting'") == 0).await;
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert!(!holds(&traces(&app), people::ORDINARY));
    }
}
