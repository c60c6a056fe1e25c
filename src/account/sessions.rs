//! Where a person is logged in, and logging out there.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::pages::{DeviceView, ListedDevice, RevokeOthersPage, SessionsPage};
use crate::db::SessionId;
use crate::device::Device;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;
use crate::web::App;
use crate::web::CurrentUser;
use crate::web::PendingCookies;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::Flash;
use crate::web::page::render;
use crate::web::see_other;

/// Says what the redirect before did.
#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

/// The devices. Users.
pub(super) async fn list(
    app: web::Data<App>,
    req: HttpRequest,
    user: CurrentUser,
    done: Result<QueryPart<Done>, AppError>,
) -> AppResult<HttpResponse> {
    let viewer = user.0;
    let (id, now) = (viewer.person.id.clone(), app.clock.now());
    let sessions = app.db.read(move |conn| tokens::live_of_user(conn, &id, now)).await?;
    let device = |session: tokens::Session| ListedDevice {
        current: session.id == viewer.session.id,
        view: DeviceView::of(&session, &Device::of(&session.user_agent)),
        id: session.id.to_string(),
    };
    let mut devices: Vec<ListedDevice> = sessions.into_iter().map(device).collect();
    devices.sort_by_key(|device| !device.current);
    let mut c = chrome(&app, &req, Some(&viewer));
    let done = done.ok().and_then(|QueryPart(done)| done.done);
    let key = match done.as_deref() {
        Some("one") => Some("devices-revoked"),
        Some("others") => Some("devices-others-revoked"),
        _ => None,
    };
    if let Some(key) = key {
        c.flash = Some(Flash { good: true, key });
        c.path = "/profile/sessions".into();
    }
    Ok(render(StatusCode::OK, &SessionsPage { c, devices }))
}

/// Logs one device out. Users, their own. This one itself: as if its log-out had been pressed.
pub(super) async fn revoke(
    app: web::Data<App>,
    req: HttpRequest,
    user: CurrentUser,
    id: web::Path<String>,
) -> AppResult<HttpResponse> {
    let viewer = user.0;
    let id: SessionId = id.parse().map_err(|_no_id| AppError::new(Kind::NotFound))?;
    let current = id == viewer.session.id;
    let (owner, how) = (viewer.person.id.clone(), circumstances(&app, &req));
    app.db.write(move |conn| tokens::close_own(conn, &owner, &id, &how)).await?;
    app.changes.mark(&viewer.person.id);
    if current {
        req.extensions_mut().insert(PendingCookies::Clear);
        return Ok(see_other("/logout/done"));
    }
    Ok(see_other("/profile/sessions?done=one"))
}

/// Asks whether all other devices are to be logged out. Users.
pub(super) async fn ask_others(app: web::Data<App>, req: HttpRequest, user: CurrentUser) -> HttpResponse {
    render(StatusCode::OK, &RevokeOthersPage { c: chrome(&app, &req, Some(&user.0)) })
}

/// Logs all other devices out. Users.
pub(super) async fn revoke_others(app: web::Data<App>, req: HttpRequest, user: CurrentUser) -> AppResult<HttpResponse> {
    let viewer = user.0;
    let (owner, keep, how) = (viewer.person.id.clone(), viewer.session.id.clone(), circumstances(&app, &req));
    app.db.write(move |conn| tokens::close_others(conn, &owner, &keep, &how)).await?;
    app.changes.mark(&viewer.person.id);
    Ok(see_other("/profile/sessions?done=others"))
}
