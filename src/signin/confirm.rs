//! What somebody who is logged in asked the provider for: to prove that it is still they who sit there, or that one more
//! account is theirs. It is worth something only in the session it was asked for, while that session lives and this browser
//! is still in it.

use super::admit;
use super::claimed;
use super::complete::{Completed, Known, Proved, Settings};
use super::decide::Acting;
use crate::audit;
use crate::db::Conn;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;
use crate::users;

/// In the table of claims: done, in the session that the attempt names.
pub(super) const DONE: &str = "confirmed";

/// Who acts: the person of the attempt's session, if it lives and is the one this browser is in.
pub(super) fn acting(conn: &mut Conn, proved: &Proved) -> AppResult<Option<Acting>> {
    let Some(id) = proved.attempt.purpose.session() else { return Ok(None) };
    if proved.arrival.replaces.as_ref() != Some(id) {
        return Ok(None);
    }
    let session = tokens::find(conn, id)?.filter(|session| session.is_live(proved.at));
    Ok(session.map(|session| Acting { user: session.user_id, identity: session.identity_id }))
}

/// The person has proved again that they are there: their session is fresh from now on.
pub(super) fn presence(conn: &mut Conn, proved: &Proved, user: &UserId, known: Option<&Known>) -> AppResult<Completed> {
    let session = proved.attempt.purpose.session().ok_or_else(|| AppError::new(Kind::Internal))?;
    tokens::set_auth_time(conn, session, proved.auth_time())?;
    if let Some((identity, row)) = known {
        users::refresh_known(conn, identity, &proved.fresh_identity(), proved.at)?;
        users::note_login(conn, row, &proved.fresh_user(), proved.at)?;
    }
    claimed::note(conn, proved, DONE, Some(user))?;
    audit::record(conn, &proved.how().by(user), "login.again", Some(user), proved.provider())?;
    tokens::notice(conn, user, proved.at)?;
    Ok(Completed::Confirmed { user: user.clone(), session: session.clone() })
}

/// One more account is the person's; nothing happens when it was before. What the decision knew is what counts: asked again,
/// the database could tell of somebody who was faster, and this would promise what it does not do. So it meets the unique
/// index, and the transaction is drawn again.
pub(super) fn link(
    conn: &mut Conn,
    proved: &Proved,
    settings: &Settings,
    (user, known): (&UserId, Option<&Known>),
) -> AppResult<Completed> {
    let session = proved.attempt.purpose.session().ok_or_else(|| AppError::new(Kind::Internal))?;
    match known {
        Some((identity, _)) => users::refresh_known(conn, identity, &proved.fresh_identity(), proved.at)?,
        None => drop(admit::attach(conn, &proved.account(), user, &settings.post, &proved.how())?),
    }
    claimed::note(conn, proved, DONE, Some(user))?;
    tokens::notice(conn, user, proved.at)?;
    Ok(Completed::Confirmed { user: user.clone(), session: session.clone() })
}
