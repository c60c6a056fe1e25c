//! What is told to others, and asked of them without anybody waiting: `events.*`, `reconcile.*`.

use data_encoding::BASE64;

use super::parse;
use super::providers::Providers;
use super::settings::Settings;
use crate::secret::Secret;

/// In front of a secret of events, as others write it too.
const PREFIX: &str = "whsec_";

/// `events.*`: the operator's program that is told what happens.
#[derive(Clone, Debug)]
pub struct EventSettings {
    /// Where it listens.
    pub url: Secret<String>,
    /// Signs what it is told.
    pub secret: Secret<Vec<u8>>,
}

/// `reconcile.*`: the comparison with a provider's own list of people.
#[derive(Clone, Copy, Debug)]
pub struct Reconcile {
    /// Whether it is made each night.
    pub enabled: bool,
    /// When more than this part of the people is missing, the list is not believed.
    pub max_percent: u32,
    /// So many days after somebody was missing, they are erased.
    pub grace_days: u32,
}

/// `Some(None)`: nobody is told.
pub(super) fn events(s: &mut Settings) -> Option<Option<EventSettings>> {
    let (url, secret) = ("events.url", "events.secret");
    match (s.text(url).is_some(), s.text(secret).is_some()) {
        (false, false) => return Some(None),
        (true, false) => s.fault(
            secret,
            "is not set, but events.url is",
            "make one with `echo \"whsec_$(openssl rand -base64 32)\"` and set it here and in the program that listens",
        ),
        (false, true) => s.fault(url, "is not set, but events.secret is", "set it, or remove the secret"),
        (true, true) => {}
    }
    let url = s.parse(url, parse::webhook);
    let secret = s.parse(secret, signing_secret);
    Some(Some(EventSettings { url: Secret::new(url?), secret: secret? }))
}

/// 24 to 64 bytes, as the Standard Webhooks write them.
fn signing_secret(text: &str) -> Result<Secret<Vec<u8>>, String> {
    let bytes = text.strip_prefix(PREFIX).and_then(|rest| BASE64.decode(rest.as_bytes()).ok());
    let bytes = bytes.filter(|bytes| (24..=64).contains(&bytes.len()));
    bytes.map(Secret::new).ok_or_else(|| "is not whsec_ and the base64 of 24 to 64 random bytes".to_owned())
}

/// Each night where an admin key makes it possible, unless it is switched off.
pub(super) fn reconcile(s: &mut Settings, providers: &Providers) -> Option<Reconcile> {
    let possible = providers.kakao.as_ref().is_some_and(|kakao| kakao.admin_key.is_some());
    let name = "reconcile.enabled";
    let wanted = if s.is_given(name) { s.flag(name)? } else { possible };
    if wanted && !possible {
        s.fault(name, "is true, but providers.kakao.admin_key is not set", "set the admin key, or remove this");
    }
    Some(Reconcile {
        enabled: wanted,
        max_percent: s.small("reconcile.max_percent")?,
        grace_days: s.small("reconcile.grace_days")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_events_is_random_bytes_in_their_usual_form() {
        let of = |bytes: usize| format!("whsec_{}", BASE64.encode(&vec![7; bytes]));
        assert!(signing_secret(&of(24)).is_ok() && signing_secret(&of(64)).is_ok());
        for bad in [of(23), of(65), of(32).replace("whsec_", ""), "whsec_!".into(), String::new()] {
            assert!(signing_secret(&bad).is_err(), "{bad}");
        }
    }
}
