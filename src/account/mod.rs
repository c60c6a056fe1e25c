//! A person's own pages, all behind [`crate::web::CurrentUser`].

mod pages;
mod routes;

use crate::web::paths;
use actix_web::web::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(paths::resource("/profile", paths::page(routes::show).chain(paths::form(routes::update))));
}
