//! Who is there. Doors for handlers: [`MaybeUser`], [`CurrentUser`], [`Admin`] for pages, [`Bearer`] for JSON.
//!
//! A page's visitor is known by the access cookie; when that is over and the refresh cookie lives, both are renewed on
//! the way and the answer carries the new ones. Only a session that has definitely ended clears cookies.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use super::app::App;
use super::cookies::{self, PendingCookies, TokenPair};
use super::request_id::RequestId;
use super::viewer::Viewer;
use crate::audit::Circumstances;
use crate::db::Conn;
use crate::db::SessionId;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;
use crate::tokens::AccessClaims;
use crate::tokens::Refreshed;
use crate::users;
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
door!(CurrentUser, |req: HttpRequest| async move {
    let viewer = visitor(&req).await?.ok_or_else(|| AppError::new(Kind::Unauthenticated))?;
    Ok(Self(viewer))
});
door!(Admin, |req: HttpRequest| async move {
    let viewer = visitor(&req).await?.ok_or_else(|| AppError::new(Kind::Unauthenticated))?;
    if viewer.person.role == Role::Admin { Ok(Self(viewer)) } else { Err(AppError::new(Kind::Forbidden)) }
});
door!(Bearer, |req: HttpRequest| async move { Ok(Self(caller(&req).await?)) });

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
        && let Some(viewer) = speak(&app, token).await?
    {
        return Ok(Some(viewer));
    }
    match cookies::value(req.headers(), &app.names.refresh) {
        Some(token) => renew(&app, token, req).await,
        None => Ok(None),
    }
}

/// The JSON caller: a bearer wins, and cookies are then ignored; a cookie is not renewed here, the front end asks for that.
async fn caller(req: &HttpRequest) -> AppResult<Arc<Viewer>> {
    let app = App::require(req)?;
    let refused = |code| AppError::with_code(Kind::Unauthenticated, code);
    let mut headers = req.headers().get_all(AUTHORIZATION);
    let token = match (headers.next(), headers.next()) {
        (Some(header), None) => {
            let text = header.to_str().map_err(|_not_ascii| refused("bad_authorization_header"))?;
            match text.split_once(' ') {
                Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
                    Some(token.trim())
                }
                _ => return Err(refused("bad_authorization_header")),
            }
        }
        (Some(_), Some(_)) => return Err(refused("bad_authorization_header")),
        (None, _) => None,
    };
    match token.or_else(|| cookies::value(req.headers(), &app.names.access)) {
        Some(token) => speak(&app, token).await?.ok_or_else(|| refused("token_not_valid")),
        None => Err(refused("not_authenticated")),
    }
}

/// The person an access token speaks for; `None` when it speaks for nobody (any more).
async fn speak(app: &App, token: &str) -> AppResult<Option<Arc<Viewer>>> {
    let now = app.clock.now();
    if app.hears_news()
        && let Some(viewer) = app.memory.recall(token, now, &app.changes)
    {
        return Ok(Some(viewer));
    }
    let Some(claims) = app.access.verify(&app.keys(), token, now) else { return Ok(None) };
    let stamp = app.changes.stamp();
    let (sid, sub, version, expires_at) = (claims.sid, claims.sub, claims.ver, claims.exp);
    let viewer = app.db.read(move |conn| load(conn, &sid, &sub, version)).await?;
    let viewer = viewer.filter(|viewer| viewer.session.is_live(now)).map(Arc::new);
    if let Some(viewer) = &viewer {
        app.memory.keep(token, viewer.clone(), expires_at, stamp);
    }
    Ok(viewer)
}

fn load(conn: &mut Conn, sid: &str, sub: &str, version: i64) -> AppResult<Option<Viewer>> {
    let (Ok(sid), Ok(sub)) = (sid.parse::<SessionId>(), sub.parse::<UserId>()) else { return Ok(None) };
    let Some(session) = tokens::find(conn, &sid)? else { return Ok(None) };
    let Some(person) = users::find_person(conn, &sub)? else { return Ok(None) };
    let good = session.user_id == person.id && person.standing == Standing::Active && person.version == version;
    Ok(good.then(|| Viewer::new(person, session)))
}

/// Renews both tokens by the refresh cookie.
async fn renew(app: &App, token: &str, req: &HttpRequest) -> AppResult<Option<Arc<Viewer>>> {
    let now = app.clock.now();
    // A string that is no token of ours says nothing about any session: nothing is cleared for it.
    let Some(claims) = app.refresh.verify(token, now) else { return Ok(None) };
    if let Ok(session) = claims.sid.parse() {
        app.limits.count_renewal(&session)?;
    }
    let lifetimes = app.lifetimes;
    let how = Circumstances { request_id: RequestId::of(req), ..Circumstances::system(now) };
    let stamp = app.changes.stamp();
    let (viewer, ended) = app
        .db
        .write(move |conn| match tokens::advance(conn, &claims, lifetimes, &how)? {
            Refreshed::Goes(session) => {
                let person = users::find_person(conn, &session.user_id)?;
                let active = person.filter(|person| person.standing == Standing::Active);
                Ok((active.map(|person| Viewer::new(person, *session)), None))
            }
            Refreshed::Over(ended) => Ok((None, ended)),
        })
        .await?;
    if let Some((user, outcome)) = ended {
        tracing::warn!(request_id = RequestId::of(req), user_id = user.as_str(), outcome, "session ended");
        app.changes.mark(&user);
    }
    let Some(viewer) = viewer.map(Arc::new) else {
        req.extensions_mut().insert(PendingCookies::Clear);
        return Ok(None);
    };
    let (pair, claims) = app.token_pair(&viewer.person, &viewer.session, now)?;
    app.memory.keep(&pair.access.0, viewer.clone(), claims.exp, stamp);
    req.extensions_mut().insert(PendingCookies::Set(pair));
    Ok(Some(viewer))
}

/// Cookies for a session that a login has just opened (or opened before, for a repeated callback).
///
/// # Errors
/// When the database fails. `None` when the session is over.
pub async fn credentials(app: &App, session: SessionId) -> AppResult<Option<TokenPair>> {
    let now = app.clock.now();
    let found = app
        .db
        .read(move |conn| {
            let Some(session) = tokens::find(conn, &session)? else { return Ok(None) };
            let person = users::find_person(conn, &session.user_id)?;
            Ok(person.map(|person| Viewer::new(person, session)))
        })
        .await?;
    match found {
        Some(viewer) if viewer.session.is_live(now) && viewer.person.standing == Standing::Active => app
            .token_pair(&viewer.person, &viewer.session, now)
            .map(|(pair, _claims): (TokenPair, AccessClaims)| Some(pair)),
        Some(_) | None => Ok(None),
    }
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
