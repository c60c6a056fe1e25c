use std::collections::HashSet;

use diesel::prelude::*;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::{Plan, Report, has_real_people, run};
use crate::clock::Moment;
use crate::clock::from_unix_seconds;
use crate::config::DatabaseUrl;
use crate::db;
use crate::db::Conn;
use crate::db::schema::audit_events;
use crate::db::schema::identities;
use crate::db::schema::users;
use crate::users::NewIdentity;
use crate::users::NewUser;
use crate::users::insert_identity;
use crate::users::insert_user;
use crate::users::mark_database;

fn now() -> Moment {
    from_unix_seconds(1_785_000_000)
}

fn empty() -> (TempDir, Conn) {
    let folder = tempfile::tempdir().unwrap();
    let mut conn = db::open(&DatabaseUrl::Sqlite(folder.path().join("seed.db"))).unwrap();
    db::migrate(&mut conn).unwrap();
    (folder, conn)
}

fn sow(conn: &mut Conn, users: u64, seed: u64) -> Report {
    run(conn, &Plan { users, seed }, &TimeZone::UTC, now(), &mut |_| {}).unwrap()
}

type Row = (String, i64, Option<String>, Option<Moment>);

fn everybody(conn: &mut Conn) -> Vec<Row> {
    let columns = (users::id, users::seq, users::name, users::last_login_at);
    users::table.order(users::seq).select(columns).load(conn).unwrap()
}

fn subjects(conn: &mut Conn) -> Vec<(String, String, Option<String>)> {
    let columns = (identities::provider, identities::subject, identities::email);
    identities::table.order((identities::subject, identities::provider)).select(columns).load(conn).unwrap()
}

fn add_somebody_real(conn: &mut Conn) {
    let user = insert_user(conn, &NewUser { name: None, picture: None }, now()).unwrap();
    let identity = NewIdentity { user_id: &user, provider: "kakao", subject: "3912345678" };
    insert_identity(conn, &identity, now()).unwrap();
}

#[test]
fn the_same_seed_makes_the_same_people_and_another_one_others() {
    let ((_a, mut one), (_b, mut twin), (_c, mut other)) = (empty(), empty(), empty());
    let report = sow(&mut one, 500, 42);
    let again = sow(&mut twin, 500, 42);
    assert_eq!((again.users, again.logins), (report.users, report.logins));
    sow(&mut other, 500, 43);
    assert_eq!(everybody(&mut one), everybody(&mut twin));
    assert_eq!(subjects(&mut one), subjects(&mut twin));
    let ids = |rows: Vec<Row>| rows.into_iter().map(|row| row.0).collect::<HashSet<_>>();
    assert!(ids(everybody(&mut one)).is_disjoint(&ids(everybody(&mut other))));
}

#[test]
fn a_second_run_adds_others_and_meets_nobody() {
    let (_folder, mut conn) = empty();
    sow(&mut conn, 500, 42);
    let before: HashSet<Row> = everybody(&mut conn).into_iter().collect();
    sow(&mut conn, 500, 42);
    let after: HashSet<Row> = everybody(&mut conn).into_iter().collect();
    assert_eq!(after.len(), 1000);
    assert!(before.is_subset(&after));
    let mut of_runs = |run: &str| subjects(&mut conn).iter().filter(|row| row.1.starts_with(run)).count();
    assert!([of_runs("seed-1-"), of_runs("seed-2-")].iter().all(|count| (500..600).contains(count)));
}

#[test]
fn paging_numbers_grow_with_sign_up_and_evade_those_who_are_here() {
    let (_folder, mut conn) = empty();
    sow(&mut conn, 300, 1);
    let times: Vec<(i64, Moment)> =
        users::table.order(users::seq).select((users::seq, users::created_at)).load(&mut conn).unwrap();
    assert!(times.is_sorted_by_key(|row| row.1));
    // The same run again, into a database where somebody sits on each of its places.
    let (_other, mut crowded) = empty();
    for (index, (seq, at)) in times.iter().enumerate() {
        let row = (users::id.eq(index.to_string()), users::seq.eq(seq), users::created_at.eq(at));
        diesel::insert_into(users::table).values(row).execute(&mut crowded).unwrap();
    }
    sow(&mut crowded, 300, 1);
    assert_eq!(everybody(&mut crowded).len(), 600);
}

#[test]
fn each_login_has_its_line_and_the_person_knows_the_last() {
    let (_folder, mut conn) = empty();
    let report = sow(&mut conn, 400, 9);
    assert_eq!(report.users, 400);
    let count = |conn: &mut Conn, action: &str| -> i64 {
        audit_events::table.filter(audit_events::action.eq(action)).count().get_result(conn).unwrap()
    };
    let (created, ok) = (count(&mut conn, "login.created"), count(&mut conn, "login.ok"));
    assert_eq!(created, 400);
    assert_eq!(u64::try_from(created + ok).unwrap(), report.logins);
    assert!((2 * 400..=4 * 400).contains(&report.logins), "{}", report.logins);
    for (id, _, _, last_login_at) in everybody(&mut conn) {
        let own = audit_events::table.filter(audit_events::user_id.eq(&id).and(audit_events::actor.eq(&id)));
        let latest: Option<Moment> =
            own.select(diesel::dsl::max(audit_events::happened_at)).get_result(&mut conn).unwrap();
        assert_eq!(latest, last_login_at);
        assert!(latest <= Some(now()));
    }
}

#[test]
fn addresses_belong_to_nobody() {
    let (_folder, mut conn) = empty();
    sow(&mut conn, 1000, 5);
    let emails: Vec<String> = subjects(&mut conn).into_iter().filter_map(|row| row.2).collect();
    assert!((650..780).contains(&emails.len()), "{}", emails.len());
    assert!(emails.iter().all(|email| email.ends_with("@example.com") || email.ends_with("@example.org")));
}

#[test]
fn made_up_people_are_not_real_ones() {
    let (_folder, mut conn) = empty();
    assert!(!has_real_people(&mut conn).unwrap());
    sow(&mut conn, 10, 1);
    assert!(!has_real_people(&mut conn).unwrap());
    add_somebody_real(&mut conn);
    assert!(has_real_people(&mut conn).unwrap());
    mark_database(&mut conn, true).unwrap();
    assert!(!has_real_people(&mut conn).unwrap(), "the simulator's");
    mark_database(&mut conn, false).unwrap();
    assert!(has_real_people(&mut conn).unwrap());
}

#[test]
fn nobody_is_made_when_nobody_is_wanted() {
    let (_folder, mut conn) = empty();
    assert_eq!(sow(&mut conn, 0, 1), Report::default());
    assert!(everybody(&mut conn).is_empty());
}
