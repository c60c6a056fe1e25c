//! Leaving.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use time::Duration;

use super::promise::{Promise, kept, promise};
use crate::clock::Moment;
use crate::error::AppResult;
use crate::providers::Freshness;
use crate::users;
use crate::users::Left;
use crate::web::App;
use crate::web::FormBody;
use crate::web::FreshUser;
use crate::web::PendingCookies;
use crate::web::Viewer;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::Chrome;
use crate::web::page::render;

/// `GET /profile/delete`.
#[derive(Template)]
#[template(path = "account/leave.html")]
struct LeavePage {
    c: Chrome,
    /// The linked accounts, and what becomes of each link.
    promises: Vec<Promise>,
    /// Days in which one can come back; 0: none.
    grace_days: i64,
    /// What has to be typed, where the provider may have answered the fresh login by itself.
    confirm: Option<String>,
    /// What was typed, when it was something else.
    input: Option<String>,
}

/// What `POST /profile/delete` answers.
#[derive(Template)]
#[template(path = "account/farewell.html")]
struct FarewellPage {
    c: Chrome,
    /// Closed until then; gone without.
    until: Option<Moment>,
    /// Links that the person ends at the provider; of somebody who is closed, those that cannot be ended later either.
    promises: Vec<Promise>,
}

/// The form.
#[derive(Deserialize)]
pub(super) struct LeaveForm {
    confirm: Option<String>,
}

/// Says what goes, and asks. Users with a fresh login.
pub(super) async fn ask(app: web::Data<App>, req: HttpRequest, user: FreshUser) -> AppResult<HttpResponse> {
    let page = page(&app, &req, &user.0).await?;
    Ok(render(StatusCode::OK, &page))
}

/// Leaves: gone at once, or closed for `account.grace_days`. Users with a fresh login; the last admin stays.
pub(super) async fn leave(
    app: web::Data<App>,
    req: HttpRequest,
    user: FreshUser,
    form: FormBody<LeaveForm>,
) -> AppResult<HttpResponse> {
    let viewer = user.0;
    let mut asked = page(&app, &req, &viewer).await?;
    let typed = form.0.confirm.unwrap_or_default();
    if let Some(confirm) = &asked.confirm
        && !typed.split_whitespace().eq(confirm.split_whitespace())
    {
        asked.input = Some(typed);
        return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &asked));
    }
    let (id, post, days) = (viewer.person.id.clone(), app.post.clone(), app.config.account.grace_days);
    let how = circumstances(&app, &req).by(&id);
    let left = app.db.write(move |conn| users::leave(conn, &id, days, &post, &how)).await?;
    app.changes.mark(&viewer.person.id);
    app.postman.ring();
    req.extensions_mut().insert(PendingCookies::Clear);
    let (until, promises) = match left {
        Left::Closed(until) => (Some(until), asked.promises),
        Left::Erased(unlinked) => (None, unlinked.iter().map(|unlinked| kept(&app, unlinked)).collect()),
    };
    let promises = promises.into_iter().filter(|promise| !promise.told);
    let promises = promises.map(|promise| Promise { again: false, ..promise }).collect();
    Ok(render(StatusCode::OK, &FarewellPage { c: chrome(&app, &req, None), until, promises }))
}

async fn page(app: &web::Data<App>, req: &HttpRequest, viewer: &Viewer) -> AppResult<LeavePage> {
    let id = viewer.person.id.clone();
    let linked = app.db.read(move |conn| users::identities_of(conn, &id)).await?;
    // Providers are told when everything is erased, and what was kept for it must live until then.
    let erased_at = app.clock.now().saturating_add(Duration::days(i64::from(app.config.account.grace_days)));
    Ok(LeavePage {
        c: chrome(app, req, Some(viewer)),
        promises: linked.iter().map(|identity| promise(app, identity, erased_at)).collect(),
        grace_days: i64::from(app.config.account.grace_days),
        confirm: must_type(app, viewer),
        input: None,
    })
}

/// A fresh login that the provider may have answered by itself proves little: then the name is typed too.
fn must_type(app: &App, viewer: &Viewer) -> Option<String> {
    let freshness = app.registry.find(&viewer.session.provider).map_or(Freshness::None, |p| p.freshness());
    let name = || viewer.person.name.clone().unwrap_or_else(|| viewer.person.id.to_string());
    (freshness == Freshness::None).then(name)
}
