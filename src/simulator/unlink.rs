//! "Connected services" on a person's own page at the provider: end one there.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;

use super::call::Call;
use super::notices;
use super::notices::Notice;
use super::pages;
use super::provider::Provider;

/// `POST /unlink` of `provider` and `person`: the link and all tokens end, and the site is told as this provider does.
pub(super) async fn unlink(call: Call) -> HttpResponse {
    let provider = call.form.get("provider").and_then(Provider::parse);
    let (Some(provider), Some(person)) = (provider, call.form.get("person")) else { return pages::nothing(call).await };
    let told = call.state.unlink(provider, person) && !Notice::of(provider).is_empty();
    if told {
        notices::after_unlink(&call.state, provider, person).await;
    }
    let next = if told { format!("/notices/{}", provider.name()) } else { "/".to_owned() };
    HttpResponse::SeeOther().insert_header((LOCATION, next)).finish()
}
