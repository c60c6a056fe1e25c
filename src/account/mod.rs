//! A person's own pages, all behind [`crate::web::CurrentUser`].

mod pages;
mod routes;
mod sessions;

use crate::web::paths;
use actix_web::web::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    let others = paths::page(sessions::ask_others).chain(paths::form(sessions::revoke_others));
    cfg.service(paths::resource("/profile", paths::page(routes::show).chain(paths::form(routes::update))))
        .service(paths::resource("/profile/sessions", paths::page(sessions::list)))
        .service(paths::resource("/profile/sessions/revoke-others", others))
        .service(paths::resource("/profile/sessions/{id}/revoke", paths::form(sessions::revoke)));
}
