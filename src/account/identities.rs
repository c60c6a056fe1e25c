//! A person's linked accounts: any of them opens the same door.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::pages::{IdentitiesPage, Linkable, ListedIdentity};
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::signin::Purpose;
use crate::web::App;
use crate::web::Client;
use crate::web::CurrentUser;
use crate::web::Flow;
use crate::web::FreshUser;
use crate::web::Limit;
use crate::web::OnwardPage;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::page::Flash;
use crate::web::page::render;
use crate::web::way_out;

/// Says what the redirect before did.
#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

/// The linked accounts, and what else could be linked. Users.
pub(super) async fn list(
    app: web::Data<App>,
    req: HttpRequest,
    user: CurrentUser,
    client: Client,
    done: Result<QueryPart<Done>, AppError>,
) -> HttpResponse {
    let (person, session) = (&user.0.person, &user.0.session);
    let mut c = chrome(&app, &req, Some(&user.0));
    if done.ok().and_then(|QueryPart(done)| done.done).as_deref() == Some("linked") {
        c.flash = Some(Flash { good: true, key: "identities-linked" });
        c.path = "/profile/identities".into();
    }
    let accounts = person.accounts.iter().map(|account| ListedIdentity::of(account, account.id == session.identity_id));
    let out = way_out(&app.config.server.public_url, &client.user_agent, "/profile/identities");
    let linkable = app.registry.iter().map(|provider| Linkable {
        slug: provider.slug().to_owned(),
        way_out: out.clone().filter(|_| provider.refuses_web_views()),
    });
    render(StatusCode::OK, &IdentitiesPage { c, accounts: accounts.collect(), providers: linkable.collect() })
}

/// Begins to link one more account: on to its provider. Users who proved a moment ago who they are.
pub(super) async fn link(
    app: web::Data<App>,
    req: HttpRequest,
    user: FreshUser,
    slug: web::Path<String>,
    client: Client,
    flow: Flow,
) -> AppResult<HttpResponse> {
    let provider = app.registry.find(&slug).ok_or_else(|| AppError::new(Kind::NotFound))?;
    app.limits.count(Limit::Login, client.address)?;
    let purpose = Purpose::Link(user.0.session.id.clone());
    let key = flow.key_for_start()?;
    let started = app.desk.start(provider, purpose, "/profile/identities?done=linked", &key).await?;
    let c = chrome(&app, &req, Some(&user.0));
    Ok(render(StatusCode::OK, &OnwardPage::to_link(c, provider.slug(), started.location)))
}
