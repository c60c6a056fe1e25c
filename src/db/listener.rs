//! PostgreSQL's notifications: an ear on a connection of its own, which only says that there is something to read. What it
//! is stands in a table, so a lost notification costs the time until the next look and nothing else.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;

use super::conn::{Conn, OpenError, open};
use crate::config::DatabaseUrl;

/// The channel of this program; `tokens::notice` speaks on it.
const CHANNEL: &str = "fiiiiilm_notices";

/// The ear.
pub struct Listener(PgConnection);

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listener")
    }
}

impl Listener {
    /// Begins to listen; `None` on SQLite, which has no notifications.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub fn open(url: &DatabaseUrl) -> Result<Option<Self>, OpenError> {
        if matches!(url, DatabaseUrl::Sqlite(_)) {
            return Ok(None);
        }
        let Conn::Postgres(mut conn) = open(url)? else { return Ok(None) };
        conn.batch_execute(&format!("listen {CHANNEL}")).map_err(|e| OpenError::Postgres(e.to_string()))?;
        Ok(Some(Self(conn)))
    }

    /// Whether something was said since the last time. Asks the socket, not the server.
    ///
    /// # Errors
    /// When the connection is gone.
    pub fn heard(&mut self) -> Result<bool, OpenError> {
        let mut heard = false;
        for notification in self.0.notifications_iter() {
            notification.map_err(|e| OpenError::Postgres(e.to_string()))?;
            heard = true;
        }
        Ok(heard)
    }
}
