//! Ending sessions as people and programs ask for it: the row, the line in the history and the notice to other processes, in
//! one transaction.

use super::changes::notice;
use super::session;
use crate::audit;
use crate::audit::Circumstances;
use crate::db::Conn;
use crate::db::SessionId;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;

/// Ends a session; whose it is, if there is one, whether it lived or not.
///
/// # Errors
/// When the database fails.
pub fn close(conn: &mut Conn, id: &SessionId, action: &str, how: &Circumstances) -> AppResult<Option<UserId>> {
    let Some(session) = session::find(conn, id)? else { return Ok(None) };
    if session::end(conn, id, action, how.at)? {
        let how = how.clone().by(&session.user_id);
        audit::record(conn, &how, action, Some(&session.user_id), id.as_str())?;
        notice(conn, &session.user_id, how.at)?;
    }
    Ok(Some(session.user_id))
}

/// Ends one of this person's sessions.
///
/// # Errors
/// `NotFound` for a session that is over, somebody else's or nobody's, all alike.
pub fn close_own(conn: &mut Conn, user: &UserId, id: &SessionId, how: &Circumstances) -> AppResult<()> {
    let theirs = session::find(conn, id)?.filter(|session| session.user_id == *user && session.is_live(how.at));
    if theirs.is_none() {
        return Err(AppError::new(Kind::NotFound));
    }
    close(conn, id, "session.revoked", how).map(|_owner| ())
}

/// Ends all of this person's sessions but one; returns how many there were.
///
/// # Errors
/// When the database fails.
pub fn close_others(conn: &mut Conn, user: &UserId, keep: &SessionId, how: &Circumstances) -> AppResult<usize> {
    let ended = session::end_of_user(conn, user, Some(keep), "session.revoked", how.at)?;
    if ended > 0 {
        audit::record(conn, &how.clone().by(user), "session.others_revoked", Some(user), &ended.to_string())?;
        notice(conn, user, how.at)?;
    }
    Ok(ended)
}
