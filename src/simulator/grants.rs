//! Codes and tokens: what was issued to whom, how long it lives, what ends it.

use std::collections::BTreeSet;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};

use super::bounded::Bounded;
use super::errors::{NoToken, TokenFault};
use super::manners::{Letters, Look, RedirectAgain, Renewal};
use super::people::Person;
use super::provider::Provider;
use super::request::Challenge;
use crate::secret;
use crate::secret::NoRandom;

/// A refresh token with less than this left is in its last month, in seconds.
const LAST_MONTH_SECONDS: i64 = 30 * 86_400;

/// Codes, access tokens and refresh tokens kept, each.
const KEPT_MAX: usize = 10_000;

/// What a person granted in one login.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) provider: Provider,
    pub(super) person: &'static Person,
    /// The key that asked: the audience of the ID token.
    pub(super) client_id: String,
    /// What was agreed to, of all that was ever named.
    pub(super) scope: BTreeSet<String>,
    /// Whether ID tokens are issued.
    pub(super) openid: bool,
    pub(super) nonce: Option<String>,
    /// Unix seconds.
    pub(super) auth_time: i64,
    /// Whether this was the first login of this person, or the first since their link was broken.
    pub(super) first: bool,
    /// Whether a refresh token comes.
    pub(super) offline: bool,
}

impl Grant {
    /// Whether this was agreed to.
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scope.contains(scope)
    }
}

/// An authorization code and what it is bound to.
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<Challenge>,
    /// Decoded; where the provider wants it again.
    pub(super) state: Option<String>,
    /// Unix seconds.
    pub(super) issued_at: i64,
    pub(super) used: bool,
}

/// What comes with a code to be exchanged.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    pub(super) provider: Provider,
    pub(super) code: &'a str,
    pub(super) client_id: &'a str,
    pub(super) redirect_uri: Option<&'a str>,
    pub(super) verifier: Option<&'a str>,
    /// `None`: nobody asks.
    pub(super) state: Option<&'a str>,
}

/// An access token.
#[derive(Clone)]
pub(super) struct Access {
    pub(super) grant: Grant,
    /// Shared with the refresh token it came with.
    pub(super) family: u64,
    /// Unix seconds; `None` does not end.
    pub(super) expires_at: Option<i64>,
}

#[derive(Clone)]
struct Refresh {
    grant: Grant,
    family: u64,
    expires_at: Option<i64>,
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

/// A new code or token that looks like the provider's.
pub(super) fn issue(look: Look) -> Result<String, NoRandom> {
    let random = secret::random::<64>()?;
    let letters = match look.letters {
        Letters::Base64Url => BASE64URL_NOPAD.encode(&random),
        // Each of them holds what has to be encoded.
        Letters::Base64 => format!("+/{}", BASE64.encode(&random)),
        Letters::Hex => HEXLOWER.encode(&random[..20]),
    };
    Ok(format!("{}{letters}", look.begins))
}

/// Whether a verifier is the one of a challenge (RFC 7636 section 4.6).
fn proves(verifier: &str, challenge: &Challenge) -> bool {
    let shown = if challenge.plain {
        verifier.to_owned()
    } else {
        BASE64URL_NOPAD.encode(&secret::sha256(verifier.as_bytes()))
    };
    secret::same(shown.as_bytes(), challenge.value.as_bytes())
}

impl Grants {
    pub(super) fn new() -> Self {
        let (codes, access, refresh) = (Bounded::new(KEPT_MAX), Bounded::new(KEPT_MAX), Bounded::new(KEPT_MAX));
        Self { codes, access, refresh, families: 0 }
    }

    /// Remembers a code.
    pub(super) fn issue(&mut self, code: String, bound: Code) {
        self.codes.insert(code, bound);
    }

    /// Takes a code, once. The order of the checks is a guess.
    pub(super) fn redeem(&mut self, with: &Presented<'_>, now: i64) -> Result<Grant, TokenFault> {
        let missing = || TokenFault::Code(with.code.to_owned());
        let code = self.codes.get_mut(with.code).filter(|code| code.grant.provider == with.provider);
        let code = code.ok_or_else(missing)?;
        let manners = with.provider.manners();
        if code.used || now >= code.issued_at + manners.lives.code {
            return Err(missing());
        }
        if code.grant.client_id != with.client_id {
            return Err(TokenFault::OtherClient);
        }
        let same_address = with.redirect_uri == Some(&code.redirect_uri);
        match manners.redirect_again {
            RedirectAgain::Required if !same_address => return Err(TokenFault::Redirect),
            RedirectAgain::IfSent if with.redirect_uri.is_some() && !same_address => return Err(TokenFault::Redirect),
            _ => {}
        }
        match (&code.challenge, with.verifier) {
            (Some(challenge), verifier) if !verifier.is_some_and(|verifier| proves(verifier, challenge)) => {
                return Err(TokenFault::Verifier);
            }
            (None, Some(_)) if manners.strict_verifier => return Err(TokenFault::StrayVerifier),
            _ => {}
        }
        if with.state.is_some_and(|state| code.state.as_deref() != Some(state)) {
            return Err(TokenFault::State);
        }
        code.used = true;
        Ok(code.grant.clone())
    }

    /// Opens a family of tokens for a grant.
    pub(super) fn open(&mut self, grant: Grant, access: String, refresh: String, now: i64) -> Tokens {
        self.families += 1;
        let (family, lives) = (self.families, &grant.provider.manners().lives);
        let lasting = lives.access.map(|life| now + life);
        self.access.insert(access.clone(), Access { grant: grant.clone(), family, expires_at: lasting });
        let refresh = grant.offline.then_some(refresh);
        if let Some(refresh) = &refresh {
            let expires_at = lives.refresh.map(|life| now + life);
            self.refresh.insert(refresh.clone(), Refresh { grant: grant.clone(), family, expires_at });
        }
        Tokens { grant, access, refresh }
    }

    /// A new access token for a refresh token, which goes on, comes again or is replaced by its provider's rule. An old one
    /// stops working at once (whether Kakao leaves a while is not known).
    pub(super) fn renew(
        &mut self,
        provider: Provider,
        presented: &str,
        access: String,
        next: String,
        now: i64,
    ) -> Result<Tokens, TokenFault> {
        let alive = |known: &&Refresh| known.grant.provider == provider && known.expires_at.is_none_or(|end| now < end);
        let known = self.refresh.get(presented).filter(alive).cloned().ok_or(TokenFault::Refresh)?;
        let Refresh { grant, family, expires_at } = known;
        let (manners, late) = (provider.manners(), expires_at.is_some_and(|end| end - now < LAST_MONTH_SECONDS));
        let lasting = manners.lives.access.map(|life| now + life);
        self.access.insert(access.clone(), Access { grant: grant.clone(), family, expires_at: lasting });
        let refresh = match manners.renewal {
            Renewal::Repeated => Some(presented.to_owned()),
            Renewal::Kept => None,
            Renewal::InItsLastMonth if !late => None,
            Renewal::Rotated | Renewal::InItsLastMonth => {
                self.refresh.remove(presented);
                let expires_at = manners.lives.refresh.map(|life| now + life);
                self.refresh.insert(next.clone(), Refresh { grant: grant.clone(), family, expires_at });
                Some(next)
            }
        };
        Ok(Tokens { grant, access, refresh })
    }

    /// The access token of this provider, alive.
    pub(super) fn access(&self, provider: Provider, token: &str, now: i64) -> Result<Access, NoToken> {
        match self.access.get(token).filter(|known| known.grant.provider == provider) {
            None => Err(NoToken::Unknown),
            Some(known) if known.expires_at.is_some_and(|end| now >= end) => Err(NoToken::Expired),
            Some(known) => Ok(known.clone()),
        }
    }

    /// To which grant an access token or refresh token belongs, and its family.
    pub(super) fn of_token(&self, provider: Provider, token: &str) -> Option<(Grant, u64)> {
        let access = self.access.get(token).map(|known| (known.grant.clone(), known.family));
        let found = access.or_else(|| self.refresh.get(token).map(|known| (known.grant.clone(), known.family)));
        found.filter(|(grant, _)| grant.provider == provider)
    }

    /// Ends one access token alone.
    pub(super) fn end_access(&mut self, token: &str) {
        self.access.remove(token);
    }

    /// Ends an access token, its refresh token, and what came from that.
    pub(super) fn end_family(&mut self, family: u64) {
        self.access.retain(|token| token.family != family);
        self.refresh.retain(|token| token.family != family);
    }

    /// Ends everything of a person: codes not yet exchanged too.
    pub(super) fn end_person(&mut self, provider: Provider, person: &str) {
        let others = |grant: &Grant| grant.provider != provider || grant.person.id != person;
        self.codes.retain(|code| others(&code.grant));
        self.access.retain(|token| others(&token.grant));
        self.refresh.retain(|token| others(&token.grant));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pair of RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const BACK: &str = "http://localhost:8080/login/kakao/callback";
    const REFRESH_SECONDS: i64 = 5_183_999;
    const ACCESS_SECONDS: i64 = 21_599;

    fn grants_of(provider: Provider, challenge: Option<&str>) -> Grants {
        let grant = Grant {
            provider,
            person: &provider.people()[0],
            client_id: "rest".into(),
            scope: BTreeSet::new(),
            openid: true,
            nonce: None,
            auth_time: 0,
            first: true,
            offline: true,
        };
        let challenge = challenge.map(|value| Challenge { plain: false, value: value.to_owned() });
        let state = Some("s".to_owned());
        let mut grants = Grants::new();
        grants.issue(
            "c".into(),
            Code { grant, redirect_uri: BACK.into(), challenge, state, issued_at: 1_000, used: false },
        );
        grants
    }

    fn grants() -> Grants {
        grants_of(Provider::Kakao, Some(CHALLENGE))
    }

    fn right() -> Presented<'static> {
        Presented {
            provider: Provider::Kakao,
            code: "c",
            client_id: "rest",
            redirect_uri: Some(BACK),
            verifier: Some(VERIFIER),
            state: None,
        }
    }

    #[test]
    fn a_code_works_once() {
        let mut grants = grants();
        assert_eq!(grants.redeem(&right(), 1_001).unwrap().provider, Provider::Kakao);
        assert_eq!(grants.redeem(&right(), 1_002).unwrap_err(), TokenFault::Code("c".into()));
    }

    #[test]
    fn a_code_lives_ten_minutes() {
        assert!(grants().redeem(&right(), 1_599).is_ok());
        assert_eq!(grants().redeem(&right(), 1_600).unwrap_err(), TokenFault::Code("c".into()));
    }

    #[test]
    fn a_code_is_bound_to_provider_client_address_and_verifier() {
        let wrong_case = VERIFIER.to_lowercase();
        for (presented, expected) in [
            (Presented { provider: Provider::Google, ..right() }, TokenFault::Code("c".into())),
            (Presented { client_id: "javascript", ..right() }, TokenFault::OtherClient),
            (
                Presented { redirect_uri: Some("http://localhost:8080/login/kakao/callback/"), ..right() },
                TokenFault::Redirect,
            ),
            (Presented { redirect_uri: None, ..right() }, TokenFault::Redirect),
            (Presented { verifier: None, ..right() }, TokenFault::Verifier),
            (Presented { verifier: Some(CHALLENGE), ..right() }, TokenFault::Verifier),
            (Presented { verifier: Some(&wrong_case), ..right() }, TokenFault::Verifier),
            (Presented { state: Some("t"), ..right() }, TokenFault::State),
            (Presented { code: "d", ..right() }, TokenFault::Code("d".into())),
        ] {
            assert_eq!(grants().redeem(&presented, 1_001).unwrap_err(), expected);
        }
    }

    #[test]
    fn apple_takes_both_or_none_of_pkce() {
        let both = Presented { provider: Provider::Apple, ..right() };
        let none = Presented { verifier: None, ..both };
        assert!(grants_of(Provider::Apple, Some(CHALLENGE)).redeem(&both, 1_001).is_ok());
        assert!(grants_of(Provider::Apple, None).redeem(&none, 1_001).is_ok());
        assert_eq!(grants_of(Provider::Apple, Some(CHALLENGE)).redeem(&none, 1_001).unwrap_err(), TokenFault::Verifier);
        assert_eq!(grants_of(Provider::Apple, None).redeem(&both, 1_001).unwrap_err(), TokenFault::StrayVerifier);
        let google = Presented { provider: Provider::Google, ..right() };
        assert!(grants_of(Provider::Google, None).redeem(&google, 1_001).is_ok(), "elsewhere nobody minds");
    }

    #[test]
    fn a_refresh_token_is_replaced_in_its_last_month_only() {
        let mut grants = grants();
        let grant = grants.redeem(&right(), 1_000).unwrap();
        grants.open(grant, "a1".into(), "r1".into(), 0);
        let edge = REFRESH_SECONDS - LAST_MONTH_SECONDS;
        let mut renew = |old: &str, access: &str, next: &str, now| {
            grants.renew(Provider::Kakao, old, access.into(), next.into(), now).map(|tokens| tokens.refresh)
        };
        assert_eq!(renew("r1", "a2", "r2", edge), Ok(None));
        assert_eq!(renew("r1", "a3", "r3", edge + 1), Ok(Some("r3".into())));
        assert_eq!(renew("r1", "a4", "r4", edge + 2), Err(TokenFault::Refresh));
        assert_eq!(renew("r3", "a5", "r5", edge + 2), Ok(None));
        grants.end_family(1);
        assert_eq!(grants.access(Provider::Kakao, "a5", edge + 3).map(|_| ()), Err(NoToken::Unknown));
        assert!(grants.renew(Provider::Kakao, "r3", "a6".into(), "r6".into(), edge + 3).is_err());
    }

    #[test]
    fn each_provider_renews_in_its_own_way() {
        for (provider, expected) in [
            (Provider::Naver, None),
            (Provider::Line, Some("r1")),
            (Provider::Github, Some("r2")),
            (Provider::Apple, None),
            (Provider::Google, None),
        ] {
            let mut grants = grants_of(provider, None);
            let grant = grants.redeem(&Presented { provider, verifier: None, ..right() }, 1_000).unwrap();
            grants.open(grant, "a1".into(), "r1".into(), 0);
            let renewed = grants.renew(provider, "r1", "a2".into(), "r2".into(), 10).unwrap();
            assert_eq!(renewed.refresh.as_deref(), expected, "{provider:?}");
        }
    }

    #[test]
    fn an_old_access_token_is_expired_and_a_strange_one_does_not_exist() {
        let mut grants = grants();
        let grant = grants.redeem(&right(), 1_000).unwrap();
        grants.open(grant, "a".into(), "r".into(), 0);
        let access = |provider, token, now| grants.access(provider, token, now).map(|_| ());
        assert_eq!(access(Provider::Kakao, "a", ACCESS_SECONDS - 1), Ok(()));
        assert_eq!(access(Provider::Kakao, "a", ACCESS_SECONDS), Err(NoToken::Expired));
        assert_eq!(access(Provider::Kakao, "b", 0), Err(NoToken::Unknown));
        assert_eq!(access(Provider::Naver, "a", 0), Err(NoToken::Unknown), "another provider's");
    }
}
