//! Migrations, embedded: one portable set, and one short set for each database where they differ in kind (full-text
//! search). SQLite is brought up to date by `serve` itself; PostgreSQL only by `fiiiiilm migrate`, under a
//! lock, because there another process may still be serving the old schema.

use diesel::connection::SimpleConnection as _;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::conn::Conn;
use crate::error::AppError;
use crate::error::AppResult;

static PORTABLE: EmbeddedMigrations = embed_migrations!("migrations");
static OF_SQLITE: EmbeddedMigrations = embed_migrations!("migrations_sqlite");
static OF_POSTGRES: EmbeddedMigrations = embed_migrations!("migrations_postgres");

/// The portable set and one database's own; Diesel runs them in the order of their names.
#[derive(Clone, Copy)]
struct Migrations(&'static EmbeddedMigrations);

impl Migrations {
    fn of(conn: &Conn) -> Self {
        match conn {
            Conn::Sqlite(_) => Self(&OF_SQLITE),
            Conn::Postgres(_) => Self(&OF_POSTGRES),
        }
    }
}

type Backend = <Conn as diesel::Connection>::Backend;

impl MigrationSource<Backend> for Migrations {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<Backend>>>> {
        let mut all: Vec<Box<dyn Migration<Backend>>> = PORTABLE.migrations()?;
        all.extend(MigrationSource::<Backend>::migrations(self.0)?);
        Ok(all)
    }
}

/// Any fixed number no other program on the database uses: "fiiiiilm" in ASCII.
const ADVISORY_LOCK: i64 = 0x6669_6969_6969_6C6D;

/// How a database's schema compares with this program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// They agree.
    Current,
    /// The database misses so many migrations.
    Behind(usize),
    /// A newer version of the program has been here.
    Ahead,
}

/// Compares the schema with this program's.
///
/// # Errors
/// When the database does not answer.
pub fn schema_state(conn: &mut Conn) -> AppResult<SchemaState> {
    let embedded = versions(conn)?;
    // Asking Diesel would make its table; a check must not write.
    let applied: Vec<String> = if has_migrations_table(conn)? {
        conn.applied_migrations().map_err(AppError::internal)?.iter().map(ToString::to_string).collect()
    } else {
        Vec::new()
    };
    if applied.iter().any(|version| !embedded.contains(version)) {
        return Ok(SchemaState::Ahead);
    }
    match embedded.iter().filter(|version| !applied.contains(version)).count() {
        0 => Ok(SchemaState::Current),
        missing => Ok(SchemaState::Behind(missing)),
    }
}

fn versions(conn: &Conn) -> AppResult<Vec<String>> {
    let all = Migrations::of(conn).migrations().map_err(AppError::internal)?;
    Ok(all.iter().map(|m| m.name().version().to_string()).collect())
}

fn has_migrations_table(conn: &mut Conn) -> AppResult<bool> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let query = match conn {
        Conn::Sqlite(_) => "select count(*) as n from sqlite_master where name = '__diesel_schema_migrations'",
        Conn::Postgres(_) => {
            "select count(*) as n from pg_tables where schemaname = any(current_schemas(false)) \
                              and tablename = '__diesel_schema_migrations'"
        }
    };
    Ok(diesel::sql_query(query).get_result::<Count>(conn)?.n > 0)
}

/// Brings the schema up to this program's; returns how many migrations ran. Two processes may call it at once.
///
/// # Errors
/// When the database does not answer, or a migration fails (it is then undone).
pub fn migrate(conn: &mut Conn) -> AppResult<usize> {
    locked(conn, |conn| Ok(conn.run_pending_migrations(Migrations::of(conn)).map_err(AppError::internal)?.len()))
}

/// Takes every migration back; for the test that goes up, down and up again.
///
/// # Errors
/// When the database does not answer, or a migration fails.
pub fn undo_all(conn: &mut Conn) -> AppResult<usize> {
    locked(conn, |conn| Ok(conn.revert_all_migrations(Migrations::of(conn)).map_err(AppError::internal)?.len()))
}

fn locked<T>(conn: &mut Conn, job: impl FnOnce(&mut Conn) -> AppResult<T>) -> AppResult<T> {
    match conn {
        // The pending list is read inside, so that the second of two processes finds nothing to do.
        Conn::Sqlite(_) => super::writer::immediate(conn, job),
        Conn::Postgres(_) => {
            // A migration may take longer than a page may.
            conn.batch_execute(&format!(
                "set statement_timeout = 0; set lock_timeout = 0; select pg_advisory_lock({ADVISORY_LOCK});"
            ))?;
            let done = job(conn);
            conn.batch_execute(&format!(
                "select pg_advisory_unlock({ADVISORY_LOCK}); set statement_timeout = '2s'; set lock_timeout = '2s';"
            ))?;
            done
        }
    }
}
