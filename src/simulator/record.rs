//! What the practice provider was asked, and the answers tests want given once.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use super::call::AuthorizationKind;

/// Requests in the record.
const RECORD_MAX: usize = 20_000;

#[derive(Default)]
pub(super) struct Record {
    pub(super) requests: VecDeque<Recorded>,
    pub(super) faults: Vec<(String, Fault)>,
}

impl Record {
    pub(super) fn add(&mut self, request: Recorded) {
        if self.requests.len() == RECORD_MAX {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }
}

/// A request the practice provider got, as it came.
#[derive(Clone)]
pub struct Recorded {
    /// Its method, in capitals.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// The parameters of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The fields of the form, decoded.
    pub form: Vec<(String, String)>,
    /// Which kind of `Authorization` it had.
    pub authorization: AuthorizationKind,
    /// All headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Recorded {
    /// The first field of the form of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        first(&self.form, name)
    }

    /// The first parameter of the query of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// The first header of that name, written in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Names only: the values are codes and tokens.
impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(",");
        write!(
            f,
            "{} {}?{} [{}] {:?}",
            self.method,
            self.path,
            names(&self.query),
            names(&self.form),
            self.authorization
        )
    }
}

/// What the practice provider answers once instead of the truth.
#[derive(Clone, Debug)]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// Body, as it is.
    pub body: String,
    /// How long it waits before it answers.
    pub delay: Duration,
}
