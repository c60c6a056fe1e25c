//! Headers every answer carries.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue, LOCATION,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// Two years; the minimum asked for is one.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    ),
];

/// What depends on the settings.
#[derive(Clone, Debug)]
pub struct Policy {
    csp: HeaderValue,
    https: bool,
}

impl Policy {
    /// A policy that lets pictures come from these origins and everything else from here.
    ///
    /// # Errors
    /// When an origin cannot stand in a header.
    pub fn new(picture_origins: &[String], https: bool) -> Result<Self, InvalidHeaderValue> {
        let pictures = picture_origins.join(" ");
        let csp = format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' {pictures}; form-action 'self'; \
             base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        );
        Ok(Self { csp: HeaderValue::from_str(&csp)?, https })
    }

    /// Adds what the handler did not set itself. Nothing personal is ever cached: only what says otherwise may be.
    pub fn apply(&self, status: StatusCode, headers: &mut HeaderMap) {
        for (name, value) in FIXED {
            headers.insert(name, value);
        }
        headers.insert(CONTENT_SECURITY_POLICY, self.csp.clone());
        let referrer = if status.is_redirection() { "no-referrer" } else { "same-origin" };
        headers.insert(REFERRER_POLICY, HeaderValue::from_static(referrer));
        if self.https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
        }
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}

/// 303 to a place: after it, the browser asks with GET, whatever it did before.
#[must_use]
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).finish()
}
