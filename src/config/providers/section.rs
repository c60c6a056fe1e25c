//! What the settings of all providers have in common: how they are read, and what only works together.

use super::super::parse;
use super::super::settings::Settings;
use crate::secret::Secret;

/// The settings below `providers.<name>`.
pub(super) struct Section<'s> {
    pub(super) s: &'s mut Settings,
    name: String,
}

impl<'s> Section<'s> {
    /// The section of a provider somebody set anything of; without a client id there is none, and a fault says so.
    pub(super) fn open(s: &'s mut Settings, name: &str, console: &str) -> Option<Self> {
        let section = Self { s, name: name.to_owned() };
        let prefix = section.key("");
        let told = section.s.given.keys().find(|key| key.starts_with(&prefix))?.clone();
        let id = section.key("client_id");
        if section.s.is_given(&id) {
            return Some(section);
        }
        let problem = format!("is not set, but {told} is");
        section.s.fault(&id, problem, format!("set it from {console}, or remove the other"));
        None
    }

    /// The full name of one of its settings.
    pub(super) fn key(&self, short: &str) -> String {
        format!("providers.{}.{short}", self.name)
    }

    /// Reports what is missing beside the client id.
    pub(super) fn needs(&mut self, short: &str, remedy: &str) {
        let key = self.key(short);
        if !self.s.is_given(&key) {
            let problem = format!("is not set, but {} is", self.key("client_id"));
            self.s.fault(&key, problem, remedy);
        }
    }

    pub(super) fn parse<T>(&mut self, short: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let key = self.key(short);
        self.s.parse(&key, read)
    }

    pub(super) fn list(&mut self, short: &str, read: impl Fn(&str) -> Result<String, String>) -> Option<Vec<String>> {
        let key = self.key(short);
        self.s.parse_list(&key, read)
    }

    pub(super) fn secret(&self, short: &str) -> Option<Secret<String>> {
        self.s.text(&self.key(short)).map(Secret::new)
    }

    pub(super) fn flag(&self, short: &str) -> Option<bool> {
        self.s.flag(&self.key(short))
    }

    pub(super) fn client_id(&mut self) -> Option<String> {
        self.parse("client_id", parse::console_id)
    }

    pub(super) fn scopes(&mut self) -> Option<Vec<String>> {
        self.list("scopes", scope)
    }

    /// The same, where no ID token comes without `openid`.
    pub(super) fn openid_scopes(&mut self) -> Option<Vec<String>> {
        let scopes = self.scopes()?;
        if scopes.iter().any(|scope| scope == "openid") {
            return Some(scopes);
        }
        let key = self.key("scopes");
        self.s.fault(&key, "does not name openid, without which no ID token comes", "add it, or remove the setting");
        None
    }

    pub(super) fn base(&mut self, short: &str) -> Option<String> {
        self.parse(short, parse::base_url)
    }

    pub(super) fn issuer(&mut self) -> Option<String> {
        self.parse("issuer", parse::issuer)
    }

    pub(super) fn native_audiences(&mut self) -> Option<Vec<String>> {
        self.list("native_audiences", parse::console_id)
    }

    pub(super) fn native_redirect_uris(&mut self) -> Option<Vec<String>> {
        self.list("native_redirect_uris", parse::redirect_uri)
    }
}

/// `scope-token` of RFC 6749, appendix A.4.
fn scope(text: &str) -> Result<String, String> {
    let legal = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    text.bytes().all(legal).then(|| text.to_owned()).ok_or_else(|| "is not the id of a consent item".to_owned())
}
