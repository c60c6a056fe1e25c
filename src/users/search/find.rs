//! A page of the list. Candidates come in order from an index; each is then held against everything that was asked for,
//! so a page is right whatever an index knows. Looking ends after so many candidates, found or not: what follows is
//! behind the link to the next page.

use std::collections::HashMap;

use diesel::prelude::*;

use super::query::{Query, Words};
use super::walk::{Key, Order, Reach, Spot};
use super::{postgres, sqlite};
use crate::clock::Moment;
use crate::clock::unix_micros;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::tokens;
use crate::users::facets;
use crate::users::facets::{EmailState, Facets};
use crate::users::identity::{Identity, find_identity};
use crate::users::list::{Cursor, Listed};
use crate::users::role::Role;
use crate::users::user::{Standing, User};

/// Rows on a page.
pub const PAGE_SIZE: usize = 50;

/// Candidates looked at for one page.
const LOOKED_AT: usize = 4_000;

/// Candidates read at once when the first few were not enough.
const MORE: usize = 500;

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

/// From where candidates come.
pub(super) enum Source {
    /// Nobody fits.
    Nobody,
    /// These, in whatever order.
    These(Vec<UserId>),
    /// Everybody with these terms, newest first.
    Terms(std::collections::BTreeSet<String>),
    /// Everybody with one of these facets; all of them when `None`.
    Facets(Option<Vec<i64>>),
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

    fn words(&self) -> Option<&Words> {
        if let Some(Query::Words(words)) = &self.query { Some(words) } else { None }
    }

    pub(super) fn reach(&self) -> Reach {
        let micros = |at: Option<Moment>, none| at.map_or(none, unix_micros);
        let (seen_from, seen_to) = (micros(self.seen.0, 0), micros(self.seen.1, i64::MAX));
        // Nobody was seen before they signed up.
        let to = micros(self.joined.1, i64::MAX).min(seen_to);
        Reach { from: micros(self.joined.0, 0), to, seen_from, seen_to, spot: None, backwards: false }
    }

    pub(super) fn source(&self, conn: &mut Conn) -> AppResult<Source> {
        let provider = match &self.provider {
            Some(slug) => match facets::find_provider(conn, slug)? {
                Some(bit) => Some(bit),
                None => return Ok(Source::Nobody),
            },
            None => None,
        };
        let fits = |facets: Facets| {
            self.standing.is_none_or(|standing| facets.standing() == Some(standing))
                && self.role.is_none_or(|role| facets.role() == role)
                && self.email.is_none_or(|email| facets.email() == email)
                && provider.is_none_or(|bit| facets.has(bit))
        };
        Ok(match &self.query {
            Some(Query::TooShort) => Source::Nobody,
            Some(Query::Id(user, session)) => {
                let owner = tokens::find(conn, session)?.map(|session| session.user_id);
                Source::These(std::iter::once(user.clone()).chain(owner).collect())
            }
            Some(Query::Identity(provider, subject)) => {
                let found = find_identity(conn, provider, subject)?;
                Source::These(found.into_iter().map(|identity| identity.user_id).collect())
            }
            Some(Query::Words(words)) => {
                let mut terms = words.terms().clone();
                terms.extend(self.standing.map(facets::standing_term));
                terms.extend(self.role.map(facets::role_term));
                terms.extend(self.email.map(facets::email_term));
                terms.extend(provider.map(facets::provider_term));
                Source::Terms(terms)
            }
            None if self.filters_by_facets() || self.order != Order::Newest => {
                let all = facets::counts(conn)?;
                Source::Facets(Some(all.into_iter().filter(|(own, _)| fits(*own)).map(|(own, _)| own.0).collect()))
            }
            None => Source::Facets(None),
        })
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
    let source = listing.source(conn)?;
    let (begin, backwards) = match cursor {
        Cursor::Start => (None, false),
        Cursor::After(spot) => (Some(spot.clone()), false),
        Cursor::Before(spot) => (Some(spot.clone()), true),
    };
    let mut rows: Vec<(Spot, Listed)> = Vec::new();
    let (mut at, mut looked_at, mut want) = (begin.clone(), 0, size + 1);
    let ended = loop {
        let reach = Reach { spot: at.clone(), backwards, ..listing.reach() };
        let spots = candidates(conn, listing.order(), &source, reach, want)?;
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
        want = MORE;
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

fn candidates(conn: &mut Conn, order: Order, source: &Source, reach: Reach, want: usize) -> AppResult<Vec<Spot>> {
    let limit = i64::try_from(want).unwrap_or(i64::MAX);
    let of_seqs = |seqs: Vec<i64>| seqs.into_iter().map(|seq| Spot { key: Key::Nothing, seq }).collect();
    let begin = reach.spot.as_ref().map(|spot| spot.seq);
    let bounded = |reach: Reach| match begin {
        Some(seq) => reach.beyond(seq),
        None => reach,
    };
    Ok(match (source, conn) {
        (Source::Nobody, _) => Vec::new(),
        (Source::These(ids), conn) => of_seqs(newest(conn, &bounded(reach), Some(ids), limit)?),
        (Source::Terms(terms), Conn::Sqlite(conn)) => of_seqs(sqlite::search(conn, terms, &bounded(reach), limit)?),
        (Source::Terms(terms), Conn::Postgres(conn)) => of_seqs(postgres::search(conn, terms, &bounded(reach), limit)?),
        (Source::Facets(None), conn) => of_seqs(newest(conn, &bounded(reach), None, limit)?),
        (Source::Facets(Some(facets)), Conn::Sqlite(conn)) => sqlite::walk(conn, order, facets, &reach, want)?,
        (Source::Facets(Some(facets)), Conn::Postgres(conn)) => postgres::walk(conn, order, facets, &reach, want)?,
    })
}

fn newest(conn: &mut Conn, reach: &Reach, ids: Option<&Vec<UserId>>, limit: i64) -> AppResult<Vec<i64>> {
    let within = users::seq.ge(reach.from).and(users::seq.lt(reach.to));
    let mut query = users::table.filter(within).select(users::seq).limit(limit).into_boxed();
    if let Some(ids) = ids {
        query = query.filter(users::id.eq_any(ids));
    }
    query = if reach.backwards { query.order(users::seq.asc()) } else { query.order(users::seq.desc()) };
    Ok(query.load(conn)?)
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
