//! The practice providers: a listener of its own that plays Kakao, Naver, Google, GitHub, Apple, LINE and an issuer nobody
//! has a file for, for trying the site and for its tests. It is an outside program to everything else here and is spoken to
//! over HTTP only. Kakao is at the root (`kauth.kakao.com` and `kapi.kakao.com` at once), each other provider below a prefix
//! with its real paths behind it, so the base addresses and the issuer of a demo are the origin and that prefix.
//!
//! Everybody may be anyone, which is why it listens on loopback only. It keeps all state in memory, bounded, and forgets
//! it when it stops. What the providers' documents leave open is marked as a guess where it is decided.
//!
//! # The rooms
//!
//! One engine serves all: `authorize` asks who and whether, `back` leads back, `tokens` trades codes, `grants`
//! remembers what was issued, `keys` and `jose` sign. What is particular to a provider is data
//! (`manners::Manners`) and shapes in its file in `played`; who can be whom stands in `people`.
//!
//! # One login, as a browser or a test walks it
//!
//! 1. `GET` the provider's authorization address with its parameters:
//!    - a fault of the request: status 400, a page with the provider's code, never a redirect;
//!    - `prompt=none` where it is known: 302 back, with a code or with an error;
//!    - otherwise 200, a page with a form `POST …/person` of the fields `request` (opaque, names this request for half an
//!      hour) and `person` (a button for each, its value is the id of [`people::Person`]).
//! 2. `POST …/person`: back when nothing has to be agreed to (or who was chosen is turned away), otherwise 303 to
//!    `…/consent?request=…`.
//! 3. `GET …/consent?request=…`: 200, a page with a form `POST …/consent` of the fields `request`, `decision` (`agree` or
//!    `cancel`) and `scope`, repeated for each optional item that is ticked.
//! 4. `POST …/consent`: back, with a code or with an error.
//!
//! "Back" is 302 to the `redirect_uri` with `code` or `error` and `state`; at Apple a page whose form posts these there. The
//! cookie `sim_session` remembers who the browser is at each provider; [`State`] remembers who is linked and what they
//! agreed to.
//!
//! # Bad weather
//!
//! `/weather` (Kakao's) and `/weather/{provider}` are pages of switches: each makes one step of a login fail in one way,
//! once or until it is switched off; further ones change the ID tokens, the provider's habits and its keys. Tests do the same
//! through [`State`], and may also change any answer in JSON. `/notices` sends what providers send by themselves ([`notices`]).

mod app;
mod authorize;
mod back;
mod bounded;
mod call;
mod client;
mod consent;
mod errors;
mod grants;
mod jose;
mod keys;
mod listener;
mod manners;
mod pages;
mod pictures;
mod played;
mod provider;
mod record;
mod request;
mod state;
mod tokens;
mod unlink;
mod weather;

pub mod notices;
pub mod people;

#[cfg(test)]
mod tests;

pub use app::{App, Registered};
pub use call::AuthorizationKind;
pub use jose::{By, Draft};
pub use listener::{Running, start};
pub use manners::Habit;
pub use provider::Provider;
pub use record::{Fault, Recorded};
pub use state::State;
pub use weather::{NamedTwist, Place, TWISTS, Trouble, twist};

use actix_web::web;

/// Every address of the practice providers.
fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(pages::index))
        .route("/unlink", web::post().to(unlink::unlink))
        .route("/notices", web::get().to(notices::show))
        .route("/notices", web::post().to(notices::again))
        .route("/notices/{provider}", web::get().to(notices::show_at))
        .route("/notices/{provider}", web::post().to(notices::send))
        .route("/simulator.css", web::get().to(pages::stylesheet))
        .route("/pictures/{file}", web::get().to(pictures::show))
        .route("/weather", web::get().to(weather::show))
        .route("/weather", web::post().to(weather::change))
        .route("/weather/{provider}", web::get().to(weather::show_at))
        .route("/weather/{provider}", web::post().to(weather::change_at));
    played::kakao::routes(cfg);
    played::naver::routes(cfg);
    played::google::routes(cfg);
    played::github::routes(cfg);
    played::apple::routes(cfg);
    played::line::routes(cfg);
    played::oidc::routes(cfg);
    cfg.default_service(web::to(pages::nothing));
}
