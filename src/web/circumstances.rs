//! What the history says about a request: when, which, from where.

use actix_web::HttpRequest;

use super::app::App;
use super::client::Client;
use super::request_id::RequestId;
use crate::audit::Circumstances;

/// The circumstances of what this request does. Nobody's deed until [`Circumstances::by`] says whose.
#[must_use]
pub fn circumstances(app: &App, req: &HttpRequest) -> Circumstances {
    Circumstances {
        request_id: RequestId::of(req),
        address: Client::of(app, req).short_address(),
        ..Circumstances::system(app.clock.now())
    }
}
