//! `providers.<anything>.*` with `kind = "oidc"`: an issuer nobody wrote a file for. Its keys stand in the table under one
//! sample name.

use super::super::demo::OIDC;
use super::super::fault::Fault;
use super::super::keys::{Key, kinds::*};
use super::super::parse;
use super::super::settings::Settings;
use super::super::suggest;
use super::section::Section;
use super::{NAMED, on};
use crate::secret::Secret;

/// The sample name.
pub(in super::super) const TEMPLATE: &str = "company";

/// Longest name, in characters: it stands in addresses and in the `prefs` cookie.
const NAME_MAX: usize = 32;

/// Names that would be another page's address.
const TAKEN: [&str; 1] = ["again"];

/// `providers.<anything>.*`.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// What stands in addresses and in the database.
    pub name: String,
    /// What people read.
    pub display_name: String,
    /// The issuer, to the letter.
    pub issuer: String,
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Secret<String>,
    /// With `openid`.
    pub scopes: Vec<String>,
    /// Whether its word is taken that an e-mail address belongs to the person.
    pub email_authoritative: bool,
}

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "providers.company.kind",
        Form::Choice { now: &["oidc"], later: &[] },
        unset("oidc"),
        "oidc makes any other name (small letters, digits, _) a provider by OpenID Connect Discovery",
    ),
    Key::new("providers.company.issuer", TEXT, unset("https://id.example.com"), "the issuer, to the letter"),
    Key::new("providers.company.client_id", TEXT, unset("fiiiiilm"), "client id there; it is on when this is set"),
    Key::new("providers.company.client_secret", TEXT, unset("…"), "its client secret").secret(),
    Key::new("providers.company.display_name", TEXT, unset("Example"), "its name on pages"),
    Key::new("providers.company.scopes", LIST, is("openid,profile,email"), "what to ask for; openid must be among it"),
    Key::new(
        "providers.company.email_authoritative",
        FLAG,
        is("false"),
        "true: who runs the issuer is believed about whose an e-mail address is; then email_verified counts",
    ),
];

/// The key under the sample name that a setting of some other name follows.
pub(in super::super) fn template_of(name: &str) -> Option<String> {
    let (provider, short) = name.strip_prefix("providers.")?.split_once('.')?;
    (is_name(provider) && !NAMED.contains(&provider)).then(|| format!("providers.{TEMPLATE}.{short}"))
}

fn is_name(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=NAME_MAX).contains(&text.len()) && text.bytes().all(legal) && !TAKEN.contains(&text)
}

/// What to say of a setting below `providers` that no provider has.
pub(in super::super) fn unknown(name: &str) -> Option<Fault> {
    let (provider, _) = name.strip_prefix("providers.")?.split_once('.')?;
    let problem = "names a provider in a way that does not work";
    let remedy = "take up to 32 small letters, digits and _ (and not `again`)";
    (!is_name(provider)).then(|| Fault::new(name, problem, remedy))
}

/// Every further name that somebody set anything of, in the order of the alphabet.
pub(super) fn read(s: &mut Settings) -> Vec<Oidc> {
    let names = on(s, false).into_iter().filter(|name| !NAMED.contains(&name.as_str()));
    names.collect::<Vec<_>>().iter().filter_map(|name| one(s, name)).collect()
}

fn one(s: &mut Settings, name: &str) -> Option<Oidc> {
    let kind = format!("providers.{name}.kind");
    if !s.is_given(&kind) {
        let meant = NAMED.into_iter().find(|known| suggest::distance(name, known) <= 2);
        let remedy = match meant {
            Some(known) => format!("did you mean providers.{known}? Otherwise set it to \"oidc\""),
            None => "set it to \"oidc\", or remove the section".to_owned(),
        };
        s.fault(&kind, "is not set, and there is no provider of that name", remedy);
        return None;
    }
    let mut section = Section::open(s, name, "the issuer's console")?;
    section.needs("issuer", "set it to the issuer, as its own configuration document writes it");
    section.needs("client_secret", "set it (or client_secret_file) from the issuer's console");
    section.needs("display_name", "set it to what people call the issuer");
    let (client_id, scopes) = (section.client_id(), section.openid_scopes());
    let (issuer, display_name) = (section.issuer(), section.parse("display_name", parse::title));
    Some(Oidc {
        name: name.to_owned(),
        client_secret: section.secret("client_secret")?,
        email_authoritative: section.flag("email_authoritative")?,
        display_name: display_name?,
        issuer: issuer?,
        client_id: client_id?,
        scopes: scopes?,
    })
}

pub(super) fn practice(origin: &str) -> Oidc {
    Oidc {
        name: "oidc".to_owned(),
        display_name: "Fiiiiilm Lab".to_owned(),
        issuer: format!("{origin}{}", OIDC.prefix),
        client_id: OIDC.client_id.to_owned(),
        client_secret: Secret::new(OIDC.client_secret.to_owned()),
        scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        email_authoritative: false,
    }
}
