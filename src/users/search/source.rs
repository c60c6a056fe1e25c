//! From where the candidates of a page come.

use diesel::prelude::*;

use super::census::Census;
use super::find::Listing;
use super::matches::Matches;
use super::numbers::number;
use super::query::Query;
use super::walk::{Key, Order, Reach, Spot};
use super::{postgres, sqlite};
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::tokens;
use crate::users::facets;
use crate::users::facets::Facets;
use crate::users::identity::find_identity;

/// Sign-ups of some days are sorted by something else when there are about so many at most; of more, the lists in that order
/// are walked, where few have to be passed over then.
const SORTED: i64 = 20_000;

/// From where candidates come.
pub(super) enum Source {
    /// Nobody fits.
    Nobody,
    /// These, in whatever order.
    These(Vec<UserId>),
    /// Everybody with some terms, newest first.
    Terms(Matches),
    /// Everybody, newest first.
    Everybody,
    /// Everybody with one of these facets.
    Facets(Vec<i64>),
    /// The same, of whom few signed up in the days that are asked for.
    Few(Vec<i64>),
}

impl Listing {
    pub(super) fn source(&self, conn: &mut Conn, census: &Census) -> AppResult<Source> {
        let provider = match &self.provider {
            Some(slug) => match facets::find_provider(conn, slug)? {
                Some(bit) => Some(bit),
                None => return Ok(Source::Nobody),
            },
            None => None,
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
                // Of two terms the longer is likely the rarer; what lists filter by is what many have.
                let mut terms: Vec<&String> = words.terms().iter().collect();
                terms.sort_by_key(|term| std::cmp::Reverse(term.chars().count()));
                let mut terms: Vec<String> = terms.into_iter().cloned().collect();
                terms.extend(self.standing.map(facets::standing_term));
                terms.extend(self.role.map(facets::role_term));
                terms.extend(self.email.map(facets::email_term));
                terms.extend(provider.map(facets::provider_term));
                Source::Terms(Matches::new(terms.iter().map(|term| number(term)).collect()))
            }
            None if self.filters_by_facets() || self.order != Order::Newest => self.listed(provider, census),
            None => Source::Everybody,
        })
    }

    fn listed(&self, provider: Option<i64>, census: &Census) -> Source {
        let fits = |facets: Facets| {
            self.standing.is_none_or(|standing| facets.standing() == Some(standing))
                && self.role.is_none_or(|role| facets.role() == role)
                && self.email.is_none_or(|email| facets.email() == email)
                && provider.is_none_or(|bit| facets.has(bit))
        };
        let wanted = census.facets().iter().filter(|(own, _)| fits(*own)).map(|(own, _)| own.0).collect();
        let narrow = self.joined != (None, None) && census.rank(&self.reach()) <= SORTED;
        if narrow && self.order != Order::Newest { Source::Few(wanted) } else { Source::Facets(wanted) }
    }
}

impl Source {
    /// The next so many in an order, the nearest first.
    pub(super) fn candidates(&self, conn: &mut Conn, order: Order, reach: Reach, want: usize) -> AppResult<Vec<Spot>> {
        let limit = i64::try_from(want).unwrap_or(i64::MAX);
        let of_seqs = |seqs: Vec<i64>| seqs.into_iter().map(|seq| Spot { key: Key::Nothing, seq }).collect();
        let begin = reach.spot.as_ref().map(|spot| spot.seq);
        let bounded = |reach: Reach| match begin {
            Some(seq) => reach.beyond(seq),
            None => reach,
        };
        Ok(match (self, conn) {
            (Self::Nobody, _) => Vec::new(),
            (Self::These(ids), conn) => of_seqs(newest(conn, &bounded(reach), Some(ids), limit)?),
            (Self::Everybody, conn) => of_seqs(newest(conn, &bounded(reach), None, limit)?),
            (Self::Terms(matches), conn) => of_seqs(matches.search(conn, &bounded(reach), want)?),
            (Self::Facets(facets), Conn::Sqlite(conn)) => sqlite::walk(conn, order, facets, &reach, want)?,
            (Self::Facets(facets), Conn::Postgres(conn)) => postgres::walk(conn, order, facets, &reach, want)?,
            (Self::Few(facets), Conn::Sqlite(conn)) => sqlite::sort(conn, order, facets, &reach, want)?,
            (Self::Few(facets), Conn::Postgres(conn)) => postgres::sort(conn, order, facets, &reach, want)?,
        })
    }
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
