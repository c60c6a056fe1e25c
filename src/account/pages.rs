//! A person's own pages.

use askama::Template;

use crate::clock::Moment;
use crate::device::Device;
use crate::tokens::Session;
use crate::users::LinkedAccount;
use crate::web::WayOut;
use crate::web::page::Chrome;

/// `GET /profile`.
#[derive(Template)]
#[template(path = "account/index.html")]
pub(super) struct ProfilePage {
    /// What every page shares.
    pub c: Chrome,
    /// The name shown to others: the person's own choice, else the provider's.
    pub name: Option<String>,
    /// Address of the picture.
    pub picture: Option<String>,
    /// The e-mail with what is known about it.
    pub email: EmailView,
    /// The linked accounts.
    pub identities: Vec<IdentityView>,
    /// The device the page is read on.
    pub device: DeviceView,
    /// When the account was made.
    pub joined_at: Moment,
    /// The i18n key of what is wrong with the name just sent.
    pub name_problem: Option<&'static str>,
    /// What stands in the name field: the name just sent, else the present one.
    pub name_input: String,
}

/// An e-mail address with its state.
#[derive(Clone, Debug)]
pub(super) enum EmailView {
    /// The provider vouches for it.
    Verified(String),
    /// The provider knows it and does not vouch for it.
    Unverified(String),
    /// The provider gave none.
    None,
}

/// A linked account.
#[derive(Clone, Debug)]
pub(super) struct IdentityView {
    /// The provider's slug.
    pub provider: String,
    /// The name there.
    pub nickname: Option<String>,
    /// When it was linked.
    pub linked_at: Moment,
    /// When it was last logged in with.
    pub last_login_at: Moment,
}

/// `GET /profile/identities`.
#[derive(Template)]
#[template(path = "account/identities.html")]
pub(super) struct IdentitiesPage {
    /// What every page shares.
    pub c: Chrome,
    /// The linked accounts, the one used last first.
    pub accounts: Vec<ListedIdentity>,
    /// The providers at which one more can be linked.
    pub providers: Vec<Linkable>,
}

/// A provider at which one more account can be linked.
#[derive(Clone, Debug)]
pub(super) struct Linkable {
    /// Its slug.
    pub slug: String,
    /// Where the provider refuses the browser this is read in: the way out of it.
    pub way_out: Option<WayOut>,
}

/// A linked account in the list.
#[derive(Clone, Debug)]
pub(super) struct ListedIdentity {
    /// Its id.
    pub id: String,
    /// Whether the page is read by a login with it.
    pub current: bool,
    /// What it is.
    pub view: IdentityView,
    /// The e-mail it brought.
    pub email: EmailView,
}

impl ListedIdentity {
    /// Of a linked account.
    pub(super) fn of(account: &LinkedAccount, current: bool) -> Self {
        Self {
            id: account.id.to_string(),
            current,
            view: IdentityView::of(account),
            email: EmailView::of(account.email.as_ref().map(|(address, verified)| (address.as_str(), *verified))),
        }
    }
}

impl IdentityView {
    /// Of a linked account.
    pub(super) fn of(account: &LinkedAccount) -> Self {
        Self {
            provider: account.provider.clone(),
            nickname: account.nickname.clone(),
            linked_at: account.linked_at,
            last_login_at: account.last_login_at,
        }
    }
}

impl EmailView {
    /// Of an address and whether its provider vouches for it.
    pub(super) fn of(email: Option<(&str, bool)>) -> Self {
        match email {
            Some((address, true)) => Self::Verified(address.to_owned()),
            Some((address, false)) => Self::Unverified(address.to_owned()),
            None => Self::None,
        }
    }
}

/// `GET /profile/sessions`.
#[derive(Template)]
#[template(path = "account/sessions.html")]
pub(super) struct SessionsPage {
    /// What every page shares.
    pub c: Chrome,
    /// Where this person is logged in, this device first.
    pub devices: Vec<ListedDevice>,
}

/// `GET /profile/sessions/revoke-others`.
#[derive(Template)]
#[template(path = "account/revoke_others.html")]
pub(super) struct RevokeOthersPage {
    /// What every page shares.
    pub c: Chrome,
}

/// A device in the list.
#[derive(Clone, Debug)]
pub(super) struct ListedDevice {
    /// The session's id.
    pub id: String,
    /// Whether the page is read on it.
    pub current: bool,
    /// What it is.
    pub view: DeviceView,
}

/// A logged-in device.
#[derive(Clone, Debug)]
pub(super) struct DeviceView {
    /// The browser, in words.
    pub browser: Option<String>,
    /// The system, in words.
    pub system: Option<String>,
    /// The address it was last seen at, shortened.
    pub ip: Option<String>,
    /// When it logged in.
    pub signed_in_at: Moment,
    /// When it was last seen.
    pub last_seen_at: Moment,
    /// The slug of the provider it logged in with.
    pub provider: String,
}

impl DeviceView {
    /// Of a session whose user agent was read.
    pub(super) fn of(session: &Session, device: &Device) -> Self {
        Self {
            browser: device.browser.clone(),
            system: device.system.clone(),
            ip: Some(session.address.clone()).filter(|address| !address.is_empty()),
            signed_in_at: session.created_at,
            last_seen_at: session.last_seen_at,
            provider: session.provider.clone(),
        }
    }
}
