//! R-23, Q05: people erased in number, each of whom left a mark in every field; afterwards none is found in a table, in the
//! files or in a dump. `FIIIIILM_TEST_PEOPLE` says how many.

use diesel::Connection as _;
use fiiiiilm::audit::Circumstances;
use fiiiiilm::db::{AttemptId, UserId};
use fiiiiilm::outbox::Keepsake;
use fiiiiilm::simulator::{Place, Trouble};
use fiiiiilm::tokens::{self, Lifetimes, NewSession};
use fiiiiilm::upkeep;
use fiiiiilm::users::{self, IdentityFresh, NewIdentity, NewUser};
use time::Duration;

use crate::kit::{Receiver, Setting, TestApp, people, size};
use crate::leaving::{holds, traces};
use crate::outbox::until;
use crate::webhooks::unlinked_there;

/// In every mark, and in nothing else.
const MARK: &str = "q05mark";

fn how_many() -> usize {
    let asked = std::env::var("FIIIIILM_TEST_PEOPLE").ok();
    asked.map_or_else(|| size(60, 1_000), |number| number.parse().expect("FIIIIILM_TEST_PEOPLE is a number"))
}

/// Numbers begin like nobody else's.
fn number(nth: usize) -> String {
    format!("77310{nth:06}")
}

/// Somebody with a mark wherever a person's words are kept.
fn enter(app: &TestApp, nth: usize) -> UserId {
    let (now, subject) = (app.clock.now(), number(nth));
    let word = |what: &str| Some(format!("{MARK}{what}{nth}"));
    let mut inspect = app.inspect();
    let conn = inspect.conn();
    let user = users::insert_user(conn, &NewUser { name: word("name"), picture: word("picture") }, now).unwrap();
    let identity = NewIdentity { user_id: &user, provider: "kakao", subject: &subject };
    let identity_id = users::insert_identity(conn, &identity, now).unwrap();
    let fresh = IdentityFresh {
        nickname: word("nick"),
        picture: word("https"),
        email: Some((format!("{MARK}{nth}@example.org"), true)),
        kept: word("tokens").map(|sealed| Keepsake { sealed, until: None }),
        granted: word("granted"),
    };
    users::refresh_identity(conn, &identity_id, &fresh, now).unwrap();
    let session = NewSession {
        user_id: user.clone(),
        identity_id,
        provider: "kakao".into(),
        attempt_id: AttemptId::new(),
        auth_time: now,
        user_agent: word("device").unwrap(),
        address: format!("{MARK}address{nth}"),
    };
    let lifetimes = Lifetimes::new(&app.config.token);
    tokens::open(conn, session, lifetimes, now).unwrap();
    if nth % 2 == 1 {
        conn.transaction(|conn| users::set_display_name(conn, &user, word("chosen").as_deref(), &how(app))).unwrap();
    }
    user
}

fn how(app: &TestApp) -> Circumstances {
    Circumstances::system(app.clock.now())
}

/// Nobody is told of events yet: what is said of the erased waits too.
fn events_wait() -> Vec<Setting> {
    Receiver::away().settings()
}

/// A comparison that was put off: everybody's number is on what it has read of the list.
fn listed(app: &TestApp, everybody: &[UserId]) {
    let mut inspect = app.inspect();
    inspect.execute(
        "insert into reconciliations (provider, run, began_at, purpose, state, listed) \
         values ('kakao', 7, '2026-01-01 00:00:00', 'command', 'listing', 1)",
    );
    for nth in 0..everybody.len() {
        inspect.execute(&format!("insert into listed_subjects (run, subject) values (7, '{}')", number(nth)));
    }
}

/// One after the other in each of the ways in which somebody goes.
async fn erase(app: &TestApp, nth: usize, user: &UserId) {
    let post = app.running.app().post.clone();
    let mut inspect = app.inspect();
    match nth % 4 {
        0 => drop(inspect.conn().transaction(|conn| users::delete(conn, user, &post, &how(app))).unwrap()),
        1 => drop(inspect.conn().transaction(|conn| users::leave(conn, user, 0, &post, &how(app))).unwrap()),
        2 => drop(inspect.conn().transaction(|conn| users::leave(conn, user, 10, &post, &how(app))).unwrap()),
        _ => assert_eq!(unlinked_there(app, &number(nth)).await.status, 200),
    }
}

/// What the scan finds of them.
fn found(app: &TestApp, everybody: &[UserId]) -> Vec<String> {
    let left = traces(app);
    let marks = std::iter::once(MARK.to_owned()).chain((0..everybody.len()).map(number));
    marks.filter(|mark| holds(&left, mark)).collect()
}

on_both! {
    with events_wait;

    async fn r23_q05_people_erased_in_number_leave_no_mark_anywhere(app: TestApp) {
        app.simulator.state().set_trouble(Place::Revoke, Some(Trouble::Status(503)));
        app.logged_in(people::ORDINARY).await;
        let everybody: Vec<UserId> = (0..how_many()).map(|nth| enter(&app, nth)).collect();
        listed(&app, &everybody);
        assert_eq!(found(&app, &everybody).len(), everybody.len() + 1, "the scan finds what is there");
        for (nth, user) in everybody.iter().enumerate() {
            erase(&app, nth, user).await;
        }
        app.clock.advance(Duration::days(11));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(app.inspect().rows().0, 1, "one is left");
        let waiting = "select count(*) as n from outbox where state = 'waiting' and kind = 'unlink'";
        assert!(app.inspect().number(waiting) > 0, "their provider has not been told yet");
        assert_eq!(found(&app, &everybody), [""; 0], "while it is to be told");
        app.simulator.state().set_trouble(Place::Revoke, None);
        until("all is told", || {
            app.clock.advance(Duration::minutes(10));
            app.inspect().number(waiting) == 0
        })
        .await;
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(found(&app, &everybody), [""; 0], "afterwards");
        let told = "select count(*) as n from outbox where topic = 'user.deleted'";
        assert_eq!(usize::try_from(app.inspect().number(told)).unwrap(), everybody.len(), "by an id that says nothing");
        assert!(holds(&traces(&app), people::ORDINARY), "whoever stays, stays");
    }
}
