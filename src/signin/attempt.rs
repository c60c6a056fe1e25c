//! The pending login, sealed into `state`.

use std::fmt;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::purpose::Purpose;
use crate::clock::Moment;
use crate::clock::from_unix_micros;
use crate::clock::unix_micros;
use crate::clock::unix_seconds;
use crate::db::AttemptId;
use crate::error::AppResult;
use crate::secret::KeyRing;
use crate::secret::NoRandom;
use crate::secret::Sealer;
use crate::secret::Secret;
use crate::secret::mac;
use crate::secret::random;
use crate::secret::same;
use crate::secret::sha256;

/// How long a person may take at the provider. Losing the state is the commonest failed login there is.
pub const ATTEMPT_LIFE: Duration = Duration::minutes(30);

/// How far a clock may step back between start and callback before the attempt counts as expired.
const CLOCK_STEP_SECONDS: i64 = 300;

/// Longest `state` we make or look at: letters and digits only, because LINE allows nothing else.
pub const MAX_STATE_LEN: usize = 1_200;

/// This browser's random key: what makes a callback usable here and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct BrowserKey([u8; 32]);

impl fmt::Debug for BrowserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserKey(***)")
    }
}

impl BrowserKey {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn new() -> Result<Self, NoRandom> {
        random().map(Self)
    }

    /// As it is kept in the encrypted cookie.
    #[must_use]
    pub fn to_text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// From the encrypted cookie.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    fn digest(&self) -> String {
        BASE64URL_NOPAD.encode(&sha256(&self.0)[..16])
    }
}

/// What is inside the seal. Short names: it travels in an address.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    /// Attempt.
    a: String,
    /// Browser.
    b: String,
    /// Provider.
    p: String,
    /// Target.
    n: String,
    /// Time, in microseconds.
    t: i64,
    /// What for, when not to log in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    w: Option<char>,
    /// Whose session it belongs to, when not to nobody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    s: Option<String>,
}

/// A pending login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its id: finished once.
    pub id: AttemptId,
    /// The provider it was started with.
    pub provider: String,
    /// What it was started for.
    pub purpose: Purpose,
    /// The local path to go to afterwards; empty for the default.
    pub target: String,
    /// When it was started, to the microsecond: a notice wins over logins that began before it, and over no other.
    pub started_at: Moment,
}

/// Why a `state` is not a pending login of this browser with this provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Not sealed by us.
    Forged,
    /// Started with another provider.
    OtherProvider(Attempt),
    /// Started too long ago.
    Expired(Attempt),
    /// Started in another browser, or in this one before it logged out.
    ForeignBrowser(Attempt),
}

/// Seals and opens `state`, and derives what goes with it.
#[derive(Clone, Debug)]
pub struct StateSealer {
    sealer: Sealer,
    derive: Secret<[u8; 32]>,
}

impl StateSealer {
    /// With keys derived from the secret key.
    #[must_use]
    pub fn new(secrets: &KeyRing) -> Self {
        Self { sealer: secrets.sealer("state"), derive: Secret::new(secrets.derive("attempt")) }
    }

    /// The `state` of a new attempt. The seal begins with its random nonce, so no two begin alike.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn seal(&self, attempt: &Attempt, key: &BrowserKey) -> AppResult<String> {
        let (w, s) = attempt.purpose.to_parts();
        let inside = Sealed {
            a: attempt.id.to_string(),
            b: key.digest(),
            p: attempt.provider.clone(),
            n: attempt.target.clone(),
            t: unix_micros(attempt.started_at),
            w,
            s,
        };
        let bytes = serde_json::to_vec(&inside).map_err(crate::error::AppError::internal)?;
        Ok(BASE32_NOPAD.encode(&self.sealer.seal(&bytes, b"")?))
    }

    /// The attempt in a `state`, if it is this browser's, with this provider, in time. The encoding is strict: every
    /// attempt has exactly one written form.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub fn open(
        &self,
        state: &str,
        provider: &str,
        key: Option<&BrowserKey>,
        now: Moment,
    ) -> Result<Attempt, Rejection> {
        let (attempt, browser) = self.unseal(state).ok_or(Rejection::Forged)?;
        let age = unix_seconds(now) - unix_seconds(attempt.started_at);
        if attempt.provider != provider {
            return Err(Rejection::OtherProvider(attempt));
        }
        if !key.is_some_and(|key| same(key.digest().as_bytes(), browser.as_bytes())) {
            return Err(Rejection::ForeignBrowser(attempt));
        }
        if age >= ATTEMPT_LIFE.whole_seconds() || age < -CLOCK_STEP_SECONDS {
            return Err(Rejection::Expired(attempt));
        }
        Ok(attempt)
    }

    fn unseal(&self, state: &str) -> Option<(Attempt, String)> {
        if state.len() > MAX_STATE_LEN {
            return None;
        }
        let bytes = BASE32_NOPAD.decode(state.as_bytes()).ok()?;
        let inside: Sealed = serde_json::from_slice(&self.sealer.open(&bytes, b"")?).ok()?;
        let attempt = Attempt {
            id: inside.a.parse().ok()?,
            provider: inside.p,
            purpose: Purpose::from_parts(inside.w, inside.s.as_deref())?,
            target: inside.n,
            started_at: from_unix_micros(inside.t),
        };
        Some((attempt, inside.b))
    }

    /// The PKCE verifier of an attempt: 43 characters (RFC 7636 section 4.1), the same whenever it is asked for.
    #[must_use]
    pub fn verifier(&self, attempt: &AttemptId, key: &BrowserKey) -> Secret<String> {
        Secret::new(self.derived("pkce", attempt, key))
    }

    /// The OIDC nonce of an attempt.
    #[must_use]
    pub fn nonce(&self, attempt: &AttemptId, key: &BrowserKey) -> String {
        self.derived("nonce", attempt, key)
    }

    fn derived(&self, what: &str, attempt: &AttemptId, key: &BrowserKey) -> String {
        BASE64URL_NOPAD.encode(&mac(self.derive.expose(), &[what.as_bytes(), attempt.as_str().as_bytes(), &key.0]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;
    use crate::db::SessionId;

    const START: i64 = 1_800_000_000;

    fn sealer() -> StateSealer {
        StateSealer::new(&KeyRing::new(Secret::new(vec![5; 32]), vec![]))
    }

    fn attempt(target: &str) -> Attempt {
        let (id, provider, purpose) = (AttemptId::new(), "kakao".into(), Purpose::Login);
        Attempt { id, provider, purpose, target: target.into(), started_at: from_unix_seconds(START) }
    }

    #[test]
    fn a_state_opens_in_its_browser_until_half_an_hour_is_over() {
        let (sealer, key, attempt) = (sealer(), BrowserKey::new().unwrap(), attempt("/profile"));
        let state = sealer.seal(&attempt, &key).unwrap();
        let at = |seconds| sealer.open(&state, "kakao", Some(&key), from_unix_seconds(START + seconds));
        assert_eq!(at(0), Ok(attempt.clone()));
        assert_eq!(at(1_799), Ok(attempt.clone()));
        assert_eq!(at(1_800), Err(Rejection::Expired(attempt)));
    }

    #[test]
    fn a_state_is_worth_nothing_elsewhere() {
        let (sealer, key, attempt) = (sealer(), BrowserKey::new().unwrap(), attempt(""));
        let state = sealer.seal(&attempt, &key).unwrap();
        let now = from_unix_seconds(START);
        let stranger = BrowserKey::new().unwrap();
        assert_eq!(sealer.open(&state, "kakao", Some(&stranger), now), Err(Rejection::ForeignBrowser(attempt.clone())));
        assert_eq!(sealer.open(&state, "kakao", None, now), Err(Rejection::ForeignBrowser(attempt.clone())));
        assert_eq!(sealer.open(&state, "google", Some(&key), now), Err(Rejection::OtherProvider(attempt)));
    }

    #[test]
    fn every_other_spelling_of_a_state_is_forged() {
        let (sealer, key) = (sealer(), BrowserKey::new().unwrap());
        let state = sealer.seal(&attempt("/a"), &key).unwrap();
        let mut flipped = state.clone().into_bytes();
        flipped[70] = if flipped[70] == b'A' { b'B' } else { b'A' };
        let others = [
            String::new(),
            state.to_lowercase(),
            format!("{state}="),
            format!(" {state}"),
            format!("{state}{state}"),
            state[..state.len() - 1].to_owned(),
            String::from_utf8(flipped).unwrap(),
        ];
        for other in others {
            let opened = sealer.open(&other, "kakao", Some(&key), from_unix_seconds(START));
            assert_eq!(opened, Err(Rejection::Forged), "{other}");
        }
    }

    #[test]
    fn the_longest_target_fits() {
        let (sealer, key) = (sealer(), BrowserKey::new().unwrap());
        let purpose = Purpose::Again(SessionId::new());
        let longest = Attempt { purpose, ..attempt(&format!("/{}", "a".repeat(511))) };
        let state = sealer.seal(&longest, &key).unwrap();
        assert_eq!(sealer.open(&state, "kakao", Some(&key), from_unix_seconds(START)), Ok(longest));
        assert!(state.len() <= MAX_STATE_LEN, "{}", state.len());
        assert!(state.bytes().all(|b| b.is_ascii_alphanumeric()));
    }

    #[test]
    fn verifier_and_nonce_belong_to_attempt_and_browser() {
        let (sealer, key, id) = (sealer(), BrowserKey::new().unwrap(), AttemptId::new());
        let verifier = sealer.verifier(&id, &key);
        assert_eq!(verifier.expose().len(), 43);
        assert_eq!(verifier, sealer.verifier(&id, &key));
        assert_ne!(verifier, sealer.verifier(&AttemptId::new(), &key));
        assert_ne!(verifier, sealer.verifier(&id, &BrowserKey::new().unwrap()));
        assert_ne!(verifier.expose(), &sealer.nonce(&id, &key));
    }
}
