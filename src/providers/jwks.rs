//! A provider's public keys (RFC 7517), kept: providers rotate them without notice and block those who ask too often.

use std::fmt;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use http::Request;
use jsonwebtoken::{Algorithm, DecodingKey};
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
    /// For what it may be used.
    algorithms: Vec<Algorithm>,
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

    /// The same for a notice, which anybody can send: when there are no keys at all, they are fetched once a minute at most.
    pub(super) async fn find_sparingly(
        &self,
        http: &Http,
        id: Option<&str>,
        algorithm: Algorithm,
        deadline: Deadline,
    ) -> Result<DecodingKey, Fault> {
        let lock = deadline.bound(self.cache.lock()).await;
        let cache = lock.map_err(|failure| Fault::transport(Step::Keys, &failure))?;
        if self.over(cache.fetched, KEPT) && !self.over(cache.failed, PAUSE) {
            return Err(Fault::transport(Step::Keys, &Failure::Timeout));
        }
        drop(cache);
        self.find(http, id, algorithm, deadline).await
    }

    /// The key of that id for this algorithm; without an id the only one there is for it. One caller fetches, the others
    /// wait for its result.
    pub(super) async fn find(
        &self,
        http: &Http,
        id: Option<&str>,
        algorithm: Algorithm,
        deadline: Deadline,
    ) -> Result<DecodingKey, Fault> {
        let lock = deadline.bound(self.cache.lock()).await;
        let mut cache = lock.map_err(|failure| Fault::transport(Step::Keys, &failure))?;
        let mut just_fetched = self.renew(&mut cache, http, deadline).await?;
        loop {
            if let Some(key) = cache.pick(id, algorithm) {
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
    fn pick(&self, id: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut fit = self.keys.iter().filter(|key| key.algorithms.contains(&algorithm));
        let found = match id {
            Some(id) => fit.find(|key| key.id.as_deref() == Some(id))?,
            None => fit.next().filter(|_| fit.next().is_none())?,
        };
        Some(found.key.clone())
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

/// The signing keys of a JWK set; others in it are passed over. None of them, or too many, is no set.
pub(super) fn read(set: &Object) -> Option<Vec<Key>> {
    let list = set.get("keys")?.as_array().filter(|list| list.len() <= KEYS_MAX)?;
    let keys: Vec<Key> = list.iter().filter_map(read_key).collect();
    (!keys.is_empty()).then_some(keys)
}

/// What a key is for follows from what it is (RFC 7518 section 6, RFC 8037), and is narrowed by what it says.
fn read_key(jwk: &Value) -> Option<Key> {
    if !jwk["use"].is_null() && jwk["use"] != "sig" {
        return None;
    }
    let part = |name: &str| BASE64URL_NOPAD.decode(jwk[name].as_str()?.as_bytes()).ok();
    let (all, key): (&[(&str, Algorithm)], _) = match (jwk["kty"].as_str()?, jwk["crv"].as_str()) {
        ("RSA", _) => (&[("RS256", Algorithm::RS256), ("PS256", Algorithm::PS256)], rsa(&part("n")?, &part("e")?)?),
        ("EC", Some("P-256")) => (&[("ES256", Algorithm::ES256)], p256(&part("x")?, &part("y")?)?),
        ("OKP", Some("Ed25519")) => {
            (&[("EdDSA", Algorithm::EdDSA)], DecodingKey::from_ed_der(&part("x").filter(|x| x.len() == 32)?))
        }
        _ => return None,
    };
    let said = &jwk["alg"];
    let algorithms = all.iter().filter(|(name, _)| said.is_null() || said == name).map(|(_, algorithm)| *algorithm);
    let algorithms: Vec<Algorithm> = algorithms.collect();
    let id = jwk["kid"].as_str().map(str::to_owned);
    (!algorithms.is_empty()).then_some(Key { id, algorithms, key })
}

/// 2,048 to 4,096 bits: less is breakable (RFC 7518 section 3.3), more the verifier does not take.
fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<DecodingKey> {
    (256..=512).contains(&modulus.len()).then(|| DecodingKey::from_rsa_raw_components(modulus, exponent))
}

/// Both coordinates in full length, as one point in SEC 1 form. Whether it is on the curve is asked when it is used.
fn p256(x: &[u8], y: &[u8]) -> Option<DecodingKey> {
    (x.len() == 32 && y.len() == 32).then(|| DecodingKey::from_ec_der(&[&[4], x, y].concat()))
}
