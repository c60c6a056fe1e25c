//! Refusals in Kakao's three shapes: `KOE…` of kauth on its page and as JSON, negative numbers of kapi.

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use serde_json::json;

use super::super::super::errors::{NoToken, Refusal, TokenFault, Wrong, detail, json_answer};

/// A fault of the authorization request, as Kakao's page calls it.
pub(super) fn in_koe(wrong: &Wrong) -> Refusal {
    let (code, text) = match wrong {
        Wrong::Client(_) => ("KOE101", "sim-koe101"),
        Wrong::KindOfKey => ("KOE008", "sim-koe008"),
        Wrong::Redirect(uri) if uri.starts_with("logout ") => ("KOE007", "sim-koe007"),
        Wrong::Redirect(_) => ("KOE006", "sim-koe006"),
        Wrong::ResponseType(kind) if kind == "token" => ("KOE202", "sim-koe202"),
        Wrong::ResponseType(_) => ("KOE201", "sim-koe201"),
        Wrong::Scope(_) => ("KOE205", "sim-koe205"),
        Wrong::Missing(_) => ("KOE207", "sim-koe207"),
        Wrong::Value(_) => ("KOE204", "sim-koe-other"),
        Wrong::Channel => ("KOE102", "sim-koe-other"),
        Wrong::Person => ("KOE005", "sim-wrong-person"),
    };
    let detail = match wrong {
        Wrong::Redirect(uri) => Some(uri.trim_start_matches("logout ").to_owned()),
        Wrong::ResponseType(kind) if kind != "token" => Some(format!("Unsupported response type: {kind}")),
        Wrong::ResponseType(_) => None,
        Wrong::Channel => Some("Required PLUS_FRIENDS_ON_AGREEMENT_SUPPORTED permission".to_owned()),
        other => detail(other),
    };
    Refusal { code, text, detail }
}

/// A refused token request. KOE320 names the code it did not find, as Kakao does; that is why a site must not log the
/// description. That a wrong verifier is answered like a wrong code is a guess.
pub(super) fn refuse_token(fault: &TokenFault) -> HttpResponse {
    let no_code = |code: &str| format!("authorization code not found for code={code}");
    let (status, error, code, description) = match fault {
        TokenFault::Client(id) => {
            let id = id.as_deref().unwrap_or("null");
            (401, "invalid_client", "KOE101", format!("Not exist client_id [{id}]"))
        }
        TokenFault::Secret => (401, "invalid_client", "KOE010", "Bad client credentials".to_owned()),
        TokenFault::GrantType => (400, "unsupported_grant_type", "KOE310", "unsupported grant_type".to_owned()),
        TokenFault::Missing(name) => (400, "invalid_grant", "KOE319", format!("{name} is required")),
        TokenFault::Code(presented) => (400, "invalid_grant", "KOE320", no_code(presented)),
        TokenFault::Verifier | TokenFault::StrayVerifier | TokenFault::State => {
            (400, "invalid_grant", "KOE320", no_code("***"))
        }
        TokenFault::OtherClient => (400, "invalid_grant", "KOE114", "Application ID mismatch".to_owned()),
        TokenFault::Redirect => (400, "invalid_grant", "KOE303", "Redirect URI mismatch.".to_owned()),
        TokenFault::Refresh => (400, "invalid_grant", "KOE322", "expired_or_invalid_refresh_token".to_owned()),
    };
    koe(status, error, code, &description)
}

/// An error of kauth.
pub(in super::super::super) fn koe(status: u16, error: &str, code: &str, description: &str) -> HttpResponse {
    json_answer(status, &json!({"error": error, "error_description": description, "error_code": code}))
}

/// A refused kapi call.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super::super) struct ApiFault {
    pub(in super::super::super) status: u16,
    pub(in super::super::super) code: i32,
    pub(in super::super::super) message: &'static str,
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

    pub(in super::super::super) fn answer(&self) -> HttpResponse {
        let mut answer = json_answer(self.status, &json!({"msg": self.message, "code": self.code}));
        if self.status == 401 {
            answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=invalid_token"));
        }
        answer
    }
}

impl From<NoToken> for ApiFault {
    fn from(why: NoToken) -> Self {
        match why {
            NoToken::Missing => Self::NO_KEY,
            NoToken::Unknown => Self::NO_TOKEN,
            NoToken::Expired => Self::EXPIRED,
        }
    }
}
