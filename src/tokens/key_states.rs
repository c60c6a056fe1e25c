//! The life of a signing key: *next* (published, so that others have it when it begins to sign) → *active* (signs) →
//! *retiring* (verifies what it signed) → *retired* (worth nothing, its private half erased).
//!
//! [`turn`] moves them with time: a day before the active key is thirty days old its successor is published, then takes its
//! place. At most one key is active and one is next, by unique indexes: of two processes that turn at once one loses its
//! insert, and its transaction is drawn again.

use data_encoding::BASE64;
use diesel::prelude::*;
use time::Duration;

use super::changes::notice_keys;
use super::key_pair::{KeyPair, PemRefused};
use super::keys::{Row, in_use};
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::config::{SigningAlgorithm, TokenSettings};
use crate::db::Conn;
use crate::db::schema::signing_keys;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::secret::Sealer;

/// A key signs for so long.
const ACTIVE: Duration = Duration::days(30);

/// Its successor is published so long before.
const AHEAD: Duration = Duration::days(1);

/// After a change of `token.algorithm` the next key waits no longer than others may keep the old set (`max-age`), twice.
const IN_HURRY: Duration = Duration::minutes(10);

/// Beyond an access token's life: clocks differ.
const MARGIN: Duration = Duration::minutes(5);

/// What turning needs to know.
#[derive(Clone, Debug)]
pub struct Rotation {
    algorithm: SigningAlgorithm,
    /// How long tokens of a retiring key may still be around.
    tail: Duration,
    sealer: Sealer,
}

impl Rotation {
    /// By the settings; `sealer` is that of signing keys.
    #[must_use]
    pub fn new(settings: &TokenSettings, sealer: Sealer) -> Self {
        let tail = Duration::minutes(i64::from(settings.access_minutes)) + MARGIN;
        Self { algorithm: settings.algorithm, tail, sealer }
    }
}

/// A key as operators see it.
#[derive(Clone, Debug)]
pub struct Described {
    /// Its id, an RFC 7638 thumbprint.
    pub kid: String,
    /// How it signs.
    pub algorithm: String,
    /// `next`, `active`, `retiring` or `retired`.
    pub state: String,
    /// When it came.
    pub created_at: Moment,
    /// When it began to sign.
    pub activated_at: Option<Moment>,
    /// When it ceased to sign.
    pub retired_at: Option<Moment>,
}

/// All keys, the newest first.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn) -> AppResult<Vec<Described>> {
    let rows: Vec<Row> =
        signing_keys::table.order(signing_keys::created_at.desc()).select(Row::as_select()).load(conn)?;
    let describe = |row: Row| Described {
        kid: row.kid,
        algorithm: row.algorithm,
        state: row.state,
        created_at: row.created_at,
        activated_at: row.activated_at,
        retired_at: row.retired_at,
    };
    Ok(rows.into_iter().map(describe).collect())
}

/// Makes the first key where there is none.
///
/// # Errors
/// When the database fails.
pub fn ensure_active(conn: &mut Conn, rotation: &Rotation, now: Moment) -> AppResult<bool> {
    let there = in_use(conn)?.iter().any(|row| row.state == "active");
    if !there {
        insert(conn, &new_pair(rotation)?, rotation, ("active", Some(now)), now)?;
    }
    Ok(!there)
}

/// Moves keys whose time has come; says whether any was moved.
///
/// # Errors
/// When the database fails.
pub fn turn(conn: &mut Conn, rotation: &Rotation, how: &Circumstances) -> AppResult<bool> {
    let now = how.at;
    let rows = in_use(conn)?;
    let mut moved = false;
    for row in rows.iter().filter(|row| row.state == "retiring") {
        if row.retired_at.is_none_or(|ceased| now - ceased > rotation.tail) {
            erase(conn, &row.kid)?;
            moved = true;
        }
    }
    let Some(active) = rows.iter().find(|row| row.state == "active") else { return Ok(moved) };
    let age = now - active.activated_at.unwrap_or(active.created_at);
    let other = active.algorithm != rotation.algorithm.as_str();
    let next = rows.iter().find(|row| row.state == "next");
    match next {
        Some(next) if next.algorithm != rotation.algorithm.as_str() => {
            erase(conn, &next.kid)?;
            moved = true;
        }
        Some(next) => {
            let published = now - next.created_at;
            if other && published >= IN_HURRY || age >= ACTIVE && published >= AHEAD {
                succeed(conn, active, next, how)?;
                moved = true;
            }
        }
        None if other || age >= ACTIVE - AHEAD => {
            insert(conn, &new_pair(rotation)?, rotation, ("next", None), now)?;
            moved = true;
        }
        None => {}
    }
    if moved {
        notice_keys(conn, now)?;
    }
    Ok(moved)
}

/// Puts the next key, or a new one where none is published, in the active one's place; the old one goes on verifying what it
/// signed. Returns the new key's id.
///
/// # Errors
/// When the database fails.
pub fn rotate(conn: &mut Conn, rotation: &Rotation, how: &Circumstances) -> AppResult<String> {
    let rows = in_use(conn)?;
    let active = rows.iter().find(|row| row.state == "active");
    let next = rows.iter().find(|row| row.state == "next");
    let kid = match (active, next) {
        (Some(active), Some(next)) => {
            succeed(conn, active, next, how)?;
            next.kid.clone()
        }
        (active, _) => {
            if let Some(active) = active {
                cease(conn, active, how)?;
            }
            let pair = new_pair(rotation)?;
            insert(conn, &pair, rotation, ("active", Some(how.at)), how.at)?;
            pair.kid
        }
    };
    audit::record(conn, how, "key.rotate", None, &kid)?;
    notice_keys(conn, how.at)?;
    Ok(kid)
}

/// Ends a key now, and with it every access token it signed; an active one is replaced first.
///
/// # Errors
/// `NotFound` for an unknown or already retired key.
pub fn retire(conn: &mut Conn, rotation: &Rotation, kid: &str, how: &Circumstances) -> AppResult<()> {
    let rows = in_use(conn)?;
    let row = rows.iter().find(|row| row.kid == kid).ok_or_else(|| AppError::new(Kind::NotFound))?;
    if row.state == "active" {
        rotate(conn, rotation, how)?;
    }
    erase(conn, kid)?;
    audit::record(conn, how, "key.retire", None, kid)?;
    notice_keys(conn, how.at)
}

/// Takes in a key made elsewhere, as the next one; a next one made here gives way, as it never signed. Returns its id.
///
/// # Errors
/// `Conflict` (`key_known`) for a key that was here before, (`key_algorithm`) for one of another kind than
/// `token.algorithm`.
pub fn import(conn: &mut Conn, rotation: &Rotation, pem: &[u8], how: &Circumstances) -> AppResult<String> {
    let pair =
        KeyPair::from_pem(pem).map_err(|refused: PemRefused| AppError::new(Kind::BadRequest).because(refused))?;
    if pair.algorithm != rotation.algorithm {
        return Err(AppError::with_code(Kind::Conflict, "key_algorithm"));
    }
    let known: i64 = signing_keys::table.find(&pair.kid).count().get_result(conn)?;
    if known > 0 {
        return Err(AppError::with_code(Kind::Conflict, "key_known"));
    }
    if let Some(next) = in_use(conn)?.iter().find(|row| row.state == "next") {
        erase(conn, &next.kid)?;
    }
    insert(conn, &pair, rotation, ("next", None), how.at)?;
    audit::record(conn, how, "key.import", None, &pair.kid)?;
    notice_keys(conn, how.at)?;
    Ok(pair.kid)
}

fn new_pair(rotation: &Rotation) -> AppResult<KeyPair> {
    KeyPair::generate(rotation.algorithm).map_err(AppError::internal)
}

fn succeed(conn: &mut Conn, active: &Row, next: &Row, how: &Circumstances) -> AppResult<()> {
    if cease(conn, active, how)? {
        diesel::update(signing_keys::table.find(&next.kid))
            .set((signing_keys::state.eq("active"), signing_keys::activated_at.eq(Some(how.at))))
            .execute(conn)?;
    }
    Ok(())
}

/// False when another process was faster.
fn cease(conn: &mut Conn, active: &Row, how: &Circumstances) -> AppResult<bool> {
    let still = signing_keys::table.find(&active.kid).filter(signing_keys::state.eq("active"));
    let ceased = diesel::update(still)
        .set((signing_keys::state.eq("retiring"), signing_keys::retired_at.eq(Some(how.at))))
        .execute(conn)?;
    Ok(ceased > 0)
}

fn erase(conn: &mut Conn, kid: &str) -> AppResult<()> {
    diesel::update(signing_keys::table.find(kid))
        .set((signing_keys::state.eq("retired"), signing_keys::private_sealed.eq("")))
        .execute(conn)?;
    Ok(())
}

fn insert(
    conn: &mut Conn,
    pair: &KeyPair,
    rotation: &Rotation,
    (state, activated_at): (&str, Option<Moment>),
    now: Moment,
) -> AppResult<()> {
    let row = Row {
        private_sealed: BASE64.encode(&rotation.sealer.seal(&pair.pem, pair.kid.as_bytes())?),
        kid: pair.kid.clone(),
        algorithm: pair.algorithm.as_str().to_owned(),
        public_jwk: pair.jwk.to_string(),
        state: state.to_owned(),
        created_at: now,
        activated_at,
        retired_at: None,
    };
    diesel::insert_into(signing_keys::table).values(row).execute(conn)?;
    Ok(())
}
