//! The way back to the site: a redirect, or at Apple a form that posts itself.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;

use super::authorize::redirect;
use super::call::{Call, Pairs};
use super::errors::Wrong;
use super::grants::{Grant, opaque};
use super::manners::Habit;
use super::pages;
use super::played::{apple, google};
use super::provider::Provider;
use super::request;
use super::request::AuthorizeRequest;
use super::state::State;
use crate::error::AppError;

/// With a code.
pub(super) fn with_code(
    state: &State,
    request: &AuthorizeRequest,
    grant: &Grant,
    code: &str,
) -> Result<HttpResponse, AppError> {
    let mut pairs = vec![("code".to_owned(), code.to_owned())];
    pairs.extend(match request.provider {
        Provider::Google => google::beside_the_code(grant),
        Provider::Apple => apple::beside_the_code(grant),
        _ => Vec::new(),
    });
    Ok(send(state, request, &pairs))
}

/// With an error.
pub(super) fn denied(state: &State, request: &AuthorizeRequest, error: &[(&str, &str)]) -> HttpResponse {
    let pairs: Vec<_> = error.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    send(state, request, &pairs)
}

/// LINE's failed auto-login: another browser comes back, with a code and a state that nobody issued.
pub(super) fn wrong_browser(request: &AuthorizeRequest) -> HttpResponse {
    let strange = opaque().unwrap_or_default().replace(['-', '_'], "x");
    let pairs = [("code", &strange[..20.min(strange.len())])];
    let blank = request.provider.manners().blank;
    redirect(StatusCode::FOUND, &request::return_address(&request.redirect_uri, &pairs, Some("nobodysState"), blank))
}

/// What the site never hears of, except that GitHub tells the address it knows about an address it does not know.
pub(super) fn stranded(call: &Call, wrong: &Wrong, query: &Pairs, raw_query: &str) -> HttpResponse {
    let known = call.state.app.at(call.provider);
    let client = known.filter(|known| query.get("client_id") == Some(&known.client_id));
    match (call.provider, wrong, client.and_then(|known| known.redirect_uris.first())) {
        (Provider::Github, Wrong::Redirect(_), Some(registered)) => {
            let pairs = [
                ("error", "redirect_uri_mismatch"),
                ("error_description", "The redirect_uri MUST match the registered callback URL for this application."),
            ];
            let state = request::raw(raw_query, "state").filter(|state| request::is_query_value(state));
            redirect(StatusCode::FOUND, &request::return_address(registered, &pairs, state, "+"))
        }
        _ => pages::refusal(call, wrong),
    }
}

fn send(state: &State, request: &AuthorizeRequest, pairs: &[(String, String)]) -> HttpResponse {
    let mut pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let issuer = issuer(request.provider, &state.origin);
    if state.has_habit(request.provider, Habit::CallbackIssuer) {
        pairs.push(("iss", &issuer));
    }
    if request.posted {
        return posted(state, request.provider, &request.redirect_uri, request.raw_state.as_deref(), &pairs);
    }
    redirect(StatusCode::FOUND, &request.back(&pairs))
}

/// How a provider names itself in the callback (RFC 9207).
fn issuer(provider: Provider, origin: &str) -> String {
    let issuer = provider.issuer(origin);
    if provider == Provider::Github { format!("{issuer}/login/oauth") } else { issuer }
}

/// A page whose form posts itself to the site from here, which is another site: cookies that are `Lax` stay at home. Its
/// policy lets the one script run that it holds, by its hash.
pub(super) fn posted(
    state: &State,
    provider: Provider,
    redirect_uri: &str,
    raw_state: Option<&str>,
    pairs: &[(&str, &str)],
) -> HttpResponse {
    let mut fields: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    fields.extend(raw_state.map(|raw| ("state".to_owned(), request::decoded(raw))));
    let mut answer = pages::posted(state, provider, redirect_uri, &fields);
    if let Ok(policy) = pages::posting_policy().try_into() {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    answer
}
