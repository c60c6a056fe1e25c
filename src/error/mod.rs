//! One error for every room. It says what kind of refusal this is, which stable code the reader may quote, and keeps
//! the cause for the log alone: nothing of a cause is ever sent.

mod kind;

use std::error::Error;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

pub use kind::Kind;

/// Any failure's cause, as the log sees it.
pub type Cause = Box<dyn Error + Send + Sync>;

/// What every fallible function above this one answers.
pub type AppResult<T> = Result<T, AppError>;

/// Whoever is told that something cannot be done now tries again after so many seconds.
const PAUSE: u32 = 5;

/// A refusal on its way to the edge, where it is logged once and turned into a page or into JSON.
#[derive(Debug)]
pub struct AppError {
    kind: Kind,
    code: &'static str,
    cause: Option<Cause>,
    retry_after: Option<u32>,
    field: Option<(&'static str, &'static str)>,
    detail: Option<&'static str>,
}

impl AppError {
    /// A refusal without further cause.
    #[must_use]
    pub const fn new(kind: Kind) -> Self {
        Self::with_code(kind, kind.code())
    }

    /// A refusal with a code of its own.
    #[must_use]
    pub const fn with_code(kind: Kind, code: &'static str) -> Self {
        let retry_after = match kind {
            Kind::ProviderUnavailable | Kind::Unavailable => Some(PAUSE),
            _ => None,
        };
        Self { kind, code, cause: None, retry_after, field: None, detail: None }
    }

    /// Too many requests; the next one may come in so many seconds.
    #[must_use]
    pub fn too_many(seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(Kind::TooMany) }
    }

    /// The same refusal without its cause, for the reader.
    #[must_use]
    pub const fn without_cause(&self) -> Self {
        let &Self { kind, code, retry_after, field, detail, .. } = self;
        Self { kind, code, cause: None, retry_after, field, detail }
    }

    /// A field of a JSON body is missing or wrong; the answer gets a member of its name with these words.
    #[must_use]
    pub const fn of_field(name: &'static str, words: &'static str) -> Self {
        let mut error = Self::new(Kind::BadRequest);
        error.field = Some((name, words));
        error
    }

    /// The same with words of its own instead of its code's.
    #[must_use]
    pub const fn detailed(mut self, words: &'static str) -> Self {
        self.detail = Some(words);
        self
    }

    /// The same with the cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// A fault of ours, with its cause.
    #[must_use]
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(Kind::Internal).because(cause)
    }

    /// Which kind of refusal.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The field of a JSON body it is about, and what is wrong with it.
    #[must_use]
    pub const fn field(&self) -> Option<(&'static str, &'static str)> {
        self.field
    }

    /// Words of its own.
    #[must_use]
    pub const fn detail(&self) -> Option<&'static str> {
        self.detail
    }

    /// When to try again, in seconds, where that helps.
    #[must_use]
    pub const fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// The cause, when it is a `T`.
    #[must_use]
    pub fn cause_as<T: Error + 'static>(&self) -> Option<&T> {
        self.cause.as_ref()?.downcast_ref()
    }

    /// The whole chain of causes in one line, for the log.
    #[must_use]
    pub fn cause_line(&self) -> Option<String> {
        let first = self.cause.as_ref()?;
        let mut line = first.to_string();
        let mut next = first.source();
        while let Some(cause) = next {
            line.push_str(": ");
            line.push_str(&cause.to_string());
            next = cause.source();
        }
        Some(line)
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl Error for AppError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as &(dyn Error + 'static))
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    /// Empty: the edge (`web::errors`) knows whether a page or JSON is wanted, and in which language.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// A query that was answered with an error. Absence is never an error here: queries for one row say `.optional()`.
impl From<diesel::result::Error> for AppError {
    fn from(cause: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        let kind = match &cause {
            Diesel::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction
                | DatabaseErrorKind::SerializationFailure,
                _,
            ) => Kind::Unavailable,
            // SQLite says "locked", "full" and "disk I/O error" as unknown errors; all of them may pass.
            Diesel::DatabaseError(DatabaseErrorKind::Unknown, text) if is_passing(text.message()) => Kind::Unavailable,
            _ => Kind::Internal,
        };
        Self::new(kind).because(cause)
    }
}

fn is_passing(message: &str) -> bool {
    [
        "locked",
        "full",
        "disk I/O",
        "unable to open",
        "timeout",
        "connection",
        "terminating",
        "shutting down",
        "starting up",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

impl From<crate::secret::NoRandom> for AppError {
    fn from(cause: crate::secret::NoRandom) -> Self {
        Self::internal(cause)
    }
}
