//! A provider, and the one way from a code to a proof that all of them share.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};

use tokio::sync::Semaphore;

use super::fault::{Answer, Fault, Step, Verdict};
use super::http::{Deadline, Http};
use super::native::Native;
use super::oauth::Flow;
use super::oidc::{Binding, Oidc};
use super::profile::Profile;
use crate::clock::Moment;
use crate::json::Object;
use crate::secret::Secret;

/// All calls of one proof together.
const PROOF: Duration = Duration::from_secs(10);

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
}

impl fmt::Debug for AuthRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthRequest(***)")
    }
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
}

/// The future of a provider's own part.
pub(super) type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// What a provider can say of a person who is to prove anew who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// When they last did: `auth_time` in its ID token, which is checked.
    Proven,
    /// It is asked to have them do so, and does not say whether they did.
    Asked,
    /// It cannot even be asked: it may answer silently.
    None,
}

/// What is particular to one provider.
pub(super) trait Dialect: fmt::Debug + Send + Sync {
    /// Its name in addresses, settings and the database.
    fn slug(&self) -> &'static str;

    /// Turns what this provider alone says in a token answer into what RFC 6749 says.
    fn normalise(&self, _answer: &mut Object) {}

    /// What one of its error codes means; `message` is what it wrote beside it, never kept.
    fn verdict(&self, code: &str, message: &str) -> Option<Verdict>;

    /// What an error that came back with the browser means; `None` when the person pressed cancel.
    fn denial(&self, error: &str, description: &str) -> Option<Answer>;

    /// Asks who the person is.
    fn profile<'a>(&'a self, call: Call<'a>) -> Pending<'a, Profile>;

    /// The realm as configured.
    fn realm(&self) -> Option<String> {
        None
    }

    /// The realm by asking, for a provider whose ids belong to an app that was not configured.
    fn learn_realm<'a>(&'a self, _call: Call<'a>, _subject: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    /// Where the browser logs out of the provider as well.
    fn logout_url(&self, _return_to: &str) -> Option<String> {
        None
    }

    /// How fresh a proof it can be asked for.
    fn freshness(&self) -> Freshness;

    /// What asks for a fresh one, in the address of its authorize page.
    fn asks_again(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// What it takes from native apps.
    fn native(&self) -> Native<'_> {
        Native::default()
    }

    /// Whose an access token from a native app is, and which realm's.
    fn addressee<'a>(&'a self, _call: Call<'a>) -> Pending<'a, (String, String)> {
        Box::pin(async { Err(Fault::refused(Step::TokenInfo, "native-kind", "no access tokens are taken")) })
    }

    /// The person as a verified ID token tells them.
    fn profile_of_claims(&self, subject: &str, _claims: &Object) -> Profile {
        Profile { subject: subject.to_owned(), name: None, picture: None, email: None }
    }

    /// Sources of pictures for `img-src`.
    fn picture_origins(&self) -> Vec<String>;
}

/// What a provider's own part needs to ask in the name of a person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    http: &'a Http,
    access_token: &'a Secret<String>,
    deadline: Deadline,
}

impl<'a> Call<'a> {
    pub(super) const fn new(http: &'a Http, access_token: &'a Secret<String>, deadline: Deadline) -> Self {
        Self { http, access_token, deadline }
    }

    /// `GET` with the access token. Answers status and object, also of an error.
    pub(super) async fn get(&self, step: Step, url: &str) -> Result<(u16, Object), Fault> {
        let unsendable = || Fault::malformed(step, "unsendable", "the address or the access token cannot be sent");
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", self.access_token.expose())).map_err(|_invalid| unsendable())?;
        bearer.set_sensitive(true);
        let request = Request::get(url).header(AUTHORIZATION, bearer).header(ACCEPT, "application/json");
        let request = request.body(Vec::new()).map_err(|_invalid| unsendable())?;
        let reply = self.http.call(request, self.deadline).await.map_err(|failure| Fault::transport(step, &failure))?;
        Ok((reply.status, reply.body))
    }
}

/// An identity provider that is configured.
#[derive(Debug)]
pub struct Provider {
    pub(super) dialect: Box<dyn Dialect>,
    flow: Flow,
    pub(super) oidc: Option<Oidc>,
    pub(super) http: Http,
    pub(super) turns: Semaphore,
}

impl Provider {
    pub(super) fn new(dialect: Box<dyn Dialect>, flow: Flow, oidc: Option<Oidc>, http: Http) -> Self {
        Self { dialect, flow, oidc, http, turns: Semaphore::new(AT_ONCE) }
    }

    /// Its name in addresses, settings and the database.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        self.dialect.slug()
    }

    /// Where to send the browser.
    #[must_use]
    pub fn authorize_url(&self, attempt: &AuthRequest) -> String {
        self.flow.authorize_url(attempt, if attempt.again { self.dialect.asks_again() } else { &[] })
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
        let grant = self.flow.exchange(&*self.dialect, &self.http, code, attempt, deadline).await?;
        // Before any other use of the tokens: a token meant for another login must not be asked about anything.
        let claims = match (&self.oidc, &grant.id_token) {
            (Some(oidc), Some(token)) => {
                let binding = Binding { access_token: Some(&grant.access_token), ..*binding };
                Some(oidc.verify(&self.http, token, &binding, deadline).await?)
            }
            _ => None,
        };
        let call = Call::new(&self.http, &grant.access_token, deadline);
        let profile = self.dialect.profile(call).await?;
        if claims.as_ref().is_some_and(|claims| claims.subject != profile.subject) {
            return Err(Fault::refused(Step::Profile, "sub-mismatch", "the ID token and the profile name two people"));
        }
        let realm = match self.dialect.realm() {
            Some(configured) => Some(configured),
            None => self.dialect.learn_realm(call, &profile.subject).await?,
        };
        Ok(Proof { profile, realm, teaches: true, auth_time: claims.and_then(|claims| claims.auth_time) })
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
