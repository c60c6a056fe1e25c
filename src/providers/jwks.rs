//! A provider's public keys (RFC 7517), kept: providers rotate them without notice and block those who ask too often.

use std::fmt;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use http::Request;
use jsonwebtoken::DecodingKey;
use serde_json::Value;
use tokio::sync::Mutex;

use super::fault::{Fault, Step};
use super::http::{Deadline, Failure, Http};
use crate::clock::Clock;
use crate::clock::Moment;
use crate::json::Object;
use crate::signatures;

/// Keys younger than this are used without asking, in seconds.
const FRESH: i64 = 3_600;

/// Keys that cannot be renewed are used for so long, in seconds.
const KEPT: i64 = 24 * 3_600;

/// Between two fetches because of an unknown key id, or after one that failed while older keys still serve, in seconds.
const PAUSE: i64 = 60;

/// Longest wait for a renewal while older keys still serve.
const RENEWAL: Duration = Duration::from_secs(3);

/// A longer list is no list of signing keys.
const KEYS_MAX: usize = 100;

/// The keys of one provider.
pub(super) struct Keys {
    url: String,
    clock: Clock,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    keys: Vec<Key>,
    fetched: Option<Moment>,
    /// The last fetch because of an unknown key id.
    searched: Option<Moment>,
    /// The last renewal that failed.
    failed: Option<Moment>,
}

pub(super) struct Key {
    id: Option<String>,
    key: DecodingKey,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// No keys yet; the first token fetches them.
    pub(super) fn new(url: String, clock: Clock) -> Self {
        signatures::install();
        Self { url, clock, cache: Mutex::default() }
    }

    /// The key of that id; without an id the only key there is. One caller fetches, the others wait for its result.
    pub(super) async fn find(&self, http: &Http, id: Option<&str>, deadline: Deadline) -> Result<DecodingKey, Fault> {
        let lock = deadline.bound(self.cache.lock()).await;
        let mut cache = lock.map_err(|failure| Fault::transport(Step::Keys, &failure))?;
        let mut just_fetched = self.renew(&mut cache, http, deadline).await?;
        loop {
            if let Some(key) = cache.pick(id) {
                return Ok(key);
            }
            if id.is_none() || just_fetched || !self.over(cache.searched, PAUSE) {
                return Err(Fault::refused(
                    Step::IdToken,
                    "id-token-kid",
                    "no published key is the one the token names",
                ));
            }
            cache.searched = Some(self.clock.now());
            cache.take(self.fetch(http, deadline).await, self.clock.now())?;
            just_fetched = true;
        }
    }

    /// Fetches the keys when there are none or they are no longer fresh. Answers whether it did.
    async fn renew(&self, cache: &mut Cache, http: &Http, deadline: Deadline) -> Result<bool, Fault> {
        if !self.over(cache.fetched, FRESH) {
            return Ok(false);
        }
        if self.over(cache.fetched, KEPT) {
            cache.keys.clear();
            cache.take(self.fetch(http, deadline).await, self.clock.now())?;
            return Ok(true);
        }
        if !self.over(cache.failed, PAUSE) {
            return Ok(false);
        }
        let fetched = self.fetch(http, deadline.at_most(RENEWAL)).await;
        let renewed = cache.take(fetched, self.clock.now()).is_ok();
        Ok(renewed)
    }

    /// Whether so many seconds have passed. A clock that was set back counts as passed.
    fn over(&self, since: Option<Moment>, seconds: i64) -> bool {
        since.is_none_or(|then| !(0..seconds).contains(&(self.clock.now() - then).whole_seconds()))
    }

    async fn fetch(&self, http: &Http, deadline: Deadline) -> Result<Vec<Key>, Fault> {
        let unreadable = || Fault::malformed(Step::Keys, "keys-malformed", "the answer holds no usable list of keys");
        let request = Request::get(&self.url).body(Vec::new()).map_err(|_invalid_url| unreadable())?;
        let reply = http.call(request, deadline).await.map_err(|failure| Fault::transport(Step::Keys, &failure))?;
        if reply.status != 200 {
            return Err(Fault::transport(Step::Keys, &Failure::Status(reply.status)));
        }
        read(&reply.body).ok_or_else(unreadable)
    }
}

impl Cache {
    fn pick(&self, id: Option<&str>) -> Option<DecodingKey> {
        match (id, self.keys.as_slice()) {
            (None, [only]) => Some(only.key.clone()),
            (None, _) => None,
            (Some(id), keys) => keys.iter().find(|key| key.id.as_deref() == Some(id)).map(|key| key.key.clone()),
        }
    }

    /// Replaces the keys by what was fetched; a fault leaves them.
    fn take(&mut self, fetched: Result<Vec<Key>, Fault>, now: Moment) -> Result<(), Fault> {
        match fetched {
            Ok(keys) => {
                *self = Self { keys, fetched: Some(now), searched: self.searched, failed: None };
                Ok(())
            }
            Err(fault) => {
                self.failed = Some(now);
                Err(fault)
            }
        }
    }
}

/// The RS256 signing keys of a JWK set; others in it are passed over. None of them, or too many, is no set.
pub(super) fn read(set: &Object) -> Option<Vec<Key>> {
    let list = set.get("keys")?.as_array().filter(|list| list.len() <= KEYS_MAX)?;
    let keys: Vec<Key> = list.iter().filter_map(read_key).collect();
    (!keys.is_empty()).then_some(keys)
}

fn read_key(jwk: &Value) -> Option<Key> {
    let is = |name: &str, wanted: &str| jwk[name] == wanted;
    let may_be = |name: &str, wanted: &str| jwk[name].is_null() || is(name, wanted);
    if !is("kty", "RSA") || !may_be("use", "sig") || !may_be("alg", "RS256") {
        return None;
    }
    let part = |name: &str| BASE64URL_NOPAD.decode(jwk[name].as_str()?.as_bytes()).ok();
    let (modulus, exponent) = (part("n")?, part("e")?);
    // 2,048 to 4,096 bits: less is breakable (RFC 7518 section 3.3), more the verifier does not take.
    if !(256..=512).contains(&modulus.len()) {
        return None;
    }
    let id = jwk["kid"].as_str().map(str::to_owned);
    Some(Key { id, key: DecodingKey::from_rsa_raw_components(&modulus, &exponent) })
}
