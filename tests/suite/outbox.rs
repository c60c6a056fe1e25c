//! What others are still to be told: late, often, and never twice at once.

use std::time::Duration as Wait;

use fiiiiilm::db::UserId;
use fiiiiilm::simulator::{Fault, Place, Provider, Trouble};
use time::Duration;

use crate::kit::{TestApp, people};

/// Waits for something that happens beside the requests.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        tokio::time::sleep(Wait::from_millis(50)).await;
    }
    panic!("never: {what}");
}

/// Whom Kakao was asked to unlink, each time.
pub(crate) fn unlinked(app: &TestApp) -> Vec<String> {
    let asked = app.simulator.state().requests().into_iter().filter(|request| request.path == "/v1/user/unlink");
    asked.map(|request| request.field("target_id").unwrap_or_default().to_owned()).collect()
}

/// So many requests to unlink somebody do not get through to Kakao.
pub(crate) fn unreachable(app: &TestApp, times: usize) {
    for _ in 0..times {
        let fault = Fault { status: 503, content_type: "text/html", body: "<h1>503</h1>".into(), delay: Wait::ZERO };
        app.simulator.state().fail_next("/v1/user/unlink", fault);
    }
}

fn waiting(app: &TestApp) -> i64 {
    app.inspect().number("select count(*) as n from outbox where state = 'waiting'")
}

async fn leave(app: &TestApp, subject: &str) {
    let mut browser = app.logged_in(subject).await;
    let gone = browser.post("/profile/delete", &[]).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
}

on_both! {
    async fn q07_who_leaves_is_unlinked_at_the_provider_once(app: TestApp) {
        leave(&app, people::ORDINARY).await;
        until("unlinked at Kakao", || !app.simulator.state().is_linked(Provider::Kakao, people::ORDINARY)).await;
        until("written down", || waiting(&app) == 0).await;
        assert_eq!(unlinked(&app), [people::ORDINARY]);
        let mut inspect = app.inspect();
        assert_eq!(inspect.number("select count(*) as n from outbox where state = 'done' and payload is null"), 1);
    }

    async fn f10_q07_a_provider_that_is_down_for_an_hour_is_told_afterwards(app: TestApp) {
        unreachable(&app, 6);
        leave(&app, people::ORDINARY).await;
        let tries = || app.inspect().number("select tries as n from outbox");
        until("a first try", || tries() == 1).await;
        for before in 1..6 {
            app.clock.advance(Duration::minutes(10));
            until("a further try", || tries() > before).await;
        }
        let mut inspect = app.inspect();
        let why = inspect.lines("select last_failure as s from outbox");
        assert_eq!(why, ["http-503: the provider answered with an error (HTTP 503)"]);
        assert_eq!(inspect.rows().0, 0, "here it held at once");
        assert!(app.simulator.state().is_linked(Provider::Kakao, people::ORDINARY));
        app.clock.advance(Duration::minutes(10));
        until("unlinked at Kakao", || !app.simulator.state().is_linked(Provider::Kakao, people::ORDINARY)).await;
        until("written down", || waiting(&app) == 0).await;
    }

    async fn q07_after_seven_days_it_is_given_up_and_forgotten(app: TestApp) {
        app.simulator.state().set_trouble(Place::Revoke, Some(Trouble::Kapi(-401)));
        leave(&app, people::ORDINARY).await;
        until("a first try", || app.inspect().number("select tries as n from outbox") == 1).await;
        app.clock.advance(Duration::days(8));
        let given_up = "select count(*) as n from outbox where state = 'given_up' and payload is null";
        until("given up", || app.inspect().number(given_up) == 1).await;
        let mut inspect = app.inspect();
        assert_eq!(inspect.lines("select details as s from audit_events where action = 'outbox.given_up'"), ["unlink kakao after 2 tries"]);
        let mut admin = app.logged_in(people::ADMIN).await;
        let page = admin.get("/admin/outbox?state=given_up").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("providers.kakao.admin_key is not an admin key"), "{}", page.body);
        assert!(!page.body.contains(people::ORDINARY), "whom it was about is not shown");
        assert!(!admin.get("/admin/outbox?state=waiting").await.body.contains("kapi-401"));
    }

    async fn two_processes_never_carry_out_the_same_errand(app: TestApp) {
        let second = app.second().await;
        let (post, now) = (app.running.app().post.clone(), app.clock.now());
        let left = app.running.app().db.write(move |conn| {
            for subject in 4_000_000_000_i64..4_000_000_060 {
                post.unlink(conn, &UserId::new(), ("kakao", &subject.to_string()), None, now)?;
            }
            Ok(())
        });
        left.await.unwrap();
        until("all told", || waiting(&app) == 0).await;
        let mut asked = unlinked(&app);
        asked.sort();
        let each: Vec<String> = (4_000_000_000_i64..4_000_000_060).map(|subject| subject.to_string()).collect();
        assert_eq!(asked, each, "each once: who is not linked at Kakao any more counts as told");
        second.stop(Some(Wait::ZERO)).await;
    }

    async fn an_account_that_is_linked_again_meanwhile_keeps_its_link(app: TestApp) {
        let weather = app.simulator.state();
        weather.set_trouble(Place::Revoke, Some(Trouble::Status(503)));
        leave(&app, people::ORDINARY).await;
        until("a first try", || app.inspect().number("select tries as n from outbox") == 1).await;
        let mut back = app.logged_in(people::ORDINARY).await;
        weather.set_trouble(Place::Revoke, None);
        app.clock.advance(Duration::minutes(2));
        until("ended", || waiting(&app) == 0).await;
        assert!(weather.is_linked(Provider::Kakao, people::ORDINARY));
        assert_eq!(back.me().await.status, 200);
    }

    async fn the_outbox_is_for_admins_and_walks_its_pages(app: TestApp) {
        assert_eq!(app.browser().get("/admin/outbox").await.status, 303);
        assert_eq!(app.logged_in(people::ORDINARY).await.get("/admin/outbox").await.status, 403);
        app.simulator.state().set_trouble(Place::Revoke, Some(Trouble::Status(503)));
        let (post, now) = (app.running.app().post.clone(), app.clock.now());
        let left = app.running.app().db.write(move |conn| {
            for subject in 0..60 {
                post.unlink(conn, &UserId::new(), ("kakao", &subject.to_string()), None, now)?;
            }
            Ok(())
        });
        left.await.unwrap();
        let mut admin = app.logged_in(people::ADMIN).await;
        let first = admin.get("/admin/outbox").await;
        assert_eq!(first.body.matches("<tr role=\"row\">").count(), 51, "fifty and the head");
        let older = first.body.split("pages-older\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let rest = admin.get(&older.replace("&amp;", "&").replace("&#38;", "&")).await;
        assert_eq!(rest.body.matches("<tr role=\"row\">").count(), 11);
    }
}
