//! The admin's pages, all behind [`crate::web::Admin`].

mod pages;
mod routes;

use actix_web::web::{self, ServiceConfig};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/admin").route(web::get().to(routes::home)))
        .service(web::resource("/admin/users").route(web::get().to(routes::users)));
}
