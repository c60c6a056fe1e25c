//! Forgetting what is older than the settings allow.

use diesel::prelude::*;

use crate::clock::Moment;
use crate::db::AuditId;
use crate::db::Conn;
use crate::db::schema::audit_events;
use crate::error::AppResult;

/// Deletes at most `limit` of the oldest lines, all from before `before`; returns how many.
///
/// # Errors
/// When the database fails.
pub fn sweep(conn: &mut Conn, before: Moment, limit: i64) -> AppResult<usize> {
    // By id, which grows with time and has the index; lines whose ids are older than their form are few and go by the same.
    let over: Vec<AuditId> = audit_events::table
        .filter(audit_events::id.lt(AuditId::floor(before)))
        .order(audit_events::id.asc())
        .limit(limit)
        .select(audit_events::id)
        .load(conn)?;
    Ok(diesel::delete(audit_events::table.filter(audit_events::id.eq_any(over))).execute(conn)?)
}
