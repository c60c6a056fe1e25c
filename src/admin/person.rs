//! One user.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::acts::Act;
use super::consents::Agreed;
use super::errand::{Errand, Next};
use super::lines::{self, Line};
use crate::audit;
use crate::clock::Moment;
use crate::db::UserId;
use crate::device::Device;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens::Session;
use crate::users;
use crate::users::Dossier;
use crate::users::Identity;
use crate::users::Role;
use crate::users::Standing;
use crate::web::Admin;
use crate::web::App;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::Chrome;
use crate::web::page::Flash;
use crate::web::page::render;

/// `GET /admin/users/{id}`.
#[derive(Template)]
#[template(path = "admin/person.html")]
struct PersonPage {
    c: Chrome,
    id: String,
    name: Option<String>,
    picture: Option<String>,
    /// Whether they read about themselves.
    me: bool,
    admin: bool,
    standing: &'static str,
    reason: Option<String>,
    joined_at: Moment,
    last_login_at: Option<Moment>,
    acts: Vec<Way>,
    linked: Vec<Identity>,
    agreed: Vec<Agreed>,
    devices: Vec<Seen>,
    device_count: i64,
    /// So many of them are shown.
    shown: i64,
    logins: Vec<Login>,
    unlinks: Vec<Errand>,
    trail: Vec<Line>,
    more: bool,
}

/// The way to an act.
struct Way {
    path: &'static str,
    label_key: &'static str,
    severe: bool,
}

/// A device, with what the template's macro needs.
struct Seen {
    browser: Option<String>,
    system: Option<String>,
    ip: Option<String>,
    signed_in_at: Moment,
    last_seen_at: Moment,
    provider: String,
}

/// A login, and what became of it.
struct Login {
    device: Seen,
    state_key: &'static str,
}

impl PersonPage {
    fn standing_key(&self) -> &'static str {
        super::pages::standing_key(self.standing)
    }
}

/// The id in an address.
///
/// # Errors
/// `NotFound`, as for an id that nobody has.
pub(super) fn id_of(text: &str) -> AppResult<UserId> {
    text.parse().map_err(|_no_id| AppError::new(Kind::NotFound))
}

/// Says what the redirect before did.
#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

impl Done {
    /// The same as a sentence, for a page that follows an act.
    pub(super) fn flash(done: Result<QueryPart<Self>, AppError>) -> Option<Flash> {
        let done = done.ok().and_then(|QueryPart(done)| done.done)?;
        Act::told(&done).map(|key| Flash { good: true, key })
    }
}

/// One user with everything an admin may know. Admins; that they looked is part of the history.
pub(super) async fn show(
    app: web::Data<App>,
    req: HttpRequest,
    admin: Admin,
    id: web::Path<String>,
    done: Result<QueryPart<Done>, AppError>,
) -> AppResult<HttpResponse> {
    let (id, now) = (id_of(&id)?, app.clock.now());
    let how = circumstances(&app, &req).by(&admin.0.person.id);
    let whom = id.clone();
    let read = app.db.read(move |conn| {
        let Some(dossier) = users::dossier(conn, &id, now)? else { return Ok(None) };
        let names = lines::names(conn, &dossier.trail)?;
        Ok(Some((dossier, names)))
    });
    let Some((dossier, names)) = read.await? else { return Err(AppError::new(Kind::NotFound)) };
    // Shown only when it is written down who looked.
    app.db.write_one(move |conn| audit::record(conn, &how, "user.read", Some(&whom), "")).await?;
    let mut c = chrome(&app, &req, Some(&admin.0));
    if let Some(flash) = Done::flash(done) {
        c.flash = Some(flash);
        c.path = format!("/admin/users/{}", dossier.user.id);
    }
    let trail = lines::worded(&c, dossier.trail.clone(), &names);
    Ok(render(StatusCode::OK, &page(c, dossier, trail, &admin.0.person.id, now)))
}

fn page(c: Chrome, dossier: Dossier, trail: Vec<Line>, reader: &UserId, now: Moment) -> PersonPage {
    let Dossier { user, identities, devices, device_count, logins, unlinks, more, .. } = dossier;
    let (role, standing) = (Role::parse(&user.role), Standing::parse(&user.standing));
    let way = |act: Act| Way { path: act.path(), label_key: act.label_key(role), severe: act.is_severe() };
    let agreed = identities.iter().map(|identity| Agreed::of(&c, identity)).collect();
    PersonPage {
        c,
        agreed,
        me: user.id == *reader,
        id: user.id.to_string(),
        name: user.name,
        picture: user.picture,
        admin: role == Role::Admin,
        standing: standing.as_str(),
        reason: user.standing_reason,
        joined_at: user.created_at,
        last_login_at: user.last_login_at,
        acts: Act::ALL.into_iter().filter(|act| act.fits(standing, role, device_count)).map(way).collect(),
        linked: identities,
        shown: i64::try_from(devices.len()).unwrap_or(i64::MAX),
        device_count: i64::try_from(device_count).unwrap_or(i64::MAX),
        devices: devices.into_iter().map(seen).collect(),
        logins: logins
            .into_iter()
            .map(|session| Login { state_key: state_key(&session, now), device: seen(session) })
            .collect(),
        unlinks: unlinks.into_iter().map(|entry| Errand::new(entry, now)).collect(),
        trail,
        more,
    }
}

fn seen(session: Session) -> Seen {
    let device = Device::of(&session.user_agent);
    Seen {
        browser: device.browser,
        system: device.system,
        ip: Some(session.address).filter(|address| !address.is_empty()),
        signed_in_at: session.created_at,
        last_seen_at: session.last_seen_at,
        provider: session.provider,
    }
}

/// What became of a login.
fn state_key(session: &Session, now: Moment) -> &'static str {
    if session.is_live(now) {
        return "login-state-live";
    }
    match session.end_reason.as_deref() {
        None => "login-state-expired",
        Some("logout" | "session.revoked") => "login-state-logged-out",
        Some("replaced") => "login-state-replaced",
        Some("reuse") => "login-state-reuse",
        Some("banned") => "login-state-banned",
        Some(_) => "login-state-ended",
    }
}
