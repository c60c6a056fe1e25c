//! `providers.naver.*`.

use super::super::demo::NAVER;
use super::super::keys::{Key, kinds::*};
use super::super::settings::Settings;
use super::section::Section;
use crate::secret::Secret;

/// `providers.naver.*`.
#[derive(Clone, Debug)]
pub struct Naver {
    /// Client ID.
    pub client_id: String,
    /// Client Secret.
    pub client_secret: Secret<String>,
    /// The one before it: notices that are still signed with it are taken.
    pub previous_client_secret: Option<Secret<String>>,
    /// Empty: the console's items decide.
    pub scopes: Vec<String>,
    /// Whether OpenID Connect is used.
    pub oidc: bool,
    /// `https://nid.naver.com`.
    pub auth_base: String,
    /// `https://openapi.naver.com`.
    pub api_base: String,
    /// `iss` of its ID tokens.
    pub issuer: String,
}

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "providers.naver.client_id",
        TEXT,
        unset("jyvqXeaVOVmV"),
        "Client ID of the application; Naver is on when it is set",
    ),
    Key::new("providers.naver.client_secret", TEXT, unset("…"), "its Client Secret").secret(),
    Key::new(
        "providers.naver.previous_client_secret",
        TEXT,
        unset("…"),
        "after a change of the Client Secret the one before it, for a while: notices that are still signed with it are taken",
    )
    .secret(),
    Key::new("providers.naver.scopes", LIST, EMPTY, "empty: the console's items decide (with oidc, openid is added)"),
    Key::new(
        "providers.naver.oidc",
        FLAG,
        is("false"),
        "true: Naver's OpenID Connect, with PKCE and a checked ID token; people stay who they are",
    ),
    Key::new("providers.naver.auth_base", TEXT, is("https://nid.naver.com"), "where Naver's login is"),
    Key::new("providers.naver.api_base", TEXT, is("https://openapi.naver.com"), "where Naver's profile is"),
    Key::new("providers.naver.issuer", TEXT, is("https://nid.naver.com"), "iss of Naver's ID tokens, to the letter"),
];

/// Naver, if it is on.
pub(super) fn read(s: &mut Settings) -> Option<Naver> {
    let mut section = Section::open(s, "naver", "Naver Developers (내 애플리케이션 > Client ID)")?;
    section.needs("client_secret", "set it (or client_secret_file) from Naver Developers (Client Secret)");
    let (client_id, scopes) = (section.client_id(), section.scopes());
    let (auth_base, api_base, issuer) = (section.base("auth_base"), section.base("api_base"), section.issuer());
    Some(Naver {
        client_secret: section.secret("client_secret")?,
        previous_client_secret: section.secret("previous_client_secret"),
        oidc: section.flag("oidc")?,
        client_id: client_id?,
        scopes: scopes?,
        auth_base: auth_base?,
        api_base: api_base?,
        issuer: issuer?,
    })
}

pub(super) fn practice(origin: &str) -> Naver {
    let base = format!("{origin}{}", NAVER.prefix);
    Naver {
        client_id: NAVER.client_id.to_owned(),
        client_secret: Secret::new(NAVER.client_secret.to_owned()),
        previous_client_secret: None,
        scopes: Vec::new(),
        oidc: false,
        auth_base: base.clone(),
        api_base: base.clone(),
        issuer: base,
    }
}
