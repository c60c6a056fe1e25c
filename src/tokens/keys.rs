//! The signing keys of access tokens, kept in the database so that every process has the same ones, their private
//! halves sealed with the secret key. States: next → active → retiring → retired; one is active, retiring ones still
//! verify what they signed.

use std::collections::HashMap;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use diesel::prelude::*;
use jsonwebtoken::{DecodingKey, EncodingKey};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use serde_json::{Value, json};

use crate::clock::Moment;
use crate::db::Conn;
use crate::db::schema::signing_keys;
use crate::error::AppError;
use crate::error::AppResult;
use crate::secret::Sealer;
use crate::secret::sha256;
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

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
struct Row {
    kid: String,
    algorithm: String,
    public_jwk: String,
    private_sealed: String,
    state: String,
    created_at: Moment,
    activated_at: Option<Moment>,
    retired_at: Option<Moment>,
}

/// The keys in use.
pub struct Keys {
    active: (String, EncodingKey),
    verifying: HashMap<String, DecodingKey>,
    jwks: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys(active {})", self.active.0)
    }
}

impl Keys {
    /// The id and private half of the key that signs.
    #[must_use]
    pub fn signing(&self) -> (&str, &EncodingKey) {
        (&self.active.0, &self.active.1)
    }

    /// The public half of a key that still verifies.
    #[must_use]
    pub fn verifying(&self, kid: &str) -> Option<&DecodingKey> {
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
    let rows: Vec<Row> = signing_keys::table
        .filter(signing_keys::state.ne("retired"))
        .order(signing_keys::created_at.asc())
        .select(Row::as_select())
        .load(conn)
        .map_err(AppError::from)?;
    let mut active = None;
    let mut verifying = HashMap::new();
    let mut public = Vec::new();
    for row in rows {
        let jwk: Value = serde_json::from_str(&row.public_jwk).map_err(|_json| KeyError::Damaged(row.kid.clone()))?;
        verifying.insert(row.kid.clone(), public_half(&jwk).ok_or_else(|| KeyError::Damaged(row.kid.clone()))?);
        public.push(jwk);
        if row.state == "active" {
            active = Some((row.kid.clone(), private_half(&row, sealer)?));
        }
    }
    let active = active.ok_or_else(|| KeyError::Damaged("(none is active)".into()))?;
    Ok(Keys { active, verifying, jwks: json!({ "keys": public }).to_string() })
}

fn public_half(jwk: &Value) -> Option<DecodingKey> {
    DecodingKey::from_ec_components(jwk.get("x")?.as_str()?, jwk.get("y")?.as_str()?).ok()
}

fn private_half(row: &Row, sealer: &Sealer) -> Result<EncodingKey, KeyError> {
    let sealed = BASE64.decode(row.private_sealed.as_bytes()).map_err(|_base64| KeyError::Damaged(row.kid.clone()))?;
    let pem = sealer.open(&sealed, row.kid.as_bytes()).ok_or_else(|| KeyError::WrongSecret(row.kid.clone()))?;
    signatures::es256_private(&pem).map_err(|_pem| KeyError::Damaged(row.kid.clone()))
}

/// Makes the first key where there is none. Two processes may do so at once: one insert meets the index of the single
/// active key and its transaction is drawn again.
///
/// # Errors
/// When the database fails.
pub fn ensure_active(conn: &mut Conn, sealer: &Sealer, now: Moment) -> AppResult<bool> {
    let there = signing_keys::table.filter(signing_keys::state.eq("active")).count().get_result::<i64>(conn)? > 0;
    if !there {
        insert_active(conn, sealer, now)?;
    }
    Ok(!there)
}

/// Puts a new key in the active one's place; the old one goes on verifying what it signed. Returns the new key's id.
///
/// # Errors
/// When the database fails.
pub fn rotate(conn: &mut Conn, sealer: &Sealer, now: Moment) -> AppResult<String> {
    diesel::update(signing_keys::table.filter(signing_keys::state.eq("active")))
        .set(signing_keys::state.eq("retiring"))
        .execute(conn)?;
    insert_active(conn, sealer, now)
}

fn insert_active(conn: &mut Conn, sealer: &Sealer, now: Moment) -> AppResult<String> {
    let (pem, x, y) = new_p256().map_err(AppError::internal)?;
    // RFC 7638: the thumbprint is over the required members in this order.
    let thumbprint = sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#).as_bytes());
    let kid = BASE64URL_NOPAD.encode(&thumbprint);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "alg": "ES256", "use": "sig" });
    let row = Row {
        private_sealed: BASE64.encode(&sealer.seal(&pem, kid.as_bytes())?),
        kid: kid.clone(),
        algorithm: "ES256".into(),
        public_jwk: jwk.to_string(),
        state: "active".into(),
        created_at: now,
        activated_at: Some(now),
        retired_at: None,
    };
    diesel::insert_into(signing_keys::table).values(row).execute(conn)?;
    Ok(kid)
}

/// A new P-256 key: its private half as PKCS #8 PEM, its point as base64url coordinates.
fn new_p256() -> Result<(Vec<u8>, String, String), openssl::error::ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let key = EcKey::generate(&group)?;
    let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
    key.public_key().affine_coordinates(&group, &mut x, &mut y, &mut *BigNumContext::new()?)?;
    let pem = PKey::from_ec_key(key)?.private_key_to_pem_pkcs8()?;
    Ok((pem, BASE64URL_NOPAD.encode(&x.to_vec_padded(32)?), BASE64URL_NOPAD.encode(&y.to_vec_padded(32)?)))
}
