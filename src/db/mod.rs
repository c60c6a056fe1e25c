//! The database: users, sessions, keys, history, on SQLite (embedded) or PostgreSQL, behind one connection type.
//!
//! Two doors. [`Db::read`] runs a job on a pooled connection, off the async threads. [`Db::write`] runs one inside a
//! transaction: on SQLite all writes queue at one thread, which takes whatever waits into one `BEGIN IMMEDIATE` with a
//! savepoint per job and one durable commit for all; on PostgreSQL each job is a transaction of its own, drawn again
//! when it met a concurrent one. Either way an answer means the change is on disk.
//!
//! A job carries its deadline: not begun by then it is dropped and nothing happened; once begun, its end is awaited.

mod conn;
mod ids;
mod migrate;
mod pool;
mod writer;

pub mod schema;

pub use conn::{Conn, OpenError, open};
pub use ids::{AttemptId, AuditId, IdentityId, NotAnId, SessionId, UserId, next_seq};
pub use migrate::{SchemaState, migrate, schema_state, undo_all};
pub use pool::Db;
