//! Health. `/healthz`: the process answers. `/readyz`: it should be sent work: the database answers and nobody has told
//! the server to stop.

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, http::StatusCode};
use diesel::prelude::*;

use crate::web::App;
use crate::web::paths;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(paths::resource("/healthz", paths::page(healthz)))
        .service(paths::resource("/readyz", paths::page(readyz)));
}

async fn healthz() -> HttpResponse {
    say(StatusCode::OK, "ok")
}

async fn readyz(app: web::Data<App>) -> HttpResponse {
    if app.is_stopping() {
        return say(StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match app.db.read(|conn| Ok(diesel::sql_query("select 1").execute(conn)?)).await {
        Ok(_) => say(StatusCode::OK, "ready"),
        Err(_logged_by_the_pool) => say(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}

fn say(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(text)
}
