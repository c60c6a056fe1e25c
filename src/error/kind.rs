//! The kinds of refusal.

use actix_web::http::StatusCode;

/// The kinds of refusal, by meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request makes no sense.
    BadRequest,
    /// Nobody is logged in.
    Unauthenticated,
    /// Someone is logged in and may not.
    Forbidden,
    /// They may, once they have proved again who they are.
    NotFresh,
    /// There is no such thing, or it is none of the caller's business.
    NotFound,
    /// The thing exists and cannot be used this way.
    MethodNotAllowed,
    /// The state of things forbids it.
    Conflict,
    /// The body is too large.
    TooLarge,
    /// The body is of a type nobody asked for.
    UnsupportedMediaType,
    /// The request was meant for another host (RFC 9110 section 15.5.20).
    Misdirected,
    /// The body did not come in time (RFC 9110 section 15.5.9).
    TooSlow,
    /// Too many requests (RFC 6585 section 4); see [`super::AppError::retry_after`].
    TooMany,
    /// Somebody whom this server asked answered in a way that only the operator can mend.
    BadGateway,
    /// An identity provider cannot be asked now.
    ProviderUnavailable,
    /// It came too late or cannot be done now; trying again helps.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Kind {
    /// The HTTP status of this kind.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::NotFresh => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::ProviderUnavailable | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The code a reader may quote when nothing more exact is known; also the stem of the words shown
    /// (`error-<code>-title`, `error-<code>-text`, with `-` for `_`).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::Unauthenticated => "not_authenticated",
            Self::Forbidden => "forbidden",
            Self::NotFresh => "fresh_login_required",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::Misdirected => "misdirected",
            Self::TooSlow => "too_slow",
            Self::TooMany => "too_many_requests",
            Self::BadGateway => "bad_gateway",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// Every kind; the test of the words walks it.
    pub const ALL: [Self; 16] = [
        Self::BadRequest,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFresh,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::Misdirected,
        Self::TooSlow,
        Self::TooMany,
        Self::BadGateway,
        Self::ProviderUnavailable,
        Self::Unavailable,
        Self::Internal,
    ];
}
