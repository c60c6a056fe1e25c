//! Who is there. Doors for handlers: [`MaybeUser`], [`CurrentUser`], [`Admin`] for pages, [`Bearer`] for JSON; behind
//! [`FreshUser`] and [`FreshAdmin`] lies what asks for a login of the last ten minutes.
//!
//! A page's visitor is known by the access cookie; when that is over and the refresh cookie lives, both are renewed on
//! the way and the answer carries the new ones. Only a session that has definitely ended clears cookies.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use super::app::App;
use super::circumstances::circumstances;
use super::cookies::{self, PendingCookies};
use super::renewal::{Renewal, renew};
use super::viewer::Viewer;
use crate::db::Conn;
use crate::db::SessionId;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;
use crate::tokens::Session;
use crate::users;
use crate::users::Person;
use crate::users::Role;
use crate::users::Standing;

/// Whoever is there, if anybody.
#[derive(Clone, Debug)]
pub struct MaybeUser(pub Option<Arc<Viewer>>);

/// Somebody is there; a page sends others to the login.
#[derive(Clone, Debug)]
pub struct CurrentUser(pub Arc<Viewer>);

/// An admin is there; others may not.
#[derive(Clone, Debug)]
pub struct Admin(pub Arc<Viewer>);

/// Somebody is there who proved a moment ago who they are; a page sends others to prove it again, and back.
#[derive(Clone, Debug)]
pub struct FreshUser(pub Arc<Viewer>);

/// An admin is there who proved a moment ago who they are.
#[derive(Clone, Debug)]
pub struct FreshAdmin(pub Arc<Viewer>);

/// Somebody speaks by a bearer token or, without one, by the access cookie.
#[derive(Clone, Debug)]
pub struct Bearer(pub Arc<Viewer>);

type Door<T> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

macro_rules! door {
    ($name:ident, $enter:expr) => {
        impl FromRequest for $name {
            type Error = AppError;
            type Future = Door<Self>;

            fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
                let req = req.clone();
                Box::pin(async move { ($enter)(req).await })
            }
        }
    };
}

door!(MaybeUser, |req: HttpRequest| async move { Ok(Self(visitor(&req).await?)) });
door!(CurrentUser, |req: HttpRequest| async move { Ok(Self(user(&req).await?)) });
door!(Admin, |req: HttpRequest| async move { Ok(Self(admin(&req).await?)) });
door!(FreshUser, |req: HttpRequest| async move { Ok(Self(fresh(&req, user(&req).await?)?)) });
door!(FreshAdmin, |req: HttpRequest| async move { Ok(Self(fresh(&req, admin(&req).await?)?)) });
door!(Bearer, |req: HttpRequest| async move { Ok(Self(caller(&req).await?)) });

async fn user(req: &HttpRequest) -> AppResult<Arc<Viewer>> {
    visitor(req).await?.ok_or_else(|| AppError::new(Kind::Unauthenticated))
}

async fn admin(req: &HttpRequest) -> AppResult<Arc<Viewer>> {
    let viewer = user(req).await?;
    if viewer.person.role == Role::Admin { Ok(viewer) } else { Err(AppError::new(Kind::Forbidden)) }
}

fn fresh(req: &HttpRequest, viewer: Arc<Viewer>) -> AppResult<Arc<Viewer>> {
    let now = App::require(req)?.clock.now();
    if viewer.session.is_fresh(now) { Ok(viewer) } else { Err(AppError::new(Kind::NotFresh)) }
}

/// Who is there, left in the request's extensions too, so that a refusal further on is shown in their frame.
async fn visitor(req: &HttpRequest) -> AppResult<Option<Arc<Viewer>>> {
    let viewer = recognise(req).await?;
    if let Some(viewer) = &viewer {
        req.extensions_mut().insert(viewer.clone());
    }
    Ok(viewer)
}

/// A database that does not answer is a refusal, never an anonymous visitor.
async fn recognise(req: &HttpRequest) -> AppResult<Option<Arc<Viewer>>> {
    let app = App::require(req)?;
    if let Some(token) = cookies::value(req.headers(), &app.names.access)
        && let Spoken::For(viewer) = speak(&app, token).await?
    {
        return Ok(Some(viewer));
    }
    renew_by_cookie(&app, req).await
}

/// The JSON caller: a bearer wins, and cookies are then ignored; an expired cookie is not renewed here, the front end asks
/// for that. Only one that a change of role or standing has ended is renewed in place, and then judged.
async fn caller(req: &HttpRequest) -> AppResult<Arc<Viewer>> {
    let app = App::require(req)?;
    let refused = |code| AppError::with_code(Kind::Unauthenticated, code);
    if let Some(token) = bearer(req.headers())? {
        return match speak(&app, token).await? {
            Spoken::For(viewer) => Ok(viewer),
            Spoken::Nobody(code) => Err(refused(code)),
            Spoken::Outdated => Err(refused("token_not_valid")),
        };
    }
    let Some(token) = cookies::value(req.headers(), &app.names.access) else {
        return Err(refused("not_authenticated"));
    };
    match speak(&app, token).await? {
        Spoken::For(viewer) => Ok(viewer),
        Spoken::Nobody(code) => Err(refused(code)),
        Spoken::Outdated => renew_by_cookie(&app, req).await?.ok_or_else(|| refused("token_not_valid")),
    }
}

/// The token of an `Authorization: Bearer` header, if there is one (RFC 6750 section 2.1).
fn bearer(headers: &HeaderMap) -> AppResult<Option<&str>> {
    let refused = || AppError::with_code(Kind::Unauthenticated, "bad_authorization_header");
    let mut headers = headers.get_all(AUTHORIZATION);
    let header = match (headers.next(), headers.next()) {
        (Some(header), None) => header,
        (Some(_), Some(_)) => return Err(refused()),
        (None, _) => return Ok(None),
    };
    let text = header.to_str().map_err(|_not_ascii| refused())?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(Some(token.trim()))
        }
        _ => Err(refused()),
    }
}

/// What an access token comes to.
enum Spoken {
    /// It speaks for this person.
    For(Arc<Viewer>),
    /// It speaks for nobody; the code says why.
    Nobody(&'static str),
    /// It is good, but from before a change of role or standing.
    Outdated,
}

async fn speak(app: &App, token: &str) -> AppResult<Spoken> {
    let now = app.clock.now();
    if app.hears_news()
        && let Some(viewer) = app.memory.recall(token, now, &app.changes)
    {
        app.note_seen(&viewer, now);
        return Ok(Spoken::For(viewer));
    }
    let Some(claims) = app.access.verify(&app.keys(), token, now) else { return Ok(Spoken::Nobody("token_not_valid")) };
    let stamp = app.changes.stamp();
    let (sid, sub, version, expires_at) = (claims.sid, claims.sub, claims.ver, claims.exp);
    let found = app.db.read(move |conn| load(conn, &sid, &sub)).await?;
    let (person, session) = match found {
        (None, _) => return Ok(Spoken::Nobody("user_not_found")),
        (Some(person), _) if person.standing != Standing::Active => return Ok(Spoken::Nobody("user_inactive")),
        (Some(person), Some(session)) if session.user_id == person.id && session.is_live(now) => (person, session),
        (Some(_), _) => return Ok(Spoken::Nobody("token_not_valid")),
    };
    if person.version != version {
        return Ok(Spoken::Outdated);
    }
    let viewer = Arc::new(Viewer::new(person, session));
    app.memory.keep(token, viewer.clone(), expires_at, stamp);
    app.note_seen(&viewer, now);
    Ok(Spoken::For(viewer))
}

fn load(conn: &mut Conn, sid: &str, sub: &str) -> AppResult<(Option<Person>, Option<Session>)> {
    let (Ok(sid), Ok(sub)) = (sid.parse::<SessionId>(), sub.parse::<UserId>()) else { return Ok((None, None)) };
    Ok((users::find_person(conn, &sub)?, tokens::find(conn, &sid)?))
}

/// Whether an access token is good now.
///
/// # Errors
/// When the database fails.
pub async fn is_good_access_token(app: &App, token: &str) -> AppResult<bool> {
    Ok(matches!(speak(app, token).await?, Spoken::For(_)))
}

/// Renews both tokens by the refresh cookie; the answer then carries new ones, or clears those of an ended session. A string
/// that is no token of ours says nothing about any session: nothing is cleared for it.
async fn renew_by_cookie(app: &App, req: &HttpRequest) -> AppResult<Option<Arc<Viewer>>> {
    let Some(token) = cookies::value(req.headers(), &app.names.refresh) else { return Ok(None) };
    let Some(claims) = app.refresh.verify(token, app.clock.now()) else { return Ok(None) };
    let (pending, viewer) = match renew(app, claims, circumstances(app, req)).await? {
        Renewal::Goes { viewer, pair } => (PendingCookies::Set(pair), Some(viewer)),
        Renewal::Over(_) => (PendingCookies::Clear, None),
    };
    req.extensions_mut().insert(pending);
    Ok(viewer)
}

/// What became of a wish to renew by cookie alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByCookie {
    /// The answer carries new cookies.
    Renewed,
    /// There was no token of ours, or its session is over.
    Refused,
}

/// Renews by the refresh cookie, whatever the access cookie says.
///
/// # Errors
/// As [`renew`].
pub async fn refresh_cookies(app: &App, req: &HttpRequest) -> AppResult<ByCookie> {
    Ok(if renew_by_cookie(app, req).await?.is_some() { ByCookie::Renewed } else { ByCookie::Refused })
}

/// The session this browser is in by its cookies, without asking the database whether it still lives.
#[must_use]
pub fn replaced_session(app: &App, req: &HttpRequest) -> Option<SessionId> {
    let now = app.clock.now();
    let by_refresh =
        || app.refresh.verify(cookies::value(req.headers(), &app.names.refresh)?, now).map(|claims| claims.sid);
    let by_access = || {
        let token = cookies::value(req.headers(), &app.names.access)?;
        app.access.verify(&app.keys(), token, now).map(|claims| claims.sid)
    };
    by_refresh().or_else(by_access)?.parse().ok()
}
