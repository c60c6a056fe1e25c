//! A provider, and the one way from a code to a proof that all of them share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::dialect::{Call, Dialect, Freshness};
use super::fault::{Answer, Fault, Step};
use super::http::{Deadline, Http};
use super::oidc::{Binding, Claims, refuse};
use super::profile::Profile;
use super::road::{Road, Way};
use crate::clock::Moment;
use crate::secret::Secret;

/// All calls of one proof together.
const PROOF: Duration = Duration::from_secs(10);

/// Finding out where to send a browser.
const FINDING: Duration = Duration::from_secs(3);

/// Proofs of one provider under way at the same time; more wait within their deadline. A provider that has fallen silent
/// holds so many connections and no more.
const AT_ONCE: usize = 256;

/// One attempt to log in, as the provider gets to see it. Prints without its contents.
#[derive(Clone)]
pub struct AuthRequest {
    /// The registered address, byte for byte.
    pub redirect_uri: String,
    /// Comes back as it is.
    pub state: String,
    /// PKCE code verifier, 43 to 128 unreserved characters (RFC 7636 section 4.1).
    pub verifier: Secret<String>,
    /// Comes back inside the ID token.
    pub nonce: String,
    /// Whether the person is to prove anew who they are, however lately they did.
    pub again: bool,
    /// What came back with the browser about the person (Apple's `user`). Nobody signed it: a name to show at most.
    pub user: Option<String>,
}

impl fmt::Debug for AuthRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthRequest(***)")
    }
}

/// A token that is kept, and how long it works from the login on; without an end, as far as its provider says. Prints without
/// its contents.
#[derive(Clone, Debug)]
pub struct Lasting {
    /// The token.
    pub token: Secret<String>,
    /// For how long.
    pub lives: Option<time::Duration>,
}

/// A person, proved.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Who.
    pub profile: Profile,
    /// Within which realm the subject is valid: as configured, else as learned during this proof.
    pub realm: Option<String>,
    /// Whether a database that knows no realm yet may learn it from this proof.
    pub teaches: bool,
    /// When the person last typed a password or the like at the provider: from a verified ID token only.
    pub auth_time: Option<Moment>,
    /// The one token that ending the link at the provider will need; none where it needs none, or gave none.
    pub kept: Option<Lasting>,
    /// What the person has agreed to there: the items by their names, sorted, with blanks between. `None` where this proof does
    /// not tell.
    pub granted: Option<String>,
}

/// An identity provider that is configured.
#[derive(Debug)]
pub struct Provider {
    pub(super) dialect: Box<dyn Dialect>,
    pub(super) road: Road,
    pub(super) http: Http,
    pub(super) turns: Semaphore,
}

impl Provider {
    pub(super) fn new(dialect: Box<dyn Dialect>, road: Road, http: &Http) -> Self {
        Self { dialect, road, http: http.clone(), turns: Semaphore::new(AT_ONCE) }
    }

    /// Its name in addresses, settings and the database.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.dialect.slug()
    }

    /// What people call it, where no words of ours do.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.dialect.display_name()
    }

    /// Whether its callbacks are posted.
    #[must_use]
    pub fn posts(&self) -> bool {
        self.dialect.posts()
    }

    /// Whether it tells us when a link ends there.
    #[must_use]
    pub fn notifies(&self) -> bool {
        self.dialect.notifies()
    }

    /// Its addresses as they are now.
    pub(super) async fn way(&self, deadline: Deadline) -> Result<Arc<Way>, Fault> {
        self.road.way(&self.http, deadline).await
    }

    /// Where to send the browser.
    ///
    /// # Errors
    /// A [`Fault`] when that is only known by asking the issuer, and cannot be had.
    pub async fn authorize_url(&self, attempt: &AuthRequest) -> Result<String, Fault> {
        let way = self.way(Deadline::within(FINDING)).await?;
        let nonce = way.oidc.as_ref().map(|_| ("nonce", attempt.nonce.as_str()));
        let again = if attempt.again { self.dialect.asks_again() } else { &[] };
        let more: Vec<(&str, &str)> = nonce.into_iter().chain(self.dialect.asks().iter().copied()).collect();
        Ok(way.flow.authorize_url(attempt, &[&more, again].concat()))
    }

    /// Whether what came back is this provider's word (RFC 9207): `iss` is compared letter by letter where it was sent, and
    /// must have been sent with a code where the provider always does. Otherwise the code may be another provider's.
    ///
    /// # Errors
    /// A [`Fault`] when it is not, or when the issuer cannot be asked what it does.
    pub async fn heard(&self, iss: Option<&str>, with_code: bool) -> Result<(), Fault> {
        let refused = |why: &str| Err(Fault::refused(Step::Callback, "callback-iss", why));
        match iss {
            Some(iss) if iss == self.dialect.issuer() => Ok(()),
            Some(_) => refused("iss names another provider"),
            None if !with_code => Ok(()),
            None if self.dialect.says_iss() || self.way(Deadline::within(FINDING)).await?.says_iss => {
                refused("iss is missing, although this provider always says it")
            }
            None => Ok(()),
        }
    }

    /// Turns the code that came back into a proof, within ten seconds. Never retried: a code works once.
    ///
    /// # Errors
    /// A [`Fault`] which says who can do something about it. Nothing the provider said survives one.
    pub async fn prove(&self, code: &str, attempt: &AuthRequest) -> Result<Proof, Fault> {
        self.prove_by(code, attempt, Self::proof_deadline()).await
    }

    pub(super) fn proof_deadline() -> Deadline {
        Deadline::within(PROOF)
    }

    pub(super) async fn prove_by(&self, code: &str, attempt: &AuthRequest, deadline: Deadline) -> Result<Proof, Fault> {
        let turn = deadline.bound(self.turns.acquire()).await;
        let _turn = turn.map_err(|failure| Fault::transport(Step::Token, &failure))?;
        let binding = Binding { nonce: Some(&attempt.nonce), audiences: &[], access_token: None };
        self.trade(code, attempt, &binding, deadline).await
    }

    /// Trades a code and asks who that is.
    pub(super) async fn trade(
        &self,
        code: &str,
        attempt: &AuthRequest,
        binding: &Binding<'_>,
        deadline: Deadline,
    ) -> Result<Proof, Fault> {
        let way = self.way(deadline).await?;
        let grant = way.flow.exchange(&*self.dialect, &self.http, code, attempt, deadline).await?;
        // Before any other use of the tokens: a token meant for another login must not be asked about anything.
        let claims = match (&way.oidc, &grant.id_token) {
            (Some(oidc), Some(token)) => {
                let binding = Binding { access_token: Some(&grant.access_token), ..*binding };
                Some(oidc.verify(&self.http, token, &binding, deadline).await?)
            }
            _ => None,
        };
        self.check_age(attempt, claims.as_ref())?;
        let userinfo = way.userinfo.as_deref();
        let call = Call { http: &self.http, access_token: &grant.access_token, deadline, userinfo };
        let mut profile = self.dialect.profile(call, claims.as_ref()).await?;
        if claims.as_ref().is_some_and(|claims| claims.subject != profile.subject) {
            return Err(Fault::refused(Step::Profile, "sub-mismatch", "the ID token and the profile name two people"));
        }
        let beside = || self.dialect.name_beside(attempt.user.as_deref()?);
        profile.name = profile.name.or_else(beside);
        let realm = match self.dialect.realm() {
            Some(configured) => Some(configured),
            None => self.dialect.learn_realm(call, &profile.subject).await?,
        };
        let kept = self.dialect.kept(&grant);
        let (auth_time, granted) = (claims.and_then(|claims| claims.auth_time), grant.granted);
        Ok(Proof { profile, realm, teaches: true, auth_time, kept, granted })
    }

    /// Whoever was told `max_age` must say `auth_time` (OpenID Connect Core 3.1.3.7, 13).
    fn check_age(&self, attempt: &AuthRequest, claims: Option<&Claims>) -> Result<(), Fault> {
        let told = attempt.again && self.dialect.asks_again().iter().any(|(name, _)| *name == "max_age");
        if told && claims.is_none_or(|claims| claims.auth_time.is_none()) {
            return Err(refuse("auth_time", "auth_time is missing, although max_age asked for it"));
        }
        Ok(())
    }

    /// What an error that came back with the browser (`error`, `error_description`) means. `None`: the person pressed
    /// cancel.
    #[must_use]
    pub fn denial(&self, error: &str, description: &str) -> Option<Answer> {
        self.dialect.denial(error, description)
    }

    /// Within which realm its subjects are valid, as configured; `None` when that is learned, or when they are global.
    #[must_use]
    pub fn realm(&self) -> Option<String> {
        self.dialect.realm()
    }

    /// Which setting says the realm, by its full name.
    #[must_use]
    pub fn realm_setting(&self) -> String {
        format!("providers.{}.{}", self.slug(), self.dialect.realm_setting())
    }

    /// Whether it logs nobody in inside another app's browser.
    #[must_use]
    pub fn refuses_web_views(&self) -> bool {
        self.dialect.refuses_web_views()
    }

    /// How fresh a proof it can be asked for.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        self.dialect.freshness()
    }

    /// Where the browser can log out of the provider as well, to come back to `return_to`.
    #[must_use]
    pub fn logout_url(&self, return_to: &str) -> Option<String> {
        self.dialect.logout_url(return_to)
    }
}
