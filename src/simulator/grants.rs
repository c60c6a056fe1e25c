//! Codes and tokens: what was issued to whom, how long it lives, what ends it.

use data_encoding::BASE64URL_NOPAD;

use super::bounded::Bounded;
use super::errors::{ApiFault, TokenFault};
use crate::secret;
use crate::secret::NoRandom;

/// Life of a code in seconds; Kakao does not say, ten minutes are commonly told.
const CODE_SECONDS: i64 = 600;

/// Life of an access token (and of its ID token) of a REST API key, in seconds, as seen from Kakao.
pub(super) const ACCESS_SECONDS: i64 = 21_599;

/// Life of a refresh token in seconds, as seen from Kakao.
pub(super) const REFRESH_SECONDS: i64 = 5_183_999;

/// A refresh token with less than this left is replaced, in seconds.
const REFRESH_RENEWAL_SECONDS: i64 = 30 * 86_400;

/// Codes, access tokens and refresh tokens kept, each.
const KEPT_MAX: usize = 10_000;

/// What a person granted in one login.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) person: i64,
    /// The key that asked: the audience of the ID token.
    pub(super) client_id: String,
    /// Whether ID tokens are issued.
    pub(super) openid: bool,
    pub(super) nonce: Option<String>,
    /// Unix seconds.
    pub(super) auth_time: i64,
}

/// An authorization code and what it is bound to.
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    issued_at: i64,
    used: bool,
}

/// What comes with a code to be exchanged.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    pub(super) code: &'a str,
    pub(super) client_id: &'a str,
    pub(super) redirect_uri: Option<&'a str>,
    pub(super) verifier: Option<&'a str>,
}

/// An access token.
#[derive(Clone, Copy)]
pub(super) struct Access {
    pub(super) person: i64,
    /// Shared with the refresh token it came with.
    pub(super) family: u64,
    /// Unix seconds.
    pub(super) expires_at: i64,
}

struct Refresh {
    grant: Grant,
    family: u64,
    expires_at: i64,
}

/// Everything issued.
pub(super) struct Grants {
    codes: Bounded<Code>,
    access: Bounded<Access>,
    refresh: Bounded<Refresh>,
    families: u64,
}

/// What an exchange hands out.
pub(super) struct Tokens {
    pub(super) grant: Grant,
    pub(super) access: String,
    /// Absent when the old one goes on.
    pub(super) refresh: Option<String>,
}

/// An opaque value of 64 random bytes: 86 characters of base64url, as long as Kakao's codes.
pub(super) fn opaque() -> Result<String, NoRandom> {
    Ok(BASE64URL_NOPAD.encode(&secret::random::<64>()?))
}

/// Whether a verifier is the one of an S256 challenge (RFC 7636 section 4.6).
fn proves(verifier: &str, challenge: &str) -> bool {
    secret::same(BASE64URL_NOPAD.encode(&secret::sha256(verifier.as_bytes())).as_bytes(), challenge.as_bytes())
}

impl Grants {
    pub(super) fn new() -> Self {
        let (codes, access, refresh) = (Bounded::new(KEPT_MAX), Bounded::new(KEPT_MAX), Bounded::new(KEPT_MAX));
        Self { codes, access, refresh, families: 0 }
    }

    /// Remembers a code for this grant.
    pub(super) fn issue(&mut self, code: String, grant: Grant, redirect_uri: &str, challenge: Option<&str>, now: i64) {
        let (redirect_uri, challenge) = (redirect_uri.to_owned(), challenge.map(str::to_owned));
        self.codes.insert(code, Code { grant, redirect_uri, challenge, issued_at: now, used: false });
    }

    /// Takes a code, once. The order of the checks, and that a wrong verifier is answered like a wrong code, are guesses.
    pub(super) fn redeem(&mut self, with: &Presented<'_>, now: i64) -> Result<Grant, TokenFault> {
        let missing = || TokenFault::no_such_code(with.code);
        let code = self.codes.get_mut(with.code).ok_or_else(missing)?;
        if code.used || now >= code.issued_at + CODE_SECONDS {
            return Err(missing());
        }
        if code.grant.client_id != with.client_id {
            return Err(TokenFault::new(400, "invalid_grant", "KOE114", "Application ID mismatch"));
        }
        if with.redirect_uri != Some(&code.redirect_uri) {
            return Err(TokenFault::new(400, "invalid_grant", "KOE303", "Redirect URI mismatch."));
        }
        if let Some(challenge) = &code.challenge
            && !with.verifier.is_some_and(|verifier| proves(verifier, challenge))
        {
            return Err(missing());
        }
        code.used = true;
        Ok(code.grant.clone())
    }

    /// Opens a family of tokens for a grant.
    pub(super) fn open(&mut self, grant: Grant, access: String, refresh: String, now: i64) -> Tokens {
        self.families += 1;
        let family = self.families;
        self.access.insert(access.clone(), Access { person: grant.person, family, expires_at: now + ACCESS_SECONDS });
        self.refresh
            .insert(refresh.clone(), Refresh { grant: grant.clone(), family, expires_at: now + REFRESH_SECONDS });
        Tokens { grant, access, refresh: Some(refresh) }
    }

    /// A new access token for a refresh token; within its last month the refresh token is replaced too, and the old one
    /// stops working at once (whether Kakao leaves a while is not known).
    pub(super) fn renew(
        &mut self,
        presented: &str,
        access: String,
        next: String,
        now: i64,
    ) -> Result<Tokens, TokenFault> {
        let known = self.refresh.get(presented).filter(|known| now < known.expires_at);
        let known = known.ok_or_else(TokenFault::no_such_refresh_token)?;
        let (grant, family) = (known.grant.clone(), known.family);
        let late = known.expires_at - now < REFRESH_RENEWAL_SECONDS;
        self.access.insert(access.clone(), Access { person: grant.person, family, expires_at: now + ACCESS_SECONDS });
        if late {
            self.refresh.remove(presented);
            let renewed = Refresh { grant: grant.clone(), family, expires_at: now + REFRESH_SECONDS };
            self.refresh.insert(next.clone(), renewed);
        }
        Ok(Tokens { grant, access, refresh: late.then_some(next) })
    }

    /// The access token, alive.
    pub(super) fn access(&self, token: &str, now: i64) -> Result<Access, ApiFault> {
        match self.access.get(token) {
            None => Err(ApiFault::NO_TOKEN),
            Some(known) if now >= known.expires_at => Err(ApiFault::EXPIRED),
            Some(known) => Ok(*known),
        }
    }

    /// Ends an access token, its refresh token, and what came from that.
    pub(super) fn end_family(&mut self, family: u64) {
        self.access.retain(|token| token.family != family);
        self.refresh.retain(|token| token.family != family);
    }

    /// Ends everything of a person: codes not yet exchanged too.
    pub(super) fn end_person(&mut self, person: i64) {
        self.codes.retain(|code| code.grant.person != person);
        self.access.retain(|token| token.person != person);
        self.refresh.retain(|token| token.grant.person != person);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pair of RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const BACK: &str = "http://localhost:8080/login/kakao/callback";

    fn grants() -> Grants {
        let grant = Grant { person: 1, client_id: "rest".into(), openid: true, nonce: None, auth_time: 0 };
        let mut grants = Grants::new();
        grants.issue("c".into(), grant, BACK, Some(CHALLENGE), 1_000);
        grants
    }

    fn right() -> Presented<'static> {
        Presented { code: "c", client_id: "rest", redirect_uri: Some(BACK), verifier: Some(VERIFIER) }
    }

    #[test]
    fn a_code_works_once() {
        let mut grants = grants();
        assert_eq!(grants.redeem(&right(), 1_001).unwrap().person, 1);
        let again = grants.redeem(&right(), 1_002).unwrap_err();
        assert_eq!(again, TokenFault::no_such_code("c"));
        assert_eq!(again.description, "authorization code not found for code=c");
    }

    #[test]
    fn a_code_lives_ten_minutes() {
        assert!(grants().redeem(&right(), 1_599).is_ok());
        assert_eq!(grants().redeem(&right(), 1_600).unwrap_err().code, "KOE320");
    }

    #[test]
    fn a_code_is_bound_to_client_address_and_verifier() {
        let wrong_case = VERIFIER.to_lowercase();
        for (presented, expected) in [
            (Presented { client_id: "javascript", ..right() }, "KOE114"),
            (Presented { redirect_uri: Some("http://localhost:8080/login/kakao/callback/"), ..right() }, "KOE303"),
            (Presented { redirect_uri: None, ..right() }, "KOE303"),
            (Presented { verifier: None, ..right() }, "KOE320"),
            (Presented { verifier: Some(CHALLENGE), ..right() }, "KOE320"),
            (Presented { verifier: Some(&wrong_case), ..right() }, "KOE320"),
            (Presented { code: "d", ..right() }, "KOE320"),
        ] {
            assert_eq!(grants().redeem(&presented, 1_001).unwrap_err().code, expected);
        }
    }

    #[test]
    fn a_refresh_token_is_replaced_in_its_last_month_only() {
        let mut grants = grants();
        let grant = grants.redeem(&right(), 1_000).unwrap();
        grants.open(grant, "a1".into(), "r1".into(), 0);
        let edge = REFRESH_SECONDS - REFRESH_RENEWAL_SECONDS;
        assert!(grants.renew("r1", "a2".into(), "r2".into(), edge).unwrap().refresh.is_none());
        assert_eq!(grants.renew("r1", "a3".into(), "r3".into(), edge + 1).unwrap().refresh.as_deref(), Some("r3"));
        assert_eq!(
            grants.renew("r1", "a4".into(), "r4".into(), edge + 2).map(|_| ()),
            Err(TokenFault::no_such_refresh_token())
        );
        assert!(grants.renew("r3", "a5".into(), "r5".into(), edge + 2).is_ok());
        grants.end_family(1);
        assert_eq!(grants.access("a5", edge + 3).map(|_| ()), Err(ApiFault::NO_TOKEN));
        assert!(grants.renew("r3", "a6".into(), "r6".into(), edge + 3).is_err());
    }

    #[test]
    fn an_old_access_token_is_expired_and_a_strange_one_does_not_exist() {
        let mut grants = grants();
        let grant = grants.redeem(&right(), 1_000).unwrap();
        grants.open(grant, "a".into(), "r".into(), 0);
        assert!(grants.access("a", ACCESS_SECONDS - 1).is_ok());
        assert_eq!(grants.access("a", ACCESS_SECONDS).map(|_| ()), Err(ApiFault::EXPIRED));
        assert_eq!(grants.access("b", 0).map(|_| ()), Err(ApiFault::NO_TOKEN));
    }
}
