//! `signup.mode = "approval"`: new people wait for an admin.

use crate::kit::{Setting, TestApp, people};
use crate::webhooks::unlinked_there;

fn approval() -> Vec<Setting> {
    vec![("FIIIIILM_SIGNUP__MODE", "approval".into()), ("FIIIIILM_ACCOUNT__GRACE_DAYS", "10".into())]
}

on_both! {
    with approval;
    async fn c18_new_people_wait_until_an_admin_approves(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut user = app.browser();
        let callback = user.until_callback("/login/kakao", people::ORDINARY).await;
        let waits = user.get(&callback).await;
        assert!(waits.status == 403 && waits.body.contains("<code>waiting</code>"), "{}", waits.body);
        assert!(waits.cookie("__Host-access").is_none() && waits.cookie("__Host-refresh").is_none());
        assert_eq!(user.get(&callback).await.status, 403, "the same page again");
        assert_eq!(user.log_in(people::ORDINARY).await.status, 403, "and at the next login");
        assert_eq!(app.inspect().rows(), (2, 2, 1), "one account, which waits, and no session");
        let id = app.inspect().lines("select id as s from users where standing = 'waiting'").remove(0);
        assert!(app.inspect().number("select count(*) as n from identities where email is not null") > 0, "kept for later");
        let page = admin.get(&format!("/admin/users/{id}")).await;
        assert!(page.body.contains("standing-waiting") && page.body.contains(&format!("/admin/users/{id}/approve")));
        assert_eq!(admin.get(&format!("/admin/users/{id}/approve")).await.status, 200);
        let done = admin.post(&format!("/admin/users/{id}/approve"), &[]).await;
        assert_eq!(done.location(), format!("/admin/users/{id}?done=approve"));
        assert_eq!(user.log_in(people::ORDINARY).await.status, 303);
        assert_eq!(user.me().await.status, 200);
        let lines = app.inspect().lines(&format!("select action as s from audit_events where user_id = '{id}' and action <> 'user.read' order by id"));
        assert_eq!(lines, ["login.waits", "login.refused", "user.approve", "login.ok"]);
    }

    async fn who_waits_is_let_in_by_an_admin_and_not_by_unlinking_and_coming_back(app: TestApp) {
        let mut user = app.browser();
        assert_eq!(user.log_in(people::ORDINARY).await.status, 403);
        assert_eq!(unlinked_there(&app, people::ORDINARY).await.status, 200);
        assert_eq!(app.inspect().rows(), (0, 0, 0), "nothing to come back to");
        let again = user.log_in(people::ORDINARY).await;
        assert!(again.status == 403 && again.body.contains("<code>waiting</code>"), "{}", again.body);
        assert_eq!(user.me().await.status, 401);
        assert_eq!(app.inspect().lines("select standing as s from users"), ["waiting"]);
    }

    async fn the_admin_the_settings_name_needs_nobodys_approval(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(admin.get("/admin/users").await.status, 200);
        assert_eq!(app.inspect().number("select count(*) as n from users where standing = 'active' and role = 'admin'"), 1);
    }
}

mod not_listed_any_more {
    use super::approval;
    use crate::kit::{Setting, TestApp, people};
    use crate::reconcile::{attempt, believing};
    use fiiiiilm::reconcile::Wish;
    use fiiiiilm::simulator::Provider;
    use fiiiiilm::upkeep;
    use time::Duration;

    fn approval_and_a_list() -> Vec<Setting> {
        [approval(), believing()].concat()
    }

    on_both! {
        with approval_and_a_list;
        async fn who_waits_is_erased_and_never_let_in_by_vanishing_and_coming_back(app: TestApp) {
            app.logged_in(people::ADMIN).await;
            assert_eq!(app.browser().log_in(people::ORDINARY).await.status, 403);
            assert_eq!(app.browser().log_in(people::NO_EMAIL).await.status, 403);
            for subject in [people::ORDINARY, people::NO_EMAIL] {
                assert!(app.simulator.state().unlink(Provider::Kakao, subject));
            }
            let standings = || app.inspect().lines("select standing as s from users order by seq");
            let first = attempt(&app, Wish::Command).await.unwrap();
            assert_eq!(first.refused.as_ref().map(fiiiiilm::reconcile::Refusal::code), Some("list_short"), "two of three");
            assert_eq!(app.browser().log_in(people::NO_EMAIL).await.status, 403);
            let report = attempt(&app, Wish::Command).await.unwrap();
            assert_eq!((report.closed, report.marked), (0, 1), "whoever waits is not closed");
            assert_eq!(standings(), ["active", "waiting", "waiting"]);
            // The way back of somebody who was closed would let them in.
            assert_eq!(app.browser().log_in(people::ORDINARY).await.status, 403);
            assert_eq!(app.inspect().number("select count(*) as n from identities where vanished_at is not null"), 0);
            assert_eq!(standings(), ["active", "waiting", "waiting"]);
            assert!(app.simulator.state().unlink(Provider::Kakao, people::ORDINARY));
            assert_eq!(attempt(&app, Wish::Command).await.unwrap().marked, 1);
            app.clock.advance(Duration::days(8));
            upkeep::sweep_once(app.running.app()).await.unwrap();
            assert_eq!(standings(), ["active", "waiting"], "erased when the days of grace are over");
            assert_eq!(app.browser().log_in(people::ORDINARY).await.status, 403, "and somebody new waits");
            assert_eq!(standings(), ["active", "waiting", "waiting"]);
        }
    }
}
