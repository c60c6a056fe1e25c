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
mod tests;
