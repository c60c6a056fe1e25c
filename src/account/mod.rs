//! A person's own pages, all behind [`crate::web::CurrentUser`].

mod export;
mod identities;
mod leave;
mod pages;
mod promise;
mod routes;
mod sessions;
mod unlink;

use crate::web::App;
use crate::web::FormPage;
use crate::web::flow_middleware;
use crate::web::paths;
use actix_web::web::ServiceConfig;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig, app: &App) {
    let others = paths::page(sessions::ask_others).chain(paths::form(sessions::revoke_others));
    let unlinking = paths::page(unlink::ask).chain(paths::form(unlink::unlink));
    cfg.service(paths::resource("/profile", paths::page(routes::show).chain(paths::form(routes::update))))
        .service(paths::resource("/profile/identities", paths::page(identities::list)))
        .service(
            paths::resource("/profile/identities/{provider}/link", paths::form(identities::link))
                .app_data(FormPage("/profile/identities"))
                .wrap(flow_middleware(app)),
        )
        .service(paths::resource("/profile/sessions", paths::page(sessions::list)))
        .service(paths::resource("/profile/sessions/revoke-others", others))
        .service(paths::resource("/profile/sessions/{id}/revoke", paths::form(sessions::revoke)))
        .service(paths::resource("/profile/identities/{id}/unlink", unlinking))
        .service(paths::resource("/profile/export", paths::get(export::export)))
        .service(paths::resource("/profile/delete", paths::page(leave::ask).chain(paths::form(leave::leave))));
}
