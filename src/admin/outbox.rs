//! What waits to be told to others.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::cursor;
use super::errand::{Errand, Next, key};
use crate::db::OutboxId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox;
use crate::outbox::State;
use crate::secret::KeyRing;
use crate::web::Admin;
use crate::web::App;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::page::Chrome;
use crate::web::page::render;

/// `GET /admin/outbox`.
#[derive(Template)]
#[template(path = "admin/outbox.html")]
struct OutboxPage {
    c: Chrome,
    rows: Vec<Errand>,
    /// The state that is shown; `None`: all.
    shown: Option<State>,
    /// Whether this is not the first page.
    further: bool,
    /// Address of older ones.
    older: Option<String>,
}

/// A state and a place, both in the address.
#[derive(Clone, Deserialize)]
pub(super) struct Query {
    state: Option<String>,
    after: Option<String>,
}

impl Query {
    fn read(&self, keys: &KeyRing) -> AppResult<(Option<State>, Option<OutboxId>)> {
        let refused = || AppError::new(Kind::BadRequest);
        let state = match self.state.as_deref() {
            None | Some("") => None,
            Some(name) => Some(State::parse(name).ok_or_else(refused)?),
        };
        let place = |text: &str| cursor::read_id(keys, &address(state, None), text).ok_or_else(refused);
        let after = self.after.as_deref().map(place).transpose()?;
        Ok((state, after))
    }
}

/// The outbox, newest first. Admins.
pub(super) async fn show(
    app: web::Data<App>,
    req: HttpRequest,
    admin: Admin,
    query: QueryPart<Query>,
) -> AppResult<HttpResponse> {
    let keys = &app.config.secrets;
    let (shown, after) = query.0.read(keys)?;
    let further = after.is_some();
    let page = app.db.read(move |conn| outbox::list(conn, shown, after.as_ref())).await?;
    let last = page.rows.last().map(|entry| entry.id.clone()).filter(|_| page.older);
    let now = app.clock.now();
    let page = OutboxPage {
        c: chrome(&app, &req, Some(&admin.0)),
        rows: page.rows.into_iter().map(|entry| Errand::new(entry, now)).collect(),
        shown,
        further,
        older: last.map(|id| older(keys, shown, &id)),
    };
    Ok(render(StatusCode::OK, &page))
}

impl OutboxPage {
    /// The filters: address, words, whether it is this one.
    fn filters(&self) -> [(String, &'static str, bool); 4] {
        [None, Some(State::Waiting), Some(State::Done), Some(State::GivenUp)]
            .map(|state| (address(state, None), state.map_or("outbox-all", key), self.shown == state))
    }
}

/// The address of what is older than an errand.
fn older(keys: &KeyRing, state: Option<State>, than: &OutboxId) -> String {
    address(state, Some(&cursor::write_id(keys, &address(state, None), than.as_str())))
}

fn address(state: Option<State>, after: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(state) = state {
        query.append_pair("state", state.as_str());
    }
    if let Some(place) = after {
        query.append_pair("after", place);
    }
    match query.finish().as_str() {
        "" => "/admin/outbox".to_owned(),
        query => format!("/admin/outbox?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn l07_a_query_is_understood_or_refused() {
        let keys = KeyRing::new(Secret::new(vec![7; 32]), Vec::new());
        let read = |state: Option<&str>, after: Option<&str>| {
            Query { state: state.map(str::to_owned), after: after.map(str::to_owned) }.read(&keys)
        };
        assert_eq!(read(Some("given_up"), None).unwrap().0, Some(State::GivenUp));
        assert_eq!(read(Some(""), None).unwrap().0, None);
        assert!(read(Some("lost"), None).is_err() && read(None, Some("1")).is_err());
        let id = OutboxId::new();
        let address = older(&keys, Some(State::Done), &id);
        let place = address.rsplit_once("&after=").unwrap().1;
        assert_eq!(read(Some("done"), Some(place)).unwrap(), (Some(State::Done), Some(id.clone())));
        assert!(read(None, Some(place)).is_err() && read(Some("waiting"), Some(place)).is_err(), "of another list");
        assert!(read(None, Some(id.as_str())).is_err(), "nobody signed it");
    }
}
