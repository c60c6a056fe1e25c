//! What is particular to one provider: the one trait its file implements.

use std::fmt;
use std::pin::Pin;

use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use serde_json::Value;

use super::addressee::Form;
use super::fault::{Answer, Fault, Step, Verdict, by_denial};
use super::http::{Deadline, Failure, Http};
use super::linked::LinkedPage;
use super::native::Native;
use super::oauth::Grant;
use super::oidc;
use super::oidc::Claims;
use super::pictures::Pictures;
use super::profile::Profile;
use super::provider::{AuthRequest, Lasting};
use super::risc::Risc;
use super::unlink::{Link, Unlinking};
use crate::json::Object;
use crate::secret::Secret;

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

/// Whose an access token is.
pub(super) struct Owner {
    pub(super) subject: String,
    pub(super) realm: String,
    /// For how many more seconds it works.
    pub(super) left: Option<i64>,
}

/// How the notices it signs are verified.
#[derive(Clone, Copy, Debug)]
pub(super) enum Notices<'a> {
    /// It signs none.
    None,
    /// Security event tokens, by the keys and the issuer of its ID tokens.
    Events,
    /// Security event tokens, as a document of their own says.
    Risc(&'a Risc),
    /// Apple's.
    Apple,
}

impl Notices<'_> {
    /// In which form they come.
    pub(super) const fn form(&self) -> Form {
        match self {
            Self::Apple => Form::Apple,
            Self::None | Self::Events | Self::Risc(_) => Form::EventToken,
        }
    }
}

/// What is particular to one provider.
pub(super) trait Dialect: fmt::Debug + Send + Sync {
    /// Its name in addresses, settings and the database.
    fn slug(&self) -> &str;

    /// What people call it, where no words of ours do.
    fn display_name(&self) -> Option<&str> {
        None
    }

    /// What `iss` of its callbacks must be (RFC 9207).
    fn issuer(&self) -> &str;

    /// Whether its callbacks always say so.
    fn says_iss(&self) -> bool {
        false
    }

    /// Whether its callbacks are posted.
    fn posts(&self) -> bool {
        false
    }

    /// What else its authorize page is told.
    fn asks(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// What else its token endpoint is told.
    fn token_parameters<'a>(&self, _attempt: &'a AuthRequest) -> Vec<(&'static str, &'a str)> {
        Vec::new()
    }

    /// The client secret, where it is made anew for each exchange.
    fn client_secret(&self) -> Result<Option<Secret<String>>, Fault> {
        Ok(None)
    }

    /// Turns what this provider alone says in a token answer into what RFC 6749 says.
    fn normalise(&self, _answer: &mut Object) {}

    /// What one of its error codes means; `message` is what it wrote beside it, never kept.
    fn verdict(&self, _code: &str, _message: &str) -> Option<Verdict> {
        None
    }

    /// What an error that came back with the browser means; `None` when the person pressed cancel.
    fn denial(&self, error: &str, _description: &str) -> Option<Answer> {
        by_denial(error)
    }

    /// Who the person is: by the ID token, which then must be there, unless there is a place to ask.
    fn profile<'a>(&'a self, _call: Call<'a>, claims: Option<&'a Claims>) -> Pending<'a, Profile> {
        Box::pin(async move {
            let claims = claims.ok_or_else(oidc::missing)?;
            Ok(self.profile_of_claims(&claims.subject, &claims.all))
        })
    }

    /// A name to show out of what came back with the browser.
    fn name_beside(&self, _user: &str) -> Option<String> {
        None
    }

    /// The realm as configured; none for ids that are the same for everybody.
    fn realm(&self) -> Option<String> {
        None
    }

    /// Which setting, below the provider's own, says the realm.
    fn realm_setting(&self) -> &str {
        "client_id"
    }

    /// The realm by asking, for a provider whose ids belong to an app that was not configured.
    fn learn_realm<'a>(&'a self, _call: Call<'a>, _subject: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    /// Where the browser logs out of the provider as well.
    fn logout_url(&self, _return_to: &str) -> Option<String> {
        None
    }

    /// Whether it logs nobody in inside another app's browser.
    fn refuses_web_views(&self) -> bool {
        false
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
    fn addressee<'a>(&'a self, _call: Call<'a>) -> Pending<'a, Owner> {
        Box::pin(async { Err(Fault::refused(Step::TokenInfo, "native-kind", "no access tokens are taken")) })
    }

    /// The person as a verified ID token tells them.
    fn profile_of_claims(&self, subject: &str, _claims: &Object) -> Profile {
        Profile { subject: subject.to_owned(), name: None, picture: None, email: None }
    }

    /// How the notices it signs are verified.
    fn notices(&self) -> Notices<'_> {
        Notices::None
    }

    /// Whether it sends notices at all, signed or not.
    fn notifies(&self) -> bool {
        !matches!(self.notices(), Notices::None)
    }

    /// What it needs in order to end a link.
    fn unlinking(&self) -> Unlinking {
        Unlinking::Never
    }

    /// Which token of a login ending the link will need, where it needs one: the one that lives longest.
    fn kept(&self, _grant: &Grant) -> Option<Lasting> {
        None
    }

    /// Its own page on which a person ends a link; where it has none on the web, there are words of ours.
    fn disconnect_page(&self) -> Option<String> {
        None
    }

    /// Ends a link; one that has ended already is as good.
    fn unlink<'a>(&'a self, _http: &'a Http, _link: &'a Link, _deadline: Deadline) -> Pending<'a, ()> {
        Box::pin(async { Err(Fault::refused(Step::Unlink, "unlink-never", "this provider ends no link from here")) })
    }

    /// Whether it says who is linked with the app.
    fn lists(&self) -> bool {
        false
    }

    /// A page of the numbers of those who are linked, in growing order, from this one on.
    fn linked_from<'a>(&'a self, _http: &'a Http, _from: Option<i64>, _: Deadline) -> Pending<'a, LinkedPage> {
        Box::pin(async { Err(Fault::refused(Step::List, "list-never", "this provider does not say who is linked")) })
    }

    /// Those of these, at most a hundred, who are linked.
    fn linked_among<'a>(&'a self, _http: &'a Http, _whom: &'a [i64], _: Deadline) -> Pending<'a, Vec<i64>> {
        Box::pin(async { Err(Fault::refused(Step::List, "list-never", "this provider does not say who is linked")) })
    }

    /// Where its pictures come from.
    fn pictures(&self) -> &Pictures;
}

/// What a provider's own part needs to ask in the name of a person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) http: &'a Http,
    pub(super) access_token: &'a Secret<String>,
    pub(super) deadline: Deadline,
    /// Where an issuer tells more, by its own document.
    pub(super) userinfo: Option<&'a str>,
}

impl Call<'_> {
    /// `GET` with the access token. Answers status and object, also of an error.
    pub(super) async fn get(&self, step: Step, url: &str) -> Result<(u16, Object), Fault> {
        let reply = self.http.call(self.request(step, url)?, self.deadline).await;
        let reply = reply.map_err(|failure| Fault::transport(step, &failure))?;
        Ok((reply.status, reply.body))
    }

    /// The same where the answer is a list; `None` where it may not be had or is not there.
    pub(super) async fn list(&self, step: Step, url: &str) -> Result<Option<Vec<Value>>, Fault> {
        match self.http.list(self.request(step, url)?, self.deadline).await {
            Ok(list) => Ok(Some(list)),
            Err(Failure::Status(403 | 404)) => Ok(None),
            Err(failure) => Err(Fault::transport(step, &failure)),
        }
    }

    fn request(&self, step: Step, url: &str) -> Result<Request<Vec<u8>>, Fault> {
        let unsendable = || Fault::malformed(step, "unsendable", "the address or the access token cannot be sent");
        let bearer = HeaderValue::try_from(format!("Bearer {}", self.access_token.expose()));
        let mut bearer = bearer.map_err(|_invalid| unsendable())?;
        bearer.set_sensitive(true);
        let request = Request::get(url).header(AUTHORIZATION, bearer).header(ACCEPT, "application/json");
        request.body(Vec::new()).map_err(|_invalid| unsendable())
    }
}
