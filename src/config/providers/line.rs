//! `providers.line.*`.

use super::super::demo::LINE;
use super::super::keys::{Key, kinds::*};
use super::super::settings::Settings;
use super::section::Section;
use crate::secret::Secret;

/// `providers.line.*`.
#[derive(Clone, Debug)]
pub struct Line {
    /// Channel ID.
    pub client_id: String,
    /// Channel secret.
    pub client_secret: Secret<String>,
    /// With `openid`.
    pub scopes: Vec<String>,
    /// Channel ids of native apps whose ID tokens are taken, besides the client id.
    pub native_audiences: Vec<String>,
    /// Where the codes of native apps may have been sent.
    pub native_redirect_uris: Vec<String>,
    /// `https://access.line.me`.
    pub auth_base: String,
    /// `https://api.line.me`.
    pub api_base: String,
    /// `iss` of its ID tokens.
    pub issuer: String,
}

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "providers.line.client_id",
        TEXT,
        unset("1234567890"),
        "Channel ID of the LINE Login channel; LINE is on when it is set",
    ),
    Key::new("providers.line.client_secret", TEXT, unset("…"), "its Channel secret").secret(),
    Key::new(
        "providers.line.scopes",
        LIST,
        is("openid,profile"),
        "what to ask for; openid must be among it. email only after LINE has given the channel the permission",
    ),
    Key::new("providers.line.auth_base", TEXT, is("https://access.line.me"), "where LINE's login is"),
    Key::new("providers.line.api_base", TEXT, is("https://api.line.me"), "where codes are traded"),
    Key::new("providers.line.issuer", TEXT, is("https://access.line.me"), "iss of LINE's ID tokens, to the letter"),
    Key::new(
        "providers.line.native_audiences",
        LIST,
        EMPTY,
        "channel ids of native apps whose ID tokens /api/login/line takes, besides client_id",
    ),
    Key::new(
        "providers.line.native_redirect_uris",
        LIST,
        EMPTY,
        "redirect URIs of native apps whose codes /api/login/line takes",
    ),
];

/// LINE, if it is on.
pub(super) fn read(s: &mut Settings) -> Option<Line> {
    let mut section = Section::open(s, "line", "the LINE Developers Console (Basic settings > Channel ID)")?;
    section.needs("client_secret", "set it (or client_secret_file) from the LINE Developers Console (Channel secret)");
    let (client_id, scopes) = (section.client_id(), section.openid_scopes());
    let (native_audiences, native_redirect_uris) = (section.native_audiences(), section.native_redirect_uris());
    let (auth_base, api_base, issuer) = (section.base("auth_base"), section.base("api_base"), section.issuer());
    Some(Line {
        client_secret: section.secret("client_secret")?,
        client_id: client_id?,
        scopes: scopes?,
        native_audiences: native_audiences?,
        native_redirect_uris: native_redirect_uris?,
        auth_base: auth_base?,
        api_base: api_base?,
        issuer: issuer?,
    })
}

pub(super) fn practice(origin: &str) -> Line {
    let base = format!("{origin}{}", LINE.prefix);
    Line {
        client_id: LINE.client_id.to_owned(),
        client_secret: Secret::new(LINE.client_secret.to_owned()),
        scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        native_audiences: Vec::new(),
        native_redirect_uris: Vec::new(),
        auth_base: base.clone(),
        api_base: base.clone(),
        issuer: base,
    }
}
