//! The app as the practice provider's console would show it: keys, addresses, consent items.

use crate::config::demo;

/// Another key of the same app: authorizing with it and exchanging with the REST key is the common mistake KOE114.
const JAVASCRIPT_KEY: &str = "f1111117000000000000000000000da5";

/// One registered app.
#[derive(Clone)]
pub struct App {
    /// REST API key.
    pub client_id: String,
    /// JavaScript key; its codes are refused for the REST key (KOE114).
    pub javascript_key: String,
    /// Must come in the body of a token request.
    pub client_secret: String,
    /// Opens kapi's admin form (`Authorization: KakaoAK …`).
    pub admin_key: String,
    /// Number of the app.
    pub app_id: i64,
    /// Where a login may return to, each compared as text.
    pub redirect_uris: Vec<String>,
    /// Where `/oauth/logout` may return to.
    pub logout_redirect_uris: Vec<String>,
    /// What people are asked to agree to, in the order of the page.
    pub consent_items: Vec<ConsentItem>,
    /// Whether OpenID Connect is on: ID tokens are issued.
    pub openid: bool,
    /// Origin of the site; shown on the pages, as its name and as the way back.
    pub site: String,
}

/// A consent item set up for the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentItem {
    /// Its id, as in `scope`.
    pub scope: String,
    /// When it is asked, and whether one may say no.
    pub requirement: Requirement,
}

/// How an item is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// No login without it.
    Required,
    /// Asked at the first login.
    Optional,
    /// Asked only when `scope` names it.
    DuringUse,
}

impl App {
    /// The practice app of a site at this origin (without a slash at the end).
    #[must_use]
    pub fn demo(site_origin: &str) -> Self {
        let item = |scope: &str, requirement| ConsentItem { scope: scope.to_owned(), requirement };
        Self {
            client_id: demo::CLIENT_ID.to_owned(),
            javascript_key: JAVASCRIPT_KEY.to_owned(),
            client_secret: demo::CLIENT_SECRET.to_owned(),
            admin_key: demo::ADMIN_KEY.to_owned(),
            app_id: demo::APP_ID,
            redirect_uris: vec![format!("{site_origin}/login/kakao/callback"), demo::NATIVE_REDIRECT_URI.to_owned()],
            logout_redirect_uris: vec![format!("{site_origin}/logout/done"), format!("{site_origin}/")],
            consent_items: vec![
                item("profile_nickname", Requirement::Required),
                item("profile_image", Requirement::Optional),
                item("account_email", Requirement::Optional),
            ],
            openid: true,
            site: site_origin.to_owned(),
        }
    }

    /// The item with this id.
    pub(super) fn item(&self, scope: &str) -> Option<&ConsentItem> {
        self.consent_items.iter().find(|item| item.scope == scope)
    }

    /// Whether an item may be asked for. `openid` is no consent item; OpenID Connect has to be on for it.
    pub(super) fn knows_scope(&self, scope: &str) -> bool {
        if scope == "openid" { self.openid } else { self.item(scope).is_some() }
    }
}
