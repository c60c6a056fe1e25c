//! The one way out: one client for every call to every provider. Silence ends at the proof's deadline, size at a
//! cap, and a redirect is a fault (followed, it would carry a code into somebody else's network). Nothing of an address
//! or a body gets into an error.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::Request;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::json;
use crate::json::Object;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// Most bytes read of any answer.
const BODY_MAX: usize = 1 << 20;

/// A connection idle for longer is not used again: a provider that closes it at the same moment would cost a login, since
/// a code is never sent twice.
const IDLE: Duration = Duration::from_secs(3);

/// The moment by which all calls of one proof have ended, whatever they wait for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Instant);

impl Deadline {
    /// So long from now.
    pub(super) fn within(limit: Duration) -> Self {
        Self(Instant::now() + limit)
    }

    /// The earlier of this one and so long from now.
    pub(super) fn at_most(self, limit: Duration) -> Self {
        Self(self.0.min(Instant::now() + limit))
    }

    /// Waits for `work` until then.
    pub(super) async fn bound<T>(self, work: impl Future<Output = T>) -> Result<T, Failure> {
        // The elapsed time says no more than the deadline's name.
        timeout_at(self.0, work).await.or(Err(Failure::Timeout))
    }
}

/// An answer: its status, and the JSON object it holds.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Object,
}

/// An answer whose status says everything: its body may be empty, or no JSON.
#[derive(Debug)]
pub(super) struct Bare {
    pub(super) status: u16,
    pub(super) body: Option<Object>,
}

/// Why there is no answer that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Not by the deadline.
    Timeout,
    /// No connection: name, network or TLS.
    Connect(String),
    /// The connection broke, or spoke no HTTP.
    Broken(String),
    /// A 3xx.
    Redirect(u16),
    /// An error status without a JSON object.
    Status(u16),
    /// Success without a JSON object.
    NotJson,
    /// More than the cap.
    TooLarge,
}

impl Failure {
    /// Its stable name.
    pub(super) fn code(&self) -> String {
        match self {
            Self::Timeout => "timeout".into(),
            Self::Connect(_) => "connect".into(),
            Self::Broken(_) => "broken".into(),
            Self::Redirect(status) | Self::Status(status) => format!("http-{status}"),
            Self::NotJson => "not-json".into(),
            Self::TooLarge => "too-large".into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("no complete answer in time"),
            Self::Connect(why) => write!(f, "no connection ({why})"),
            Self::Broken(why) => write!(f, "the connection broke ({why})"),
            Self::Redirect(status) => write!(f, "the answer is a redirect (HTTP {status})"),
            Self::Status(status) => write!(f, "HTTP {status} without a JSON object"),
            Self::NotJson => f.write_str("the answer is not one JSON object"),
            Self::TooLarge => write!(f, "the answer is larger than {BODY_MAX} bytes"),
        }
    }
}

impl Error for Failure {}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() && !error.is_connect() {
            return Self::Timeout;
        }
        let connecting = error.is_connect();
        let error = error.without_url();
        let mut why = error.to_string();
        let mut next = error.source();
        while let Some(cause) = next {
            why = format!("{why}: {cause}");
            next = cause.source();
        }
        if connecting { Self::Connect(why) } else { Self::Broken(why) }
    }
}

/// The client. Clones share its connections.
#[derive(Clone, Debug)]
pub(super) struct Http {
    client: reqwest::Client,
}

impl Http {
    /// Built once, for all providers. It knows no proxy: the environment is read by the settings only.
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .user_agent(concat!("fiiiiilm/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client })
    }

    /// Sends a request, once, and reads its answer.
    pub(super) async fn call(&self, request: Request<Vec<u8>>, deadline: Deadline) -> Result<Reply, Failure> {
        let (status, body) = deadline.bound(self.exchange(request)).await??;
        // The content type is not asked: providers mislabel JSON, and nothing else parses as an object.
        match json::object(&body) {
            Some(body) => Ok(Reply { status, body }),
            None if (200..300).contains(&status) => Err(Failure::NotJson),
            None => Err(Failure::Status(status)),
        }
    }

    /// The same where the answer is a list. An answer that is not 200 has none.
    pub(super) async fn list(&self, request: Request<Vec<u8>>, deadline: Deadline) -> Result<Vec<Value>, Failure> {
        let (status, body) = deadline.bound(self.exchange(request)).await??;
        if status != 200 {
            return Err(Failure::Status(status));
        }
        json::list(&body).ok_or(Failure::NotJson)
    }

    /// The same for an answer that need not be JSON.
    pub(super) async fn bare(&self, request: Request<Vec<u8>>, deadline: Deadline) -> Result<Bare, Failure> {
        let (status, body) = deadline.bound(self.exchange(request)).await??;
        Ok(Bare { status, body: json::object(&body) })
    }

    /// The same where the answer is an object or a list; `None` for anything else.
    pub(super) async fn any(
        &self,
        request: Request<Vec<u8>>,
        deadline: Deadline,
    ) -> Result<(u16, Option<Value>), Failure> {
        let (status, body) = deadline.bound(self.exchange(request)).await??;
        let value = json::object(&body).map(Value::Object).or_else(|| json::list(&body).map(Value::Array));
        Ok((status, value))
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<(u16, Vec<u8>), Failure> {
        let mut response = self.client.execute(request.try_into()?).await?;
        let status = response.status();
        if status.is_redirection() {
            return Err(Failure::Redirect(status.as_u16()));
        }
        let announced = response.content_length().unwrap_or(0);
        if announced > BODY_MAX as u64 {
            return Err(Failure::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > BODY_MAX {
                return Err(Failure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok((status.as_u16(), body))
    }
}
