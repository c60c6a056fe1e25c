//! The pages of logging in and out.

use actix_web::HttpRequest;
use askama::Template;

use crate::signin::Ending;
use crate::signin::PendingSignup;
use crate::web::RequestId;
use crate::web::WayOut;
use crate::web::page::Chrome;

/// `GET /login`.
#[derive(Template)]
#[template(path = "login/index.html")]
pub(super) struct LoginPage {
    /// What every page shares.
    pub c: Chrome,
    /// One for each provider that is on.
    pub buttons: Vec<Button>,
}

/// The way to one provider, drawn exactly as its brand's guide asks.
#[derive(Clone, Debug)]
pub(super) struct Button {
    /// Which provider.
    pub slug: String,
    /// What it is called, for one that no brand's guide is known of.
    pub name: Option<String>,
    /// Where the login starts.
    pub href: String,
    /// Whether this browser logged in with it last.
    pub recent: bool,
    /// The way to the phone's browser, where the provider logs nobody in inside this app.
    pub way_out: Option<WayOut>,
}

/// How a login ended that did not end in a session.
#[derive(Template)]
#[template(path = "login/outcome.html")]
pub(super) struct OutcomePage {
    /// What every page shares.
    pub c: Chrome,
    /// The i18n key of what happened.
    pub title_key: &'static str,
    /// The i18n key of what to do now.
    pub text_key: &'static str,
    /// Why, in an admin's words, where there are any.
    pub reason: Option<String>,
    /// Where a new login starts, when starting again helps.
    pub again: Option<String>,
    /// The stable code a reader may quote.
    pub code: String,
    /// Finds the request in the log.
    pub request_id: String,
}

/// A new account waits whose e-mail is somebody's who is here already.
#[derive(Template)]
#[template(path = "login/offer.html")]
pub(super) struct OfferPage {
    /// What every page shares.
    pub c: Chrome,
    /// The provider of the account they have.
    pub by: String,
    /// The provider of the new one.
    pub new: String,
    /// The e-mail both have.
    pub email: String,
}

impl OfferPage {
    /// For what waits.
    #[must_use]
    pub(super) fn new(c: Chrome, signup: &PendingSignup) -> Self {
        let by = signup.offered_by.clone().unwrap_or_default();
        Self { c, by, new: signup.provider.clone(), email: signup.email().unwrap_or_default().to_owned() }
    }
}

/// After a login of somebody whose earlier session ended because its token was used twice.
#[derive(Template)]
#[template(path = "login/alarm.html")]
pub(super) struct AlarmPage {
    /// What every page shares.
    pub c: Chrome,
    /// Where the login leads.
    pub next: String,
}

/// After logging out.
#[derive(Template)]
#[template(path = "login/logged_out.html")]
pub(super) struct LogoutDonePage {
    /// What every page shares.
    pub c: Chrome,
    /// Where the Kakao Account is logged out too, after a session that came from there.
    pub kakao_logout: Option<String>,
}

/// After logging out while the database did not answer.
#[derive(Template)]
#[template(path = "login/logout_incomplete.html")]
pub(super) struct LogoutIncompletePage {
    /// What every page shares.
    pub c: Chrome,
    /// Finds the request in the log.
    pub request_id: String,
}

impl LogoutIncompletePage {
    /// The page for this request.
    #[must_use]
    pub(super) fn new(c: Chrome, req: &HttpRequest) -> Self {
        Self { c, request_id: RequestId::of(req) }
    }
}

/// The i18n keys of what happened and of what to do now.
const fn words(ending: Ending) -> (&'static str, &'static str) {
    match ending {
        Ending::Cancelled => ("outcome-cancelled-title", "outcome-cancelled-text"),
        Ending::UnderAge => ("outcome-under-age-title", "outcome-under-age-text"),
        Ending::ForeignBrowser => ("outcome-foreign-browser-title", "outcome-foreign-browser-text"),
        Ending::Expired => ("outcome-expired-title", "outcome-expired-text"),
        Ending::UnknownState => ("outcome-unknown-state-title", "outcome-unknown-state-text"),
        Ending::Used => ("outcome-used-title", "outcome-used-text"),
        Ending::TryLater => ("outcome-try-later-title", "outcome-try-later-text"),
        Ending::OperatorMustFix => ("outcome-operator-must-fix-title", "outcome-operator-must-fix-text"),
        Ending::Refused => ("outcome-refused-title", "outcome-refused-text"),
        Ending::Banned => ("outcome-banned-title", "outcome-banned-text"),
        Ending::Waiting => ("outcome-waiting-title", "outcome-waiting-text"),
        Ending::Closed => ("outcome-closed-title", "outcome-closed-text"),
        Ending::SignUpClosed => ("outcome-sign-up-closed-title", "outcome-sign-up-closed-text"),
        Ending::NotYet => ("outcome-not-yet-title", "outcome-not-yet-text"),
        Ending::IdentityOfAnother => ("outcome-identity-of-another-title", "outcome-identity-of-another-text"),
        Ending::OtherPerson => ("outcome-other-person-title", "outcome-other-person-text"),
        Ending::NotAskedAnew => ("outcome-not-asked-anew-title", "outcome-not-asked-anew-text"),
        Ending::WelcomeRequired => ("outcome-welcome-required-title", "outcome-welcome-required-text"),
    }
}

impl OutcomePage {
    /// The page for one ending.
    #[must_use]
    pub(super) fn new(c: Chrome, ending: Ending, again: Option<String>, code: String, request_id: String) -> Self {
        let (title_key, text_key) = words(ending);
        Self { c, title_key, text_key, reason: None, again, code, request_id }
    }

    /// The same, with an admin's words about it.
    #[must_use]
    pub(super) fn because(mut self, reason: Option<&str>) -> Self {
        self.reason = reason.map(str::to_owned);
        self
    }
}
