//! Apple's server-to-server notices.

use actix_web::{HttpRequest, HttpResponse, web};

use super::signed;
use crate::error::AppResult;
use crate::web::App;
use crate::web::Client;
use crate::web::Limit;

/// Apple says that something happened to an account: 200, or 400 with the words of RFC 8935. Apple.
pub(super) async fn events(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    payload: web::Payload,
) -> AppResult<HttpResponse> {
    app.limits.count(Limit::Webhook, client.address)?;
    signed::wrapped_token(&app, &req, "apple", payload).await
}
