//! The search index in its stretches: people who signed up long ago beside those who come now, people who change and go, and
//! many at once; what is found is what reading everybody finds.

use std::thread;
use std::time::{Duration, Instant};

use diesel::Connection as _;
use fiiiiilm::audit::Circumstances;
use fiiiiilm::db::Conn;
use fiiiiilm::db::UserId;
use fiiiiilm::error::AppResult;
use fiiiiilm::seed;
use fiiiiilm::users;
use fiiiiilm::users::{Cursor, Listed, Listing, Query, Standing, Total};

use crate::kit::{Inspect, TestApp};

/// As many as come into a stretch by themselves.
const MANY: u64 = 1_100;

fn sow(app: &TestApp, number: u64, many: u64) {
    let plan = seed::Plan { users: many, seed: number };
    seed::run(app.inspect().conn(), &plan, &jiff::tz::TimeZone::UTC, app.clock.now(), &mut |_| {}).unwrap();
}

fn is_true(inspect: &mut Inspect, after: &str) {
    assert_eq!(users::is_true(inspect.conn()).unwrap(), Ok(()), "after {after}");
}

/// All pages, forwards and back again.
fn read(inspect: &mut Inspect, listing: &Listing) -> Vec<Listed> {
    const SIZE: usize = 61;
    let (mut all, mut cursor, mut last) = (Vec::new(), Cursor::Start, None);
    loop {
        let page = users::list_some(inspect.conn(), listing, &cursor, SIZE).unwrap();
        all.extend(page.rows);
        let Some(spot) = page.older else { break };
        last = Some(spot.clone());
        cursor = Cursor::After(spot);
    }
    let mut back = Vec::new();
    while let Some(spot) = last {
        let page = users::list_some(inspect.conn(), listing, &Cursor::Before(spot), SIZE).unwrap();
        back.splice(0..0, page.rows.iter().map(|row| row.user.seq));
        last = page.newer;
    }
    let forwards: Vec<i64> = all.iter().map(|row| row.user.seq).collect();
    assert!(forwards.starts_with(&back), "{listing:?} backwards");
    assert!(forwards.len() - back.len() <= SIZE, "{listing:?} backwards");
    all
}

/// What is found by words is what reading everybody finds, in the same order, and as many as are said.
fn finds_what_is_there(inspect: &mut Inspect) {
    let everybody = read(inspect, &Listing::default());
    let mut found_anybody = 0;
    for typed in ["김", "ㅎ", "민", "서연", "ㄱㅁㅅ", "김ㅁ", "이ㅅ윤", "exam", "kim", "lee@", "뷁", "지 e.c"]
    {
        for standing in [None, Some(Standing::Banned)] {
            let Some(Query::Words(words)) = Query::parse(typed) else { panic!("{typed}") };
            let fits = |row: &&Listed| {
                let emails = row.identities.iter().filter_map(|identity| identity.email.as_deref());
                words.fit(row.user.name.as_deref(), emails)
                    && standing.is_none_or(|standing| Standing::parse(&row.user.standing) == standing)
            };
            let there: Vec<i64> = everybody.iter().filter(fits).map(|row| row.user.seq).collect();
            let listing = Listing { query: Query::parse(typed), standing, ..Listing::default() };
            let found: Vec<i64> = read(inspect, &listing).iter().map(|row| row.user.seq).collect();
            assert_eq!(found, there, "{typed} {standing:?}");
            let (_, total) = users::list_and_count(inspect.conn(), &listing, &Cursor::Start).unwrap();
            let Total::Exactly(counted) = total else { panic!("{total:?}") };
            let counted = usize::try_from(counted).unwrap();
            // A word of more letters than a term has may be counted where its terms stand apart.
            assert!(counted == there.len() || typed.len() > 3 && counted > there.len(), "{typed}: {counted}");
            found_anybody += found.len();
        }
    }
    assert!(found_anybody > 3_000, "{found_anybody}");
}

fn stretches(inspect: &mut Inspect) -> i64 {
    inspect.number("select count(*) as n from search_stretches")
}

fn recent(inspect: &mut Inspect) -> i64 {
    inspect.number("select count(distinct seq) as n from search_recent")
}

fn somebody(inspect: &mut Inspect, standing: &str, many: usize) -> Vec<UserId> {
    // Spread over all who are there, in an order that has nothing to do with their sign-ups.
    let all = inspect.lines(&format!("select id as s from users where standing = '{standing}' order by id"));
    let step = all.len() / many;
    all.iter().step_by(step).take(many).map(|id| id.parse().unwrap()).collect()
}

on_both! {
    async fn what_overlaps_is_found_in_one_order(app: TestApp) {
        let mut inspect = app.inspect();
        sow(&app, 1, MANY);
        assert_eq!((stretches(&mut inspect), recent(&mut inspect)), (1, 0));
        // From the same two years: a stretch of their own.
        sow(&app, 2, MANY);
        assert_eq!((stretches(&mut inspect), recent(&mut inspect)), (2, 0));
        is_true(&mut inspect, "two runs");
        for number in 3..6 {
            sow(&app, number, 300);
        }
        assert_eq!((stretches(&mut inspect), recent(&mut inspect)), (2, 900));
        assert!(!users::tend(inspect.conn()).unwrap(), "they are not worth a stretch");
        finds_what_is_there(&mut inspect);
        sow(&app, 6, 300);
        while users::tend(inspect.conn()).unwrap() {}
        // Who signed up after everybody who has a place waits for more.
        assert_eq!(stretches(&mut inspect), 3);
        assert!(recent(&mut inspect) < 100);
        is_true(&mut inspect, "a third stretch");
        finds_what_is_there(&mut inspect);
    }

    async fn whoever_has_a_place_changes_and_goes(app: TestApp) {
        let mut inspect = app.inspect();
        sow(&app, 1, 3_000);
        let (how, post) = (Circumstances::cli(app.clock.now()), app.running.app().post.clone());
        for (at, id) in somebody(&mut inspect, "active", 60).iter().enumerate() {
            again(&mut inspect, |conn| match at % 4 {
                0 => users::ban(conn, id, None, &post, &how).map(drop),
                1 => users::set_role(conn, id, users::Role::Admin, &how).map(drop),
                2 => users::set_display_name(conn, id, Some("뷁새이름 Qxz"), &how),
                _ => users::delete(conn, id, &post, &how).map(drop),
            });
        }
        is_true(&mut inspect, "changes");
        finds_what_is_there(&mut inspect);
        let found = |inspect: &mut Inspect, typed: &str| {
            read(inspect, &Listing { query: Query::parse(typed), ..Listing::default() }).len()
        };
        assert_eq!((found(&mut inspect, "뷁새"), found(&mut inspect, "qxz")), (15, 15));
        for id in somebody(&mut inspect, "banned", 5) {
            again(&mut inspect, |conn| users::unban(conn, &id, &how));
        }
        for id in inspect.lines("select id as s from users where name = '뷁새이름 Qxz'") {
            again(&mut inspect, |conn| users::delete(conn, &id.parse().unwrap(), &post, &how));
        }
        is_true(&mut inspect, "changes back");
        assert_eq!((found(&mut inspect, "뷁새"), found(&mut inspect, "qxz")), (0, 0));
    }

    async fn people_are_taken_in_while_they_and_others_change(app: TestApp) {
        let mut inspect = app.inspect();
        sow(&app, 1, MANY);
        for number in 2..6 {
            sow(&app, number, 500);
        }
        let chosen = somebody(&mut inspect, "active", 48);
        let (how, post) = (Circumstances::cli(app.clock.now()), app.running.app().post.clone());
        thread::scope(|scope| {
            for mine in chosen.chunks(12) {
                let (app, how, post) = (&app, &how, post.clone());
                scope.spawn(move || {
                    let mut own = app.inspect();
                    for id in mine {
                        again(&mut own, |conn| users::ban(conn, id, None, &post, how));
                        again(&mut own, |conn| users::unban(conn, id, how));
                        again(&mut own, |conn| users::set_display_name(conn, id, Some("새 이름"), how));
                    }
                });
            }
            let mut own = app.inspect();
            while again(&mut own, users::tend) {}
        });
        assert!(recent(&mut inspect) < MANY.cast_signed());
        is_true(&mut inspect, "all at once");
        finds_what_is_there(&mut inspect);
    }
}

/// As the program does it: in a transaction, and who meets somebody else's write tries again.
fn again<T>(inspect: &mut Inspect, mut write: impl FnMut(&mut Conn) -> AppResult<T>) -> T {
    let begun = Instant::now();
    loop {
        match inspect.conn().transaction(&mut write) {
            Ok(done) => return done,
            Err(error) if begun.elapsed() > Duration::from_secs(60) => panic!("{error:?}"),
            Err(_) => thread::sleep(Duration::from_millis(5)),
        }
    }
}
