//! Renewing a session by its refresh token: the same for a page on the way, a front end that asks, and a program.
//!
//! The usual case is one conditional statement. Only when it does not apply (somebody else was faster, the token is older,
//! the session is over) a transaction finds out why, and ends the session where that says so.

use std::sync::Arc;

use super::app::App;
use super::cookies::TokenPair;
use super::viewer::Viewer;
use crate::audit::Circumstances;
use crate::db::UserId;
use crate::error::AppResult;
use crate::tokens;
use crate::tokens::RefreshClaims;
use crate::tokens::Refreshed;
use crate::tokens::Session;
use crate::users;
use crate::users::Standing;

/// What a refresh token comes to.
pub enum Renewal {
    /// The session goes on, with these tokens.
    Goes {
        /// Who it is.
        viewer: Arc<Viewer>,
        /// Their tokens.
        pair: TokenPair,
    },
    /// The session is definitely over; the code says why.
    Over(&'static str),
}

impl std::fmt::Debug for Renewal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Goes { .. } => f.write_str("Goes"),
            Self::Over(code) => write!(f, "Over({code})"),
        }
    }
}

/// Renews. `claims` are those of a refresh token that was verified.
///
/// # Errors
/// `TooMany` for one session, or when the database fails: then nothing is over, and the same token can be tried again.
pub async fn renew(app: &App, claims: RefreshClaims, how: Circumstances) -> AppResult<Renewal> {
    let now = how.at;
    if let Ok(session) = claims.sid.parse() {
        app.limits.count_renewal(&session)?;
    }
    let stamp = app.changes.stamp();
    let Some(session) = advance(app, claims, &how).await? else { return Ok(Renewal::Over("token_not_valid")) };
    let user = session.user_id.clone();
    let person = app.db.read(move |conn| users::find_person(conn, &user)).await?;
    let code = match &person {
        Some(person) if person.standing == Standing::Active => None,
        Some(_) => Some("user_inactive"),
        None => Some("user_not_found"),
    };
    let (Some(person), None) = (person, code) else {
        let id = session.id;
        app.db.write(move |conn| tokens::close(conn, &id, "session.refused", &how)).await?;
        return Ok(Renewal::Over(code.unwrap_or("token_not_valid")));
    };
    let viewer = Arc::new(Viewer::new(person, session));
    let (pair, claims) = app.token_pair(&viewer.subject(), &viewer.session, now)?;
    app.memory.keep(&pair.access.0, viewer.clone(), claims.exp, stamp);
    Ok(Renewal::Goes { viewer, pair })
}

async fn advance(app: &App, claims: RefreshClaims, how: &Circumstances) -> AppResult<Option<Session>> {
    let (lifetimes, now, presented) = (app.lifetimes, how.at, claims.clone());
    if let Some(session) = app.db.write_one(move |conn| tokens::step(conn, &presented, lifetimes, now)).await? {
        return Ok(Some(session));
    }
    let circumstances = how.clone();
    match app.db.write(move |conn| tokens::advance(conn, &claims, lifetimes, &circumstances)).await? {
        Refreshed::Goes(session) => Ok(Some(*session)),
        Refreshed::Over(ended) => {
            if let Some((user, outcome)) = ended {
                tell(app, &user, outcome, &how.request_id);
            }
            Ok(None)
        }
    }
}

fn tell(app: &App, user: &UserId, outcome: &str, request_id: &str) {
    tracing::warn!(request_id, user_id = user.as_str(), outcome, "session ended");
    app.changes.mark(user);
}
