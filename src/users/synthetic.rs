//! People who were made up: how they are told from real ones.

use super::facets::known_provider;
use super::identity::Identity;

/// How the subject of everybody begins who was made up: `seed-<run>-<n>`.
pub const SYNTHETIC: &str = "seed-";

impl Identity {
    /// Whether somebody made it up: no provider issues such a subject, so there is nobody there to be told of it.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        let mut numbers = self.subject.strip_prefix(SYNTHETIC).unwrap_or_default().split('-');
        let is_number =
            |part: Option<&str>| part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        // Any text may be a subject of an issuer that the operator configured.
        known_provider(&self.provider).is_some()
            && is_number(numbers.next())
            && is_number(numbers.next())
            && numbers.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;
    use crate::db::IdentityId;
    use crate::db::UserId;

    #[test]
    fn only_what_no_provider_issues_is_made_up() {
        let at = from_unix_seconds(1_795_446_000);
        let is_synthetic = |provider: &str, subject: &str| {
            let identity = Identity {
                id: IdentityId::new(),
                user_id: UserId::new(),
                provider: provider.into(),
                subject: subject.into(),
                nickname: None,
                email: None,
                email_verified: false,
                linked_at: at,
                last_login_at: at,
                tokens_sealed: None,
                tokens_until: None,
                vanished_at: None,
                granted: None,
                granted_at: None,
            };
            identity.is_synthetic()
        };
        assert!(is_synthetic("kakao", "seed-1-9999999") && is_synthetic("naver", "seed-12-1"));
        for real in
            ["3912345678", "seed", "seed-", "seed-1", "seed-1-", "seed--1", "seed-1-2-3", "seed-1-x", "Seed-1-2"]
        {
            assert!(!is_synthetic("kakao", real), "{real}");
        }
        assert!(!is_synthetic("company", "seed-1-2"), "an issuer of the operator's own");
    }
}
