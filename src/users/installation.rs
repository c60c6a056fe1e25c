//! What the database knows about itself: the demo wall, and the realm of each provider.

use data_encoding::HEXLOWER;
use diesel::prelude::*;

use crate::audit;
use crate::audit::Circumstances;
use crate::clock;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::schema::installation;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::secret::sha256;

/// Whose people a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// The simulator's.
    Demo,
    /// Real ones.
    Real,
    /// Nobody's yet.
    Unmarked {
        /// Whether it holds users all the same (seeded before the first start).
        empty: bool,
    },
}

/// Whose people this database holds.
///
/// # Errors
/// When the database fails.
pub fn database_kind(conn: &mut Conn) -> AppResult<DatabaseKind> {
    Ok(match value(conn, "kind")?.as_deref() {
        Some("demo") => DatabaseKind::Demo,
        Some(_) => DatabaseKind::Real,
        None => {
            let anybody: Option<i64> = users::table.select(users::seq).limit(1).first(conn).optional()?;
            DatabaseKind::Unmarked { empty: anybody.is_none() }
        }
    })
}

/// Marks the database as holding the simulator's people or real ones.
///
/// # Errors
/// When the database fails.
pub fn mark_database(conn: &mut Conn, demo: bool) -> AppResult<()> {
    set_value(conn, "kind", if demo { "demo" } else { "real" })
}

/// The realm a provider's subjects here belong to, once it is known.
///
/// # Errors
/// When the database fails.
pub fn realm(conn: &mut Conn, provider: &str) -> AppResult<Option<String>> {
    value(conn, &realm_name(provider))
}

/// The name under which the installation knows it, for whoever asks for more at once.
#[must_use]
pub fn realm_name(provider: &str) -> String {
    format!("realm:{provider}")
}

/// Remembers a provider's realm, in place of any before it.
///
/// # Errors
/// When the database fails.
pub fn set_realm(conn: &mut Conn, provider: &str, realm: &str) -> AppResult<()> {
    set_value(conn, &realm_name(provider), realm)
}

/// Accepts another realm on purpose; returns the one before.
///
/// # Errors
/// When the database fails.
pub fn rebind(conn: &mut Conn, provider: &str, realm_now: &str, now: Moment) -> AppResult<Option<String>> {
    let before = realm(conn, provider)?;
    set_realm(conn, provider, realm_now)?;
    audit::record(conn, &Circumstances::cli(now), "provider.rebind", None, provider)?;
    Ok(before)
}

/// Records that a configured identity has been made admin; false when it had been before.
///
/// # Errors
/// When the database fails.
pub fn claim_admin(conn: &mut Conn, provider: &str, subject: &str) -> AppResult<bool> {
    // A digest: who is erased leaves no number behind, and still is not promoted again.
    let whom = sha256([provider.as_bytes(), b"\0", subject.as_bytes()].concat().as_slice());
    let name = format!("admin:{}", HEXLOWER.encode(&whom));
    if value(conn, &name)?.is_some() {
        return Ok(false);
    }
    set_value(conn, &name, "promoted")?;
    Ok(true)
}

/// Where SQLite's log may still hold what was erased; see [`note_erasure`].
const ERASED: &str = "erased";

/// Remembers that something was erased. In SQLite's file it is overwritten at once (`secure_delete`); what was written to the
/// log before stays there until the log is folded into the file and emptied, which upkeep does within a minute.
///
/// # Errors
/// When the database fails.
pub fn note_erasure(conn: &mut Conn, now: Moment) -> AppResult<()> {
    match conn {
        Conn::Sqlite(_) => set_value(conn, ERASED, &clock::unix_micros(now).to_string()),
        Conn::Postgres(_) => Ok(()),
    }
}

/// The mark of the latest erasure whose traces may still be in SQLite's log.
///
/// # Errors
/// When the database fails.
pub fn erasure_noted(conn: &mut Conn) -> AppResult<Option<String>> {
    value(conn, ERASED)
}

/// The log was emptied after that erasure; a later one is kept in mind.
///
/// # Errors
/// When the database fails.
pub fn forget_erasure(conn: &mut Conn, mark: &str) -> AppResult<()> {
    let same = installation::table.find(ERASED).filter(installation::value.eq(mark));
    diesel::delete(same).execute(conn)?;
    Ok(())
}

fn value(conn: &mut Conn, name: &str) -> AppResult<Option<String>> {
    Ok(installation::table.find(name).select(installation::value).first(conn).optional()?)
}

/// Update first, insert where there was none: the portable upsert. Two that insert at once meet the primary key, and
/// the later transaction is drawn again.
fn set_value(conn: &mut Conn, name: &str, value: &str) -> AppResult<()> {
    let updated = diesel::update(installation::table.find(name)).set(installation::value.eq(value)).execute(conn)?;
    if updated == 0 {
        diesel::insert_into(installation::table)
            .values((installation::name.eq(name), installation::value.eq(value)))
            .execute(conn)?;
    }
    Ok(())
}
