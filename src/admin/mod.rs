//! The admin's pages, all behind [`crate::web::Admin`]; what cannot be taken back also asks for a fresh login.
//!
//! `dashboard.rs` is the numbers, `routes.rs` the list, `export.rs` the list as a file; `person.rs` one user, `acts.rs` what
//! can be done to them: each act asks once on its own page and is carried out by a verb of `users`, which the command line
//! calls too; `audit.rs` is the history.

mod acts;
mod ask;
mod audit;
mod consents;
mod csv;
mod cursor;
mod dashboard;
mod errand;
mod export;
mod health;
mod lines;
mod listing;
mod outbox;
mod pages;
mod person;
mod plot;
mod routes;
mod traces;
mod trickle;

use crate::web::paths;
use actix_web::web::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(paths::resource("/admin", paths::page(dashboard::show)))
        .service(paths::resource("/admin/users", paths::page(routes::users)))
        .service(paths::resource("/admin/users.csv", paths::get(export::users)))
        .service(paths::resource("/admin/audit", paths::page(audit::show)))
        .service(paths::resource("/admin/outbox", paths::page(outbox::show)))
        .service(paths::resource("/admin/users/{id}", paths::page(person::show)));
    acts::routes(cfg);
}
