//! Log in, log out, and what a browser may prefer.
//!
//! `routes.rs` takes guests in and answers; `callback.rs` is the way back from a provider; what a login *is* is decided
//! in `signin`.

mod callback;
mod pages;
mod routes;

use actix_web::web::{self, ServiceConfig};

use crate::web::App;
use crate::web::flow_middleware;

/// The routes of this room. Those under `/login` and the log-out carry the encrypted flow cookie.
pub fn routes(cfg: &mut ServiceConfig, app: &App) {
    cfg.service(
        web::scope("/login")
            .wrap(flow_middleware(app))
            .service(web::resource("").route(web::get().to(routes::show)).route(web::head().to(routes::show)))
            .service(web::resource("/{provider}").route(web::get().to(routes::start)))
            .service(web::resource("/{provider}/callback").route(web::get().to(callback::callback))),
    )
    .service(web::resource("/logout").wrap(flow_middleware(app)).route(web::post().to(routes::logout)))
    .service(web::resource("/logout/done").route(web::get().to(routes::logout_done)))
    .service(web::resource("/preferences").route(web::post().to(routes::preferences)));
}
