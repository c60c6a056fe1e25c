//! Proofs that may be used once, by the digest of what is signed in them, until they expire by themselves.

use diesel::prelude::*;

use crate::clock::Moment;
use crate::db::Conn;
use crate::db::schema::used_proofs;
use crate::error::AppResult;
use crate::providers::Once;

/// Claims a proof; false when it was used before. Two that claim it at once meet the primary key, and the later
/// transaction is drawn again.
pub(super) fn claim(conn: &mut Conn, once: &Once) -> AppResult<bool> {
    let used = used_proofs::table.find(&once.digest).select(used_proofs::digest);
    if used.first::<String>(conn).optional()?.is_some() {
        return Ok(false);
    }
    diesel::insert_into(used_proofs::table)
        .values((used_proofs::digest.eq(&once.digest), used_proofs::usable_until.eq(once.until)))
        .execute(conn)?;
    Ok(true)
}

/// Forgets those that have expired.
pub(super) fn sweep(conn: &mut Conn, now: Moment) -> AppResult<usize> {
    Ok(diesel::delete(used_proofs::table.filter(used_proofs::usable_until.lt(now))).execute(conn)?)
}
