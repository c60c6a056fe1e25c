//! The signing keys of access tokens as they are used: one signs, several verify. They are kept in the database so that
//! every process has the same ones, their private halves sealed with the secret key; `key_states` moves them from state
//! to state.

use std::collections::HashMap;

use data_encoding::BASE64;
use diesel::prelude::*;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

use crate::clock::Moment;
use crate::config::SigningAlgorithm;
use crate::db::Conn;
use crate::db::schema::signing_keys;
use crate::error::AppError;
use crate::secret::Sealer;
use crate::signatures;

/// The keys could not be loaded, in words for whoever starts the server.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The sealed halves do not open.
    #[error(
        "secret.key: the signing key `{0}` in the database was sealed with another secret key; \
         set secret.key to that one, or add it to secret.previous_keys"
    )]
    WrongSecret(String),
    /// A key that opens and is not a key.
    #[error("the signing key `{0}` in the database is damaged")]
    Damaged(String),
    /// The database failed.
    #[error("the signing keys could not be read: {}", .0.cause_line().unwrap_or_default())]
    Database(#[from] AppError),
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) kid: String,
    pub(super) algorithm: String,
    pub(super) public_jwk: String,
    pub(super) private_sealed: String,
    pub(super) state: String,
    pub(super) created_at: Moment,
    pub(super) activated_at: Option<Moment>,
    pub(super) retired_at: Option<Moment>,
}

/// The key that signs.
#[derive(Clone)]
pub struct Signing {
    /// Its id.
    pub kid: String,
    /// How it signs.
    pub algorithm: SigningAlgorithm,
    /// Its private half.
    pub key: EncodingKey,
}

/// The keys in use.
pub struct Keys {
    active: Signing,
    verifying: HashMap<String, (SigningAlgorithm, DecodingKey)>,
    jwks: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys(active {})", self.active.kid)
    }
}

impl Keys {
    /// The key that signs.
    #[must_use]
    pub const fn signing(&self) -> &Signing {
        &self.active
    }

    /// The public half of a key that still verifies, and how it does. Its algorithm is the key's own, never a token's word.
    #[must_use]
    pub fn verifying(&self, kid: &str) -> Option<&(SigningAlgorithm, DecodingKey)> {
        self.verifying.get(kid)
    }

    /// The public halves as a JWK Set (RFC 7517 section 5).
    #[must_use]
    pub fn jwks(&self) -> &str {
        &self.jwks
    }
}

/// Reads the keys in use: active, next and retiring.
///
/// # Errors
/// See [`KeyError`].
pub fn load(conn: &mut Conn, sealer: &Sealer) -> Result<Keys, KeyError> {
    signatures::install();
    let mut active = None;
    let mut verifying = HashMap::new();
    let mut public = Vec::new();
    for row in in_use(conn).map_err(AppError::from)? {
        let damaged = || KeyError::Damaged(row.kid.clone());
        let algorithm = SigningAlgorithm::parse(&row.algorithm).ok_or_else(damaged)?;
        let jwk: Value = serde_json::from_str(&row.public_jwk).map_err(|_json| damaged())?;
        verifying.insert(row.kid.clone(), (algorithm, public_half(&jwk).ok_or_else(damaged)?));
        public.push(jwk);
        if row.state == "active" {
            let key = private_half(&row, algorithm, sealer)?;
            active = Some(Signing { kid: row.kid, algorithm, key });
        }
    }
    let active = active.ok_or_else(|| KeyError::Damaged("(none is active)".into()))?;
    Ok(Keys { active, verifying, jwks: json!({ "keys": public }).to_string() })
}

pub(super) fn in_use(conn: &mut Conn) -> QueryResult<Vec<Row>> {
    signing_keys::table
        .filter(signing_keys::state.ne("retired"))
        .order(signing_keys::created_at.asc())
        .select(Row::as_select())
        .load(conn)
}

fn public_half(jwk: &Value) -> Option<DecodingKey> {
    let jwk: Jwk = serde_json::from_value(jwk.clone()).ok()?;
    DecodingKey::from_jwk(&jwk).ok()
}

fn private_half(row: &Row, algorithm: SigningAlgorithm, sealer: &Sealer) -> Result<EncodingKey, KeyError> {
    let sealed = BASE64.decode(row.private_sealed.as_bytes()).map_err(|_base64| KeyError::Damaged(row.kid.clone()))?;
    let pem = sealer.open(&sealed, row.kid.as_bytes()).ok_or_else(|| KeyError::WrongSecret(row.kid.clone()))?;
    signatures::private(algorithm, &pem).map_err(|_pem| KeyError::Damaged(row.kid.clone()))
}
