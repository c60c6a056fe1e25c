//! A new account that waits for its person's word. Nothing is stored yet: what the provider proved stands sealed in a cookie of
//! this browser, worth nothing in another one (its key is part of the seal), half an hour long, and once: the session it
//! opens carries the attempt's id, which is unique.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::attempt::{Attempt, BrowserKey};
use crate::clock::Moment;
use crate::clock::from_unix_micros;
use crate::clock::from_unix_seconds;
use crate::clock::unix_micros;
use crate::clock::unix_seconds;
use crate::db::AttemptId;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::providers::Email;
use crate::providers::Lasting;
use crate::providers::Profile;
use crate::providers::Proof;
use crate::providers::Trust;
use crate::secret::KeyRing;
use crate::secret::Sealer;
use crate::secret::Secret;
use crate::users::Identity;

/// How long a person may think about it.
pub const SIGNUP_LIFE: Duration = Duration::minutes(30);

/// Longest cookie made, in bytes; browsers keep 4,096 of name and value together (RFC 6265bis section 5.6).
const MAX: usize = 3_800;

/// A provider's token that is longer does not travel along, in bytes: the next login brings it again.
const MAX_KEPT: usize = 512;

/// A new account that waits.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingSignup {
    /// The attempt that proved it.
    pub attempt: AttemptId,
    /// Its provider.
    pub provider: String,
    /// Where that login was to lead.
    pub target: String,
    /// To whom linking it was offered, by the trusted e-mail both have.
    pub offered_to: Option<UserId>,
    /// The provider of the account they have.
    pub offered_by: Option<String>,
    subject: String,
    name: Option<String>,
    picture: Option<String>,
    email: Option<(String, bool)>,
    realm: Option<String>,
    auth_time: Option<i64>,
    /// The token, and for how many seconds it works.
    #[serde(default)]
    kept: Option<(String, Option<i64>)>,
    #[serde(default)]
    granted: Option<String>,
    /// In microseconds.
    started_at: i64,
    until: i64,
}

impl std::fmt::Debug for PendingSignup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PendingSignup({})", self.provider)
    }
}

impl PendingSignup {
    /// What an attempt proved, for whom linking it is offered to.
    pub(super) fn new(attempt: &Attempt, proof: &Proof, owner: &Identity, now: Moment) -> Self {
        let profile = &proof.profile;
        Self {
            attempt: attempt.id.clone(),
            provider: attempt.provider.clone(),
            target: attempt.target.clone(),
            offered_to: Some(owner.user_id.clone()),
            offered_by: Some(owner.provider.clone()),
            subject: profile.subject.clone(),
            name: profile.name.clone(),
            picture: profile.picture.clone(),
            email: profile.email.as_ref().map(|email| (email.address.clone(), email.trust == Trust::Verified)),
            realm: proof.realm.clone(),
            auth_time: proof.auth_time.map(unix_seconds),
            kept: proof.kept.as_ref().filter(|kept| kept.token.expose().len() <= MAX_KEPT).map(written),
            granted: proof.granted.clone(),
            started_at: unix_micros(attempt.started_at),
            until: unix_seconds(now.saturating_add(SIGNUP_LIFE)),
        }
    }

    /// The e-mail both accounts have.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_ref().map(|(address, _)| address.as_str())
    }

    /// What was proved. It stands under our seal, so its e-mail is trusted as it was then.
    pub(super) fn proof(&self) -> Proof {
        let trust = |verified| if verified { Trust::Verified } else { Trust::Unverified };
        let email = self.email.as_ref().and_then(|(address, verified)| Email::new(address, trust(*verified)));
        Proof {
            profile: Profile {
                subject: self.subject.clone(),
                name: self.name.clone(),
                picture: self.picture.clone(),
                email,
            },
            realm: self.realm.clone(),
            teaches: true,
            auth_time: self.auth_time.map(from_unix_seconds),
            granted: self.granted.clone(),
            kept: self
                .kept
                .clone()
                .map(|(token, lives)| Lasting { token: Secret::new(token), lives: lives.map(Duration::seconds) }),
        }
    }

    /// The attempt that proved it.
    pub(super) fn attempt(&self) -> Attempt {
        Attempt {
            id: self.attempt.clone(),
            provider: self.provider.clone(),
            purpose: super::Purpose::Login,
            target: self.target.clone(),
            started_at: from_unix_micros(self.started_at),
        }
    }
}

fn written(kept: &Lasting) -> (String, Option<i64>) {
    (kept.token.expose().clone(), kept.lives.map(Duration::whole_seconds))
}

/// Seals and opens the cookie.
#[derive(Clone, Debug)]
pub(super) struct SignupSealer(Sealer);

impl SignupSealer {
    /// With a key derived from the secret key.
    pub(super) fn new(secrets: &KeyRing) -> Self {
        Self(secrets.sealer("signup"))
    }

    /// The cookie's value. A picture whose address would not fit is left out, and with it the provider's token; both come again
    /// with the next login.
    pub(super) fn seal(&self, signup: &PendingSignup, key: &BrowserKey) -> AppResult<String> {
        let whole = self.seal_as_is(signup, key)?;
        if whole.len() <= MAX {
            return Ok(whole);
        }
        self.seal_as_is(&PendingSignup { picture: None, kept: None, granted: None, ..signup.clone() }, key)
    }

    fn seal_as_is(&self, signup: &PendingSignup, key: &BrowserKey) -> AppResult<String> {
        let bytes = serde_json::to_vec(signup).map_err(AppError::internal)?;
        Ok(BASE64URL_NOPAD.encode(&self.0.seal(&bytes, key.to_text().as_bytes())?))
    }

    /// What waits in this browser, if it still may.
    pub(super) fn open(&self, sealed: &str, key: &BrowserKey, now: Moment) -> Option<PendingSignup> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let signup: PendingSignup = serde_json::from_slice(&self.0.open(&bytes, key.to_text().as_bytes())?).ok()?;
        (signup.until > unix_seconds(now)).then_some(signup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_800_000_000;

    fn signup(picture: &str) -> PendingSignup {
        PendingSignup {
            attempt: AttemptId::new(),
            provider: "naver".into(),
            target: format!("/{}", "a".repeat(511)),
            offered_to: Some(UserId::new()),
            offered_by: Some("kakao".into()),
            subject: "s".repeat(255),
            name: Some("가".repeat(60)),
            picture: Some(picture.into()),
            email: Some((format!("{}@example.com", "x".repeat(240)), true)),
            realm: Some("r".into()),
            auth_time: Some(START - 5),
            kept: Some(("t".repeat(MAX_KEPT), Some(7_776_000))),
            granted: Some("g".repeat(512)),
            started_at: (START - 10) * 1_000_000,
            until: START + SIGNUP_LIFE.whole_seconds(),
        }
    }

    #[test]
    fn it_is_worth_something_in_its_browser_for_half_an_hour() {
        let sealer = SignupSealer::new(&KeyRing::new(Secret::new([7; 32].to_vec()), Vec::new()));
        let (key, other) = (BrowserKey::new().unwrap(), BrowserKey::new().unwrap());
        let sealed = sealer.seal(&signup("https://p.example/1.jpg"), &key).unwrap();
        let at = |seconds| from_unix_seconds(START + seconds);
        let opened = sealer.open(&sealed, &key, at(0)).unwrap();
        assert_eq!(opened.proof().profile.subject.len(), 255);
        assert_eq!(opened.proof().auth_time, Some(at(-5)));
        assert_eq!(opened.proof().granted.unwrap().len(), 512);
        let kept = opened.proof().kept.unwrap();
        assert_eq!((kept.token.expose().len(), kept.lives), (MAX_KEPT, Some(Duration::days(90))));
        assert!(sealer.open(&sealed, &key, at(1_799)).is_some());
        assert!(sealer.open(&sealed, &key, at(1_800)).is_none());
        assert!(sealer.open(&sealed, &other, at(0)).is_none());
        assert!(sealer.open(&sealed.to_lowercase(), &key, at(0)).is_none());
        assert!(sealer.open("", &key, at(0)).is_none());
    }

    #[test]
    fn the_longest_one_fits_into_a_cookie() {
        let sealer = SignupSealer::new(&KeyRing::new(Secret::new([7; 32].to_vec()), Vec::new()));
        let key = BrowserKey::new().unwrap();
        let long = signup(&format!("https://p.example/{}", "p".repeat(2_000)));
        let sealed = sealer.seal(&long, &key).unwrap();
        assert!(sealed.len() <= MAX, "{}", sealed.len());
        assert_eq!(sealer.open(&sealed, &key, from_unix_seconds(START)).unwrap().proof().profile.picture, None);
    }
}
