//! The user list: newest first, walked by `seq` in both directions, so that a page costs the same at the start and
//! at the end of a million.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::identity::Identity;
use super::user::{User, find_by_reference};
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::db::schema::users;
use crate::error::AppResult;

/// Rows on a page.
pub const PAGE_SIZE: i64 = 50;

/// Beyond this, a count says "more than".
const COUNTED: i64 = 10_000;

/// Where a page begins: a row's `seq`, which the page does not contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// The newest.
    Start,
    /// Older than this one.
    After(i64),
    /// Newer than this one.
    Before(i64),
}

/// A person in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The row.
    pub user: User,
    /// The linked accounts, oldest first.
    pub identities: Vec<Identity>,
}

/// A page of the list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// At most [`PAGE_SIZE`], newest first.
    pub rows: Vec<Listed>,
    /// Whether there are newer ones before the first row.
    pub newer: bool,
    /// Whether there are older ones after the last row.
    pub older: bool,
}

/// A page of everybody, or of those an exact name, an e-mail or `provider:subject` means.
///
/// # Errors
/// When the database fails.
pub fn list_users(conn: &mut Conn, search: Option<&str>, cursor: Cursor) -> AppResult<Page> {
    let ids = match search {
        Some(text) => {
            let meant = find_by_reference(conn, text)?;
            if meant.is_empty() { None } else { Some(meant.into_iter().map(|user| user.id).collect::<Vec<_>>()) }
        }
        None => None,
    };
    let mut query = users::table.select(User::as_select()).limit(PAGE_SIZE + 1).into_boxed();
    match (search, ids) {
        (Some(_), Some(ids)) => query = query.filter(users::id.eq_any(ids)),
        (Some(name), None) => query = query.filter(users::name.eq(name.to_owned())),
        (None, _) => {}
    }
    query = match cursor {
        Cursor::Start => query.order(users::seq.desc()),
        Cursor::After(seq) => query.filter(users::seq.lt(seq)).order(users::seq.desc()),
        Cursor::Before(seq) => query.filter(users::seq.gt(seq)).order(users::seq.asc()),
    };
    let mut rows: Vec<User> = query.load(conn)?;
    let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let (newer, older) = match cursor {
        Cursor::Start => (false, more),
        // Who asks for what follows a row has that row in front of it.
        Cursor::After(_) => (true, more),
        Cursor::Before(_) => (more, true),
    };
    if matches!(cursor, Cursor::Before(_)) {
        rows.reverse();
    }
    Ok(Page { rows: with_identities(conn, rows)?, newer, older })
}

fn with_identities(conn: &mut Conn, rows: Vec<User>) -> AppResult<Vec<Listed>> {
    let ids: Vec<&UserId> = rows.iter().map(|user| &user.id).collect();
    let linked: Vec<Identity> = identities::table
        .filter(identities::user_id.eq_any(ids))
        .filter(identities::unlinked_at.is_null())
        .order(identities::linked_at.asc())
        .select(Identity::as_select())
        .load(conn)?;
    let mut by_user: HashMap<UserId, Vec<Identity>> = HashMap::new();
    for identity in linked {
        by_user.entry(identity.user_id.clone()).or_default().push(identity);
    }
    Ok(rows.into_iter().map(|user| Listed { identities: by_user.remove(&user.id).unwrap_or_default(), user }).collect())
}

/// How many users there are: exactly up to 10,000, else `None` for "more than that". Counting stops there.
///
/// # Errors
/// When the database fails.
pub fn count_users(conn: &mut Conn) -> AppResult<Option<i64>> {
    let some = format!("(select count(*) from (select 1 from users limit {}) as counted)", COUNTED + 1);
    let counted: i64 = diesel::select(sql::<BigInt>(&some)).get_result(conn)?;
    Ok((counted <= COUNTED).then_some(counted))
}
