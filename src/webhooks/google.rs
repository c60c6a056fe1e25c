//! Google's Cross-Account Protection (RISC).

use actix_web::{HttpRequest, HttpResponse, web};

use super::signed;
use crate::error::AppResult;
use crate::web::App;
use crate::web::Client;
use crate::web::Limit;

/// Google says that something happened to an account: 202, or 400 with the words of RFC 8935. Google.
pub(super) async fn events(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    payload: web::Payload,
) -> AppResult<HttpResponse> {
    app.limits.count(Limit::Webhook, client.address)?;
    signed::event_token(&app, &req, "google", payload).await
}
