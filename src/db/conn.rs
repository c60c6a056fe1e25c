//! One connection type over both databases, opened by the URL's scheme, so that a dead or wrong database says why.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::deserialize::QueryableByName;
use diesel::pg::PgConnection;
use diesel::sql_types::Integer;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection as _, ConnectionError, QueryResult, RunQueryDsl as _, sql_query};

use crate::config::DatabaseUrl;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded one.
    Sqlite(SqliteConnection),
    /// The one on a server.
    Postgres(PgConnection),
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its folder.
    #[error("database.url: cannot open the SQLite file `{path}`: {cause}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// SQLite itself.
    #[error("database.url: cannot open the SQLite file `{path}`: {cause}")]
    Sqlite {
        /// Which file.
        path: String,
        /// What SQLite said.
        cause: String,
    },
    /// PostgreSQL; its text names host and reason, never the password.
    #[error("database.url: PostgreSQL cannot be reached: {0}")]
    Postgres(String),
    /// The pool refused to be built.
    #[error("the connection pool could not be built: {0}")]
    Pool(#[from] r2d2::Error),
    /// The writing thread refused to start.
    #[error("the writing thread could not be started: {0}")]
    Thread(io::Error),
}

/// What a SQLite connection is for: readers are told to refuse writes, so that a write outside [`crate::db::Db::write`] fails
/// in the first test that tries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Write,
}

/// Opens a connection that may write; for commands and migrations.
///
/// # Errors
/// When the file or the server cannot be reached, saying why.
pub fn open(url: &DatabaseUrl) -> Result<Conn, OpenError> {
    establish(url, Purpose::Write)
}

pub(super) fn establish(url: &DatabaseUrl, purpose: Purpose) -> Result<Conn, OpenError> {
    match url {
        DatabaseUrl::Sqlite(path) => sqlite(path, purpose).map(Conn::Sqlite),
        DatabaseUrl::Postgres(url) => postgres(url.expose()).map(Conn::Postgres),
    }
}

/// As long as SQLite itself waits for a lock.
const LOCKED: Duration = Duration::from_secs(2);

/// A page cache of 1 MiB: each connection has its own, and behind them all lies the system's.
pub(super) const SETTINGS: &str = "pragma busy_timeout = 2000; pragma journal_mode = wal; pragma synchronous = full; \
    pragma foreign_keys = on; pragma secure_delete = on; pragma temp_store = memory; pragma cache_size = -1024;";

/// `synchronous=FULL` with WAL: an answered commit survives a power cut. `secure_delete`: what is erased is overwritten.
fn sqlite(path: &Path, purpose: Purpose) -> Result<SqliteConnection, OpenError> {
    let shown = path.display().to_string();
    make_private_file(path).map_err(|cause| OpenError::File { path: shown.clone(), cause })?;
    let refused = |cause: String| OpenError::Sqlite { path: shown.clone(), cause };
    let mut conn = SqliteConnection::establish(&shown).map_err(|e| refused(e.to_string()))?;
    let begun = Instant::now();
    while let Err(cause) = conn.batch_execute(SETTINGS) {
        // A new file becomes a write-ahead one once, and SQLite does not wait for another process that is just doing it.
        if begun.elapsed() > LOCKED || !cause.to_string().contains("locked") {
            return Err(refused(cause.to_string()));
        }
        thread::sleep(Duration::from_millis(20));
    }
    if purpose == Purpose::Read {
        conn.batch_execute("pragma query_only = on;").map_err(|e| refused(e.to_string()))?;
    }
    Ok(conn)
}

/// One thread at a time makes the file, and nobody opens it meanwhile.
static MAKING: Mutex<()> = Mutex::new(());

/// SQLite would make the file readable for everybody; its `-wal` and `-shm` take the file's mode.
///
/// A file that is there is not touched. Closing any descriptor of it gives up every lock this process holds on it (POSIX
/// `fcntl`), also those of SQLite's own connections; the next command beside the server would then take itself for the last
/// user of the database and remove the write-ahead log the server goes on writing to.
fn make_private_file(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    let _alone = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match fs::OpenOptions::new().append(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(|_file| ()),
    }
}

/// Nobody waits long for a page. No machine code is made for a statement: that takes half a second, at a guess of the planner
/// that looks at the whole of a list of which fifty rows are read.
pub(super) const OF_POSTGRES: &str = "set statement_timeout = '2s'; set lock_timeout = '2s'; \
    set idle_in_transaction_session_timeout = '10s'; set timezone = 'UTC'; set client_min_messages = warning; \
    set jit = off;";

fn postgres(url: &str) -> Result<PgConnection, OpenError> {
    let mut conn = PgConnection::establish(&with_timeouts(url)).map_err(|e| match e {
        ConnectionError::BadConnection(reason) => OpenError::Postgres(reason.trim().to_owned()),
        other => OpenError::Postgres(other.to_string()),
    })?;
    let setup: QueryResult<()> = conn.batch_execute(OF_POSTGRES);
    setup.map_err(|e| OpenError::Postgres(e.to_string()))?;
    Ok(conn)
}

/// What libpq leaves to the system's patience: connecting, and a host that is gone without a word (milliseconds).
/// A value in the URL wins.
const TIMEOUTS: [(&str, &str); 2] = [("connect_timeout", "2"), ("tcp_user_timeout", "5000")];

fn with_timeouts(url: &str) -> String {
    let Ok(mut parsed) = url::Url::parse(url) else { return url.to_owned() };
    for (name, value) in TIMEOUTS {
        if !parsed.query_pairs().any(|(known, _)| known == name) {
            parsed.query_pairs_mut().append_pair(name, value);
        }
    }
    parsed.into()
}

/// What SQLite says of a checkpoint.
#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// Brings everything from SQLite's write-ahead log into its one file and empties the log, so that a copy of the file alone
/// is a whole one. Nothing to do on PostgreSQL. Whoever still reads or writes goes before: then the log stays, and this is
/// false.
///
/// # Errors
/// When the database cannot be opened, or the disk refuses.
pub fn fold(url: &DatabaseUrl) -> Result<bool, OpenError> {
    if let DatabaseUrl::Sqlite(path) = url
        && path.exists()
    {
        let path = path.display().to_string();
        let refused = |e: diesel::result::Error| OpenError::Sqlite { path, cause: e.to_string() };
        let told = sql_query("pragma wal_checkpoint(truncate)").get_result::<Checkpoint>(&mut open(url)?);
        return Ok(told.map_err(refused)?.busy == 0);
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_added_where_the_url_has_none() {
        assert_eq!(with_timeouts("postgres://h/db"), "postgres://h/db?connect_timeout=2&tcp_user_timeout=5000");
        let own = "postgres://h/db?tcp_user_timeout=1&connect_timeout=9";
        assert_eq!(with_timeouts(own), own);
    }

    #[test]
    fn a_sqlite_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/x.db");
        let mut conn = open(&DatabaseUrl::Sqlite(path.clone())).unwrap();
        conn.batch_execute("create table t (x)").unwrap();
        for name in ["x.db", "x.db-wal"] {
            let mode = fs::metadata(path.with_file_name(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
