//! Log in, log out, and what a browser may prefer.
//!
//! `routes.rs` takes guests in and answers; `again.rs` has somebody prove once more who they are; `callback.rs` is the way
//! back from a provider, which one provider posts (`posted.rs`); `welcome.rs` asks whoever brought a new account that could
//! be linked; what a login *is* is decided in `signin`.

mod again;
mod brought;
mod callback;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use brought::read as read_callback;
mod logout;
mod pages;
mod posted;
mod routes;
mod welcome;

use actix_web::web::{self, ServiceConfig};

use crate::web::App;
use crate::web::flow_middleware;
use crate::web::paths;

/// The routes of this room. Those under `/login` and the log-out carry the encrypted flow cookie.
pub fn routes(cfg: &mut ServiceConfig, app: &App) {
    let login = paths::under("/login");
    cfg.service(
        web::scope("/login")
            .wrap(flow_middleware(app))
            .service(login.resource("", paths::page(routes::show)))
            .service(login.resource("/again", paths::get(again::again)))
            .service(login.resource("/{provider}", paths::get(routes::start)))
            // Posted from the provider's page: one of the addresses that `web::csrf` leaves to their handlers.
            .service(
                login.resource(
                    "/{provider}/callback",
                    paths::get(callback::callback).chain(paths::form(posted::posted)),
                ),
            ),
    )
    .service(
        paths::resource("/welcome", paths::page(welcome::show).chain(paths::form(welcome::say)))
            .wrap(flow_middleware(app)),
    )
    .service(paths::resource("/logout", paths::form(logout::logout)).wrap(flow_middleware(app)))
    .service(paths::resource("/logout/done", paths::page(logout::done)))
    .service(paths::resource("/preferences", paths::form(routes::preferences)));
}
