//! Rows into either database, several batches with one transaction.

use diesel::prelude::*;
use jiff::tz::TimeZone;

use super::people::Batch;
use crate::clock::Moment;
use crate::counts;
use crate::counts::Line;
use crate::db::AuditId;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::UserId;
use crate::db::schema::audit_events;
use crate::db::schema::identities;
use crate::db::schema::users as rows_of_users;
use crate::error::AppResult;
use crate::users;

/// A user. `NULL` is written as such, so that all rows have the same shape and fit into one statement.
#[derive(Debug, Insertable, PartialEq, Eq)]
#[diesel(table_name = rows_of_users, treat_none_as_default_value = false)]
pub(super) struct UserRow {
    pub(super) id: UserId,
    pub(super) seq: i64,
    pub(super) name: Option<String>,
    pub(super) standing: &'static str,
    pub(super) facets: i64,
    pub(super) created_at: Moment,
    pub(super) last_login_at: Option<Moment>,
    pub(super) erase_at: Option<Moment>,
}

/// A linked account.
#[derive(Debug, Insertable, PartialEq, Eq)]
#[diesel(table_name = identities, treat_none_as_default_value = false)]
pub(super) struct IdentityRow {
    pub(super) id: IdentityId,
    pub(super) user_id: UserId,
    pub(super) provider: &'static str,
    pub(super) subject: String,
    pub(super) nickname: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_key: Option<String>,
    pub(super) email_verified: bool,
    pub(super) linked_at: Moment,
    pub(super) last_login_at: Moment,
}

/// A line of the audit log.
#[derive(Debug, Insertable, PartialEq, Eq)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
pub(super) struct EventRow {
    pub(super) id: AuditId,
    pub(super) happened_at: Moment,
    pub(super) action: &'static str,
    pub(super) actor: UserId,
    pub(super) user_id: Option<UserId>,
    pub(super) details: &'static str,
    pub(super) request_id: String,
}

/// SQLite is quickest with one row at a time, by a statement that stays prepared; PostgreSQL with a stream of all.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        match $conn {
            Conn::Sqlite(conn) => {
                for row in $rows {
                    diesel::insert_into($table).values(row).execute(conn)?;
                }
            }
            Conn::Postgres(conn) => {
                diesel::copy_from($table).from_insertable($rows).execute(conn)?;
            }
        }
    };
}

/// All of some batches, or nothing.
///
/// # Errors
/// When the database fails.
pub(super) fn insert(conn: &mut Conn, batches: &mut [Batch], zone: &TimeZone, now: Moment) -> AppResult<()> {
    let mut events: Vec<EventRow> = batches.iter_mut().flat_map(|batch| batch.events.drain(..)).collect();
    // In the order of time an index is filled from left to right instead of everywhere.
    events.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    let mut entries = Vec::new();
    // The first statement writes: a transaction that read first could be refused SQLite's write lock later.
    conn.transaction(|conn| {
        insert_all!(conn, audit_events::table, &events);
        for batch in batches {
            insert_all!(conn, rows_of_users::table, &batch.users);
            insert_all!(conn, identities::table, &batch.identities);
            entries.append(&mut batch.entries);
        }
        users::add_all(conn, &entries)?;
        counts::count_past(conn, zone, now, &events, |event| Line {
            id: &event.id,
            at: event.happened_at,
            action: event.action,
            provider: event.details,
        })
    })
}
