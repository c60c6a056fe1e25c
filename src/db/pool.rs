//! The two doors to the database.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use diesel::Connection as _;
use diesel::r2d2::R2D2Connection as _;
use tokio::sync::{Semaphore, oneshot};

use super::conn::{Conn, OpenError, Purpose, establish};
use super::deadline::Deadline;
use super::writer::{self, Job};
use crate::config::Database;
use crate::config::DatabaseUrl;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;

/// How long opening a connection may take before the pool reports it.
const OPENING: Duration = Duration::from_secs(1);

/// A write that met a concurrent one is drawn again so often.
const ATTEMPTS: u32 = 4;

/// Opens connections for the pool, by scheme.
struct Opener {
    url: DatabaseUrl,
}

impl r2d2::ManageConnection for Opener {
    type Connection = Conn;
    type Error = OpenError;

    fn connect(&self) -> Result<Conn, OpenError> {
        let purpose = if matches!(self.url, DatabaseUrl::Sqlite(_)) { Purpose::Read } else { Purpose::Write };
        establish(&self.url, purpose)
    }

    /// A server may have gone since; a file has not.
    fn is_valid(&self, conn: &mut Conn) -> Result<(), OpenError> {
        match conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(_) => conn.ping().map_err(|e| OpenError::Postgres(e.to_string())),
        }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}

/// A handle to the database; clones share it.
#[derive(Clone)]
pub struct Db {
    pool: r2d2::Pool<Opener>,
    /// As many as the pool has connections: who waits, waits here, without holding a thread.
    places: Arc<Semaphore>,
    writer: Option<Sender<Job>>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Db")
    }
}

impl Db {
    /// Opens the database.
    ///
    /// # Errors
    /// When it cannot be reached, saying why; a pool would only say that it timed out.
    pub fn open(settings: &Database) -> Result<Self, OpenError> {
        let first = establish(&settings.url, Purpose::Write)?;
        let pool = r2d2::Pool::builder()
            .max_size(settings.pool_size)
            .min_idle(Some(1))
            .test_on_check_out(true)
            .connection_timeout(OPENING)
            .error_handler(Box::new(LogRefusal))
            .build(Opener { url: settings.url.clone() })?;
        let writer = match &first {
            Conn::Sqlite(_) => Some(writer::start(first)?),
            Conn::Postgres(_) => None,
        };
        let places = Arc::new(Semaphore::new(usize::try_from(settings.pool_size).unwrap_or(1)));
        Ok(Self { pool, places, writer })
    }

    /// Runs a reading job on a connection of its own.
    ///
    /// # Errors
    /// `Unavailable` when no connection was free in time, or the database did not answer in time; else the job's own.
    pub async fn read<T, F>(&self, job: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
    {
        self.on_pool(Deadline::of_read(), job).await
    }

    /// Runs a job inside one transaction; when this returns `Ok`, the change is on disk. The job may run more than
    /// once (only the last run counts), so it must do nothing outside the database.
    ///
    /// # Errors
    /// `Unavailable` when it was not begun in time (nothing happened), the commit failed, or the database froze in the
    /// middle (then nobody knows); else the job's own, with everything it did undone.
    pub async fn write<T, F>(&self, job: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> AppResult<T> + Send + 'static,
    {
        match &self.writer {
            Some(queue) => write_queued(queue, job).await,
            None => self.on_pool(Deadline::of_write(), move |conn| with_retries(conn, &job)).await,
        }
    }

    /// A write of one statement, which PostgreSQL commits by itself: one round trip instead of three. On SQLite it shares
    /// the writer's commits like every other.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_one<T, F>(&self, statement: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> AppResult<T> + Send + 'static,
    {
        match &self.writer {
            Some(queue) => write_queued(queue, statement).await,
            None => self.on_pool(Deadline::of_write(), move |conn| statement(conn)).await,
        }
    }

    /// A job that nobody waits for any more keeps its place until it ends, so that a frozen database holds as many
    /// threads as the pool has connections and no more.
    async fn on_pool<T, F>(&self, deadline: Deadline, job: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
    {
        let place = tokio::time::timeout_at(deadline.begin.into(), self.places.clone().acquire_owned()).await;
        let place = place.map_err(|_elapsed| writer::too_late())?.map_err(AppError::internal)?;
        let pool = self.pool.clone();
        let work = tokio::task::spawn_blocking(move || {
            let _held_to_the_end = place;
            let left = deadline.begin.saturating_duration_since(Instant::now());
            let mut conn = pool.get_timeout(left).map_err(|e| AppError::new(Kind::Unavailable).because(e))?;
            if Instant::now() > deadline.begin {
                return Err(writer::too_late());
            }
            job(&mut conn)
        });
        let ended = tokio::time::timeout_at(deadline.end.into(), work).await;
        ended.map_err(|_elapsed| no_end())?.map_err(AppError::internal)?
    }
}

async fn write_queued<T, F>(queue: &Sender<Job>, job: F) -> AppResult<T>
where
    T: Send + 'static,
    F: Fn(&mut Conn) -> AppResult<T> + Send + 'static,
{
    let (tell, told) = oneshot::channel();
    let run = Box::new(move |place: Result<&mut Conn, AppError>| {
        let result = place.and_then(|conn| writer::in_savepoint(conn, job));
        let deliver: Box<dyn FnOnce(Result<(), String>) + Send> = Box::new(move |commit: Result<(), String>| {
            let outcome = match commit {
                Ok(()) => result,
                Err(reason) => Err(AppError::new(Kind::Unavailable).because(reason)),
            };
            // Nobody listens any more when the client has gone; the work stands all the same.
            drop(tell.send(outcome));
        });
        deliver
    });
    let deadline = Deadline::of_queued_write();
    let job = Job { deadline: deadline.begin, run };
    queue.send(job).map_err(|_closed| AppError::new(Kind::Unavailable).because("the writing thread has ended"))?;
    let told = tokio::time::timeout_at(deadline.end.into(), told).await.map_err(|_elapsed| no_end())?;
    told.map_err(|_dropped| AppError::internal("the writing thread dropped a job"))?
}

fn no_end() -> AppError {
    AppError::new(Kind::Unavailable).because("the database did not answer in time")
}

fn with_retries<T>(conn: &mut Conn, job: &impl Fn(&mut Conn) -> AppResult<T>) -> AppResult<T> {
    let mut left = ATTEMPTS;
    loop {
        left -= 1;
        match conn.transaction(job) {
            Err(error) if left > 0 && met_another(&error) => {}
            outcome => return outcome,
        }
    }
}

/// Whether a transaction failed only because another one was faster.
fn met_another(error: &AppError) -> bool {
    use diesel::result::{DatabaseErrorKind, Error as Diesel};
    match error.cause_as::<Diesel>() {
        Some(Diesel::DatabaseError(
            DatabaseErrorKind::UniqueViolation
            // What it referred to was erased meanwhile.
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::SerializationFailure,
            _,
        )) => true,
        Some(Diesel::DatabaseError(_, text)) => text.message().contains("deadlock detected"),
        _ => false,
    }
}

/// The pool's own reports go to the log, once each, instead of to standard error.
#[derive(Debug)]
struct LogRefusal;

impl r2d2::HandleError<OpenError> for LogRefusal {
    fn handle_error(&self, error: OpenError) {
        tracing::warn!(cause = %error, "database connection refused");
    }
}
