//! The refresh token: a JWT that names a session and its counter, and is a pure function of the session's row, so that
//! "the same successor" is the same bytes from every process. It is HMAC-signed with a key only we have: nobody else
//! ever needs to verify it, and it can never be taken for an access token.

use data_encoding::BASE64URL_NOPAD;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
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
use crate::db::prepared;
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
        let header = jose::header(token, TYP)?;
        if header.alg != "HS256" || header.kid.is_some() {
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

prepared! {
    /// All conditions in one statement, so that of many who ask at once one advances the counter.
    Step {
        "update sessions set counter = counter + 1, advanced_at = " now: Moment as Timestamp,
        ", last_seen_at = " seen: Moment as Timestamp,
        ", expires_at = case when ends_at < " idle_end: Moment as Timestamp,
        " then ends_at else " idle_end_again: Moment as Timestamp,
        " end where ended_at is null and expires_at > " unexpired: Moment as Timestamp,
        " and ends_at > " unended: Moment as Timestamp,
        " and id = " id: SessionId as Text,
        " and counter = " counter: i64 as BigInt;
        " returning id, user_id, identity_id, provider, attempt_id, counter, advanced_at, expires_at, ends_at, \
         auth_time, user_agent, address, created_at, last_seen_at, ended_at, end_reason" => sessions::SqlType
    }
}

/// Whether a refresh could be asked for with this token now. Changes nothing.
///
/// # Errors
/// When the database fails.
pub fn is_usable(conn: &mut Conn, presented: &RefreshClaims, now: Moment) -> AppResult<bool> {
    let Ok(id) = presented.sid.parse::<SessionId>() else { return Ok(false) };
    let Some(row) = session::find(conn, &id)?.filter(|row| row.is_live(now)) else { return Ok(false) };
    Ok(row.counter == presented.counter || is_late_parent(&row, presented, now))
}

/// Whether it is the newest token's immediate parent, in time.
fn is_late_parent(row: &Session, presented: &RefreshClaims, now: Moment) -> bool {
    presented.counter.checked_add(1) == Some(row.counter) && now - row.advanced_at <= GRACE
}

/// Advances the counter of a live session to which the presented token is the newest: one statement. `None` when it is
/// not so; [`advance`] then knows why.
///
/// # Errors
/// When the database fails; nothing has changed then, or the parent is good for thirty seconds.
pub fn step(
    conn: &mut Conn,
    presented: &RefreshClaims,
    lifetimes: Lifetimes,
    now: Moment,
) -> AppResult<Option<Session>> {
    let Ok(id) = presented.sid.parse::<SessionId>() else { return Ok(None) };
    let (now, idle_end, counter) = (&now, &now.saturating_add(lifetimes.idle), &presented.counter);
    let statement =
        Step { now, seen: now, idle_end, idle_end_again: idle_end, unexpired: now, unended: now, id: &id, counter };
    Ok(statement.get_result::<Session>(conn).optional()?)
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
    if let Some(advanced) = step(conn, presented, lifetimes, how.at)? {
        return Ok(Refreshed::Goes(Box::new(advanced)));
    }
    // Somebody else was faster, or the token is an older one: the row as it is now decides.
    let Some(row) = session::find(conn, &id)? else { return Ok(Refreshed::Over(None)) };
    if !row.is_live(how.at) {
        return Ok(Refreshed::Over(None));
    }
    if is_late_parent(&row, presented, how.at) {
        return Ok(Refreshed::Goes(Box::new(row)));
    }
    let parent = presented.counter.checked_add(1) == Some(row.counter);
    // An unused successor means a lost answer or a closed tab; a used one means that two hold the same token.
    let reason = if parent { "stale" } else { "reuse" };
    session::end(conn, &id, reason, how.at)?;
    audit::record(conn, how, &format!("session.{reason}"), Some(&row.user_id), id.as_str())?;
    super::changes::notice(conn, &row.user_id, how.at)?;
    Ok(Refreshed::Over(Some((row.user_id, reason))))
}
