//! Q08: what is over is forgotten within a day, however much of it there is.

use std::fs;

use fiiiiilm::clock::Moment;
use fiiiiilm::simulator::notices::{Notice, Variation};
use fiiiiilm::upkeep;
use time::Duration;

use crate::kit::{TestApp, people, size};
use crate::outbox::until;

/// What is kept for a while only: table, the time its rows have, and after how many days none of today is left. Sessions are
/// kept for 30 days after the 14 in which they could have been used, as the README says; notices that count once for 90.
const PASSING: [(&str, &str, i64); 8] = [
    ("claims", "claimed_at", 1),
    ("notices", "noticed_at", 1),
    ("used_proofs", "usable_until", 1),
    ("recent_events", "heard_at", 1),
    ("active_devices", "noted_at", 1),
    ("outbox", "created_at", 8),
    ("sessions", "created_at", 45),
    ("heard_notices", "heard_at", 91),
];

/// What stays until somebody removes it, or is bounded by itself.
const LASTING: [&str; 14] = [
    "installation",
    "users",
    "identities",
    "signing_keys",
    "audit_events",
    "daily_counts",
    "daily_notices",
    "reconciliations",
    "listed_subjects",
    "user_facets",
    "search_recent",
    "search_stretches",
    "search_places",
    "search_postings",
];

/// So much is removed of a table in one round of the broom, each of which comes a minute after the last.
const ROUND: usize = 30_000;

fn sql(moment: Moment) -> String {
    let (date, (hour, minute, second)) = (moment.date(), moment.time().as_hms());
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

fn made_before(app: &TestApp, (table, column, _): (&str, &str, i64), moment: Moment) -> i64 {
    app.inspect().number(&format!("select count(*) as n from {table} where {column} <= '{}'", sql(moment)))
}

async fn sweep(app: &TestApp) {
    upkeep::sweep_once(app.running.app()).await.unwrap();
}

/// Somebody may not come in.
async fn refused(app: &TestApp) {
    app.inspect().execute(&format!(
        "update users set standing = 'banned' where id in (select user_id from identities where subject = '{}')",
        people::EMOJI
    ));
    assert_eq!(app.browser().log_in(people::EMOJI).await.status, 403);
}

/// Something of everything: logins, one that comes to nothing, a proof that counts once, a notice, somebody who leaves.
async fn a_day(app: &TestApp) {
    for person in [people::ORDINARY, people::NO_EMAIL, people::ADMIN] {
        app.logged_in(person).await;
    }
    app.logged_in(people::EMOJI).await;
    refused(app).await;
    let notice = Notice::KakaoEvent("sessions-revoked");
    let delivery = app.simulator.state().notice(notice, people::NO_EMAIL, Variation::Plain).unwrap();
    assert_eq!(app.browser().deliver(&delivery).await.status, 202);
    let gone = app.logged_in(people::LONG_ID).await.post("/profile/delete", &[]).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    let told = "select count(*) as n from outbox where state = 'done'";
    until("Kakao is told", || app.inspect().number(told) == 1).await;
    upkeep::count(app.running.app()).await;
    let proof = format!("insert into used_proofs (digest, usable_until) values ('q08', '{}')", sql(app.clock.now()));
    app.inspect().execute(&proof);
}

on_both! {
    async fn q08_whatever_is_over_is_gone_within_a_day(app: TestApp) {
        a_day(&app).await;
        let (begun, today) = (app.clock.now(), app.clock.now().saturating_add(Duration::minutes(1)));
        for passing in PASSING {
            assert!(made_before(&app, passing, today) > 0, "{}: nothing to forget", passing.0);
        }
        for day in [1, 8, 45, 91] {
            app.clock.advance(Duration::days(day) - (app.clock.now() - begun) + Duration::minutes(1));
            sweep(&app).await;
            for passing in PASSING.into_iter().filter(|(_, _, days)| *days <= day) {
                assert_eq!(made_before(&app, passing, today), 0, "{} after {day} days", passing.0);
            }
        }
        assert!(app.inspect().number("select count(*) as n from users") > 0, "nobody is forgotten");
    }

    async fn q08_a_crowd_that_is_over_at_once_goes_in_a_few_rounds_and_nobody_waits_for_it(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        let crowd = size(3_000, 100_000);
        app.inspect().execute(&format!(
            "insert into sessions (id, user_id, identity_id, provider, attempt_id, counter, advanced_at, expires_at, ends_at, \
             auth_time, user_agent, address, created_at, last_seen_at, ended_at, end_reason) \
             with recursive n(i) as (select 1 union all select i + 1 from n where i < {crowd}) \
             select 'q08-' || i, user_id, identity_id, provider, null, counter, advanced_at, expires_at, ends_at, \
             auth_time, user_agent, address, created_at, last_seen_at, ended_at, end_reason from sessions, n"
        ));
        app.clock.advance(Duration::days(45));
        let rounds = async {
            for _ in 0..crowd.div_ceil(ROUND) {
                sweep(&app).await;
            }
        };
        let others = async {
            for _ in 0..5 {
                assert_eq!(app.browser().log_in(people::NO_EMAIL).await.status, 303);
            }
        };
        futures_util::future::join(rounds, others).await;
        assert_eq!(app.inspect().number("select count(*) as n from sessions where id like 'q08-%'"), 0);
        assert_eq!(app.inspect().number("select count(*) as n from sessions"), 5);
    }

    async fn q08_a_run_of_logins_leaves_no_more_than_its_last_hours(app: TestApp) {
        let each = size(10, 1_000);
        app.logged_in(people::EMOJI).await;
        let rows = |table: &str| app.inspect().number(&format!("select count(*) as n from {table}"));
        for hour in 0..5 {
            for login in 0..each {
                let mut browser = app.logged_in(people::ORDINARY).await;
                if login % 2 == 0 {
                    browser.post("/logout", &[]).await;
                }
            }
            refused(&app).await;
            app.clock.advance(Duration::hours(1));
            sweep(&app).await;
            for table in ["claims", "notices", "used_proofs", "recent_events"] {
                // A key that moves on leaves a notice of its own.
                assert!(rows(table) <= 1, "{table} after hour {hour}: {}", rows(table));
            }
        }
        assert_eq!(usize::try_from(rows("sessions")).unwrap(), 5 * each + 1, "sessions are kept for their time");
    }
}

/// Kept true by whoever adds a table: it is in one of the lists above.
#[test]
fn q08_every_table_is_known_to_pass_or_to_last() {
    let schema = fs::read_to_string("src/db/schema.rs").unwrap();
    let mut tables: Vec<&str> =
        schema.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(" (")?.0.into()).collect();
    tables.retain(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    let mut known: Vec<&str> = PASSING.iter().map(|(table, ..)| *table).chain(LASTING).collect();
    tables.sort_unstable();
    known.sort_unstable();
    assert_eq!(tables, known);
}
