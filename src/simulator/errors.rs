//! Refusals in Kakao's two shapes: `KOE…` of kauth, negative numbers of kapi.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use serde_json::{Value, json};

/// Shown to the person on a page of its own; the site never hears of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Koe {
    pub(super) code: &'static str,
    /// What in particular: the value, the names. Comes from the request, so pages escape it.
    pub(super) detail: Option<String>,
}

impl Koe {
    pub(super) const fn new(code: &'static str) -> Self {
        Self { code, detail: None }
    }

    pub(super) fn about(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: Some(detail.into()) }
    }
}

/// A refused token request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TokenFault {
    pub(super) status: u16,
    pub(super) error: &'static str,
    pub(super) code: &'static str,
    pub(super) description: String,
}

impl TokenFault {
    pub(super) fn new(status: u16, error: &'static str, code: &'static str, description: impl Into<String>) -> Self {
        Self { status, error, code, description: description.into() }
    }

    /// KOE320 names the code it did not find, as Kakao does; that is why a site must not log the description.
    pub(super) fn no_such_code(code: &str) -> Self {
        Self::new(400, "invalid_grant", "KOE320", format!("authorization code not found for code={code}"))
    }

    /// KOE322, for every refresh token that cannot be used.
    pub(super) fn no_such_refresh_token() -> Self {
        Self::new(400, "invalid_grant", "KOE322", "expired_or_invalid_refresh_token")
    }

    pub(super) fn answer(&self) -> HttpResponse {
        let body = json!({"error": self.error, "error_description": self.description, "error_code": self.code});
        json_answer(self.status, &body)
    }
}

/// A refused kapi call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ApiFault {
    pub(super) status: u16,
    pub(super) code: i32,
    pub(super) message: &'static str,
}

impl ApiFault {
    const fn unauthorized(message: &'static str) -> Self {
        Self { status: 401, code: -401, message }
    }

    /// No `Authorization`, or one that is neither a token nor the admin key.
    pub(super) const NO_KEY: Self = Self::unauthorized("no authentication key!");
    /// Never issued, logged out, or unlinked.
    pub(super) const NO_TOKEN: Self = Self::unauthorized("this access token does not exist");
    /// Past its time.
    pub(super) const EXPIRED: Self = Self::unauthorized("this access token is already expired");
    /// Nobody of that number is linked with the app.
    pub(super) const NOT_LINKED: Self = Self { status: 400, code: -101, message: "NotRegisteredUserException" };

    /// A parameter is missing or malformed. The text is a guess.
    pub(super) const fn bad_parameter(message: &'static str) -> Self {
        Self { status: 400, code: -2, message }
    }

    pub(super) fn answer(&self) -> HttpResponse {
        let mut answer = json_answer(self.status, &json!({"msg": self.message, "code": self.code}));
        if self.status == 401 {
            let challenge = actix_web::http::header::HeaderValue::from_static("Bearer error=invalid_token");
            answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        answer
    }
}

/// JSON with the content type Kakao gives it.
pub(super) fn json_answer(status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).insert_header((CONTENT_TYPE, "application/json;charset=UTF-8")).body(body.to_string())
}
