//! What can be wrong with a request, before a provider finds its own words for it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use serde_json::Value;
use serde_json::json;

/// A fault of an authorization request. The person sees it on a page of the provider's own; the site never hears of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// No such client.
    Client(String),
    /// A key of the app that cannot log people in.
    KindOfKey,
    /// An address that is not registered.
    Redirect(String),
    /// Something else than `code`.
    ResponseType(String),
    /// Scopes that are not known or not set up.
    Scope(String),
    /// A parameter is not there.
    Missing(&'static str),
    /// A parameter has a value that cannot be used.
    Value(&'static str),
    /// The app is not linked with a channel (Kakao).
    Channel,
    /// The person may not log in to this app (yet).
    Person,
}

/// A [`Wrong`] in the words of one provider.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    /// i18n key of what to do.
    pub(super) text: &'static str,
    /// What in particular: the value, the names. Comes from the request, so pages escape it.
    pub(super) detail: Option<String>,
}

/// In the words of RFC 6749, which most providers use on their pages.
pub(super) fn in_plain_words(wrong: &Wrong) -> Refusal {
    let (code, text) = match wrong {
        Wrong::Client(_) | Wrong::KindOfKey => ("invalid_client", "sim-wrong-client"),
        Wrong::Redirect(_) => ("redirect_uri_mismatch", "sim-wrong-redirect"),
        Wrong::ResponseType(_) => ("unsupported_response_type", "sim-wrong-response-type"),
        Wrong::Scope(_) => ("invalid_scope", "sim-wrong-scope"),
        Wrong::Missing(_) => ("invalid_request", "sim-wrong-missing"),
        Wrong::Person => ("access_denied", "sim-wrong-person"),
        Wrong::Value(_) | Wrong::Channel => ("invalid_request", "sim-wrong-value"),
    };
    Refusal { code, text, detail: detail(wrong) }
}

/// What in particular is wrong.
pub(super) fn detail(wrong: &Wrong) -> Option<String> {
    match wrong {
        Wrong::Client(text) | Wrong::Redirect(text) | Wrong::ResponseType(text) | Wrong::Scope(text) => {
            Some(text.clone())
        }
        Wrong::Missing(name) | Wrong::Value(name) => Some((*name).to_owned()),
        Wrong::KindOfKey | Wrong::Channel | Wrong::Person => None,
    }
}

/// A fault of a token request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenFault {
    /// No such client, or none named.
    Client(Option<String>),
    /// The client did not prove itself.
    Secret,
    /// A grant that is not offered, or none named.
    GrantType,
    /// A parameter is not there.
    Missing(&'static str),
    /// Used, too old, or never issued; the code.
    Code(String),
    /// Issued to another client.
    OtherClient,
    /// Issued for another address.
    Redirect,
    /// The verifier does not prove the challenge, or is missing.
    Verifier,
    /// There is a verifier and there was no challenge.
    StrayVerifier,
    /// The state is not the one of the authorization request.
    State,
    /// A refresh token that cannot be used.
    Refresh,
}

impl TokenFault {
    /// Its name in RFC 6749 section 5.2.
    pub(super) const fn oauth_name(&self) -> &'static str {
        match self {
            Self::Client(_) | Self::Secret => "invalid_client",
            Self::GrantType => "unsupported_grant_type",
            Self::Missing(_) => "invalid_request",
            _ => "invalid_grant",
        }
    }

    /// `{"error": …, "error_description": …}`.
    pub(super) fn answer(status: u16, error: &str, description: &str) -> HttpResponse {
        json_answer(status, &json!({"error": error, "error_description": description}))
    }
}

/// Why an access token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoToken {
    /// There is none.
    Missing,
    /// Never issued, revoked, or of another provider.
    Unknown,
    /// Past its time.
    Expired,
}

/// JSON with the content type Kakao and others give it.
pub(super) fn json_answer(status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).insert_header((CONTENT_TYPE, "application/json;charset=UTF-8")).body(body.to_string())
}
