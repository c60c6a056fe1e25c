//! What waits to be told to others.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::errand::{Errand, Next, key};
use crate::db::OutboxId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox;
use crate::outbox::State;
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
    fn read(&self) -> AppResult<(Option<State>, Option<OutboxId>)> {
        let refused = || AppError::new(Kind::BadRequest);
        let state = match self.state.as_deref() {
            None | Some("") => None,
            Some(name) => Some(State::parse(name).ok_or_else(refused)?),
        };
        let after = self.after.as_deref().map(str::parse).transpose().map_err(|_no_id| refused())?;
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
    let (shown, after) = query.0.read()?;
    let further = after.is_some();
    let page = app.db.read(move |conn| outbox::list(conn, shown, after.as_ref())).await?;
    let last = page.rows.last().map(|entry| entry.id.clone()).filter(|_| page.older);
    let now = app.clock.now();
    let page = OutboxPage {
        c: chrome(&app, &req, Some(&admin.0)),
        rows: page.rows.into_iter().map(|entry| Errand::new(entry, now)).collect(),
        shown,
        further,
        older: last.map(|id| address(shown, Some(&id))),
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

fn address(state: Option<State>, after: Option<&OutboxId>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(state) = state {
        query.append_pair("state", state.as_str());
    }
    if let Some(id) = after {
        query.append_pair("after", id.as_str());
    }
    match query.finish().as_str() {
        "" => "/admin/outbox".to_owned(),
        query => format!("/admin/outbox?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_understood_or_refused() {
        let read = |state: Option<&str>, after: Option<&str>| {
            Query { state: state.map(str::to_owned), after: after.map(str::to_owned) }.read()
        };
        assert_eq!(read(Some("given_up"), None).unwrap().0, Some(State::GivenUp));
        assert_eq!(read(Some(""), None).unwrap().0, None);
        assert!(read(None, Some(OutboxId::new().as_str())).is_ok());
        assert!(read(Some("lost"), None).is_err() && read(None, Some("1")).is_err());
    }
}
