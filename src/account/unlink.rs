//! Ending the link with an account.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use askama::Template;

use super::promise::{Promise, kept, promise};
use crate::db::IdentityId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::users;
use crate::web::App;
use crate::web::FreshUser;
use crate::web::PendingCookies;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::Chrome;
use crate::web::page::render;

/// `GET /profile/identities/{id}/unlink`.
#[derive(Template)]
#[template(path = "account/unlink.html")]
struct UnlinkPage {
    c: Chrome,
    id: String,
    promise: Promise,
    /// This page, for coming back to it.
    again: String,
    /// Whether this very login ends with it.
    own: bool,
    /// Whether it is the only way in.
    last: bool,
}

/// What `POST /profile/identities/{id}/unlink` answers.
#[derive(Template)]
#[template(path = "account/unlinked.html")]
struct UnlinkedPage {
    c: Chrome,
    promise: Promise,
    own: bool,
}

fn id_of(text: &str) -> AppResult<IdentityId> {
    text.parse().map_err(|_no_id| AppError::new(Kind::NotFound))
}

/// Asks, and says what ends. Users with a fresh login, their own.
pub(super) async fn ask(
    app: web::Data<App>,
    req: HttpRequest,
    user: FreshUser,
    id: web::Path<String>,
) -> AppResult<HttpResponse> {
    let viewer = user.0;
    let (owner, id) = (viewer.person.id.clone(), id_of(&id)?);
    let (identity, count) = app
        .db
        .read(move |conn| Ok((users::own_identity(conn, &owner, &id)?, users::identities_of(conn, &owner)?.len())))
        .await?;
    let page = UnlinkPage {
        c: chrome(&app, &req, Some(&viewer)),
        promise: promise(&app, &identity, app.clock.now()),
        again: format!("/profile/identities/{}/unlink", identity.id),
        own: viewer.session.identity_id == identity.id,
        last: count <= 1,
        id: identity.id.to_string(),
    };
    Ok(render(StatusCode::OK, &page))
}

/// Ends the link and the sessions begun with it; its provider is told. Users with a fresh login, their own.
pub(super) async fn unlink(
    app: web::Data<App>,
    req: HttpRequest,
    user: FreshUser,
    id: web::Path<String>,
) -> AppResult<HttpResponse> {
    let viewer = user.0;
    let id = id_of(&id)?;
    let own = viewer.session.identity_id == id;
    let (owner, post) = (viewer.person.id.clone(), app.post.clone());
    let how = circumstances(&app, &req).by(&owner);
    let unlinked = app.db.write(move |conn| users::unlink(conn, &owner, &id, &post, &how)).await?;
    app.changes.mark(&viewer.person.id);
    app.postman.ring();
    if own {
        req.extensions_mut().insert(PendingCookies::Clear);
    }
    let c = chrome(&app, &req, Some(&viewer).filter(|_| !own).map(|viewer| &**viewer));
    Ok(render(StatusCode::OK, &UnlinkedPage { c, promise: kept(&app, &unlinked), own }))
}
