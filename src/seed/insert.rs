//! Rows into either database, many with one statement.

use diesel::prelude::*;

use super::people::Batch;
use crate::clock::Moment;
use crate::db::AuditId;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::UserId;
use crate::db::schema::audit_events;
use crate::db::schema::identities;
use crate::db::schema::users as rows_of_users;
use crate::error::AppResult;
use crate::users;

/// Rows in one statement on SQLite: ten columns each stay far below its 32,766 parameters.
const AT_ONCE: usize = 1_000;

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

/// PostgreSQL copies rows in; SQLite takes many with one statement, which Diesel builds only for a database it knows when
/// compiling.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        match $conn {
            Conn::Sqlite(conn) => {
                for some in $rows.chunks(AT_ONCE) {
                    diesel::insert_into($table).values(some).execute(conn)?;
                }
            }
            Conn::Postgres(conn) => {
                diesel::copy_from($table).from_insertable($rows).execute(conn)?;
            }
        }
    };
}

/// All of a batch, or nothing.
///
/// # Errors
/// When the database fails.
pub(super) fn insert(conn: &mut Conn, batch: &Batch) -> AppResult<()> {
    // The first statement writes: a transaction that read first could be refused SQLite's write lock later.
    conn.transaction(|conn| {
        insert_all!(conn, rows_of_users::table, &batch.users);
        insert_all!(conn, identities::table, &batch.identities);
        insert_all!(conn, audit_events::table, &batch.events);
        users::add_all(conn, &batch.entries)
    })
}
