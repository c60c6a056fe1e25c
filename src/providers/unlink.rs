//! Ending a link at its provider. The one thing that is asked of a provider without a person at the other end: it is told
//! long after they have gone, as often as it takes, and so what has ended already counts as ended.

use std::time::Duration;

use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use url::form_urlencoded;

use super::fault::{Fault, Step};
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
    /// The tokens that were kept for this.
    pub tokens: Option<String>,
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

    /// Ends a link, within ten seconds. One that has ended before is as good.
    ///
    /// # Errors
    /// A [`Fault`] which says who can do something about it.
    pub async fn unlink(&self, link: &Link) -> Result<(), Fault> {
        self.dialect.unlink(&self.http, link, Deadline::within(UNLINK)).await
    }
}

/// A form sent in the app's own name. `authorization` is the whole value of that header, where there is one.
pub(super) async fn post_form(
    http: &Http,
    url: &str,
    authorization: Option<&Secret<String>>,
    form: &[(&str, &str)],
    deadline: Deadline,
) -> Result<Bare, Fault> {
    let unsendable = || Fault::malformed(Step::Unlink, "unsendable", "the address or a header cannot be sent");
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let mut request = Request::post(url)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded;charset=utf-8");
    if let Some(value) = authorization {
        let mut value = HeaderValue::try_from(value.expose()).map_err(|_invalid| unsendable())?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    let request = request.body(body.into_bytes()).map_err(|_invalid| unsendable())?;
    http.bare(request, deadline).await.map_err(|failure| Fault::transport(Step::Unlink, &failure))
}
