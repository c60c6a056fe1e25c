//! OpenID Connect Discovery 1.0: an issuer's addresses out of its own configuration document, kept. A document that calls
//! its issuer otherwise than the settings do, in a single letter, is somebody else's: none of its addresses is ever asked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use jsonwebtoken::Algorithm;
use oauth2::AuthType;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::fault::{Answer, Fault, Step};
use super::http::{Deadline, Failure, Http};
use super::oauth::{Flow, Registration};
use super::oidc;
use super::oidc::Oidc;
use super::road::Way;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::config::Oidc as Settings;
use crate::config::is_loopback;
use crate::json::Object;

/// A document younger than this is used without asking, in seconds.
const FRESH: i64 = 3_600;

/// One that cannot be renewed is used for so long, in seconds.
const KEPT: i64 = 24 * 3_600;

/// After a renewal that failed, in seconds.
const PAUSE: i64 = 60;

/// After a fetch that failed while there is nothing to use, in seconds: whoever comes meanwhile gets the same answer.
const RETRY: i64 = 3;

/// Longest wait for a renewal while an older document still serves.
const RENEWAL: Duration = Duration::from_secs(3);

/// What an ID token may be signed by, where the issuer says that it does.
const ALGORITHMS: [Algorithm; 4] = [Algorithm::RS256, Algorithm::ES256, Algorithm::PS256, Algorithm::EdDSA];

/// The way to one issuer.
pub(super) struct Discovery {
    settings: Settings,
    clock: Clock,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    found: Option<(Document, Arc<Way>)>,
    fetched: Option<Moment>,
    failed: Option<(Moment, Fault)>,
}

/// What is used of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    authorize: String,
    token: String,
    keys: String,
    userinfo: Option<String>,
    basic: bool,
    algorithms: Vec<Algorithm>,
    says_iss: bool,
}

impl fmt::Debug for Discovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Discovery({})", self.settings.issuer)
    }
}

impl Discovery {
    /// Nothing known yet; the first login asks.
    pub(super) fn new(settings: Settings, clock: Clock) -> Self {
        Self { settings, clock, cache: Mutex::default() }
    }

    /// The way as the document has it. One caller fetches, the others wait for its result.
    pub(super) async fn way(&self, http: &Http, deadline: Deadline) -> Result<Arc<Way>, Fault> {
        let lock = deadline.bound(self.cache.lock()).await;
        let mut cache = lock.map_err(|failure| Fault::transport(Step::Discovery, &failure))?;
        let failed = cache.failed.as_ref().map(|(at, _)| *at);
        match &cache.found {
            Some((_, way)) if !self.over(cache.fetched, KEPT) => {
                let way = way.clone();
                if !self.over(cache.fetched, FRESH) || !self.over(failed, PAUSE) {
                    return Ok(way);
                }
                Ok(self.renew(&mut cache, http, deadline.at_most(RENEWAL)).await.unwrap_or(way))
            }
            _ => match &cache.failed {
                Some((at, fault)) if !self.over(Some(*at), RETRY) => Err(fault.clone()),
                _ => self.renew(&mut cache, http, deadline).await,
            },
        }
    }

    async fn renew(&self, cache: &mut Cache, http: &Http, deadline: Deadline) -> Result<Arc<Way>, Fault> {
        let fetched = self.fetch(http, deadline).await.and_then(|document| match &cache.found {
            // The same as before: its keys stay known.
            Some((known, way)) if *known == document => Ok((document, way.clone())),
            _ => self.build(&document).map(|way| (document, Arc::new(way))),
        });
        let now = self.clock.now();
        match fetched {
            Ok(found) => {
                let way = found.1.clone();
                *cache = Cache { found: Some(found), fetched: Some(now), failed: None };
                Ok(way)
            }
            Err(fault) => {
                tracing::warn!(provider = self.settings.name, code = fault.code, cause = %fault, "discovery failed");
                cache.failed = Some((now, fault.clone()));
                Err(fault)
            }
        }
    }

    /// Whether so many seconds have passed. A clock that was set back counts as passed.
    fn over(&self, since: Option<Moment>, seconds: i64) -> bool {
        since.is_none_or(|then| !(0..seconds).contains(&(self.clock.now() - then).whole_seconds()))
    }

    async fn fetch(&self, http: &Http, deadline: Deadline) -> Result<Document, Fault> {
        let issuer = &self.settings.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer));
        let unsendable = || Fault::malformed(Step::Discovery, "unsendable", "the issuer's address cannot be asked");
        let request = Request::get(url).body(Vec::new()).map_err(|_invalid_url| unsendable())?;
        let reply = http.call(request, deadline).await;
        let reply = reply.map_err(|failure| Fault::transport(Step::Discovery, &failure))?;
        if reply.status != 200 {
            return Err(Fault::transport(Step::Discovery, &Failure::Status(reply.status)));
        }
        read(&reply.body, issuer)
    }

    fn build(&self, document: &Document) -> Result<Way, Fault> {
        let (settings, client_id) = (&self.settings, &self.settings.client_id);
        let flow = Flow::new(&Registration {
            client_id,
            client_secret: Some(&settings.client_secret),
            authorize: document.authorize.clone(),
            token: document.token.clone(),
            scopes: &settings.scopes,
            client_auth: if document.basic { AuthType::BasicAuth } else { AuthType::RequestBody },
        });
        let flow = flow.map_err(|_not_a_url| unusable("discovery-address", ADDRESS))?;
        let oidc = Oidc::new(&settings.issuer, client_id, document.keys.clone(), &self.clock);
        let oidc = Oidc { algorithms: document.algorithms.clone(), ..oidc };
        let (userinfo, says_iss) = (document.userinfo.clone(), document.says_iss);
        Ok(Way { flow, oidc: Some(oidc), userinfo, says_iss })
    }
}

const ISSUER: &str = "the issuer calls itself otherwise: set providers.<name>.issuer to what `issuer` says in the document at \
                      /.well-known/openid-configuration, letter by letter";
const ADDRESS: &str = "the issuer's configuration document lacks an address, or has one that is not https://";
const METHOD: &str = "the issuer takes the client's secret neither by client_secret_basic nor by client_secret_post: allow \
                      one of them for this client";
const SIGNED: &str =
    "the issuer signs ID tokens by none of RS256, ES256, PS256 and EdDSA: choose one of them for this client";

fn unusable(code: &str, fix: &'static str) -> Fault {
    let cause = "the issuer's configuration document cannot be used".to_owned();
    let answer = Answer::OperatorMustFix { fix };
    Fault { answer, step: Step::Discovery, code: code.to_owned(), code_spent: false, cause }
}

/// A document of this issuer, and of no other.
pub(super) fn read(object: &Object, issuer: &str) -> Result<Document, Fault> {
    if object.get("issuer").and_then(Value::as_str) != Some(issuer) {
        return Err(unusable("discovery-issuer", ISSUER));
    }
    let address = |name: &str| object.get(name).and_then(Value::as_str).filter(|url| is_safe(url)).map(str::to_owned);
    let needed = |name: &str| address(name).ok_or_else(|| unusable("discovery-address", ADDRESS));
    let listed = |name: &str, default: &str| match object.get(name) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        // What it does not say is what Discovery section 3 says.
        _ => vec![default.to_owned()],
    };
    let methods: Vec<String> = listed("token_endpoint_auth_methods_supported", "client_secret_basic");
    let basic = methods.iter().any(|method| method == "client_secret_basic");
    if !basic && !methods.iter().any(|method| method == "client_secret_post") {
        return Err(unusable("discovery-client-auth", METHOD));
    }
    let signed: Vec<String> = listed("id_token_signing_alg_values_supported", "RS256");
    let algorithms = ALGORITHMS.into_iter().filter(|ours| signed.iter().any(|theirs| theirs == oidc::name(*ours)));
    let algorithms: Vec<Algorithm> = algorithms.collect();
    if algorithms.is_empty() {
        return Err(unusable("discovery-algorithm", SIGNED));
    }
    Ok(Document {
        authorize: needed("authorization_endpoint")?,
        token: needed("token_endpoint")?,
        keys: needed("jwks_uri")?,
        userinfo: if object.contains_key("userinfo_endpoint") { Some(needed("userinfo_endpoint")?) } else { None },
        basic,
        algorithms,
        says_iss: object.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
    })
}

/// Never in clear text over a network.
pub(super) fn is_safe(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let Some(host) = url.host() else { return false };
    let clean = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    clean && (url.scheme() == "https" || url.scheme() == "http" && is_loopback(&host))
}
