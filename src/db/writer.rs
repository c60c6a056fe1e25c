//! SQLite's one writer: a thread with a queue. Whatever waits goes into one transaction, a savepoint each, so that one
//! `fsync` pays for all of them; a job that fails or panics is rolled back alone, a commit that fails, fails them all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Instant;

use diesel::Connection as _;
use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::sqlite::SqliteConnection;

use super::conn::{Conn, OpenError};
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;

/// Jobs in one commit: enough to share an fsync, few enough that the first does not wait for the last.
const BATCH: usize = 64;

/// Told once the commit that holds the job's work has ended; `Err` carries why it failed.
type Deliver = Box<dyn FnOnce(Result<(), String>) + Send>;

/// A job's work, with the connection or the reason why there is none.
type Run = Box<dyn FnOnce(Result<&mut Conn, AppError>) -> Deliver + Send>;

/// A job with its deadline. It is called with the connection, or without one when it came too late or no transaction could begin.
pub(super) struct Job {
    pub(super) deadline: Instant,
    pub(super) run: Run,
}

/// Starts the thread; it ends when the last sender is dropped and the queue is empty.
pub(super) fn start(conn: Conn) -> Result<Sender<Job>, OpenError> {
    let (sender, receiver) = channel();
    thread::Builder::new()
        .name("sqlite-writer".into())
        .spawn(move || work(conn, &receiver))
        .map_err(OpenError::Thread)?;
    Ok(sender)
}

fn work(mut conn: Conn, queue: &Receiver<Job>) {
    if let Err(cause) = conn.batch_execute("pragma busy_timeout = 50;") {
        tracing::error!(cause = %cause, "the writer waits for locks in long steps");
    }
    while let Ok(first) = queue.recv() {
        let mut waiting = vec![first];
        while !waiting.is_empty() {
            let room = BATCH.saturating_sub(waiting.len());
            waiting.extend(queue.try_iter().take(room));
            waiting = attempt(&mut conn, waiting);
        }
    }
}

/// Commits the jobs together. Another process may hold the lock: it is asked for in short steps, and between them the jobs
/// whose time is over are told so; the others come back.
fn attempt(conn: &mut Conn, batch: Vec<Job>) -> Vec<Job> {
    match begin(conn) {
        Ok(()) => {
            commit_together(conn, batch);
            Vec::new()
        }
        Err(cause) if is_locked(&cause) => {
            let now = Instant::now();
            let (in_time, late): (Vec<Job>, Vec<Job>) = batch.into_iter().partition(|job| job.deadline > now);
            for job in late {
                (job.run)(Err(too_late()))(Ok(()));
            }
            in_time
        }
        Err(cause) => {
            let text = cause.cause_line().unwrap_or_default();
            for job in batch {
                (job.run)(Err(AppError::new(Kind::Unavailable).because(text.clone())))(Ok(()));
            }
            Vec::new()
        }
    }
}

fn is_locked(error: &AppError) -> bool {
    error.cause_line().is_some_and(|line| line.contains("locked") || line.contains("busy"))
}

fn commit_together(conn: &mut Conn, batch: Vec<Job>) {
    let now = Instant::now();
    let mut done: Vec<Deliver> = Vec::with_capacity(batch.len());
    for job in batch {
        let place = if job.deadline < now { Err(too_late()) } else { Ok(&mut *conn) };
        done.push((job.run)(place));
    }
    let outcome = commit(conn).map_err(|e| e.cause_line().unwrap_or_default());
    for deliver in done {
        deliver(outcome.clone());
    }
}

/// A job that was not begun in time: nothing happened.
pub(super) fn too_late() -> AppError {
    AppError::new(Kind::Unavailable).because("the database was too busy to begin in time")
}

/// Runs a job in a savepoint; a panic is a failure of this job alone.
pub(super) fn in_savepoint<T>(conn: &mut Conn, job: impl FnOnce(&mut Conn) -> AppResult<T>) -> AppResult<T> {
    let guarded = |conn: &mut Conn| {
        catch_unwind(AssertUnwindSafe(|| job(conn)))
            .unwrap_or_else(|_panic| Err(AppError::internal("a database job panicked")))
    };
    conn.transaction(guarded)
}

/// One job in a transaction that takes SQLite's write lock at once: a deferred one that reads first and writes later
/// can fail with BUSY in the middle.
pub(super) fn immediate<T>(conn: &mut Conn, job: impl FnOnce(&mut Conn) -> AppResult<T>) -> AppResult<T> {
    begin(conn)?;
    match in_savepoint(conn, job) {
        Ok(value) => commit(conn).map(|()| value),
        Err(error) => {
            if let Conn::Sqlite(inner) = conn {
                <Sqlite as diesel::connection::TransactionManager<_>>::rollback_transaction(inner)?;
            }
            Err(error)
        }
    }
}

type Sqlite = <SqliteConnection as diesel::Connection>::TransactionManager;

fn begin(conn: &mut Conn) -> AppResult<()> {
    match conn {
        Conn::Sqlite(inner) => Ok(AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE")?),
        Conn::Postgres(_) => Err(AppError::internal("the single writer is SQLite's")),
    }
}

fn commit(conn: &mut Conn) -> AppResult<()> {
    let Conn::Sqlite(inner) = conn else { return Err(AppError::internal("the single writer is SQLite's")) };
    let outcome = Sqlite::commit_transaction(inner);
    if outcome.is_err() {
        // The connection must be usable for the next batch, whatever state the failure left it in.
        drop(Sqlite::rollback_transaction(inner));
    }
    Ok(outcome?)
}
