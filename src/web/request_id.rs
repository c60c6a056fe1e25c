//! A request's id: what ties an error page to its log line.

use actix_web::{HttpMessage as _, HttpRequest};
use data_encoding::HEXLOWER;

use crate::secret::random;

/// A request's id: in its log line, on its error page, in `X-Request-Id`.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    pub(super) fn new() -> Self {
        Self(random::<8>().map_or_else(|_no_random| "-".into(), |bytes| HEXLOWER.encode(&bytes)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of a request.
    #[must_use]
    pub fn of(req: &HttpRequest) -> String {
        req.extensions().get::<Self>().map_or_else(|| "-".into(), |id| id.0.clone())
    }
}
