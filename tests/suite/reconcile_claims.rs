//! A comparison whose claim another process took, and one that has to find what a notice could not say: each thing happens
//! once.

use fiiiiilm::config::DatabaseUrl;
use fiiiiilm::reconcile::{Outcome, Stopped, Wish};
use fiiiiilm::secret::Secret;
use fiiiiilm::server::Running;
use fiiiiilm::simulator::Provider;
use fiiiiilm::upkeep;
use serde_json::Value;

use crate::kit::{Inspect, TestApp, people};
use crate::outbox::until;
use crate::reconcile::{LIST, NAMED, attempt, believing, everybody, lines_of, three};
use crate::reconcile_runs::to_the_night;
use crate::webhooks::unlinked_there;

/// While Kakao answers this question, another process takes the run over.
fn taken_over(app: &TestApp, question: &str) {
    let url = app.config.database.url.clone();
    let takes = move |_: &mut Value| {
        Inspect::open(&url)
            .execute("update reconciliations set claimed_by = 'another', claimed_until = '2999-01-01 00:00:00'");
    };
    app.simulator.state().twist_answers(question, Some(takes));
}

/// The database is gone: on SQLite somebody keeps the file to themselves, PostgreSQL ends every connection and takes no new one.
struct Down {
    holder: Inspect,
    name: Option<String>,
}

impl Down {
    async fn now(app: &TestApp) -> Self {
        let DatabaseUrl::Postgres(url) = &app.config.database.url else {
            let mut holder = app.inspect();
            holder.execute("begin exclusive");
            return Self { holder, name: None };
        };
        let name = url.expose().rsplit_once('/').unwrap().1.to_owned();
        let server = std::env::var("FIIIIILM_TEST_POSTGRES").unwrap();
        let mut holder = Inspect::open(&DatabaseUrl::Postgres(Secret::new(server)));
        holder.execute(&format!("alter database {name} with allow_connections false"));
        let of_it = format!("from pg_stat_activity where datname = '{name}'");
        until("every connection is gone", || {
            holder.lines(&format!("select pg_terminate_backend(pid)::text as s {of_it}"));
            holder.number(&format!("select count(*) as n {of_it}")) == 0
        })
        .await;
        Self { holder, name: Some(name) }
    }

    /// Over, and the server knows.
    async fn over(mut self, app: &TestApp) {
        match self.name {
            Some(name) => self.holder.execute(&format!("alter database {name} with allow_connections true")),
            None => self.holder.execute("rollback"),
        }
        for _ in 0..600 {
            if app.browser().get("/readyz").await.status == 200 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("it never comes again");
    }
}

/// How many comparisons two processes bring to an end in a night. Where one meets what the outage has left, or a machine that is too
/// slow, it tries once more a while later, as the program does.
async fn compared(app: &TestApp, two: [&Running; 2]) -> usize {
    let mut ended = 0;
    for _ in 0..8 {
        let [one, other] = two.map(|running| upkeep::compare_once(running.app()));
        let (one, other) = tokio::join!(one, other);
        let both = [one, other];
        ended += both.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Ended(_)))).count();
        if both.iter().all(Result::is_ok) {
            return ended;
        }
        app.clock.advance(time::Duration::minutes(11));
    }
    panic!("it never comes to an end")
}

/// Kakao says it until it is heard.
async fn told_again(app: &TestApp) {
    for _ in 0..20 {
        match unlinked_there(app, people::ORDINARY).await.status {
            503 => {}
            status => return assert_eq!(status, 200),
        }
    }
    panic!("it is never heard")
}

on_both! {
    with believing;
    async fn a_run_that_was_taken_over_while_it_listed_changes_nothing(app: TestApp) {
        three(&app).await;
        assert!(app.simulator.state().unlink(Provider::Kakao, people::ORDINARY));
        let before = everybody(&app);
        taken_over(&app, LIST);
        let stopped = attempt(&app, Wish::Command).await.unwrap_err();
        assert!(matches!(stopped, Stopped::Lost), "{stopped}");
        let mut inspect = app.inspect();
        assert_eq!(everybody(&app), before);
        assert_eq!(inspect.number("select count(*) as n from listed_subjects"), 0, "the page is not written into its list");
        let whose = "select claimed_by || state || listed as s from reconciliations";
        assert_eq!(inspect.lines(whose), ["anotherlisting0"], "and the run stays with whoever has it");
        assert_eq!(lines_of(&app, "reconcile.run"), 0);
    }

    async fn a_run_that_was_taken_over_while_it_asked_by_name_changes_nothing(app: TestApp) {
        three(&app).await;
        assert!(app.simulator.state().unlink(Provider::Kakao, people::ORDINARY));
        let before = everybody(&app);
        taken_over(&app, NAMED);
        let stopped = attempt(&app, Wish::Command).await.unwrap_err();
        assert!(matches!(stopped, Stopped::Lost), "{stopped}");
        assert_eq!(everybody(&app), before);
        // Whoever took it over died; the next goes on without listing again.
        app.simulator.state().twist_answers(NAMED, None::<fn(&mut Value)>);
        app.inspect().execute("update reconciliations set claimed_until = '2026-01-01 00:00:00'");
        app.simulator.state().forget_requests();
        assert_eq!(attempt(&app, Wish::Command).await.unwrap().closed, 1);
        let listed = app.simulator.state().requests().into_iter().filter(|request| request.path == LIST).count();
        assert_eq!((listed, lines_of(&app, "reconcile.close"), lines_of(&app, "reconcile.run")), (0, 1, 1));
    }

    async fn h12_what_a_lost_notice_said_is_found_at_night_and_done_once(app: TestApp) {
        three(&app).await;
        let mut browser = app.logged_in(people::ORDINARY).await;
        assert!(app.simulator.state().unlink(Provider::Kakao, people::ORDINARY));
        let down = Down::now(&app).await;
        let lost = unlinked_there(&app, people::ORDINARY).await;
        assert_eq!(lost.status, 503, "{}", lost.body);
        down.over(&app).await;
        assert_eq!(lines_of(&app, "notice.unlink"), 0);
        assert_eq!(app.inspect().rows(), (3, 3, 4), "nothing has happened");
        to_the_night(&app);
        let second = app.second().await;
        assert_eq!(compared(&app, [&app.running, &second]).await, 1);
        let effect = |app: &TestApp| {
            let closed = "select count(*) as n from users where standing = 'closed'";
            (app.inspect().number(closed), lines_of(app, "reconcile.close"), lines_of(app, "reconcile.run"))
        };
        assert_eq!(effect(&app), (1, 1, 1));
        assert_eq!(app.inspect().rows(), (3, 3, 2), "both of their sessions are over, and nothing is erased");
        assert_eq!(browser.me().await.status, 401);
        // Kakao asks once more after all, and the next night comes.
        told_again(&app).await;
        app.clock.advance(time::Duration::hours(24));
        assert_eq!(compared(&app, [&second, &app.running]).await, 1);
        assert_eq!(effect(&app), (1, 1, 2));
        second.stop(Some(std::time::Duration::ZERO)).await;
    }
}
