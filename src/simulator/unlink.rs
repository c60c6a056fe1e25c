//! "Connected services" on a person's own page at the provider: end one there.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;

use super::call::Call;
use super::pages;
use super::provider::Provider;

/// `POST /unlink` of `provider` and `person`: the link and all tokens end.
pub(super) async fn unlink(call: Call) -> HttpResponse {
    let provider = call.form.get("provider").and_then(Provider::parse);
    let (Some(provider), Some(person)) = (provider, call.form.get("person")) else { return pages::nothing(call).await };
    call.state.unlink(provider, person);
    HttpResponse::SeeOther().insert_header((LOCATION, "/")).finish()
}
