//! Every notice is counted with what became of it, so that a provider that has fallen silent, or whose notices are all
//! refused, is seen on the admin's first page.

use actix_web::body::MessageBody;
use actix_web::dev::{HttpServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, Resource, web};

use crate::error::AppError;
use crate::web::App;

/// Why a notice was refused, in an answer that is no [`AppError`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal(pub(super) &'static str);

/// The same resource, whose notices are counted as this provider's.
pub(super) fn counted(provider: &'static str, resource: Resource) -> impl HttpServiceFactory {
    resource.wrap(from_fn(move |req: ServiceRequest, next: Next<_>| count(provider, req, next)))
}

async fn count(
    provider: &'static str,
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let app = req.app_data::<web::Data<App>>().cloned();
    let answer = next.call(req).await?;
    // What is no notice of a provider that is in use is nobody's.
    let Some(app) = app.filter(|app| app.registry.find(provider).is_some()) else { return Ok(answer) };
    if answer.status() != StatusCode::METHOD_NOT_ALLOWED {
        app.desk.tally().notice(provider, refusal(&answer), app.clock.now());
    }
    Ok(answer)
}

/// The code of a refusal; `None`: it was acted on.
fn refusal(answer: &ServiceResponse<impl MessageBody>) -> Option<&'static str> {
    if answer.status().is_success() {
        return None;
    }
    let said = answer.response().extensions().get::<Refusal>().map(|refusal| refusal.0);
    let error = || answer.response().error().and_then(|error| error.as_error::<AppError>()).map(AppError::code);
    Some(said.or_else(error).unwrap_or("bad_request"))
}
