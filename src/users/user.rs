//! User rows and their queries.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamp};

use super::identity;
use super::search::indexed;
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::next_seq;
use crate::db::prepared;
use crate::db::schema::identities;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::tokens;

/// Whether a person may come in. The names are those in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Waits for an admin.
    Waiting,
    /// May come in.
    Active,
    /// Was shut out by an admin.
    Banned,
    /// Left, and may still come back.
    Closed,
    /// Left, and nothing is kept.
    Erased,
}

impl Standing {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Banned => "banned",
            Self::Closed => "closed",
            Self::Erased => "erased",
        }
    }

    /// By the name in the database; an unknown one lets nobody in.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "waiting" => Self::Waiting,
            "active" => Self::Active,
            "closed" => Self::Closed,
            "erased" => Self::Erased,
            _ => Self::Banned,
        }
    }
}

/// A person's row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    /// What others see.
    pub id: UserId,
    /// Grows with sign-up; paging walks it.
    pub seq: i64,
    /// The shown name.
    pub name: Option<String>,
    /// Whether the person chose it here; a provider's nickname then no longer replaces it.
    pub name_chosen: bool,
    /// The picture's address at the provider.
    pub picture: Option<String>,
    /// `user` or `admin`.
    pub role: String,
    /// See [`Standing`].
    pub standing: String,
    /// Raised by every change of role or standing.
    pub version: i64,
    /// When they signed up.
    pub created_at: Moment,
    /// When they last logged in.
    pub last_login_at: Option<Moment>,
    /// Why they are banned, as they are told; `None` where the admin gave no reason.
    pub standing_reason: Option<String>,
}

/// A person who signs up.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The provider's nickname.
    pub name: Option<String>,
    /// The provider's picture.
    pub picture: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
struct Row<'a> {
    id: &'a UserId,
    seq: i64,
    name: Option<&'a str>,
    picture: Option<&'a str>,
    standing: &'static str,
    created_at: Moment,
}

/// Signs a person up. Once their account is linked, [`super::index_new`] lets them be found.
///
/// # Errors
/// When the database fails.
pub fn insert_user(conn: &mut Conn, new: &NewUser, now: Moment) -> AppResult<UserId> {
    insert(conn, new, Standing::Active, now)
}

/// Signs a person up who waits for an admin.
///
/// # Errors
/// When the database fails.
pub fn insert_waiting(conn: &mut Conn, new: &NewUser, now: Moment) -> AppResult<UserId> {
    insert(conn, new, Standing::Waiting, now)
}

fn insert(conn: &mut Conn, new: &NewUser, standing: Standing, now: Moment) -> AppResult<UserId> {
    let id = UserId::new();
    let row = Row {
        id: &id,
        seq: next_seq(now),
        name: new.name.as_deref(),
        picture: new.picture.as_deref(),
        standing: standing.as_str(),
        created_at: now,
    };
    diesel::insert_into(users::table).values(row).execute(conn)?;
    Ok(id)
}

/// The person with this id.
///
/// # Errors
/// When the database fails.
pub fn find_user(conn: &mut Conn, id: &UserId) -> AppResult<Option<User>> {
    Ok(users::table.find(id).select(User::as_select()).first(conn).optional()?)
}

/// The names of these people, where they have one and are still here.
///
/// # Errors
/// When the database fails.
pub fn names_of(conn: &mut Conn, ids: &[UserId]) -> AppResult<HashMap<UserId, Option<String>>> {
    let rows: Vec<(UserId, Option<String>)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Everybody meant by an id, an e-mail or `provider:subject`: an e-mail may mean several.
///
/// # Errors
/// When the database fails.
pub fn find_by_reference(conn: &mut Conn, reference: &str) -> AppResult<Vec<User>> {
    if let Ok(id) = reference.parse::<UserId>() {
        return Ok(find_user(conn, &id)?.into_iter().collect());
    }
    let linked = identities::table.filter(identities::unlinked_at.is_null());
    let owners: Vec<UserId> = if reference.contains('@') {
        let Some(key) = identity::email_key(reference) else { return Ok(Vec::new()) };
        linked.filter(identities::email_key.eq(key)).select(identities::user_id).limit(100).load(conn)?
    } else if let Some((provider, subject)) = reference.split_once(':') {
        linked
            .filter(identities::provider.eq(provider).and(identities::subject.eq(subject)))
            .select(identities::user_id)
            .load(conn)?
    } else {
        return Ok(Vec::new());
    };
    Ok(users::table.filter(users::id.eq_any(owners)).order(users::seq.desc()).select(User::as_select()).load(conn)?)
}

/// What a login brings to the person's own row: fresh picture, fresh name unless they chose one here, the time.
/// A provider that says nothing erases nothing.
///
/// # Errors
/// When the database fails.
pub fn note_login(conn: &mut Conn, user: &User, fresh: &NewUser, now: Moment) -> AppResult<()> {
    let name = if user.name_chosen { user.name.clone() } else { fresh.name.clone().or_else(|| user.name.clone()) };
    let picture = fresh.picture.clone().or_else(|| user.picture.clone());
    let note = |conn: &mut Conn| {
        NoteLogin { name: &name, picture: &picture, at: &now, id: &user.id }.execute(conn)?;
        Ok(())
    };
    if name == user.name { note(conn) } else { indexed(conn, &user.id, note) }
}

prepared! {
    NoteLogin {
        "update users set name = " name: Option<String> as Nullable<Text>,
        ", picture = " picture: Option<String> as Nullable<Text>,
        ", last_login_at = " at: Moment as Timestamp,
        " where id = " id: UserId as Text,
    }
}

/// Sets the shown name; `None` goes back to what the provider last said.
///
/// # Errors
/// When the database fails.
pub fn set_display_name(conn: &mut Conn, id: &UserId, name: Option<&str>, how: &Circumstances) -> AppResult<()> {
    let (shown, chosen) = match name {
        Some(name) => (Some(name.to_owned()), true),
        None => (identity::latest_nickname(conn, id)?, false),
    };
    indexed(conn, id, |conn| {
        let new = (users::name.eq(shown), users::name_chosen.eq(chosen));
        Ok(diesel::update(users::table.find(id)).set(new).execute(conn)?)
    })?;
    audit::record(conn, how, "profile.name", Some(id), if chosen { "chosen" } else { "provider's" })?;
    tokens::notice_quietly(conn, id, how.at)
}

/// Name and picture as the accounts that are left say them, unless the person chose the name.
pub(super) fn show_what_is_left(conn: &mut Conn, user: &User) -> AppResult<()> {
    let (nickname, picture) = identity::latest_looks(conn, &user.id)?;
    let name = if user.name_chosen { user.name.clone() } else { nickname };
    diesel::update(users::table.find(&user.id))
        .set((users::name.eq(name), users::picture.eq(picture)))
        .execute(conn)?;
    Ok(())
}

/// Logs these people out everywhere; returns how many sessions that ended.
///
/// # Errors
/// When the database fails.
pub fn end_sessions(conn: &mut Conn, people: &[UserId], how: &Circumstances) -> AppResult<usize> {
    let mut all = 0;
    for user in people {
        let ended = tokens::end_of_user(conn, user, None, "operator", how.at)?;
        if ended > 0 {
            audit::record(conn, how, "sessions.ended", Some(user), "by an operator")?;
            tokens::notice(conn, user, how.at)?;
        }
        all += ended;
    }
    Ok(all)
}
