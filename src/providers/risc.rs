//! Google's Cross-Account Protection (RISC): who signs its events stands in a document of its own, whose issuer, unlike that
//! of ID tokens, ends in a slash. The document is kept, and anybody's notices have it fetched once a minute at most.

use std::fmt;
use std::sync::Arc;

use http::Request;
use serde_json::Value;
use tokio::sync::Mutex;

use super::discovery::is_safe;
use super::fault::{Fault, Step};
use super::http::{Deadline, Failure, Http};
use super::jwks::Keys;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::json::Object;

/// A document younger than this is used without asking, in seconds.
const FRESH: i64 = 3_600;

/// One that cannot be renewed is used for so long, in seconds.
const KEPT: i64 = 24 * 3_600;

/// Between two fetches when one failed, in seconds.
const PAUSE: i64 = 60;

/// What Google says of its events, as far as it is used.
pub(super) struct Risc {
    url: String,
    issuer: String,
    clock: Clock,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    found: Option<(String, Arc<Keys>)>,
    fetched: Option<Moment>,
    failed: Option<Moment>,
}

impl fmt::Debug for Risc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Risc({})", self.issuer)
    }
}

impl Risc {
    /// Of the issuer of these ID tokens, at this base address.
    pub(super) fn new(auth_base: &str, issuer: &str, clock: &Clock) -> Self {
        Self {
            url: format!("{auth_base}/.well-known/risc-configuration"),
            issuer: format!("{}/", issuer.strip_suffix('/').unwrap_or(issuer)),
            clock: clock.clone(),
            cache: Mutex::default(),
        }
    }

    /// `iss` of its events, letter by letter.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The keys that sign them. One caller fetches the document, the others wait for its result.
    pub(super) async fn keys(&self, http: &Http, deadline: Deadline) -> Result<Arc<Keys>, Fault> {
        let lock = deadline.bound(self.cache.lock()).await;
        let mut cache = lock.map_err(|failure| Fault::transport(Step::Discovery, &failure))?;
        let known = cache.found.as_ref().filter(|_| !self.over(cache.fetched, KEPT)).map(|(_, keys)| keys.clone());
        if let Some(keys) = known.clone().filter(|_| !self.over(cache.fetched, FRESH)) {
            return Ok(keys);
        }
        if !self.over(cache.failed, PAUSE) {
            return known.ok_or_else(|| Fault::transport(Step::Discovery, &Failure::Timeout));
        }
        // Before the call: one that is cut off has failed too.
        cache.failed = Some(self.clock.now());
        match self.fetch(http, deadline).await {
            Ok(url) => Ok(self.take(&mut cache, url)),
            Err(fault) => {
                tracing::warn!(provider = "google", code = fault.code, cause = %fault, "RISC configuration failed");
                known.ok_or(fault)
            }
        }
    }

    fn take(&self, cache: &mut Cache, url: String) -> Arc<Keys> {
        // At the same address as before, its keys stay known.
        let same = cache.found.take().filter(|(known, _)| *known == url);
        let found = same.unwrap_or_else(|| (url.clone(), Arc::new(Keys::new(url, self.clock.clone()))));
        let keys = found.1.clone();
        *cache = Cache { found: Some(found), fetched: Some(self.clock.now()), failed: None };
        keys
    }

    /// Whether so many seconds have passed. A clock that was set back counts as passed.
    fn over(&self, since: Option<Moment>, seconds: i64) -> bool {
        since.is_none_or(|then| !(0..seconds).contains(&(self.clock.now() - then).whole_seconds()))
    }

    async fn fetch(&self, http: &Http, deadline: Deadline) -> Result<String, Fault> {
        let unusable = |why| Fault::malformed(Step::Discovery, "risc-malformed", why);
        let request = Request::get(&self.url).body(Vec::new());
        let request = request.map_err(|_invalid_url| unusable("the address of the document cannot be asked"))?;
        let reply = http.call(request, deadline).await;
        let reply = reply.map_err(|failure| Fault::transport(Step::Discovery, &failure))?;
        if reply.status != 200 {
            return Err(Fault::transport(Step::Discovery, &Failure::Status(reply.status)));
        }
        read(&reply.body, &self.issuer).ok_or_else(|| unusable("the document is another issuer's, or names no keys"))
    }
}

/// Where the keys are, by a document of this issuer and of no other.
pub(super) fn read(document: &Object, issuer: &str) -> Option<String> {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let ours = text("issuer") == Some(issuer);
    text("jwks_uri").filter(|url| ours && is_safe(url)).map(str::to_owned)
}
