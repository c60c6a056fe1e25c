//! Notices while the database does not answer: 503, nothing half done, and once it comes again, done once.

use fiiiiilm::simulator::notices::{Delivery, Notice, Variation};

use crate::kit::{Answer, Inspect, TestApp, people};

/// Nobody else writes until this is over.
fn hold(app: &TestApp) -> Inspect {
    let mut other = app.inspect();
    if app.is_sqlite() {
        other.execute("begin exclusive");
    } else {
        other.execute("begin");
        other.execute("lock table recent_events, heard_notices in access exclusive mode");
    }
    other
}

/// Sent until it could be taken. Keys that could not be had in time are asked for again a minute later.
async fn again(app: &TestApp, delivery: &Delivery) -> Answer {
    for _ in 0..20 {
        let answer = app.browser().deliver(delivery).await;
        if answer.status != 503 {
            return answer;
        }
        app.clock.advance(time::Duration::seconds(61));
    }
    panic!("{delivery:?} is never taken");
}

on_both! {
    async fn h02_h12_what_cannot_be_done_now_is_503_and_done_once_when_it_comes_again(app: TestApp) {
        for notice in [Notice::KakaoEvent("sessions-revoked"), Notice::KakaoUnlink("UNLINK_FROM_APPS")] {
            let mut browser = app.logged_in(people::ORDINARY).await;
            let delivery = app.simulator.state().notice(notice, people::ORDINARY, Variation::Plain).unwrap();
            let mut other = hold(&app);
            let late = app.browser().deliver(&delivery).await;
            assert_eq!(late.status, 503, "{notice:?}: {}", late.body);
            other.execute("rollback");
            let answer = again(&app, &delivery).await;
            assert!([200, 202].contains(&answer.status), "{notice:?}: {} {}", answer.status, answer.body);
            assert_eq!(browser.me().await.status, 401, "{notice:?}");
            let action = if notice.is_signed() { "notice.sessions" } else { "notice.unlink" };
            let done = format!("select count(*) as n from audit_events where action = '{action}'");
            assert_eq!(app.inspect().number(&done), 1, "{notice:?}");
        }
    }
}
