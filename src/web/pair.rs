//! The pair of tokens a login or a renewal ends with.

use super::app::App;
use super::cookies::TokenPair;
use super::viewer::Viewer;
use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::db::SessionId;
use crate::error::AppResult;
use crate::signin::Opened;
use crate::tokens;
use crate::tokens::AccessClaims;
use crate::tokens::Session;
use crate::tokens::Subject;
use crate::users;
use crate::users::Standing;

impl App {
    /// Tokens for a session as its row stands, and what the access token says.
    ///
    /// # Errors
    /// When they cannot be signed.
    pub fn token_pair(
        &self,
        subject: &Subject,
        session: &Session,
        now: Moment,
    ) -> AppResult<(TokenPair, AccessClaims)> {
        let (access, claims) = self.access.issue(&self.keys(), subject, session, now)?;
        let refresh = self.refresh.issue(session)?;
        self.devices.saw(&session.id, now);
        let left = |exp: i64| (exp - unix_seconds(now)).max(0);
        let refresh_left = left(unix_seconds(session.expires_at));
        Ok((TokenPair { access: (access, left(claims.exp)), refresh: (refresh, refresh_left) }, claims))
    }
}

/// Tokens for a session that a login has just opened (or opened before, for a repeated callback), and whose it is.
///
/// # Errors
/// When the database fails. `None` when the session is over.
pub async fn credentials(app: &App, session: SessionId) -> AppResult<Option<(Viewer, TokenPair)>> {
    let now = app.clock.now();
    let found = app
        .db
        .read(move |conn| {
            let Some(session) = tokens::find(conn, &session)? else { return Ok(None) };
            let person = users::find_person(conn, &session.user_id)?;
            Ok(person.map(|person| Viewer::new(person, session)))
        })
        .await?;
    match found {
        Some(viewer) if viewer.session.is_live(now) && viewer.person.standing == Standing::Active => {
            let (pair, _claims) = app.token_pair(&viewer.subject(), &viewer.session, now)?;
            Ok(Some((viewer, pair)))
        }
        Some(_) | None => Ok(None),
    }
}

/// Tokens for what a login has just opened, by what its transaction saw; by the rows where that was taken already or may be
/// old.
///
/// # Errors
/// As [`credentials`].
pub async fn credentials_of(app: &App, session: &SessionId, opened: &Opened) -> AppResult<Option<TokenPair>> {
    match opened.take().map(|fresh| *fresh) {
        Some((session, subject, stamp)) if app.changes.unchanged_since(&subject.user_id, stamp) => {
            Ok(Some(app.token_pair(&subject, &session, app.clock.now())?.0))
        }
        Some(_) | None => Ok(credentials(app, session.clone()).await?.map(|(_, pair)| pair)),
    }
}
