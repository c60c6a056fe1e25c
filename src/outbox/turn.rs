//! Whose turn it is, and what came of it. Each change of a row is one conditional update, so that two processes never both
//! make it, on either database.

use diesel::prelude::*;
use time::Duration;

use super::backoff;
use super::entry::Kind;
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::OutboxId;
use crate::db::UserId;
use crate::db::schema::outbox;
use crate::error::AppResult;
use crate::secret::random;

/// A claim holds for so long: six times what any errand may take. Whoever died leaves it to the next after that.
const LEASE: Duration = Duration::seconds(60);

/// Nobody tries longer than this.
pub(super) const PATIENCE: Duration = Duration::days(7);

/// An ended `unlink` is shown for so long; an event can be replayed for so long.
const UNLINKS_SHOWN: Duration = Duration::days(7);
const EVENTS_KEPT: Duration = Duration::days(30);

/// Longest reason that is kept, in characters.
const REASON_MAX: usize = 300;

/// An errand whose turn it is, ours until the lease ends.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Claimed {
    /// Which.
    pub id: OutboxId,
    /// See [`Kind`].
    pub kind: String,
    /// The provider, or the event's name.
    pub topic: String,
    /// Whom it is about.
    pub user_id: UserId,
    /// What it holds.
    pub payload: Option<String>,
    /// How often it was tried in vain.
    pub tries: i64,
    /// When it was written down.
    pub created_at: Moment,
    /// When nobody tries any more.
    pub give_up_at: Moment,
}

/// Whether it is the turn of any of this kind.
///
/// # Errors
/// When the database fails.
pub fn is_due(conn: &mut Conn, kind: Kind, now: Moment) -> AppResult<bool> {
    Ok(diesel::select(diesel::dsl::exists(due(kind.as_str(), now))).get_result(conn)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn due(kind: &'static str, now: Moment) -> _ {
    outbox::table
        .filter(outbox::state.eq("waiting"))
        .filter(outbox::kind.eq(kind))
        .filter(outbox::due_at.le(now))
        .filter(outbox::claimed_until.is_null().or(outbox::claimed_until.le(now)))
}

/// Claims at most so many errands of a kind for this worker.
///
/// # Errors
/// When the database fails.
pub fn claim(conn: &mut Conn, kind: Kind, worker: &str, limit: i64, now: Moment) -> AppResult<Vec<Claimed>> {
    let waiting: Vec<Claimed> = due(kind.as_str(), now)
        .order((outbox::due_at, outbox::id))
        .limit(limit)
        .select(Claimed::as_select())
        .load(conn)?;
    let mut ours = Vec::new();
    for entry in waiting {
        let still_free = outbox::table
            .find(&entry.id)
            .filter(outbox::state.eq("waiting"))
            .filter(outbox::claimed_until.is_null().or(outbox::claimed_until.le(now)));
        let lease = (outbox::claimed_by.eq(Some(worker)), outbox::claimed_until.eq(Some(now.saturating_add(LEASE))));
        if diesel::update(still_free).set(lease).execute(conn)? == 1 {
            ours.push(entry);
        }
    }
    Ok(ours)
}

/// It has been said. False when the claim had been lost meanwhile.
///
/// # Errors
/// When the database fails.
pub fn done(conn: &mut Conn, entry: &Claimed, worker: &str, now: Moment) -> AppResult<bool> {
    let ours = outbox::table.find(&entry.id).filter(outbox::claimed_by.eq(worker));
    let ended = (
        outbox::state.eq("done"),
        outbox::payload.eq(kept(entry)),
        outbox::last_failure.eq(None::<String>),
        outbox::ended_at.eq(Some(now)),
        outbox::claimed_by.eq(None::<String>),
        outbox::claimed_until.eq(None::<Moment>),
    );
    Ok(diesel::update(ours).set(ended).execute(conn)? == 1)
}

/// Why an errand could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// In our words, without anything secret.
    pub why: String,
    /// Whether no further try can mend it.
    pub is_final: bool,
}

impl Failure {
    /// One that a later try may not meet.
    #[must_use]
    pub fn passing(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_final: false }
    }
}

/// It could not be said. Tried again later with what the entry holds now, or given up.
///
/// # Errors
/// When the database fails.
pub fn failed(
    conn: &mut Conn,
    entry: &Claimed,
    worker: &str,
    failure: &Failure,
    how: &Circumstances,
) -> AppResult<bool> {
    let (now, tries) = (how.at, entry.tries.saturating_add(1));
    let over = failure.is_final || now >= entry.give_up_at;
    let [chance] = random::<1>()?;
    let why: String = failure.why.chars().take(REASON_MAX).collect();
    let ours = outbox::table.find(&entry.id).filter(outbox::claimed_by.eq(worker));
    let outcome = (
        outbox::state.eq(if over { "given_up" } else { "waiting" }),
        outbox::payload.eq(if over { kept(entry) } else { entry.payload.clone() }),
        outbox::tries.eq(tries),
        outbox::due_at.eq(now.saturating_add(backoff::after(tries, chance))),
        outbox::last_failure.eq(Some(why)),
        outbox::ended_at.eq(over.then_some(now)),
        outbox::claimed_by.eq(None::<String>),
        outbox::claimed_until.eq(None::<Moment>),
    );
    let written = diesel::update(ours).set(outcome).execute(conn)? == 1;
    if written && over {
        let tries = if tries == 1 { "1 try".to_owned() } else { format!("{tries} tries") };
        let what = format!("{} {} after {tries}", entry.kind, entry.topic);
        audit::record(conn, how, "outbox.given_up", Some(&entry.user_id), &what)?;
    }
    Ok(written)
}

/// What stays of the payload at the end: an event's, which says nothing about a person and may be replayed.
fn kept(entry: &Claimed) -> Option<String> {
    entry.payload.clone().filter(|_| Kind::parse(&entry.kind) == Kind::Event)
}

/// Deletes at most so many errands that ended long ago; returns how many.
///
/// # Errors
/// When the database fails.
pub fn sweep(conn: &mut Conn, now: Moment, limit: i64) -> AppResult<usize> {
    let unlinks = outbox::kind.eq("unlink").and(outbox::ended_at.lt(now.saturating_sub(UNLINKS_SHOWN)));
    let events = outbox::kind.eq("event").and(outbox::ended_at.lt(now.saturating_sub(EVENTS_KEPT)));
    let old: Vec<OutboxId> = outbox::table.filter(unlinks.or(events)).select(outbox::id).limit(limit).load(conn)?;
    Ok(diesel::delete(outbox::table.filter(outbox::id.eq_any(old))).execute(conn)?)
}
