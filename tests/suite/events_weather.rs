//! Events out when the program that listens is away, says no, or dies with us.

use fiiiiilm::clock::unix_seconds;
use fiiiiilm::outbox;
use fiiiiilm::outbox::Stretch;
use time::Duration;

use crate::events::{all_told, assert_signed, in_state, listened_to};
use crate::kit::{Backend, CANARY, Program, Receiver, SECRET, TestApp, Told, people};
use crate::outbox::until;

fn ids(told: &[Told]) -> Vec<String> {
    let mut ids: Vec<String> = told.iter().map(|told| told.id().to_owned()).collect();
    ids.sort();
    ids
}

fn fewest_tries(app: &TestApp) -> i64 {
    app.inspect().number("select coalesce(min(tries), 0) as n from outbox where kind = 'event' and state = 'waiting'")
}

/// Why the last tries were in vain, each reason once.
fn reasons(app: &TestApp) -> Vec<String> {
    app.inspect().lines("select distinct last_failure as s from outbox where last_failure is not null")
}

async fn away_for_an_hour(backend: Backend) {
    let receiver = Receiver::away();
    let app = TestApp::start_with(backend, &receiver.settings()).await;
    app.logged_in(people::ORDINARY).await;
    until("a first try", || fewest_tries(&app) > 0).await;
    let why = reasons(&app);
    assert!(why.iter().all(|why| why.starts_with("events.url cannot be reached")), "{why:?}");
    receiver.listen();
    for status in [503, 500, 404, 302, 429] {
        receiver.answers(status);
        app.clock.advance(Duration::minutes(10));
        let why = format!("events.url answered {status}");
        until(&why, || reasons(&app) == [why.as_str()]).await;
    }
    let asked = receiver.asked();
    assert!(asked.iter().all(|told| told.place.contains(CANARY)), "no redirect is followed");
    assert_eq!((receiver.understood().len(), in_state(&app, "waiting")), (0, 2));
    receiver.answers(204);
    app.clock.advance(Duration::minutes(10));
    all_told(&app).await;
    let told = receiver.understood();
    assert_eq!(told.len(), 2, "each once");
    let mut before = ids(&asked);
    before.dedup();
    assert_eq!(ids(&told), before, "under the same ids all the time");
    assert_signed(&told, unix_seconds(app.clock.now()));
}

async fn given_up(backend: Backend) {
    let (app, receiver) = listened_to(backend, &[]).await;
    receiver.answers(500);
    let mut admin = app.logged_in(people::ADMIN).await;
    until("a first try", || fewest_tries(&app) > 0).await;
    let first = fewest_tries(&app);
    app.clock.advance(Duration::days(6));
    until("a further try", || fewest_tries(&app) > first).await;
    assert_eq!(in_state(&app, "waiting"), 2, "not before seven days are over");
    app.clock.advance(Duration::days(1) + Duration::hours(1));
    until("given up", || in_state(&app, "given_up") == 2).await;
    let lines = "select details as s from audit_events where action = 'outbox.given_up' order by details";
    let lines = app.inspect().lines(lines);
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, kind) in lines.iter().zip(["identity.linked", "user.created"]) {
        assert!(line.starts_with(&format!("event {kind} after ")) && line.ends_with(" tries"), "{line}");
    }
    // Days have passed: the session may be over, the page is for admins only.
    assert_eq!(admin.log_in(people::ADMIN).await.status, 303);
    let page = admin.get("/admin/outbox?state=given_up").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("user.created") && page.body.contains("events.url answered 500"), "{}", page.body);
    for secret in [CANARY, SECRET, &SECRET[6..], "identity_id"] {
        assert!(!page.body.contains(secret), "{secret}: {}", page.body);
    }
    receiver.answers(200);
    let (before, until_now) = (receiver.asked(), app.clock.now());
    let stretch = Stretch { since: None, until: until_now, given_up: true };
    let how = fiiiiilm::audit::Circumstances::cli(until_now);
    let again = app.running.app().db.write(move |conn| outbox::replay(conn, &stretch, None, &how)).await.unwrap();
    assert_eq!(again.map(|(_, count)| count), Some(2));
    all_told(&app).await;
    let told = receiver.understood();
    let mut known = ids(&before);
    known.dedup();
    assert!(ids(&told).iter().filter(|id| known.contains(id)).count() == 2, "the same events: {told:?}");
    assert_signed(&told, unix_seconds(app.clock.now()));
}

/// The row that a killed process had claimed is another's when the claim ends; here its end is brought forward.
async fn killed_between(backend: Backend) {
    let receiver = Receiver::start();
    receiver.holds(true);
    let mut program = Program::start(backend, &receiver.settings()).await;
    assert_eq!(program.browser().log_in(people::ORDINARY).await.status, 303);
    until("both on their way", || receiver.asked().len() == 2).await;
    let first = ids(&receiver.asked());
    program.signal("KILL");
    program.end().await;
    receiver.answers(503);
    receiver.holds(false);
    program.again().await;
    let mut inspect = program.inspect();
    let waiting = "select count(*) as n from outbox where state = 'waiting' and claimed_until is not null";
    assert_eq!(inspect.number(waiting), 2, "whoever died keeps them until the claim ends");
    inspect.execute("update outbox set claimed_until = '2020-01-01 00:00:00'");
    until("tried in vain", || inspect.number("select min(tries) as n from outbox") > 0).await;
    assert_eq!(program.browser().log_in(people::NO_EMAIL).await.status, 303);
    program.signal("KILL");
    program.end().await;
    receiver.answers(204);
    program.again().await;
    inspect.execute("update outbox set claimed_until = null, due_at = '2020-01-01 00:00:00' where state = 'waiting'");
    until("all told", || inspect.number("select count(*) as n from outbox where state <> 'done'") == 0).await;
    let told = ids(&receiver.understood());
    assert_eq!(inspect.number("select count(*) as n from outbox"), 4);
    assert!(first.iter().all(|id| told.contains(id)), "{first:?} {told:?}");
    let mut once = told.clone();
    once.dedup();
    assert_eq!(once.len(), 4, "all of them, nothing else: {told:?}");
    let log = program.settled_log().await;
    for secret in [CANARY, SECRET, &SECRET[6..]] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    assert!(log.contains("events.url answered 503"), "{log}");
}

/// Two processes tell a crowd: each of it once.
async fn two_processes(backend: Backend) {
    let (app, receiver) = listened_to(backend, &[]).await;
    let second = app.second().await;
    let (post, now) = (app.running.app().post.clone(), app.clock.now());
    let left = app.running.app().db.write(move |conn| {
        for _ in 0..60 {
            post.event(conn, outbox::Event::UserBanned, &fiiiiilm::db::UserId::new(), &[], now)?;
        }
        Ok(())
    });
    left.await.unwrap();
    all_told(&app).await;
    let mut told = ids(&receiver.asked());
    told.dedup();
    assert_eq!((told.len(), receiver.asked().len()), (60, 60));
    second.stop(Some(std::time::Duration::ZERO)).await;
}

/// Somebody leaves while the program that listens answers nothing: Kakao hears of it all the same, before any of those calls has
/// come to its end. `false`: this machine is too slow to see that.
async fn told_meanwhile(app: &TestApp, receiver: &Receiver, person: u64) -> bool {
    let before = receiver.asked().len();
    receiver.holds(true);
    let mut browser = app.logged_in(&person.to_string()).await;
    until("both on their way", || receiver.asked().len() >= before + 2).await;
    assert_eq!(browser.post("/profile/delete", &[]).await.status, 200);
    let unlinked = "select count(*) as n from outbox where kind = 'unlink' and state <> 'done'";
    until("Kakao is told", || app.inspect().number(unlinked) == 0).await;
    let ended = "select count(*) as n from outbox where kind = 'event' and tries > 0";
    let meanwhile = app.inspect().number(ended) == 0;
    receiver.holds(false);
    meanwhile
}

async fn beside_each_other(backend: Backend) {
    for person in 3_910_000_000..3_910_000_005 {
        let (app, receiver) = listened_to(backend, &[]).await;
        let meanwhile = told_meanwhile(&app, &receiver, person).await;
        all_told(&app).await;
        if meanwhile {
            return;
        }
    }
    panic!("whoever does not answer keeps the others waiting");
}

on_each! {
    async fn whoever_listens_and_does_not_answer_keeps_no_provider_waiting(backend: Backend) {
        beside_each_other(backend).await;
    }

    async fn q07_who_is_away_for_an_hour_is_told_afterwards_and_once(backend: Backend) {
        away_for_an_hour(backend).await;
    }

    async fn q07_after_seven_days_it_is_given_up_and_can_be_told_again(backend: Backend) {
        given_up(backend).await;
    }

    async fn q07_no_event_is_lost_to_kill_nine_and_no_secret_to_the_log(backend: Backend) {
        killed_between(backend).await;
    }

    async fn two_processes_tell_each_event_once(backend: Backend) {
        two_processes(backend).await;
    }
}
