//! Very many rows at once: settings of the connection meanwhile, and indexes that are set aside and built when all rows
//! are in.
//!
//! What is set aside is remembered in the table `installation` (`seed:unfinished`), in the transaction that sets it aside, as
//! the SQL that brings it back; that SQL is the database's own word, never a copy kept here. A row that is still there
//! after a crash keeps `serve` from starting, and `migrate` or the next `seed` finishes the work. Unique indexes stay:
//! whoever signs up meanwhile is held apart as ever.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::conn::{Conn, OF_POSTGRES, SETTINGS};
use super::schema::installation;
use crate::error::AppError;
use crate::error::AppResult;

/// Where the database remembers what is to be brought back.
const UNFINISHED: &str = "seed:unfinished";

/// Something set aside: the statement that does it, and the one that brings it back.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Aside {
    /// Sets it aside.
    #[diesel(sql_type = Text)]
    pub away: String,
    /// Brings it back.
    #[diesel(sql_type = Text)]
    pub back: String,
}

/// `synchronous=normal` with WAL cannot damage the file: a power cut may only cost what was committed last. Sorting for an
/// index needs files instead of memory, and as much memory as the cache has.
const SQLITE_HURRIES: &str = "pragma synchronous = normal; pragma cache_size = -262144; pragma temp_store = file; \
    pragma threads = 2; pragma wal_autocheckpoint = 16384;";

const POSTGRES_HURRIES: &str = "set statement_timeout = 0; set lock_timeout = 0; \
    set idle_in_transaction_session_timeout = 0; set synchronous_commit = off; set maintenance_work_mem = '512MB'; \
    set max_parallel_maintenance_workers = 2;";

/// Prepares the connection for very many rows. `alone` says that nothing was here before that would have to be
/// overwritten when it goes.
///
/// # Errors
/// When the database fails.
pub fn hurry(conn: &mut Conn, alone: bool) -> AppResult<()> {
    match conn {
        Conn::Sqlite(conn) => {
            conn.batch_execute(SQLITE_HURRIES)?;
            if alone {
                conn.batch_execute("pragma secure_delete = off;")?;
            }
        }
        Conn::Postgres(conn) => conn.batch_execute(POSTGRES_HURRIES)?,
    }
    Ok(())
}

/// The connection as it was opened. The next commit brings all earlier ones to the disk.
///
/// # Errors
/// When the database fails.
pub fn calm(conn: &mut Conn) -> AppResult<()> {
    match conn {
        Conn::Sqlite(conn) => {
            conn.batch_execute("pragma threads = 0; pragma wal_autocheckpoint = 1000;")?;
            conn.batch_execute(SETTINGS)?;
        }
        Conn::Postgres(conn) => {
            conn.batch_execute(
                "reset synchronous_commit; reset maintenance_work_mem; reset max_parallel_maintenance_workers;",
            )?;
            conn.batch_execute(OF_POSTGRES)?;
        }
    }
    Ok(())
}

const INDEXES_OF_SQLITE: &str = "select 'drop index \"' || name || '\"' as away, sql as back from sqlite_master \
    where type = 'index' and tbl_name = ? and sql is not null and sql not like 'create unique %' order by name";

const INDEXES_OF_POSTGRES: &str = "select format('drop index %s', i.indexrelid::regclass) as away, \
    pg_get_indexdef(i.indexrelid) as back from pg_index i where i.indrelid = $1::regclass and not i.indisunique \
    union all select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname), \
    format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) \
    from pg_constraint c where c.conrelid = $1::regclass and c.contype = 'f' order by 1";

/// The indexes of a table that are not unique and, on PostgreSQL, where it points to others.
///
/// # Errors
/// When the database fails.
pub fn indexes(conn: &mut Conn, table: &str) -> AppResult<Vec<Aside>> {
    Ok(match conn {
        Conn::Sqlite(conn) => diesel::sql_query(INDEXES_OF_SQLITE).bind::<Text, _>(table).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(INDEXES_OF_POSTGRES).bind::<Text, _>(table).load(conn)?,
    })
}

/// Sets all of it aside, and remembers how to bring it back; all or nothing.
///
/// # Errors
/// When the database fails, or something is set aside already.
pub fn set_aside(conn: &mut Conn, all: &[Aside]) -> AppResult<()> {
    let back: Vec<&str> = all.iter().map(|aside| aside.back.as_str()).collect();
    let back = serde_json::to_string(&back).map_err(AppError::internal)?;
    conn.transaction(|conn| {
        diesel::insert_into(installation::table)
            .values((installation::name.eq(UNFINISHED), installation::value.eq(back)))
            .execute(conn)?;
        for aside in all {
            conn.batch_execute(&aside.away)?;
        }
        Ok(())
    })
}

/// Whether something is set aside: by a run that is still under way, or by one that broke off.
///
/// # Errors
/// When the database fails.
pub fn is_unfinished(conn: &mut Conn) -> AppResult<bool> {
    Ok(remembered(conn)?.is_some())
}

/// Brings back what is set aside, if anything is, and says how many things that were; each in a transaction of its own that
/// also forgets it. Two may do this at once.
///
/// # Errors
/// When the database fails.
pub fn bring_back(conn: &mut Conn) -> AppResult<usize> {
    let mut many = 0;
    while let Some(before) = remembered(conn)? {
        let statements: Vec<String> = serde_json::from_str(&before).map_err(AppError::internal)?;
        let after = statements.get(1..).unwrap_or_default();
        let after = serde_json::to_string(after).map_err(AppError::internal)?;
        many += conn.transaction(|conn| -> AppResult<usize> {
            // Compared and swapped, so that of two only one goes on.
            let row = installation::table.find(UNFINISHED).filter(installation::value.eq(&before));
            let ours = match statements.len() {
                0 | 1 => diesel::delete(row).execute(conn)?,
                _ => diesel::update(row).set(installation::value.eq(after)).execute(conn)?,
            };
            if ours == 0 {
                return Ok(0);
            }
            statements.first().map_or(Ok(()), |statement| conn.batch_execute(statement))?;
            Ok(statements.len().min(1))
        })?;
    }
    Ok(many)
}

fn remembered(conn: &mut Conn) -> AppResult<Option<String>> {
    Ok(installation::table.find(UNFINISHED).select(installation::value).first(conn).optional()?)
}

/// Bytes of the whole database.
///
/// # Errors
/// When the database fails.
pub fn size(conn: &mut Conn) -> AppResult<u64> {
    #[derive(QueryableByName)]
    struct Bytes {
        #[diesel(sql_type = BigInt)]
        bytes: i64,
    }
    let question = match conn {
        Conn::Sqlite(_) => "select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()",
        Conn::Postgres(_) => "select pg_database_size(current_database()) as bytes",
    };
    Ok(diesel::sql_query(question).get_result::<Bytes>(conn)?.bytes.unsigned_abs())
}
