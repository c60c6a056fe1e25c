//! A page of the list. Candidates come in order from an index; each is then held against everything that was asked for,
//! so a page is right whatever an index knows. Looking ends after so many candidates, found or not: what follows is
//! behind the link to the next page.

use std::collections::HashMap;

use diesel::prelude::*;

use super::census::Census;
use super::query::{Query, Words};
use super::source::Source;
use super::total;
use super::total::Total;
use super::walk::{Order, Reach, Spot};
use crate::clock::Moment;
use crate::clock::unix_micros;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::users::facets::EmailState;
use crate::users::identity::Identity;
use crate::users::list::{Cursor, Listed};
use crate::users::role::Role;
use crate::users::user::{Standing, User};

/// Rows on a page.
pub const PAGE_SIZE: usize = 50;

/// Candidates looked at for one page.
const LOOKED_AT: usize = 4_000;

/// Candidates read at most at once when the first few were not enough.
const MORE: usize = 500;

/// And at least.
const SOME: usize = 16;

/// What is listed, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// What was typed.
    pub query: Option<Query>,
    /// Only people of this standing.
    pub standing: Option<Standing>,
    /// Only people with this role.
    pub role: Option<Role>,
    /// Only people with an account at this provider.
    pub provider: Option<String>,
    /// Only people whose e-mail is in this state.
    pub email: Option<EmailState>,
    /// Signed up from the first moment on and before the second.
    pub joined: (Option<Moment>, Option<Moment>),
    /// Last logged in likewise.
    pub seen: (Option<Moment>, Option<Moment>),
    /// The order; a search is always newest first.
    pub order: Order,
}

/// A page of the list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The people, in order.
    pub rows: Vec<Listed>,
    /// Where the page before this one ends, if there is one.
    pub newer: Option<Spot>,
    /// Where the next page begins, if there is one.
    pub older: Option<Spot>,
}

impl Listing {
    /// The order in which this is listed.
    #[must_use]
    pub fn order(&self) -> Order {
        if self.query.is_some() { Order::Newest } else { self.order }
    }

    /// Whether everybody is listed.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self { order: self.order, ..Self::default() }
    }

    pub(super) fn words(&self) -> Option<&Words> {
        if let Some(Query::Words(words)) = &self.query { Some(words) } else { None }
    }

    pub(super) fn reach(&self) -> Reach {
        let micros = |at: Option<Moment>, none| at.map_or(none, unix_micros);
        let (seen_from, seen_to) = (micros(self.seen.0, 0), micros(self.seen.1, i64::MAX));
        // Nobody was seen before they signed up.
        let to = micros(self.joined.1, i64::MAX).min(seen_to);
        Reach { from: micros(self.joined.0, 0), to, seen_from, seen_to, spot: None, backwards: false }
    }

    pub(super) fn filters_by_facets(&self) -> bool {
        self.standing.is_some() || self.role.is_some() || self.provider.is_some() || self.email.is_some()
    }

    /// Whether somebody is what was asked for, by their own rows.
    fn fits(&self, Listed { user, identities }: &Listed) -> bool {
        let state = identities
            .iter()
            .filter(|identity| identity.email.is_some())
            .map(|identity| if identity.email_verified { EmailState::Verified } else { EmailState::Unverified });
        let within = |at: Moment, (from, to): (Option<Moment>, Option<Moment>)| {
            from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to)
        };
        self.standing.is_none_or(|standing| Standing::parse(&user.standing) == standing)
            && self.role.is_none_or(|role| Role::parse(&user.role) == role)
            && self.email.is_none_or(|email| state.max().unwrap_or(EmailState::None) == email)
            && self.provider.as_ref().is_none_or(|slug| identities.iter().any(|identity| identity.provider == *slug))
            && within(user.created_at, self.joined)
            && within(user.last_login_at.unwrap_or(user.created_at), self.seen)
            && self.words().is_none_or(|words| {
                words.fit(user.name.as_deref(), identities.iter().filter_map(|identity| identity.email.as_deref()))
            })
    }
}

/// A page of what is asked for.
///
/// # Errors
/// When the database fails.
pub fn list_users(conn: &mut Conn, listing: &Listing, cursor: &Cursor) -> AppResult<Page> {
    list_some(conn, listing, cursor, PAGE_SIZE)
}

/// As [`list_users`], with so many rows on the page.
///
/// # Errors
/// When the database fails.
pub fn list_some(conn: &mut Conn, listing: &Listing, cursor: &Cursor, size: usize) -> AppResult<Page> {
    let census = Census::read(conn)?;
    let source = listing.source(conn, &census)?;
    page(conn, listing, &source, cursor, size)
}

/// A page of what is asked for, and how many there are on all of them.
///
/// # Errors
/// When the database fails.
pub fn list_and_count(conn: &mut Conn, listing: &Listing, cursor: &Cursor) -> AppResult<(Page, Total)> {
    let census = Census::read(conn)?;
    let source = listing.source(conn, &census)?;
    let page = page(conn, listing, &source, cursor, PAGE_SIZE)?;
    let total = match i64::try_from(page.rows.len()) {
        // All of them are here.
        Ok(people) if page.newer.is_none() && page.older.is_none() => Total::Exactly(people),
        _ => total::count(conn, listing, &source, &census)?,
    };
    Ok((page, total))
}

pub(super) fn page(
    conn: &mut Conn,
    listing: &Listing,
    source: &Source,
    cursor: &Cursor,
    size: usize,
) -> AppResult<Page> {
    let (begin, backwards) = match cursor {
        Cursor::Start => (None, false),
        Cursor::After(spot) => (Some(spot.clone()), false),
        Cursor::Before(spot) => (Some(spot.clone()), true),
    };
    let mut rows: Vec<(Spot, Listed)> = Vec::new();
    let (mut at, mut looked_at, mut want, mut some) = (begin.clone(), 0, size + 1, SOME / 4);
    let ended = loop {
        let reach = Reach { spot: at.clone(), backwards, ..listing.reach() };
        let spots = source.candidates(conn, listing.order(), reach, want)?;
        let last_of_all = spots.len() < want;
        looked_at += spots.len();
        at = spots.last().cloned().or(at);
        let found = load(conn, &spots)?.into_iter().filter(|(_, listed)| listing.fits(listed));
        rows.extend(found);
        if rows.len() > size || last_of_all {
            break last_of_all && rows.len() <= size;
        }
        if looked_at >= LOOKED_AT {
            break false;
        }
        // One who does not fit is no reason to read hundreds; where few do, more are.
        some = (some * 4).min(MORE);
        want = some;
    };
    let full = rows.len() > size;
    rows.truncate(size);
    // Where the next link in this direction goes on: behind the last row shown, or, when looking ended early, behind the
    // last that was looked at.
    let onward = if ended {
        None
    } else if full {
        rows.last().map(|(spot, _)| spot.clone())
    } else {
        at
    };
    // Who asks for what follows a row has that row in front of it.
    let back = begin.and_then(|begin| rows.first().map_or(Some(begin), |(spot, _)| Some(spot.clone())));
    if backwards {
        rows.reverse();
    }
    let (newer, older) = if backwards { (onward, back) } else { (back, onward) };
    Ok(Page { rows: rows.into_iter().map(|(_, listed)| listed).collect(), newer, older })
}

/// The people at these spots, with their accounts, in the order of the spots.
fn load(conn: &mut Conn, spots: &[Spot]) -> AppResult<Vec<(Spot, Listed)>> {
    let seqs: Vec<i64> = spots.iter().map(|spot| spot.seq).collect();
    let found: Vec<User> = users::table.filter(users::seq.eq_any(&seqs)).select(User::as_select()).load(conn)?;
    let ids: Vec<&UserId> = found.iter().map(|user| &user.id).collect();
    let linked: Vec<Identity> = identities::table
        .filter(identities::user_id.eq_any(ids))
        .filter(identities::unlinked_at.is_null())
        .order((identities::linked_at.asc(), identities::id.asc()))
        .select(Identity::as_select())
        .load(conn)?;
    let mut accounts: HashMap<UserId, Vec<Identity>> = HashMap::new();
    for identity in linked {
        accounts.entry(identity.user_id.clone()).or_default().push(identity);
    }
    let mut people: HashMap<i64, User> = found.into_iter().map(|user| (user.seq, user)).collect();
    Ok(spots
        .iter()
        .filter_map(|spot| {
            let user = people.remove(&spot.seq)?;
            let identities = accounts.remove(&user.id).unwrap_or_default();
            Some((spot.clone(), Listed { user, identities }))
        })
        .collect())
}
