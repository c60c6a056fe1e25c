//! Notices of the simulator carried to the site, by whoever they claim to be.

use fiiiiilm::simulator::Provider;
use fiiiiilm::simulator::notices::{Notice, Variation};

use crate::kit::{TestApp, people};

on_both! {
    async fn h05_h07_no_notice_about_a_stranger_and_no_forged_one_changes_anything(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        let before = app.inspect().rows();
        let (state, mut courier) = (app.simulator.state(), app.browser());
        for notice in Provider::ALL.into_iter().flat_map(Notice::of) {
            for variation in Variation::of(notice) {
                let whom = if variation.is_forged() { people::ORDINARY } else { "1" };
                let delivery = state.notice(notice, whom, variation).unwrap();
                let answer = courier.deliver(&delivery).await;
                assert!(answer.status < 500, "{notice:?} {variation:?}: {} {}", answer.status, answer.body);
                assert!(answer.set_cookies().is_empty(), "{notice:?} {variation:?}");
            }
        }
        assert_eq!(app.inspect().rows(), before);
    }
}
