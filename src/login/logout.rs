//! Logging out. This browser forgets its session whatever happens; where the database cannot be told now, the person is,
//! and it is told as soon as it answers again.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};

use super::pages::{LogoutDonePage, LogoutIncompletePage};
use crate::audit::Circumstances;
use crate::db::SessionId;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;
use crate::web::App;
use crate::web::Flow;
use crate::web::PendingCookies;
use crate::web::Prefs;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::render;
use crate::web::replaced_session;
use crate::web::see_other;

/// Logs out: the session is over, this browser's key is forgotten. Anybody; without a session it says the same.
pub(super) async fn logout(app: web::Data<App>, req: HttpRequest, flow: Flow) -> AppResult<HttpResponse> {
    let over = match replaced_session(&app, &req) {
        Some(session) => end(&app, session, circumstances(&app, &req)).await?,
        None => true,
    };
    flow.forget();
    req.extensions_mut().insert(PendingCookies::Clear);
    let mut response = if over {
        see_other("/logout/done")
    } else {
        render(StatusCode::SERVICE_UNAVAILABLE, &LogoutIncompletePage::new(chrome(&app, &req, None), &req))
    };
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// Whether it is over; where the database does not answer, it is remembered as to be ended.
async fn end(app: &App, session: SessionId, how: Circumstances) -> AppResult<bool> {
    let (id, request_id, told) = (session.clone(), how.request_id.clone(), how.clone());
    match app.db.write(move |conn| tokens::close(conn, &id, "logout", &told)).await {
        Ok(ended) => {
            if let Some(user) = ended {
                tracing::info!(request_id, user_id = user.as_str(), outcome = "logged_out", "logout");
                app.changes.mark(&user);
            }
            Ok(true)
        }
        Err(error) if error.kind() == Kind::Unavailable => {
            tracing::warn!(request_id, cause = error.cause_line(), "log-out could not be written down; it will be");
            app.end_later(session, how);
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Says that nobody is logged in any more, and offers to log out at Kakao too. Anybody.
pub(super) async fn done(app: web::Data<App>, req: HttpRequest) -> HttpResponse {
    let last = Prefs::of(&req, &app.names).provider;
    let return_to = app.config.server.public_url.join("/logout/done");
    let kakao_logout = last.and_then(|slug| app.registry.find(&slug)?.logout_url(&return_to));
    render(StatusCode::OK, &LogoutDonePage { c: chrome(&app, &req, None), kakao_logout })
}
