//! Everything an admin sees of one person, read in one go.

use diesel::prelude::*;

use super::identity::Identity;
use super::user::{User, find_user};
use crate::audit;
use crate::audit::Event;
use crate::audit::Filter;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::error::AppResult;
use crate::outbox;
use crate::outbox::Entry;
use crate::tokens;
use crate::tokens::Session;

/// Devices, logins and lines shown at most; the history has them all.
const SHOWN: usize = 20;

/// A person as an admin sees them.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The row.
    pub user: User,
    /// The linked accounts, oldest first.
    pub identities: Vec<Identity>,
    /// Where they are logged in, the one used last first.
    pub devices: Vec<Session>,
    /// How many devices there are: exactly below two hundred.
    pub device_count: usize,
    /// Their latest logins, over or not.
    pub logins: Vec<Session>,
    /// What providers are to be told about links of theirs that have ended, the latest first.
    pub unlinks: Vec<Entry>,
    /// What happened to them, newest first.
    pub trail: Vec<Event>,
    /// Whether the history has more about them.
    pub more: bool,
}

/// What is known of a person.
///
/// # Errors
/// When the database fails.
pub fn dossier(conn: &mut Conn, id: &UserId, now: Moment) -> AppResult<Option<Dossier>> {
    let Some(user) = find_user(conn, id)? else { return Ok(None) };
    let linked = identities::table
        .filter(identities::user_id.eq(id))
        .filter(identities::unlinked_at.is_null())
        .order((identities::linked_at.asc(), identities::id.asc()))
        .select(Identity::as_select())
        .load(conn)?;
    let mut devices = tokens::live_of_user(conn, id, now)?;
    let device_count = devices.len();
    devices.truncate(SHOWN);
    let shown = i64::try_from(SHOWN).unwrap_or(i64::MAX);
    let logins = tokens::latest_of_user(conn, id, shown)?;
    let unlinks = outbox::unlinks_of(conn, id, shown)?;
    let about = Filter { people: Some(vec![id.clone()]), ..Filter::default() };
    let mut found = audit::search(conn, &about, None)?;
    let more = found.after.is_some() || found.events.len() > SHOWN;
    found.events.truncate(SHOWN);
    Ok(Some(Dossier { user, identities: linked, devices, device_count, logins, unlinks, trail: found.events, more }))
}
