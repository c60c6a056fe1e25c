//! `providers.apple.*`. Apple hands out a key instead of a secret.

use openssl::ec::EcKey;
use openssl::nid::Nid;
use openssl::pkey::PKey;

use super::super::demo::{APPLE, APPLE_KEY_ID, APPLE_PRIVATE_KEY, APPLE_TEAM_ID};
use super::super::keys::{Key, kinds::*};
use super::super::settings::Settings;
use super::section::Section;
use crate::secret::Secret;

/// `providers.apple.*`.
#[derive(Clone, Debug)]
pub struct Apple {
    /// The Services ID.
    pub client_id: String,
    /// The team's id.
    pub team_id: String,
    /// Which of the team's keys.
    pub key_id: String,
    /// That key: PKCS #8 PEM of a P-256 key, checked.
    pub private_key: Secret<String>,
    /// `name`, `email`.
    pub scopes: Vec<String>,
    /// Bundle ids of native apps whose ID tokens are taken, besides the client id.
    pub native_audiences: Vec<String>,
    /// Where the codes of native apps may have been sent.
    pub native_redirect_uris: Vec<String>,
    /// `https://appleid.apple.com`.
    pub auth_base: String,
    /// `iss` of its ID tokens, and `aud` of our client secrets.
    pub issuer: String,
}

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "providers.apple.client_id",
        TEXT,
        unset("com.example.login"),
        "identifier of the Services ID, not of the App ID; Apple is on when it is set",
    ),
    Key::new("providers.apple.team_id", TEXT, unset("ABCDE12345"), "Team ID, ten characters"),
    Key::new("providers.apple.key_id", TEXT, unset("FGHIJ67890"), "Key ID of the key for Sign in with Apple"),
    Key::new(
        "providers.apple.private_key",
        TEXT,
        unset("-----BEGIN PRIVATE KEY-----…"),
        "content of that key's .p8 file; better private_key_file = its path",
    )
    .secret(),
    Key::new("providers.apple.scopes", LIST, is("name,email"), "what to ask for"),
    Key::new("providers.apple.auth_base", TEXT, is("https://appleid.apple.com"), "where Apple's login is"),
    Key::new(
        "providers.apple.issuer",
        TEXT,
        is("https://appleid.apple.com"),
        "iss of Apple's ID tokens, to the letter",
    ),
    Key::new(
        "providers.apple.native_audiences",
        LIST,
        EMPTY,
        "bundle ids of native apps whose ID tokens /api/login/apple takes, besides client_id",
    ),
    Key::new(
        "providers.apple.native_redirect_uris",
        LIST,
        EMPTY,
        "redirect URIs of native apps whose codes /api/login/apple takes",
    ),
];

/// Apple, if it is on.
pub(super) fn read(s: &mut Settings) -> Option<Apple> {
    let mut section = Section::open(s, "apple", "Apple's developer site (Identifiers > Services IDs)")?;
    section.needs("team_id", "set it from Apple's developer site (Membership details)");
    section.needs("key_id", "set it from Apple's developer site (Keys)");
    section.needs("private_key", "set it, or private_key_file, to the .p8 file of that key");
    let (client_id, scopes) = (section.client_id(), section.scopes());
    let (team_id, key_id) = (section.parse("team_id", ten), section.parse("key_id", ten));
    let private_key = section.parse("private_key", p8);
    let (native_audiences, native_redirect_uris) = (section.native_audiences(), section.native_redirect_uris());
    let (auth_base, issuer) = (section.base("auth_base"), section.issuer());
    Some(Apple {
        client_id: client_id?,
        team_id: team_id?,
        key_id: key_id?,
        private_key: private_key?,
        scopes: scopes?,
        native_audiences: native_audiences?,
        native_redirect_uris: native_redirect_uris?,
        auth_base: auth_base?,
        issuer: issuer?,
    })
}

fn ten(text: &str) -> Result<String, String> {
    let fits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then(|| text.to_owned()).ok_or_else(|| "is not ten letters and digits".to_owned())
}

/// A P-256 key. In an environment variable the lines of the file may end in `\n` as two characters.
fn p8(text: &str) -> Result<Secret<String>, String> {
    let pem = text.replace("\\n", "\n");
    let key = PKey::private_key_from_pem(pem.as_bytes()).and_then(|key| key.ec_key());
    // Nothing of OpenSSL's reason is shown: it may quote the text.
    let is_p256 = |key: &EcKey<_>| key.group().curve_name() == Some(Nid::X9_62_PRIME256V1);
    match key {
        Ok(key) if is_p256(&key) => Ok(Secret::new(pem)),
        _ => Err("is not the .p8 file Apple hands out: a PEM with a P-256 private key".to_owned()),
    }
}

pub(super) fn practice(origin: &str) -> Apple {
    let base = format!("{origin}{}", APPLE.prefix);
    Apple {
        client_id: APPLE.client_id.to_owned(),
        team_id: APPLE_TEAM_ID.to_owned(),
        key_id: APPLE_KEY_ID.to_owned(),
        private_key: Secret::new(APPLE_PRIVATE_KEY.to_owned()),
        scopes: ["name", "email"].map(str::to_owned).to_vec(),
        native_audiences: Vec::new(),
        native_redirect_uris: Vec::new(),
        auth_base: base.clone(),
        issuer: base,
    }
}
