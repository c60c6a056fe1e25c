//! The practice provider: a listener of its own that plays Kakao, for trying the site and for its tests. It is an
//! outside program to everything else here and is spoken to over HTTP only; it stands for `kauth.kakao.com` and
//! `kapi.kakao.com` at once, so the auth base, the API base and the issuer of a demo are all its one origin.
//!
//! Everybody may be anyone, which is why it listens on loopback only. It keeps all state in memory, bounded, and forgets
//! it when it stops. What Kakao's documents leave open is marked as a guess where it is decided.
//!
//! # One login, as a browser or a test walks it
//!
//! 1. `GET /oauth/authorize?client_id&redirect_uri&response_type=code[&state&nonce&scope&prompt&code_challenge…]`
//!    - a fault of the request: status 400, a page with a `KOE…` code, never a redirect;
//!    - `prompt=none`: 302 back, with a code or with `error=login_required | consent_required | access_denied`;
//!    - otherwise 200, a page with a form `POST /oauth/authorize/person` of the fields `request` (opaque, names this
//!      request for half an hour) and `person` (a button for each, its value is the id of [`people::Person`]).
//! 2. `POST /oauth/authorize/person`: 302 back when nothing has to be agreed to (or who was chosen is too young),
//!    otherwise 303 to `/oauth/authorize/consent?request=…`.
//! 3. `GET /oauth/authorize/consent?request=…`: 200, a page with a form `POST /oauth/authorize/consent` of the fields
//!    `request`, `decision` (`agree` or `cancel`) and `scope`, repeated for each optional item that is ticked.
//! 4. `POST /oauth/authorize/consent`: 302 back, with a code or with `error=access_denied`.
//!
//! "Back" is the `redirect_uri` with `?code=…&state=…` or `?error=…&error_description=…&state=…`. The cookie
//! `sim_session` remembers who the browser is; [`State`] remembers who is linked and what they agreed to.
//!
//! # Bad weather
//!
//! `/weather` is a page of switches: each makes one place (the authorize page, the token endpoint, the keys, the profile)
//! fail in one way, once or until it is switched off, so that anyone can see how the site behaves then.

mod app;
mod authorize;
mod bounded;
mod call;
mod consent;
mod discovery;
mod errors;
mod grants;
mod id_token;
mod listener;
mod logout;
mod pages;
mod pictures;
mod request;
mod shapes;
mod state;
mod token;
mod users;
mod weather;

pub mod people;

#[cfg(test)]
mod tests;

pub use app::{App, ConsentItem, Requirement};
pub use call::AuthorizationKind;
pub use listener::{Running, start};
pub use state::{Fault, Recorded, State};
pub use weather::{Place, Trouble};

use actix_web::web;

/// Every address of the practice provider.
fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(pages::index))
        .route("/simulator.css", web::get().to(pages::stylesheet))
        .route("/pictures/{file}", web::get().to(pictures::show))
        .route("/weather", web::get().to(weather::show))
        .route("/weather", web::post().to(weather::change))
        .route("/oauth/authorize", web::get().to(authorize::show))
        .route("/oauth/authorize/person", web::post().to(authorize::choose))
        .route("/oauth/authorize/consent", web::get().to(authorize::ask))
        .route("/oauth/authorize/consent", web::post().to(authorize::decide))
        .route("/oauth/logout", web::get().to(logout::show))
        .route("/oauth/logout", web::post().to(logout::leave))
        .route("/oauth/token", web::post().to(token::exchange))
        .route("/.well-known/openid-configuration", web::get().to(discovery::configuration))
        .route("/.well-known/jwks.json", web::get().to(discovery::keys))
        .route("/v1/oidc/userinfo", web::get().to(users::userinfo))
        .route("/v2/user/me", web::get().to(users::me))
        .route("/v2/user/me", web::post().to(users::me))
        .route("/v1/user/access_token_info", web::get().to(users::token_info))
        .route("/v1/user/logout", web::post().to(users::logout))
        .route("/v1/user/unlink", web::post().to(users::unlink))
        .default_service(web::to(pages::nothing));
}
