//! `providers.github.*`.

use super::super::demo::GITHUB;
use super::super::keys::{Key, kinds::*};
use super::super::settings::Settings;
use super::section::Section;
use crate::secret::Secret;

/// `providers.github.*`.
#[derive(Clone, Debug)]
pub struct Github {
    /// Client ID.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Secret<String>,
    /// Without `user:email` no address is known.
    pub scopes: Vec<String>,
    /// Where the codes of native apps may have been sent.
    pub native_redirect_uris: Vec<String>,
    /// `https://github.com`.
    pub auth_base: String,
    /// `https://api.github.com`.
    pub api_base: String,
    /// `iss` of its callbacks.
    pub issuer: String,
}

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "providers.github.client_id",
        TEXT,
        unset("Ov23liabcdefghijklmn"),
        "Client ID of the OAuth app; GitHub is on when it is set",
    ),
    Key::new("providers.github.client_secret", TEXT, unset("…"), "its client secret").secret(),
    Key::new(
        "providers.github.scopes",
        LIST,
        is("user:email"),
        "what to ask for; without user:email no e-mail is known",
    ),
    Key::new("providers.github.auth_base", TEXT, is("https://github.com"), "where GitHub's login is"),
    Key::new("providers.github.api_base", TEXT, is("https://api.github.com"), "where GitHub's profile is"),
    Key::new(
        "providers.github.issuer",
        TEXT,
        is("https://github.com/login/oauth"),
        "iss of GitHub's callbacks, to the letter; one without it is refused",
    ),
    Key::new(
        "providers.github.native_redirect_uris",
        LIST,
        EMPTY,
        "redirect URIs of native apps whose codes /api/login/github takes",
    ),
];

/// GitHub, if it is on.
pub(super) fn read(s: &mut Settings) -> Option<Github> {
    let mut section = Section::open(s, "github", "GitHub (Settings > Developer settings > OAuth Apps)")?;
    section.needs("client_secret", "set it (or client_secret_file) from the OAuth app's page at GitHub");
    let (client_id, scopes) = (section.client_id(), section.scopes());
    let native_redirect_uris = section.native_redirect_uris();
    let (auth_base, api_base, issuer) = (section.base("auth_base"), section.base("api_base"), section.issuer());
    Some(Github {
        client_secret: section.secret("client_secret")?,
        client_id: client_id?,
        scopes: scopes?,
        native_redirect_uris: native_redirect_uris?,
        auth_base: auth_base?,
        api_base: api_base?,
        issuer: issuer?,
    })
}

pub(super) fn practice(origin: &str) -> Github {
    let base = format!("{origin}{}", GITHUB.prefix);
    Github {
        client_id: GITHUB.client_id.to_owned(),
        client_secret: Secret::new(GITHUB.client_secret.to_owned()),
        scopes: vec!["user:email".to_owned()],
        native_redirect_uris: Vec::new(),
        auth_base: base.clone(),
        api_base: base.clone(),
        issuer: format!("{base}/login/oauth"),
    }
}
