//! One run: its number, its batches, and fresh statistics for the query planner at its end.

use std::collections::HashSet;

use diesel::connection::SimpleConnection as _;
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use diesel::sql_types::Bool;

use super::insert::insert;
use super::people::{Batch, Whom};
use super::random::Random;
use super::times::SignUps;
use crate::clock::Moment;
use crate::clock::unix_micros;
use crate::db::Conn;
use crate::db::schema::identities;
use crate::db::schema::installation;
use crate::db::schema::users;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::users as people;
use crate::users::DatabaseKind;
use crate::users::database_kind;

/// How every subject begins; Kakao's and Google's are digits, Naver's never hold a second hyphen.
pub(super) const SUBJECT: &str = "seed-";

/// Where the database remembers the last run.
const LAST_RUN: &str = "seed:run";

/// People in one transaction.
const BATCH: usize = 10_000;

/// How often the number of a run is asked for when other runs take it first.
const ATTEMPTS: u32 = 100;

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many people.
    pub users: u64,
    /// Begins the chance: the same number makes the same people.
    pub seed: u64,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many people.
    pub users: u64,
    /// How many logins, sign-ups included: lines of the audit log.
    pub logins: u64,
}

/// Whether there is anybody here who was not made up. The simulator's people are made up too.
///
/// # Errors
/// When the database fails.
pub fn has_real_people(conn: &mut Conn) -> AppResult<bool> {
    if database_kind(conn)? == DatabaseKind::Demo {
        return Ok(false);
    }
    // SQLite's LIKE would take capitals for small letters.
    let real = identities::table.filter(sql::<Bool>("substr(subject, 1, 5) <> 'seed-'"));
    Ok(diesel::select(exists(real)).get_result(conn)?)
}

/// Adds synthetic people up to `now`, in transactions of 10,000; `progress` hears after each how many there are. What
/// was committed before a failure stays.
///
/// # Errors
/// When the database fails.
pub fn run(conn: &mut Conn, plan: &Plan, now: Moment, progress: &mut dyn FnMut(u64)) -> AppResult<Report> {
    let mut report = Report::default();
    if plan.users == 0 {
        return Ok(report);
    }
    without_haste(conn)?;
    let (run, now) = (next_run(conn)?, unix_micros(now));
    // People are numbered from 1; 0 is the calendar they share.
    let mut sign_ups = SignUps::new(Random::new(plan.seed, run, 0), plan.users, now);
    let mut latest = i64::MIN;
    loop {
        let mut wanted: Vec<i64> = sign_ups.by_ref().take(BATCH).collect();
        let Some(last) = apart(conn, &mut wanted, latest)? else { break };
        latest = last;
        let mut batch = Batch::default();
        for joined in wanted {
            report.users += 1;
            batch.add(conn, Whom { seed: plan.seed, run, number: report.users, joined, now })?;
        }
        // In the order of time an index is filled from left to right instead of everywhere.
        batch.events.sort_by(|one, other| one.id.cmp(&other.id));
        if let Some(first) = batch.users.first() {
            people::begin_era(conn, first.seq)?;
        }
        insert(conn, &batch)?;
        report.logins += u64::try_from(batch.events.len()).unwrap_or(0);
        progress(report.users);
    }
    people::settle(conn)?;
    analyze(conn)?;
    Ok(report)
}

/// The number of this run. Compared and swapped, so that two runs at once never get the same one.
fn next_run(conn: &mut Conn) -> AppResult<u64> {
    for _ in 0..ATTEMPTS {
        let row = installation::table.find(LAST_RUN);
        let before: Option<String> = row.select(installation::value).first(conn).optional()?;
        let last: u64 = before.as_deref().unwrap_or("0").parse().map_err(AppError::internal)?;
        let next = installation::value.eq((last + 1).to_string());
        let written = match before {
            Some(before) => diesel::update(row.filter(installation::value.eq(before))).set(next).execute(conn),
            None => {
                diesel::insert_into(installation::table).values((installation::name.eq(LAST_RUN), next)).execute(conn)
            }
        };
        match written {
            Ok(0) | Err(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {}
            Ok(_) => return Ok(last + 1),
            Err(error) => return Err(error.into()),
        }
    }
    Err(AppError::new(Kind::Conflict).because("other runs kept taking the number of this one"))
}

/// Nudges the moments, which are in order, until each is after `latest`, after the one before, and nobody's here;
/// returns the last. Nobody signs up in the past, so what is free now is free when it is written.
fn apart(conn: &mut Conn, wanted: &mut [i64], latest: i64) -> AppResult<Option<i64>> {
    let (Some(first), Some(last)) = (wanted.first().copied(), wanted.last().copied()) else { return Ok(None) };
    // A second leaves room for as many nudges as there are people in a batch, and many more.
    let near = users::table.filter(users::seq.between(first, last.saturating_add(1_000_000)));
    let taken: HashSet<i64> = near.select(users::seq).load::<i64>(conn)?.into_iter().collect();
    let mut before = latest;
    for at in wanted {
        *at = (*at).max(before.saturating_add(1));
        while taken.contains(at) {
            *at += 1;
        }
        before = *at;
    }
    Ok(Some(before))
}

/// This connection has nobody waiting: a statement may take its time, and a commit need not be on the disk before the next one
/// begins (of made-up people, a power cut may take the last; neither database is ever broken by it).
fn without_haste(conn: &mut Conn) -> AppResult<()> {
    let settings = match conn {
        Conn::Sqlite(_) => "pragma synchronous = normal; pragma cache_size = -131072;",
        Conn::Postgres(_) => "set statement_timeout = 0; set synchronous_commit = off;",
    };
    Ok(conn.batch_execute(settings)?)
}

/// Without fresh statistics both databases plan as if the tables were still empty.
fn analyze(conn: &mut Conn) -> AppResult<()> {
    match conn {
        // A thousand entries of each index are enough to plan by; all of them would take as long as the run.
        Conn::Sqlite(_) => conn.batch_execute("pragma analysis_limit = 1000; analyze;")?,
        Conn::Postgres(_) => {
            for table in ["users", "identities", "audit_events", "user_terms"] {
                conn.batch_execute(&format!("analyze {table}"))?;
            }
        }
    }
    Ok(())
}
