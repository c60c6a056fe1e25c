//! Naver's notice that a connection has ended: a form whose id is encrypted and which is signed as a whole, both by a key made
//! of the client's secret. It has a time and no id.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::symm::{Cipher, decrypt};

use super::profile::text_id;
use crate::clock;
use crate::clock::Moment;
use crate::config::Naver as Settings;
use crate::secret;

/// How far its time and ours may stand apart, in seconds. Naver names no window.
const WINDOW: u64 = 600;

/// Longest value looked at.
const VALUE_MAX: usize = 2_048;

/// The first block of what is encrypted.
const BLOCK: usize = 16;

/// What it says, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NaverNotice {
    client_id: String,
    unique_id: String,
    timestamp: String,
    signature: String,
}

impl NaverNotice {
    /// Out of a query and a body, which Naver's papers use both: each value exactly once.
    #[must_use]
    pub fn parse(query: &str, body: &[u8]) -> Option<Self> {
        let once = |name: &str| {
            let pairs = url::form_urlencoded::parse(query.as_bytes()).chain(url::form_urlencoded::parse(body));
            let mut values = pairs.filter(|(found, _)| found == name).map(|(_, value)| value.into_owned());
            values.next().filter(|value| value.len() <= VALUE_MAX && values.next().is_none())
        };
        Some(Self {
            client_id: once("clientId")?,
            unique_id: once("encryptUniqueId")?,
            timestamp: once("timestamp")?,
            signature: once("signature")?,
        })
    }

    /// Whom it is about and when it happened, if it is Naver's word to us and of now.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn open(&self, settings: &Settings, now: Moment) -> Result<(String, Moment), &'static str> {
        if self.client_id != settings.client_id {
            return Err("it is for another application");
        }
        let Self { client_id, unique_id, timestamp, .. } = self;
        let signed = format!("clientId={client_id}&encryptUniqueId={unique_id}&timestamp={timestamp}");
        let sent = base64(&self.signature).ok_or("the signature is not base64")?;
        // What was sent before a change of the secret, or before Naver had taken it up, is signed with the one before.
        let mut right = None;
        for secret in [Some(&settings.client_secret), settings.previous_client_secret.as_ref()].into_iter().flatten() {
            let key = key(secret.expose()).map_err(|_refused| "the key cannot be made")?;
            if secret::same(&sent, &secret::hmac_sha256(&key, signed.as_bytes())) {
                right = Some(key);
            }
        }
        let key = right.ok_or("the signature is not Naver's")?;
        let at: i64 = timestamp.parse().map_err(|_not_a_number| "the time is no number")?;
        if at.abs_diff(clock::unix_seconds(now)) > WINDOW {
            return Err("it is not of now; do the clocks agree?");
        }
        let subject = decrypted(&key, unique_id).ok_or("the id cannot be decrypted")?;
        Ok((subject, clock::from_unix_seconds(at)))
    }
}

/// MD5 of the client's secret.
fn key(client_secret: &str) -> Result<Vec<u8>, ErrorStack> {
    Ok(hash(MessageDigest::md5(), client_secret.as_bytes())?.to_vec())
}

/// AES-128-CBC with PKCS #5 padding; the first block is where it begins.
fn decrypted(key: &[u8], unique_id: &str) -> Option<String> {
    let bytes = base64(unique_id)?;
    let (iv, sealed) = bytes.split_at_checked(BLOCK).filter(|(_, sealed)| !sealed.is_empty())?;
    // A refusal leaves its reason in a queue of this thread, where the next TLS call would take it for its own; reading the
    // error has emptied it.
    let id = decrypt(Cipher::aes_128_cbc(), key, Some(iv), sealed).ok()?;
    text_id(&serde_json::Value::String(String::from_utf8(id).ok()?))
}

/// In either alphabet, padded or not: the documents say one and show the other.
fn base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let encoding = if text.contains(['+', '/']) { &BASE64_NOPAD } else { &BASE64URL_NOPAD };
    encoding.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    const AT: i64 = 1_693_877_406;

    /// Computed for the wire document by Naver's rules, by somebody else's program.
    const KNOWN: &str = "clientId=testClientId&encryptUniqueId=AAECAwQFBgcICQoLDA0OD_wAbP4PBdekD8REP7vztDc&timestamp=1693877406&\
                         signature=rLDJwsKzYJwDXM8Sd6rUFzUeSk00ZJd4dY2v8K3gV1I";

    fn open(query: &str, body: &str, now: i64) -> Option<String> {
        open_with(("testClientSecret", None), query, body, now)
    }

    fn open_with((current, previous): (&str, Option<&str>), query: &str, body: &str, now: i64) -> Option<String> {
        let secret = |text: &str| Secret::new(text.to_owned());
        let settings = Settings {
            client_id: "testClientId".to_owned(),
            client_secret: secret(current),
            previous_client_secret: previous.map(secret),
            scopes: Vec::new(),
            oidc: false,
            auth_base: String::new(),
            api_base: String::new(),
            issuer: String::new(),
        };
        let notice = NaverNotice::parse(query, body.as_bytes())?;
        notice.open(&settings, clock::from_unix_seconds(now)).ok().map(|(subject, _)| subject)
    }

    #[test]
    fn the_known_notice_opens_in_query_and_body_within_ten_minutes() {
        let whom = Some("32742776".to_owned());
        assert_eq!(open(KNOWN, "", AT), whom);
        for now in [AT - 600, AT + 600] {
            assert_eq!(open("", KNOWN, now), whom);
        }
        for now in [AT - 601, AT + 601] {
            assert_eq!(open("", KNOWN, now), None);
        }
        let padded = KNOWN.replace("gV1I", "gV1I%3D").replace("OD_wA", "OD/wA");
        assert_eq!(open("", &padded, AT), None, "what is signed is what came");
    }

    #[test]
    fn h07_every_changed_letter_is_noticed_and_nothing_may_stand_twice() {
        for place in 0..KNOWN.len() {
            let mut bytes = KNOWN.as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'B' { b'C' } else { b'B' };
            // The last letter of a hash has two bits to spare, which the encoding wants to be zero.
            assert_eq!(open("", std::str::from_utf8(&bytes).unwrap(), AT), None, "{place}");
        }
        assert_eq!(open(KNOWN, KNOWN, AT), None);
        assert_eq!(open(KNOWN, "timestamp=1693877406", AT), None);
        assert_eq!(open("", "", AT), None);
    }

    #[test]
    fn after_a_change_of_the_secret_both_are_known_until_the_old_one_is_taken_out() {
        let opens = |secrets| open_with(secrets, "", KNOWN, AT).is_some();
        assert!(opens(("new", Some("testClientSecret"))) && opens(("testClientSecret", Some("old"))));
        assert!(!opens(("new", None)) && !opens(("new", Some("older"))) && !opens(("new", Some(""))));
    }

    #[test]
    fn a_signature_that_is_cut_off_is_none() {
        assert_eq!(open("", KNOWN.split_at(KNOWN.len() - 3).0, AT), None);
        assert_eq!(open("", KNOWN.split_at(KNOWN.len() - 43).0, AT), None);
    }
}
