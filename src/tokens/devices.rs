//! What the browsers of a person's sessions call themselves.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::sessions;
use crate::error::AppResult;

/// Nobody has so many; whoever makes them up gains nothing by it.
const AT_MOST: i64 = 500;

/// Each name once, of all sessions that are kept, live or not.
///
/// # Errors
/// When the database fails.
pub fn user_agents_of(conn: &mut Conn, user: &UserId) -> AppResult<Vec<String>> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user))
        .select(sessions::user_agent)
        .distinct()
        .limit(AT_MOST)
        .load(conn)?)
}
