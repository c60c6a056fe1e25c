//! The access token: a JWT by RFC 9068 (`typ: at+jwt`) that lives for minutes and says nothing personal.

use jsonwebtoken::{Header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::jose;
use super::keys::Keys;
use super::session::Session;
use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::config::TokenSettings;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::signatures;

const TYP: &str = "at+jwt";

/// How far another machine's clock may be off, in seconds.
const LEEWAY_SECONDS: i64 = 30;

/// How far in the future a token may have been made, in seconds. One from further ahead is refused, and a page then
/// renews it: a clock that was put back logs nobody out.
const AHEAD_SECONDS: i64 = 300;

/// For whom a token speaks.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The person.
    pub user_id: UserId,
    /// `user` or `admin`.
    pub role: String,
    /// The person's version: a token with another one is no longer good.
    pub version: i64,
}

/// What an access token says. Unknown members are refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: String,
    /// The person's id.
    pub sub: String,
    /// The session's id.
    pub sid: String,
    /// When it was made, in seconds since the epoch.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// Its own id.
    pub jti: String,
    /// When the person last proved who they are.
    pub auth_time: i64,
    /// Always `access`; Simple JWT's name for the kind.
    pub token_type: String,
    /// The same as `sub`; Simple JWT's name for it.
    pub user_id: String,
    /// `user` or `admin`.
    pub role: String,
    /// The person's version.
    pub ver: i64,
}

/// Makes and checks access tokens.
#[derive(Clone, Debug)]
pub struct AccessIssuer {
    issuer: String,
    audience: String,
    life_seconds: i64,
}

impl AccessIssuer {
    /// By the settings.
    #[must_use]
    pub fn new(settings: &TokenSettings) -> Self {
        Self {
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            life_seconds: i64::from(settings.access_minutes) * 60,
        }
    }

    /// Life of a token, in seconds.
    #[must_use]
    pub const fn life_seconds(&self) -> i64 {
        self.life_seconds
    }

    /// A token for this session. It never outlives the session.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn issue(
        &self,
        keys: &Keys,
        subject: &Subject,
        session: &Session,
        now: Moment,
    ) -> AppResult<(String, AccessClaims)> {
        let iat = unix_seconds(now);
        let claims = AccessClaims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: subject.user_id.to_string(),
            sid: session.id.to_string(),
            iat,
            exp: (iat + self.life_seconds).min(unix_seconds(session.ends_at)),
            jti: Uuid::now_v7().to_string(),
            auth_time: unix_seconds(session.auth_time),
            token_type: "access".into(),
            user_id: subject.user_id.to_string(),
            role: subject.role.clone(),
            ver: subject.version,
        };
        let signing = keys.signing();
        let (kid, algorithm) = (Some(signing.kid.clone()), signatures::named(signing.algorithm));
        let header = Header { typ: Some(TYP.into()), kid, ..Header::new(algorithm) };
        Ok((encode(&header, &claims, &signing.key).map_err(AppError::internal)?, claims))
    }

    /// The claims of a token that is ours, of this kind, for us and not over; `None` for everything else.
    #[must_use]
    pub fn verify(&self, keys: &Keys, token: &str, now: Moment) -> Option<AccessClaims> {
        let header = jose::header(token, TYP)?;
        let (algorithm, key) = keys.verifying(header.kid.as_deref()?)?;
        if header.alg != algorithm.as_str() {
            return None;
        }
        let claims: AccessClaims = jose::claims(token, signatures::named(*algorithm), key)?;
        let now = unix_seconds(now);
        let ours = claims.iss == self.issuer && claims.aud == self.audience && claims.token_type == "access";
        let timely = claims.exp + LEEWAY_SECONDS > now && claims.iat <= now + AHEAD_SECONDS && claims.iat < claims.exp;
        (ours && timely && claims.sub == claims.user_id && !claims.sub.is_empty()).then_some(claims)
    }
}
