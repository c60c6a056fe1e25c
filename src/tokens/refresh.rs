//! The refresh token: a JWT that names a session and its counter, and is a pure function of the session's row, so that
//! "the same successor" is the same bytes from every process. It is HMAC-signed with a key only we have: nobody else
//! ever needs to verify it, and it can never be taken for an access token.

use data_encoding::BASE64URL_NOPAD;
use diesel::prelude::*;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::jose;
use super::session::{self, Lifetimes, Session};
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::config::TokenSettings;
use crate::db::Conn;
use crate::db::SessionId;
use crate::db::UserId;
use crate::db::schema::sessions;
use crate::error::AppError;
use crate::error::AppResult;
use crate::secret::KeyRing;
use crate::secret::mac;
use crate::secret::same;
use crate::signatures;

const TYP: &str = "rt+jwt";

/// Whoever presents the immediate parent within this time gets the same successor again: a lost answer, five tabs.
pub(super) const GRACE: Duration = Duration::seconds(30);

/// What a refresh token says. Unknown members are refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshClaims {
    iss: String,
    aud: String,
    /// The session's id.
    pub sid: String,
    /// The session's counter when it was made.
    pub counter: i64,
    iat: i64,
    /// When it ends, in seconds since the epoch.
    pub exp: i64,
    jti: String,
    token_type: String,
}

/// Makes and checks refresh tokens.
#[derive(Clone)]
pub struct RefreshIssuer {
    issuer: String,
    audience: String,
    signing: EncodingKey,
    verifying: Vec<DecodingKey>,
    jti_keys: Vec<[u8; 32]>,
}

impl std::fmt::Debug for RefreshIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshIssuer")
    }
}

impl RefreshIssuer {
    /// By the settings, with keys derived from the secret key and its predecessors.
    #[must_use]
    pub fn new(settings: &TokenSettings, secrets: &KeyRing) -> Self {
        signatures::install();
        Self {
            issuer: settings.issuer.clone(),
            audience: format!("{}/api/token/refresh", settings.issuer.trim_end_matches('/')),
            signing: EncodingKey::from_secret(&secrets.derive("refresh-token")),
            verifying: secrets.derive_all("refresh-token").iter().map(|key| DecodingKey::from_secret(key)).collect(),
            jti_keys: secrets.derive_all("refresh-token-id"),
        }
    }

    /// The token of a session as its row stands.
    ///
    /// # Errors
    /// When the token cannot be written.
    pub fn issue(&self, session: &Session) -> AppResult<String> {
        let claims = RefreshClaims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sid: session.id.to_string(),
            counter: session.counter,
            iat: unix_seconds(session.advanced_at),
            exp: unix_seconds(session.expires_at),
            jti: self.jti_keys.first().map(|key| jti(key, session.id.as_str(), session.counter)).unwrap_or_default(),
            token_type: "refresh".into(),
        };
        let header = Header { typ: Some(TYP.into()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &self.signing).map_err(AppError::internal)
    }

    /// The claims of a token that is ours, of this kind and not over; `None` for everything else.
    #[must_use]
    pub fn verify(&self, token: &str, now: Moment) -> Option<RefreshClaims> {
        let header = jose::header(token, TYP, "HS256")?;
        if header.kid.is_some() {
            return None;
        }
        let claims: RefreshClaims = self.verifying.iter().find_map(|key| jose::claims(token, Algorithm::HS256, key))?;
        let now = unix_seconds(now);
        let ours = claims.iss == self.issuer && claims.aud == self.audience && claims.token_type == "refresh";
        let own_jti = self
            .jti_keys
            .iter()
            .any(|key| same(jti(key, &claims.sid, claims.counter).as_bytes(), claims.jti.as_bytes()));
        // `iat` is not asked: the row decides, and a clock that was put back must not log everybody out.
        (ours && own_jti && claims.exp > now).then_some(claims)
    }
}

fn jti(key: &[u8; 32], sid: &str, counter: i64) -> String {
    BASE64URL_NOPAD.encode(&mac(key, &[sid.as_bytes(), &counter.to_be_bytes()])[..16])
}

/// What became of a presented refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// The session goes on; its row names the next token (for everybody who asked in time, the same one).
    Goes(Box<Session>),
    /// The session is over: ended now, and then this is whose it was and why (`stale`, `reuse`), or before.
    Over(Option<(UserId, &'static str)>),
}

/// Advances the session's counter, or says why not.
///
/// # Errors
/// When the database fails; nothing has changed then.
pub fn advance(
    conn: &mut Conn,
    presented: &RefreshClaims,
    lifetimes: Lifetimes,
    how: &Circumstances,
) -> AppResult<Refreshed> {
    let Ok(id) = presented.sid.parse::<SessionId>() else { return Ok(Refreshed::Over(None)) };
    let Some(row) = session::find(conn, &id)? else { return Ok(Refreshed::Over(None)) };
    if !row.is_live(how.at) {
        return Ok(Refreshed::Over(None));
    }
    if row.counter == presented.counter && step(conn, &row, lifetimes, how.at)? {
        return reread(conn, &id, how.at);
    }
    // Somebody else was faster, or the token is an older one: the row as it is now decides.
    let Some(row) = session::find(conn, &id)? else { return Ok(Refreshed::Over(None)) };
    if !row.is_live(how.at) {
        return Ok(Refreshed::Over(None));
    }
    let parent = presented.counter.checked_add(1) == Some(row.counter);
    if parent && how.at - row.advanced_at <= GRACE {
        return Ok(Refreshed::Goes(Box::new(row)));
    }
    // An unused successor means a lost answer or a closed tab; a used one means that two hold the same token.
    let reason = if parent { "stale" } else { "reuse" };
    session::end(conn, &id, reason, how.at)?;
    audit::record(conn, how, &format!("session.{reason}"), Some(&row.user_id), id.as_str())?;
    super::changes::notice(conn, &row.user_id, how.at)?;
    Ok(Refreshed::Over(Some((row.user_id, reason))))
}

/// One conditional statement, so that of many who ask at once one advances the counter.
fn step(conn: &mut Conn, row: &Session, lifetimes: Lifetimes, now: Moment) -> AppResult<bool> {
    let expires_at = now.saturating_add(lifetimes.idle).min(row.ends_at);
    let current =
        sessions::table.find(&row.id).filter(sessions::counter.eq(row.counter)).filter(sessions::ended_at.is_null());
    let advanced = diesel::update(current)
        .set((
            sessions::counter.eq(row.counter + 1),
            sessions::advanced_at.eq(now),
            sessions::expires_at.eq(expires_at),
            sessions::last_seen_at.eq(now),
        ))
        .execute(conn)?;
    Ok(advanced > 0)
}

fn reread(conn: &mut Conn, id: &SessionId, now: Moment) -> AppResult<Refreshed> {
    Ok(match session::find(conn, id)? {
        Some(row) if row.is_live(now) => Refreshed::Goes(Box::new(row)),
        Some(_) | None => Refreshed::Over(None),
    })
}
