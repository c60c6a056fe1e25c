//! `providers.google.*`.

use super::super::demo::GOOGLE;
use super::super::keys::{Key, kinds::*};
use super::super::settings::Settings;
use super::section::Section;
use crate::secret::Secret;

/// `providers.google.*`.
#[derive(Clone, Debug)]
pub struct Google {
    /// Client ID.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Secret<String>,
    /// With `openid`.
    pub scopes: Vec<String>,
    /// Client ids of native apps whose ID tokens are taken, besides the client id.
    pub native_audiences: Vec<String>,
    /// Where the codes of native apps may have been sent.
    pub native_redirect_uris: Vec<String>,
    /// `https://accounts.google.com`.
    pub auth_base: String,
    /// `https://oauth2.googleapis.com`.
    pub token_base: String,
    /// `https://www.googleapis.com`.
    pub keys_base: String,
    /// `iss` of its ID tokens.
    pub issuer: String,
}

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "providers.google.client_id",
        TEXT,
        unset("1234567890-abc.apps.googleusercontent.com"),
        "Client ID of type web application; Google is on when it is set",
    ),
    Key::new("providers.google.client_secret", TEXT, unset("…"), "its client secret").secret(),
    Key::new("providers.google.scopes", LIST, is("openid,email,profile"), "what to ask for; openid must be among it"),
    Key::new("providers.google.auth_base", TEXT, is("https://accounts.google.com"), "where Google's login is"),
    Key::new("providers.google.token_base", TEXT, is("https://oauth2.googleapis.com"), "where codes are traded"),
    Key::new("providers.google.keys_base", TEXT, is("https://www.googleapis.com"), "where the keys of ID tokens are"),
    Key::new(
        "providers.google.issuer",
        TEXT,
        is("https://accounts.google.com"),
        "iss of Google's ID tokens, to the letter; the same without https:// is taken too, as old ones have it",
    ),
    Key::new(
        "providers.google.native_audiences",
        LIST,
        EMPTY,
        "client ids of native apps whose ID tokens /api/login/google takes, besides client_id",
    ),
    Key::new(
        "providers.google.native_redirect_uris",
        LIST,
        EMPTY,
        "redirect URIs of native apps whose codes /api/login/google takes",
    ),
];

/// Google, if it is on.
pub(super) fn read(s: &mut Settings) -> Option<Google> {
    let mut section = Section::open(s, "google", "the Google Cloud console (Clients)")?;
    section.needs("client_secret", "set it (or client_secret_file) from the Google Cloud console (Clients)");
    let (client_id, scopes) = (section.client_id(), section.openid_scopes());
    let (native_audiences, native_redirect_uris) = (section.native_audiences(), section.native_redirect_uris());
    let (auth_base, token_base) = (section.base("auth_base"), section.base("token_base"));
    let (keys_base, issuer) = (section.base("keys_base"), section.issuer());
    Some(Google {
        client_secret: section.secret("client_secret")?,
        client_id: client_id?,
        scopes: scopes?,
        native_audiences: native_audiences?,
        native_redirect_uris: native_redirect_uris?,
        auth_base: auth_base?,
        token_base: token_base?,
        keys_base: keys_base?,
        issuer: issuer?,
    })
}

pub(super) fn practice(origin: &str) -> Google {
    let base = format!("{origin}{}", GOOGLE.prefix);
    Google {
        client_id: GOOGLE.client_id.to_owned(),
        client_secret: Secret::new(GOOGLE.client_secret.to_owned()),
        scopes: ["openid", "email", "profile"].map(str::to_owned).to_vec(),
        native_audiences: Vec::new(),
        native_redirect_uris: Vec::new(),
        auth_base: base.clone(),
        token_base: base.clone(),
        keys_base: base.clone(),
        issuer: base,
    }
}
