//! What attempts came to, for whoever brings one again: to another process, or after a restart. Those that opened a session
//! stand in its row, the others in a table that is swept.

use diesel::prelude::*;

use super::attempt::Attempt;
use super::complete::{Completed, Proved};
use super::confirm;
use super::ending::Ending;
use crate::clock::Moment;
use crate::db::AttemptId;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::claims;
use crate::db::schema::installation;
use crate::db::schema::sessions;
use crate::error::AppResult;
use crate::tokens;
use crate::users;

/// What a login looks for before anything else, read at once: on PostgreSQL each look is a round trip.
pub(super) struct Before {
    /// Whether the attempt came to something already.
    finished: bool,
    /// What the provider's subjects here are bound to.
    pub(super) realm: Option<String>,
}

/// Looks.
pub(super) fn before(conn: &mut Conn, proved: &Proved) -> AppResult<Before> {
    let attempt = proved.attempt.id.as_str();
    let session = sessions::table.filter(sessions::attempt_id.eq(attempt)).select(sessions::id).single_value();
    let claim = claims::table.filter(claims::attempt_id.eq(attempt)).select(claims::outcome).single_value();
    let named = installation::name.eq(users::realm_name(proved.provider()));
    let realm = installation::table.filter(named).select(installation::value).single_value();
    let found = diesel::select((session, claim, realm));
    let (session, claim, realm): (Option<String>, Option<String>, Option<String>) = found.get_result(conn)?;
    Ok(Before { finished: session.is_some() || claim.is_some(), realm })
}

impl Before {
    /// What the attempt came to.
    pub(super) fn earlier(&self, conn: &mut Conn, attempt: &Attempt) -> AppResult<Option<Completed>> {
        if self.finished { earlier(conn, attempt) } else { Ok(None) }
    }
}

/// The same attempt may have been finished by another process, or before a restart.
pub(super) fn earlier(conn: &mut Conn, attempt: &Attempt) -> AppResult<Option<Completed>> {
    if let Some(session) = tokens::find_by_attempt(conn, &attempt.id)? {
        return Ok(Some(Completed::SignedIn {
            session: Box::new(session),
            subject: None,
            replaced: None,
            alarm: false,
        }));
    }
    let Some((outcome, about)) = found(conn, &attempt.id)? else { return Ok(None) };
    if outcome == confirm::DONE
        && let Some(id) = attempt.purpose.session()
        && let Some(session) = tokens::find(conn, id)?
    {
        return Ok(Some(Completed::Confirmed { user: session.user_id, session: session.id }));
    }
    let ending = Ending::parse(&outcome).unwrap_or(Ending::Used);
    let reason = reason(conn, ending, about.as_ref())?;
    Ok(Some(Completed::Ended { ending, reason }))
}

fn found(conn: &mut Conn, attempt: &AttemptId) -> AppResult<Option<(String, Option<UserId>)>> {
    let row = claims::table.find(attempt.as_str()).select((claims::outcome, claims::user_id));
    Ok(row.first(conn).optional()?)
}

/// Why somebody is banned, where the admin gave a reason.
pub(super) fn reason(conn: &mut Conn, ending: Ending, user: Option<&UserId>) -> AppResult<Option<String>> {
    match user {
        Some(user) if ending == Ending::Banned => {
            Ok(users::find_user(conn, user)?.and_then(|user| user.standing_reason))
        }
        Some(_) | None => Ok(None),
    }
}

/// Remembers what an attempt came to that opened no session, and for whom.
pub(super) fn note(conn: &mut Conn, proved: &Proved, outcome: &str, user: Option<&UserId>) -> AppResult<()> {
    if proved.apart {
        diesel::delete(claims::table.find(proved.attempt.id.as_str())).execute(conn)?;
    }
    diesel::insert_into(claims::table)
        .values((
            claims::attempt_id.eq(proved.attempt.id.as_str()),
            claims::outcome.eq(outcome),
            claims::claimed_at.eq(proved.at),
            claims::user_id.eq(user),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes claims older than a moment.
pub(super) fn sweep(conn: &mut Conn, before: Moment) -> AppResult<usize> {
    Ok(diesel::delete(claims::table.filter(claims::claimed_at.lt(before))).execute(conn)?)
}
