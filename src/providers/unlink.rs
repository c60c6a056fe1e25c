//! Ending a link at its provider. The one thing that is asked of a provider without a person at the other end: it is told
//! long after they have gone, as often as it takes. What has ended already counts as ended where the provider says so; where
//! it only says that it does not know the token, nobody can tell a link that has ended from a token that is too old, and that
//! is a failure, unless we ourselves asked before and the answer was lost.

use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use serde_json::Value;
use url::form_urlencoded;

use super::fault::{Fault, Step, Verdict, by_oauth_error};
use super::http::{Bare, Deadline, Http};
use super::provider::Provider;
use crate::secret::Secret;

/// All calls that end one link together.
const UNLINK: Duration = Duration::from_secs(10);

/// What a provider needs in order to end a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlinking {
    /// The person's number, so it can always be done.
    ByNumber,
    /// A token from their login, so it can be done while that lives.
    ByToken,
    /// It cannot be done from here; the person does it on the provider's own page.
    Never,
}

/// A link to end. Prints without its contents.
#[derive(Clone)]
pub struct Link {
    /// Who that is there.
    pub subject: String,
    /// The token that was kept for this.
    pub token: Option<Secret<String>>,
    /// Whether the provider was asked before and its answer was lost, so that it may have ended by that.
    pub asked_before: bool,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Link(***)")
    }
}

impl Provider {
    /// What it needs in order to end a link.
    #[must_use]
    pub fn unlinking(&self) -> Unlinking {
        self.dialect.unlinking()
    }

    /// The provider's own page on which a person ends a link.
    #[must_use]
    pub fn disconnect_page(&self) -> Option<String> {
        self.dialect.disconnect_page()
    }

    /// Ends a link, within ten seconds. One that has ended before is as good, where its provider says so.
    ///
    /// # Errors
    /// A [`Fault`] which says who can do something about it.
    pub async fn unlink(&self, link: &Link) -> Result<(), Fault> {
        self.dialect.unlink(&self.http, link, Deadline::within(UNLINK)).await
    }
}

/// What is sent to end a link.
pub(super) enum Said<'a> {
    /// `application/x-www-form-urlencoded`.
    Form(&'a [(&'a str, &'a str)]),
    /// `application/json`.
    Json(Value),
}

/// A call in the app's own name. `authorization` is the whole value of that header, where there is one.
pub(super) async fn call(
    http: &Http,
    (method, url): (Method, &str),
    authorization: Option<&Secret<String>>,
    said: Said<'_>,
    deadline: Deadline,
) -> Result<Bare, Fault> {
    let unsendable = || Fault::malformed(Step::Unlink, "unsendable", "the address or a header cannot be sent");
    let (kind, body) = match said {
        Said::Form(form) => (
            "application/x-www-form-urlencoded;charset=utf-8",
            form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish(),
        ),
        Said::Json(value) => ("application/json", value.to_string()),
    };
    let mut request =
        Request::builder().method(method).uri(url).header(ACCEPT, "application/json").header(CONTENT_TYPE, kind);
    if let Some(value) = authorization {
        let mut value = HeaderValue::try_from(value.expose()).map_err(|_invalid| unsendable())?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    let request = request.body(body.into_bytes()).map_err(|_invalid| unsendable())?;
    http.bare(request, deadline).await.map_err(|failure| Fault::transport(Step::Unlink, &failure))
}

/// A form, posted.
pub(super) async fn post_form(
    http: &Http,
    url: &str,
    authorization: Option<&Secret<String>>,
    form: &[(&str, &str)],
    deadline: Deadline,
) -> Result<Bare, Fault> {
    call(http, (Method::POST, url), authorization, Said::Form(form), deadline).await
}

/// The token that was kept for this.
pub(super) fn token(link: &Link) -> Result<&Secret<String>, Fault> {
    let missing = || Fault::refused(Step::Unlink, "no-token", "no token of this link was kept");
    link.token.as_ref().ok_or_else(missing)
}

/// The provider does not know the token.
pub(super) fn dead(link: &Link, answer: &Bare) -> Result<(), Fault> {
    if link.asked_before {
        return Ok(());
    }
    let Fault { code, .. } = refusal(answer, |_name| None);
    let cause = "the provider does not know the token that was kept: the link has ended there already, or the token is too \
                 old and only its person can end it there";
    Err(Fault::refused(Step::Unlink, &code, cause))
}

/// An answer that is neither yes nor "that link has ended": whose turn it is, by the error's name (RFC 6749 section 5.2).
pub(super) fn refusal(answer: &Bare, verdict: impl Fn(&str) -> Option<Verdict>) -> Fault {
    let named =
        error(answer).filter(|name| name.len() <= 32 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    let verdict = named.and_then(|name| verdict(name).or_else(|| by_oauth_error(name)));
    let code = named.map_or_else(|| format!("http-{}", answer.status), |name| format!("oauth-{name}"));
    Fault::reported(Step::Unlink, answer.status, code, verdict)
}

/// `error` of an answer.
pub(super) fn error(answer: &Bare) -> Option<&str> {
    answer.body.as_ref()?.get("error")?.as_str()
}
