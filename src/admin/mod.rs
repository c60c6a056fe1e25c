//! The admin's pages, all behind [`crate::web::Admin`].

mod pages;
mod routes;

use crate::web::paths;
use actix_web::web::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(paths::resource("/admin", paths::page(routes::home)))
        .service(paths::resource("/admin/users", paths::page(routes::users)));
}
