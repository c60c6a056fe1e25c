//! `providers.kakao.*`.

use super::super::demo;
use super::super::keys::{Key, kinds::*};
use super::super::settings::Settings;
use super::section::Section;
use crate::secret::Secret;

/// `providers.kakao.*`.
#[derive(Clone, Debug)]
pub struct Kakao {
    /// REST API key.
    pub client_id: String,
    /// Missing only where the console has it off.
    pub client_secret: Option<Secret<String>>,
    /// Number of the app; learned at the first login when not set.
    pub app_id: Option<i64>,
    /// Empty: the console's consent items decide.
    pub scopes: Vec<String>,
    /// Native app keys whose ID tokens are taken from apps, besides the client id.
    pub native_audiences: Vec<String>,
    /// Where the codes of native apps may have been sent.
    pub native_redirect_uris: Vec<String>,
    /// `https://kauth.kakao.com`, no slash at the end.
    pub auth_base: String,
    /// `https://kapi.kakao.com`, no slash at the end.
    pub api_base: String,
    /// `iss` of its ID tokens.
    pub issuer: String,
    /// Ends links, and proves Kakao's notices.
    pub admin_key: Option<Secret<String>>,
}

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "providers.kakao.client_id",
        TEXT,
        unset("0123456789abcdef0123456789abcdef"),
        "REST API key; Kakao is on when it is set, and so the demo is over",
    ),
    Key::new(
        "providers.kakao.client_secret",
        TEXT,
        unset("…"),
        "client secret of that REST API key; on by default in the console",
    )
    .secret(),
    Key::new(
        "providers.kakao.client_secret_off",
        FLAG,
        is("false"),
        "true: the console has the client secret switched off, so there is none",
    ),
    Key::new(
        "providers.kakao.app_id",
        number(1, i64::MAX),
        depends("learned at the first login", "1234567"),
        "number of the app: its users' ids belong to it",
    ),
    Key::new(
        "providers.kakao.scopes",
        LIST,
        EMPTY,
        "consent items to ask for; empty: the console's settings decide. An item the app may not ask for stops every \
         login with KOE205",
    ),
    Key::new("providers.kakao.auth_base", TEXT, is("https://kauth.kakao.com"), "where Kakao's login is"),
    Key::new("providers.kakao.api_base", TEXT, is("https://kapi.kakao.com"), "where Kakao's profile is"),
    Key::new("providers.kakao.issuer", TEXT, is("https://kauth.kakao.com"), "iss of Kakao's ID tokens, to the letter"),
    Key::new(
        "providers.kakao.admin_key",
        TEXT,
        unset("…"),
        "the app's primary admin key: ends links at Kakao, and proves Kakao's notices of links that ended there",
    )
    .secret(),
    Key::new(
        "providers.kakao.native_audiences",
        LIST,
        EMPTY,
        "native app keys whose ID tokens /api/login/kakao takes, besides client_id",
    ),
    Key::new(
        "providers.kakao.native_redirect_uris",
        LIST,
        EMPTY,
        "redirect URIs of native apps whose codes /api/login/kakao takes; never the web login's own",
    ),
];

/// Kakao, if it is on.
pub(super) fn read(s: &mut Settings) -> Option<Kakao> {
    let mut section = Section::open(s, "kakao", "Kakao's console (the REST API key)")?;
    let (client_secret, admin_key) = (section.secret("client_secret"), section.secret("admin_key"));
    match (client_secret.is_some(), section.flag("client_secret_off")?) {
        (true, true) => {
            let key = section.key("client_secret_off");
            section.s.fault(&key, "is true, but providers.kakao.client_secret is set", "remove one of them");
        }
        (false, false) => section.needs(
            "client_secret",
            "set it (or client_secret_file) from Kakao's console; only where the console has it switched off, set \
             providers.kakao.client_secret_off = true",
        ),
        (true, false) | (false, true) => {}
    }
    let (client_id, scopes) = (section.client_id(), section.scopes());
    let (native_audiences, native_redirect_uris) = (section.native_audiences(), section.native_redirect_uris());
    let (auth_base, api_base, issuer) = (section.base("auth_base"), section.base("api_base"), section.issuer());
    Some(Kakao {
        app_id: section.s.number("providers.kakao.app_id"),
        client_id: client_id?,
        client_secret,
        scopes: scopes?,
        native_audiences: native_audiences?,
        native_redirect_uris: native_redirect_uris?,
        auth_base: auth_base?,
        api_base: api_base?,
        issuer: issuer?,
        admin_key,
    })
}

pub(super) fn practice(origin: &str) -> Kakao {
    Kakao {
        client_id: demo::CLIENT_ID.to_owned(),
        client_secret: Some(Secret::new(demo::CLIENT_SECRET.to_owned())),
        app_id: Some(demo::APP_ID),
        scopes: Vec::new(),
        native_audiences: Vec::new(),
        native_redirect_uris: Vec::new(),
        auth_base: origin.to_owned(),
        api_base: origin.to_owned(),
        issuer: origin.to_owned(),
        admin_key: Some(Secret::new(demo::ADMIN_KEY.to_owned())),
    }
}
