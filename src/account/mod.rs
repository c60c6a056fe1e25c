//! A person's own pages, all behind [`crate::web::CurrentUser`].

mod device;
mod pages;
mod routes;

use actix_web::web::{self, ServiceConfig};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/profile").route(web::get().to(routes::show)).route(web::post().to(routes::update)));
}
