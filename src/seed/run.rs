//! One run: its number, its batches, and fresh statistics for the query planner at its end.

use std::collections::HashSet;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use diesel::sql_types::Bool;
use jiff::tz::TimeZone;

use super::insert::insert;
use super::people::{Batch, Whom};
use super::random::Random;
use super::times::SignUps;
use crate::clock::Moment;
use crate::clock::unix_micros;
use crate::counts;
use crate::db;
use crate::db::Conn;
use crate::db::schema::identities;
use crate::db::schema::installation;
use crate::db::schema::users;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::users as people;
use crate::users::DatabaseKind;
use crate::users::SYNTHETIC;
use crate::users::database_kind;

/// Where the database remembers the last run.
const LAST_RUN: &str = "seed:run";

/// People made up together.
const BATCH: usize = people::CAPACITY / TOGETHER;

/// Batches in one transaction where nobody waits for it, because nobody is here: a stretch of the search index, written once.
/// Where people are, it is one.
const TOGETHER: usize = 6;

/// Batches made up ahead of writing.
const AHEAD: usize = 12;

/// From so many people on, in a database without any, indexes are built when all are in.
const MANY: u64 = 5_000;

/// Where rows go.
const TABLES: [&str; 3] = ["users", "identities", "audit_events"];

/// What the search index consists of.
const SEARCHED: [&str; 4] = ["search_recent", "search_stretches", "search_places", "search_postings"];

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
    /// How long indexes and statistics took, after all people were in.
    pub indexing: Duration,
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
    let begins = format!("substr(subject, 1, {}) <> '{SYNTHETIC}'", SYNTHETIC.len());
    let real = identities::table.filter(sql::<Bool>(&begins));
    Ok(diesel::select(exists(real)).get_result(conn)?)
}

/// Adds synthetic people up to `now`, their logins counted by the days of `zone`, in transactions of 10,240, or of 61,440 into
/// a database without people; `progress` hears after each how many there are. What was committed before a failure stays, and
/// what was set aside is brought back by the next run.
///
/// # Errors
/// When the database fails.
pub fn run(
    conn: &mut Conn,
    plan: &Plan,
    zone: &TimeZone,
    now: Moment,
    progress: &mut dyn FnMut(u64),
) -> AppResult<Report> {
    if plan.users == 0 {
        return Ok(Report::default());
    }
    let alone = plan.users >= MANY && is_empty(conn)?;
    counts::begin_counting(conn, now)?;
    db::hurry(conn, alone)?;
    let when = When { zone, now };
    let done = hurried(conn, plan, alone, when, progress);
    db::calm(conn)?;
    done
}

/// The end of the two years, and the days that are counted.
#[derive(Clone, Copy)]
struct When<'a> {
    zone: &'a TimeZone,
    now: Moment,
}

fn hurried(
    conn: &mut Conn,
    plan: &Plan,
    alone: bool,
    when: When<'_>,
    progress: &mut dyn FnMut(u64),
) -> AppResult<Report> {
    // Of a run that broke off.
    db::bring_back(conn)?;
    if alone {
        let mut aside = Vec::new();
        for table in TABLES {
            aside.extend(db::indexes(conn, table)?);
        }
        db::set_aside(conn, &aside)?;
    }
    let together = if alone { TOGETHER } else { 1 };
    let mut report = write(conn, plan, together, when, progress)?;
    let begun = Instant::now();
    db::bring_back(conn)?;
    analyze(conn)?;
    report.indexing = begun.elapsed();
    Ok(report)
}

/// People are made up by a thread of their own while those before them are written.
fn write(
    conn: &mut Conn,
    plan: &Plan,
    together: usize,
    when: When<'_>,
    progress: &mut dyn FnMut(u64),
) -> AppResult<Report> {
    let now = unix_micros(when.now);
    let run = next_run(conn)?;
    // People are numbered from 1; 0 is the calendar they share.
    let mut sign_ups = SignUps::new(Random::new(plan.seed, run, 0), plan.users, now);
    let (ask, asked) = mpsc::sync_channel(AHEAD);
    let (give, given) = mpsc::sync_channel(AHEAD);
    let seed = plan.seed;
    thread::scope(|scope| {
        scope.spawn(move || {
            let made = asked.iter().map(|wanted| make_up(seed, run, now, wanted));
            // Whoever wrote has given up.
            made.map(|batch| give.send(batch)).take_while(Result::is_ok).for_each(drop);
        });
        // Gone with this closure, however it ends: the thread then ends too, and is not waited for in vain.
        let (ask, given) = (ask, given);
        let mut report = Report::default();
        let (mut numbered, mut latest, mut under_way, mut ended) = (0, i64::MIN, 0, false);
        loop {
            while !ended && under_way < AHEAD {
                let mut wanted: Vec<i64> = sign_ups.by_ref().take(BATCH).collect();
                let Some(last) = apart(conn, &mut wanted, latest)? else {
                    ended = true;
                    break;
                };
                let before = numbered;
                (latest, under_way) = (last, under_way + 1);
                numbered += count(wanted.len());
                ask.send((before, wanted)).map_err(AppError::internal)?;
            }
            let mut batches = Vec::new();
            for _ in 0..under_way.min(together) {
                batches.push(given.recv().map_err(AppError::internal)??);
            }
            under_way -= batches.len();
            if batches.is_empty() {
                return Ok(report);
            }
            report.users += batches.iter().map(|batch| count(batch.users.len())).sum::<u64>();
            report.logins += batches.iter().map(|batch| count(batch.events.len())).sum::<u64>();
            insert(conn, &mut batches, when.zone, when.now)?;
            progress(report.users);
        }
    })
}

/// The people after the first `before`, who sign up at these moments.
fn make_up(seed: u64, run: u64, now: i64, (before, wanted): (u64, Vec<i64>)) -> AppResult<Batch> {
    let mut batch = Batch::default();
    for (number, joined) in (before + 1..).zip(wanted) {
        batch.add(Whom { seed, run, number, joined, now })?;
    }
    Ok(batch)
}

fn count(many: usize) -> u64 {
    u64::try_from(many).unwrap_or(u64::MAX)
}

fn is_empty(conn: &mut Conn) -> AppResult<bool> {
    let anybody: Option<i64> = users::table.select(users::seq).limit(1).first(conn).optional()?;
    Ok(anybody.is_none())
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

/// Without fresh statistics both databases plan as if the tables were still empty.
fn analyze(conn: &mut Conn) -> AppResult<()> {
    match conn {
        // A thousand entries of each index are enough to plan by; all of them would take as long as the run.
        Conn::Sqlite(_) => conn.batch_execute("pragma analysis_limit = 1000; analyze;")?,
        Conn::Postgres(_) => {
            for table in TABLES.iter().chain(&SEARCHED) {
                conn.batch_execute(&format!("analyze {table}"))?;
            }
        }
    }
    Ok(())
}
