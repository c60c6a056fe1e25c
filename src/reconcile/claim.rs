//! Whose run it is, and how far it has come. A claim is one conditional update, and so is each step of whoever holds it: a
//! process that lost its claim changes nothing any more.

use diesel::prelude::*;
use time::Duration;

use crate::clock;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::schema::listed_subjects;
use crate::db::schema::reconciliations;
use crate::error::AppResult;

/// A claim holds for so long; each step renews it. Longer than any step takes with all its attempts.
const LEASE: Duration = Duration::minutes(2);

/// A list that was begun longer ago is read anew.
const FRESH: Duration = Duration::hours(20);

/// After a provider could not be asked, the night tries again so much later.
const LATER: Duration = Duration::minutes(10);

/// Rows of the list that are forgotten at once.
const FORGOTTEN: i64 = 5_000;

/// Who wants a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The night, once; outside it (`None`) only what was left unfinished.
    Night(Option<String>),
    /// An operator.
    Command,
    /// An operator who only wants to see.
    DryRun,
}

impl Wish {
    const fn purpose(&self) -> &'static str {
        match self {
            Self::Night(_) => "night",
            Self::Command => "command",
            Self::DryRun => "dry_run",
        }
    }
}

/// What became of a wish.
#[derive(Debug)]
pub(super) enum Taken {
    /// There is nothing to do.
    NotNow,
    /// Another process is at it.
    Busy,
    /// It is ours.
    Ours(Run),
}

/// A run that is ours.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = reconciliations)]
pub(super) struct Run {
    pub(super) provider: String,
    pub(super) run: i64,
    /// When the provider began to list.
    pub(super) began_at: Moment,
    pub(super) purpose: String,
    pub(super) state: String,
    pub(super) night: Option<String>,
    /// Where the next page begins.
    pub(super) next_from: Option<i64>,
    /// The last one listed.
    pub(super) last_listed: Option<i64>,
    pub(super) listed: i64,
    pub(super) claimed_by: Option<String>,
    pub(super) claimed_until: Option<Moment>,
}

impl Run {
    /// Whether the whole list has been read.
    pub(super) fn is_listed(&self) -> bool {
        self.state == "listed"
    }
}

/// Takes a run up, or begins one.
pub(super) fn take(conn: &mut Conn, provider: &str, worker: &str, wish: &Wish, now: Moment) -> AppResult<Taken> {
    let before: Option<Run> = reconciliations::table.find(provider).select(Run::as_select()).first(conn).optional()?;
    let unfinished = before.as_ref().filter(|run| {
        run.state != "ended" && run.purpose == wish.purpose() && now.saturating_sub(FRESH) < run.began_at
    });
    if let Wish::Night(night) = wish
        && unfinished.is_none()
        && (night.is_none() || before.as_ref().is_some_and(|run| run.night == *night))
    {
        return Ok(Taken::NotNow);
    }
    let held = before.as_ref().is_some_and(|run| {
        let waits = run.claimed_by.is_some() || matches!(wish, Wish::Night(_)) && run.purpose == "night";
        waits && run.claimed_until.is_some_and(|until| until > now)
    });
    if held {
        return Ok(Taken::Busy);
    }
    let next = unfinished.cloned().unwrap_or_else(|| fresh(provider, before.as_ref(), wish, now));
    let ours = Run { claimed_by: Some(worker.to_owned()), claimed_until: Some(now.saturating_add(LEASE)), ..next };
    if write(conn, before.as_ref(), &ours, now)? { Ok(Taken::Ours(ours)) } else { Ok(Taken::Busy) }
}

fn fresh(provider: &str, before: Option<&Run>, wish: &Wish, now: Moment) -> Run {
    let last = before.map_or(i64::MIN, |run| run.run);
    let night = match wish {
        Wish::Night(night) => night.clone(),
        // A night whose run is given up for one that only looks is still to come.
        Wish::DryRun => {
            before.filter(|run| run.state == "ended" || run.purpose != "night").and_then(|run| run.night.clone())
        }
        Wish::Command => before.and_then(|run| run.night.clone()),
    };
    Run {
        provider: provider.to_owned(),
        run: clock::unix_micros(now).max(last.saturating_add(1)),
        began_at: now,
        purpose: wish.purpose().to_owned(),
        state: "listing".to_owned(),
        night,
        next_from: None,
        last_listed: None,
        listed: 0,
        claimed_by: None,
        claimed_until: None,
    }
}

/// Puts a run in the place of the one that was read. Two that begin the first one at once meet the primary key, and the later
/// one is drawn again.
fn write(conn: &mut Conn, before: Option<&Run>, run: &Run, now: Moment) -> AppResult<bool> {
    let what = (
        reconciliations::run.eq(run.run),
        reconciliations::began_at.eq(run.began_at),
        reconciliations::purpose.eq(&run.purpose),
        reconciliations::state.eq(&run.state),
        reconciliations::night.eq(&run.night),
        reconciliations::next_from.eq(run.next_from),
        reconciliations::last_listed.eq(run.last_listed),
        reconciliations::listed.eq(run.listed),
        reconciliations::claimed_by.eq(&run.claimed_by),
        reconciliations::claimed_until.eq(run.claimed_until),
    );
    let Some(before) = before else {
        let row = (reconciliations::provider.eq(&run.provider), what);
        return Ok(diesel::insert_into(reconciliations::table).values(row).execute(conn)? == 1);
    };
    let same = reconciliations::table
        .find(&run.provider)
        .filter(reconciliations::run.eq(before.run))
        .filter(reconciliations::state.eq(&before.state))
        .filter(reconciliations::listed.eq(before.listed))
        .filter(reconciliations::claimed_by.is_null().or(reconciliations::claimed_until.le(now)));
    Ok(diesel::update(same).set(what).execute(conn)? == 1)
}

/// Writes a page down. False when the claim was lost.
pub(super) fn store(conn: &mut Conn, run: &Run, ids: &[i64], next: Option<i64>, now: Moment) -> AppResult<bool> {
    let state = if next.is_some() { "listing" } else { "listed" };
    let step = (
        reconciliations::state.eq(state),
        reconciliations::next_from.eq(next),
        reconciliations::last_listed.eq(ids.last().copied().or(run.last_listed)),
        reconciliations::listed.eq(run.listed.saturating_add(i64::try_from(ids.len()).unwrap_or(0))),
        reconciliations::claimed_until.eq(Some(now.saturating_add(LEASE))),
    );
    let ours = reconciliations::table
        .find(&run.provider)
        .filter(reconciliations::run.eq(run.run))
        .filter(reconciliations::claimed_by.eq(&run.claimed_by));
    if diesel::update(ours).set(step).execute(conn)? != 1 {
        return Ok(false);
    }
    let rows: Vec<_> =
        ids.iter().map(|id| (listed_subjects::run.eq(run.run), listed_subjects::subject.eq(id.to_string()))).collect();
    // Diesel builds a statement of many rows only for a database it knows when compiling.
    let page = diesel::insert_into(listed_subjects::table).values(rows);
    match conn {
        Conn::Sqlite(conn) => page.execute(conn)?,
        Conn::Postgres(conn) => page.execute(conn)?,
    };
    Ok(true)
}

/// Holds on to the claim. False when it was lost.
pub(super) fn hold(conn: &mut Conn, run: &Run, now: Moment) -> AppResult<bool> {
    let until = reconciliations::claimed_until.eq(Some(now.saturating_add(LEASE)));
    let ours = reconciliations::table
        .find(&run.provider)
        .filter(reconciliations::run.eq(run.run))
        .filter(reconciliations::claimed_by.eq(&run.claimed_by));
    Ok(diesel::update(ours).set(until).execute(conn)? == 1)
}

/// The run has ended. False when the claim was lost before, so that nobody writes the end down twice.
pub(super) fn end(conn: &mut Conn, run: &Run) -> AppResult<bool> {
    let ended = (
        reconciliations::state.eq("ended"),
        reconciliations::claimed_by.eq(None::<String>),
        reconciliations::claimed_until.eq(None::<Moment>),
    );
    let ours = reconciliations::table
        .find(&run.provider)
        .filter(reconciliations::run.eq(run.run))
        .filter(reconciliations::claimed_by.eq(&run.claimed_by));
    Ok(diesel::update(ours).set(ended).execute(conn)? == 1)
}

/// It could not be brought to an end now; whoever takes it up goes on where it stopped.
pub(super) fn put_off(conn: &mut Conn, run: &Run, now: Moment) -> AppResult<()> {
    let free = (
        reconciliations::claimed_by.eq(None::<String>),
        reconciliations::claimed_until.eq(Some(now.saturating_add(LATER))),
    );
    let ours = reconciliations::table
        .find(&run.provider)
        .filter(reconciliations::run.eq(run.run))
        .filter(reconciliations::claimed_by.eq(&run.claimed_by));
    diesel::update(ours).set(free).execute(conn)?;
    Ok(())
}

/// Forgets some of what was listed in runs up to this one, the oldest first; false when nothing is left of them.
pub(super) fn forget(conn: &mut Conn, up_to: i64) -> AppResult<bool> {
    let oldest: Option<i64> = listed_subjects::table.select(diesel::dsl::min(listed_subjects::run)).first(conn)?;
    let Some(run) = oldest.filter(|run| *run <= up_to) else { return Ok(false) };
    let of_run = || listed_subjects::table.filter(listed_subjects::run.eq(run));
    let edge: Option<String> = of_run()
        .order(listed_subjects::subject)
        .select(listed_subjects::subject)
        .offset(FORGOTTEN)
        .limit(1)
        .first(conn)
        .optional()?;
    match edge {
        Some(edge) => diesel::delete(of_run().filter(listed_subjects::subject.lt(edge))).execute(conn)?,
        None => diesel::delete(of_run()).execute(conn)?,
    };
    Ok(true)
}
