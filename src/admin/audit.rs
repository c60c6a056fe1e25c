//! The history.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::cursor;
use super::lines::{self, Line};
use super::pages::Total;
use crate::audit;
use crate::audit::ACTIONS;
use crate::audit::COUNTED;
use crate::audit::Filter;
use crate::db::AuditId;
use crate::db::Conn;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::secret::KeyRing;
use crate::users;
use crate::web::Admin;
use crate::web::App;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::Chrome;
use crate::web::page::render;

/// Longest search, in characters.
const MAX_SEARCH: usize = 320;

/// `GET /admin/audit`.
#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    c: Chrome,
    query: Query,
    lines: Vec<Line>,
    /// How many match; `None` when nobody counted.
    total: Option<Total>,
    /// Address of older lines.
    older: Option<String>,
}

impl AuditPage {
    fn actions(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        ACTIONS.iter().copied()
    }
}

/// Filters and place, all in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    q: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    actor: String,
    after: Option<String>,
}

impl Query {
    /// Trimmed and checked; the place is one in this very search, see [`cursor`].
    fn read(self, keys: &KeyRing) -> AppResult<(Self, Option<AuditId>)> {
        let refused = || AppError::new(Kind::BadRequest);
        let [q, action, actor] = [&self.q, &self.action, &self.actor].map(|text| text.trim().to_owned());
        if [&q, &actor].iter().any(|text| text.chars().count() > MAX_SEARCH) {
            return Err(refused());
        }
        if !action.is_empty() && audit::words_of(&action).is_none() {
            return Err(refused());
        }
        let query = Self { q, action, actor, after: self.after };
        let read = |text: &str| cursor::read_id(keys, &query.newest(), text).ok_or_else(refused);
        let after = query.after.as_deref().map(read).transpose()?;
        Ok((query, after))
    }

    /// Whether somebody looks for something, which is kept on each page of it: the address of a second page may come from
    /// another admin.
    fn is_filtered(&self) -> bool {
        !(self.q.is_empty() && self.action.is_empty() && self.actor.is_empty())
    }

    /// Which fields are filled in: what the history may know of a search.
    fn fields(&self) -> String {
        let filled = [("q", &self.q), ("action", &self.action), ("actor", &self.actor)];
        let names = filled.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(" ")
    }

    /// The address of the same search from its beginning.
    fn newest(&self) -> String {
        self.address(None)
    }

    /// The address of what is older than a line.
    fn older(&self, keys: &KeyRing, than: &AuditId) -> String {
        self.address(Some(&cursor::write_id(keys, &self.newest(), than.as_str())))
    }

    fn address(&self, after: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("q", &self.q), ("action", &self.action), ("actor", &self.actor)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(place) = after {
            query.append_pair("after", place);
        }
        match query.finish().as_str() {
            "" => "/admin/audit".to_owned(),
            query => format!("/admin/audit?{query}"),
        }
    }

    /// What is meant by it. `None` when it means nobody and nothing.
    fn meant(&self, conn: &mut Conn) -> AppResult<Option<Filter>> {
        let mut filter = Filter { action: Some(self.action.clone()).filter(|a| !a.is_empty()), ..Filter::default() };
        match self.actor.as_str() {
            "" => {}
            "cli" | "system" => filter.actor = Some(self.actor.clone()),
            person => match people(conn, person)?.as_slice() {
                [only] => filter.actor = Some(only.to_string()),
                _ => return Ok(None),
            },
        }
        if !self.q.is_empty() {
            let people = people(conn, &self.q)?;
            if !people.is_empty() {
                filter.people = Some(people);
            } else if is_request_id(&self.q) {
                filter.request = Some(self.q.clone());
            } else {
                return Ok(None);
            }
        }
        Ok(Some(filter))
    }
}

/// Everybody meant; an id means somebody even when nobody has it any more, because the history keeps it.
fn people(conn: &mut Conn, text: &str) -> AppResult<Vec<UserId>> {
    if let Ok(id) = text.parse() {
        return Ok(vec![id]);
    }
    Ok(users::find_by_reference(conn, text)?.into_iter().map(|user| user.id).collect())
}

fn is_request_id(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
}

/// The history, newest first. Admins; that they looked for something, and by which fields, is part of it.
pub(super) async fn show(
    app: web::Data<App>,
    req: HttpRequest,
    admin: Admin,
    query: QueryPart<Query>,
) -> AppResult<HttpResponse> {
    let keys = &app.config.secrets;
    let (query, after) = query.0.read(keys)?;
    if query.is_filtered() {
        let (how, fields) = (circumstances(&app, &req).by(&admin.0.person.id), query.fields());
        app.db.write_one(move |conn| audit::record(conn, &how, "audit.read", None, &fields)).await?;
    }
    let asked = query.clone();
    let found = app.db.read(move |conn| {
        let Some(filter) = asked.meant(conn)? else { return Ok(None) };
        let page = audit::search(conn, &filter, after.as_ref())?;
        let names = lines::names(conn, &page.events)?;
        Ok(Some((page, names, audit::count(conn, &filter)?)))
    });
    let c = chrome(&app, &req, Some(&admin.0));
    let page = match found.await? {
        None => AuditPage { c, query, lines: Vec::new(), total: Some(Total::Exactly(0)), older: None },
        Some((page, names, count)) => AuditPage {
            lines: lines::worded(&c, page.events, &names),
            c,
            older: page.after.as_ref().map(|id| query.older(keys, id)),
            total: count.map(|count| count.map_or(Total::MoreThan(COUNTED), Total::Exactly)),
            query,
        },
    };
    Ok(render(StatusCode::OK, &page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn keys() -> KeyRing {
        KeyRing::new(Secret::new(vec![7; 32]), Vec::new())
    }

    #[test]
    fn l07_a_query_is_understood_or_refused() {
        let read = |q: &str| QueryPart::<Query>::parse(q).and_then(|QueryPart(query)| query.read(&keys()));
        assert!(read("").is_ok() && read("q=&action=&actor=").is_ok());
        let searched = "q=+a%40b.c+&action=user.ban";
        let (query, after) = read(searched).unwrap();
        assert_eq!((query.q.as_str(), query.fields().as_str(), after), ("a@b.c", "q action", None));
        let id = AuditId::new();
        let older = query.older(&keys(), &id);
        let place = older.rsplit_once("&after=").unwrap().1;
        assert_eq!(read(&older["/admin/audit?".len()..]).unwrap().1, Some(id.clone()));
        assert_eq!(read(&format!("{searched}&after={place}")).unwrap().1, Some(id.clone()));
        let others = ["", "q=a%40b.c", "q=a%40b.c&action=user.unban", "q=a%40b.c&action=user.ban&actor=cli"];
        for other in others.map(|query| format!("{query}&after={place}")) {
            assert!(read(&other).is_err(), "{other}");
        }
        assert!(read(&format!("after={id}")).is_err(), "nobody signed it");
        let long = format!("q={}", "a".repeat(MAX_SEARCH + 1));
        for bad in ["action=drop", "after=1", "after=", "q=1&q=2", "actor=%00", &long] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_search_leaves_no_name_in_the_history() {
        let query = Query { q: "minji@example.com".into(), actor: "cli".into(), ..Query::default() };
        assert_eq!(query.fields(), "q actor");
        assert!(query.is_filtered());
        assert!(Query { after: Some(AuditId::new().to_string()), ..query }.is_filtered(), "each page of a search");
        assert!(!Query::default().is_filtered(), "looking at everything");
    }
}
