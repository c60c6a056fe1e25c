//! A request's id: what ties an error page to its log line.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::{HttpMessage as _, HttpRequest};
use data_encoding::HEXLOWER;

use crate::secret::random;

/// Odd, so that its multiples run through every number before one comes again; large, so that neighbours look apart.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;

/// A request's id: in its log line, on its error page, in `X-Request-Id`. No two of one process are alike, and each
/// process begins somewhere else. It is a name and no secret, so it costs no random number of its own.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    pub(super) fn new() -> Self {
        static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| {
            let begin = random::<8>().map_or_else(|_no_random| u64::from(std::process::id()), u64::from_ne_bytes);
            AtomicU64::new(begin)
        });
        Self(HEXLOWER.encode(&NEXT.fetch_add(STRIDE, Ordering::Relaxed).to_be_bytes()))
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
