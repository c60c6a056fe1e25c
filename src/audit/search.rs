//! Reading the history, newest first.
//!
//! A page costs the same however long the history is: the narrowest filter is walked by its own index, a slice at a time, and
//! the other filters are looked at only inside that slice. A slice that ends before the page is full says so, and the reader
//! goes on from there; no combination of filters makes the database walk the whole history for one page.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::clock::Moment;
use crate::db::AuditId;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::audit_events;
use crate::error::AppResult;

/// Lines on a page.
pub const PAGE_SIZE: i64 = 50;

/// Beyond this, a count says "more than".
pub const COUNTED: i64 = 10_000;

/// Lines of the narrowest filter looked at for one page when there is another filter.
const SLICE: i64 = 5_000;

/// Lines that are not a person's deed to themselves: those the indexes of actors and requests hold.
const OF_OTHERS: &str = "actor <> coalesce(user_id, '')";

/// A line.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub struct Event {
    /// Its id; grows with time.
    pub id: AuditId,
    /// When.
    pub happened_at: Moment,
    /// What, see [`super::ACTIONS`].
    pub action: String,
    /// Who: a person's id, `cli` or `system`.
    pub actor: String,
    /// Whom.
    pub user_id: Option<String>,
    /// Ids and words.
    pub details: String,
    /// The request.
    pub request_id: String,
    /// The shortened address.
    pub address: String,
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// About one of these people.
    pub people: Option<Vec<UserId>>,
    /// Of this request, but for what people did to themselves.
    pub request: Option<String>,
    /// This action.
    pub action: Option<String>,
    /// By this person (to somebody else), `cli` or `system`.
    pub actor: Option<String>,
}

impl Filter {
    fn kinds(&self) -> usize {
        [self.people.is_some(), self.request.is_some(), self.action.is_some(), self.actor.is_some()]
            .into_iter()
            .filter(|set| *set)
            .count()
    }
}

/// A page of the history.
#[derive(Clone, Debug)]
pub struct Page {
    /// At most [`PAGE_SIZE`], newest first.
    pub events: Vec<Event>,
    /// What to go on after, when there may be older ones.
    pub after: Option<AuditId>,
}

type Lines<'a> = audit_events::BoxedQuery<'a, <Conn as Connection>::Backend>;

/// The narrowest filter: a column that has an index ending in the id, and its value.
type Narrowest<'a> = Option<(&'static str, &'a str)>;

impl Filter {
    fn narrowest(&self) -> Narrowest<'_> {
        match (self.people.as_deref(), &self.request, &self.actor, &self.action) {
            (Some([only]), ..) => Some(("user_id", only.as_str())),
            (Some(_), ..) => None,
            (None, Some(request), ..) => Some(("request_id", request)),
            (None, None, Some(actor), _) => Some(("actor", actor)),
            (None, None, None, Some(action)) => Some(("action", action)),
            (None, None, None, None) => None,
        }
    }
}

/// The lines of the narrowest filter after a line, newest first. Said as a range of (value, id) and ordered by both: that
/// order only the filter's own index has, and PostgreSQL cannot take it into its head to walk the whole history by id
/// because it believes such lines to be everywhere.
fn narrowed<'a>(filter: &'a Filter, after: Option<&'a AuditId>) -> Lines<'a> {
    let matching = matching(filter, after);
    match filter.narrowest() {
        Some((column, _)) => matching.order(sql::<Text>(&format!("{column} desc, id desc"))),
        None => matching.order(audit_events::id.desc()),
    }
}

fn matching<'a>(filter: &'a Filter, after: Option<&'a AuditId>) -> Lines<'a> {
    let all = audit_events::table.into_boxed();
    let Some((column, value)) = filter.narrowest() else {
        let all = match &filter.people {
            Some(people) => all.filter(audit_events::user_id.eq_any(people.iter().map(UserId::as_str))),
            None => all,
        };
        return match after {
            Some(id) => all.filter(audit_events::id.lt(id)),
            None => all,
        };
    };
    let all = all.filter(sql::<Bool>(&format!("{column} >= ")).bind::<Text, _>(value));
    let all = match after {
        Some(id) => all.filter(
            sql::<Bool>(&format!("({column}, id) < (")).bind::<Text, _>(value).sql(", ").bind::<Text, _>(id).sql(")"),
        ),
        None => all.filter(sql::<Bool>(&format!("{column} <= ")).bind::<Text, _>(value)),
    };
    if matches!(column, "actor" | "request_id") { all.filter(sql::<Bool>(OF_OTHERS)) } else { all }
}

/// The other filters, written so that no index serves them: the slice is walked by the first one's.
fn sifted<'a>(mut query: Lines<'a>, filter: &'a Filter) -> Lines<'a> {
    let by_person = filter.people.is_some();
    if let Some(request) = filter.request.as_ref().filter(|_| by_person) {
        query = query.filter(sql::<Text>("request_id || ''").eq(request));
    }
    let narrower = by_person || filter.request.is_some();
    if let Some(actor) = filter.actor.as_ref().filter(|_| narrower) {
        query = query.filter(sql::<Text>("actor || ''").eq(actor));
    }
    if let Some(action) = filter.action.as_ref().filter(|_| narrower || filter.actor.is_some()) {
        query = query.filter(sql::<Text>("action || ''").eq(action));
    }
    query
}

/// A page of the lines that match, after a line.
///
/// # Errors
/// When the database fails.
pub fn search(conn: &mut Conn, filter: &Filter, after: Option<&AuditId>) -> AppResult<Page> {
    let mut query = narrowed(filter, after);
    let mut end: Option<AuditId> = None;
    if filter.kinds() > 1 {
        let slice = narrowed(filter, after).offset(SLICE).limit(1).select(audit_events::id);
        end = slice.first(conn).optional()?;
        query = sifted(query, filter);
        if let Some(end) = end.clone() {
            query = query.filter(audit_events::id.gt(end));
        }
    }
    let mut events: Vec<Event> = query.limit(PAGE_SIZE + 1).select(Event::as_select()).load(conn)?;
    let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    let more = events.len() > size;
    events.truncate(size);
    let after = if more { events.last().map(|event| event.id.clone()) } else { end };
    Ok(Page { events, after })
}

/// How many lines match: exactly up to [`COUNTED`], `None` for "more than that". With several filters nobody counts, and the
/// answer is `None` inside: it would have to walk what a page does not.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &mut Conn, filter: &Filter) -> AppResult<Option<Option<i64>>> {
    if filter.kinds() > 1 {
        return Ok(None);
    }
    let beyond: Option<AuditId> =
        narrowed(filter, None).offset(COUNTED).limit(1).select(audit_events::id).first(conn).optional()?;
    if beyond.is_some() {
        return Ok(Some(None));
    }
    Ok(Some(Some(matching(filter, None).count().get_result(conn)?)))
}
