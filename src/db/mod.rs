//! The database: users, sessions, keys, history, on SQLite (embedded) or PostgreSQL, behind one connection type.
//!
//! Two doors. [`Db::read`] runs a job on a pooled connection, off the async threads. [`Db::write`] runs one inside a
//! transaction: on SQLite all writes queue at one thread, which takes whatever waits into one `BEGIN IMMEDIATE` with a
//! savepoint per job and one durable commit for all; on PostgreSQL each job is a transaction of its own, drawn again
//! when it met a concurrent one. Either way an answer means the change is on disk.
//!
//! A row that is inserted says `treat_none_as_default_value = false`: a `NULL` is then written as a value, and the
//! statement is prepared once per connection. Otherwise PostgreSQL is asked to prepare it each time, a round trip more.
//!
//! A job carries its deadline ([`within`]): not begun by then it is dropped and nothing happened; a write that was begun
//! is waited for.

mod bulk;
mod conn;
mod deadline;
mod ids;
mod kept;
mod listener;
mod migrate;
mod pool;
mod prepared;
mod writer;

pub mod schema;

pub use bulk::{Aside, bring_back, calm, hurry, indexes, is_unfinished, set_aside, size};
pub use conn::{Conn, OpenError, fold, open};
pub use deadline::{give_back, within};
pub use ids::{AttemptId, AuditId, IdentityId, NotAnId, OutboxId, SessionId, UserId, next_seq};
pub(crate) use kept::{Kept, kept};
pub use listener::Listener;
pub use migrate::{SchemaState, migrate, schema_state, undo_all};
pub use pool::Db;
pub(crate) use prepared::prepared;
