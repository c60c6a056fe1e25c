//! What an app on a phone hands in after it has logged its person in by the provider's own SDK: a code it did not trade, an
//! access token, or an ID token. A web login begins here and ends here, so its `state` and `nonce` tell that the answer
//! belongs to the question; of a native one we saw nothing. So each kind has to show by itself that it was made for our
//! app (RFC 9700 section 4.6: a token of another client must not log anybody in).

use std::fmt;

use time::Duration;

use super::dialect::{Call, Owner};
use super::fault::{Answer, Fault, Step};
use super::http::Deadline;
use super::oidc::Binding;
use super::profile::Profile;
use super::provider::{AuthRequest, Proof, Provider};
use crate::clock::Moment;
use crate::secret::Secret;

/// What an app hands in.
#[derive(Clone)]
pub enum NativeProof {
    /// A code, to be traded here. The verifier shows that whoever hands it in began that login (RFC 7636).
    Code {
        /// The code.
        code: String,
        /// PKCE code verifier.
        verifier: Secret<String>,
        /// The redirect URI of that login; one of [`Native::redirect_uris`].
        redirect_uri: String,
        /// The nonce of that login, if it had one.
        nonce: Option<String>,
    },
    /// An access token, which the provider says is our app's.
    AccessToken(Secret<String>),
    /// An ID token with one of our audiences.
    IdToken {
        /// The token.
        token: Secret<String>,
        /// The nonce it must have; it must have none where there is none.
        nonce: Option<String>,
    },
}

impl fmt::Debug for NativeProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NativeProof(***)")
    }
}

/// What a provider takes from native apps.
#[derive(Clone, Copy, Debug, Default)]
pub struct Native<'a> {
    /// Whether codes.
    pub code: bool,
    /// Where codes may have been sent; never the web login's own redirect URI.
    pub redirect_uris: &'a [String],
    /// Whether access tokens.
    pub access_token: bool,
    /// Whether ID tokens.
    pub id_token: bool,
    /// Whether an ID token must have a nonce.
    pub nonce_required: bool,
    /// For whom an ID token may be besides our client id.
    pub audiences: &'a [String],
    /// The provider's codes that blame a setting of ours in a web login, and whoever hands the code in from an app.
    pub refusals: &'static [&'static str],
}

impl Native<'_> {
    /// Whether anything at all.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.code || self.access_token || self.id_token
    }
}

/// What makes an ID token usable once: its digest, until it has expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// SHA-256 of what is signed, in hex.
    pub digest: String,
    /// Until when it could be used again.
    pub until: Moment,
}

/// A proof from a native app.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// Who.
    pub proof: Proof,
    /// For a proof that may be used once.
    pub once: Option<Once>,
    /// When the login it proves began, as far as that can be known.
    pub began: Began,
}

/// When a login of a native app began, of which nothing was seen here. An app keeps an ID token for hours and a code for
/// minutes, and what was stolen from one is kept as long: what the provider said of its account meanwhile must win.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Began {
    /// Then, by the provider's word.
    At(Moment),
    /// So long ago at most, as what was handed in lives no longer.
    Within(Duration),
}

impl Began {
    /// The earliest moment that it can mean. Of a code, `auth_time` may show that it is younger: the person proved who they are
    /// before they got it.
    #[must_use]
    pub fn earliest(self, auth_time: Option<Moment>, now: Moment) -> Moment {
        match self {
            Self::At(moment) => moment.min(now),
            Self::Within(life) => now.saturating_sub(life).max(auth_time.unwrap_or(Moment::MIN)).min(now),
        }
    }
}

/// How long a code lives, at any provider that takes one from apps (RFC 6749 section 4.1.2 recommends no more).
const CODE: Duration = Duration::minutes(10);

/// How long an access token lives at most: Kakao's for apps on phones, and no other provider's is taken.
const ACCESS_TOKEN: Duration = Duration::hours(12);

impl Provider {
    /// What it takes from native apps.
    #[must_use]
    pub fn native(&self) -> Native<'_> {
        self.dialect.native()
    }

    /// Turns what a native app handed in into a proof, within ten seconds.
    ///
    /// # Errors
    /// A [`Fault`]; `Refused` when it is not for our app, or of a kind this provider does not take.
    pub async fn vouch(&self, handed: &NativeProof) -> Result<Vouched, Fault> {
        let deadline = Self::proof_deadline();
        let turn = deadline.bound(self.turns.acquire()).await;
        let _turn = turn.map_err(|failure| Fault::transport(Step::Token, &failure))?;
        let native = self.native();
        match handed {
            NativeProof::Code { code, verifier, redirect_uri, nonce }
                if native.code && native.redirect_uris.contains(redirect_uri) =>
            {
                let attempt = AuthRequest {
                    redirect_uri: redirect_uri.clone(),
                    state: String::new(),
                    verifier: verifier.clone(),
                    nonce: nonce.clone().unwrap_or_default(),
                    again: false,
                    user: None,
                };
                let binding = Binding { nonce: nonce.as_deref(), audiences: &[], access_token: None };
                let traded = self.trade(code, &attempt, &binding, deadline).await;
                let proof = traded.map_err(|fault| blamed(fault, native.refusals))?;
                Ok(Vouched { proof, once: None, began: Began::Within(CODE) })
            }
            NativeProof::AccessToken(token) if native.access_token => self.by_access_token(token, deadline).await,
            NativeProof::IdToken { token, nonce } if native.id_token => {
                self.by_id_token(token, nonce.as_deref(), &native, deadline).await
            }
            _ => Err(Fault::refused(Step::Token, "native-kind", "this kind of proof is not taken from native apps")),
        }
    }

    /// The provider says whose the token is and for which app; then who that is.
    async fn by_access_token(&self, token: &Secret<String>, deadline: Deadline) -> Result<Vouched, Fault> {
        if token.expose().is_empty() || !token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Fault::refused(Step::TokenInfo, "token-malformed", "the access token is not visible ASCII"));
        }
        let call = Call { http: &self.http, access_token: token, deadline, userinfo: None };
        let Owner { subject, realm, left } = self.dialect.addressee(call).await?;
        if self.realm().is_some_and(|ours| ours != realm) {
            return Err(Fault::refused(Step::TokenInfo, "other-app", "the access token belongs to another app"));
        }
        let profile = self.dialect.profile(call, None).await?;
        if profile.subject != subject {
            return Err(Fault::refused(Step::Profile, "sub-mismatch", "token info and profile name two people"));
        }
        let proof = Proof {
            profile,
            realm: Some(realm),
            teaches: self.realm().is_some(),
            auth_time: None,
            kept: None,
            granted: None,
        };
        // How long it has lived is not said, only how long it will: it counts as one that lives as long as any.
        let left = Duration::seconds(left.unwrap_or_default()).clamp(Duration::ZERO, ACCESS_TOKEN);
        Ok(Vouched { proof, once: None, began: Began::Within(ACCESS_TOKEN - left) })
    }

    /// The token itself says everything.
    async fn by_id_token(
        &self,
        token: &Secret<String>,
        nonce: Option<&str>,
        native: &Native<'_>,
        deadline: Deadline,
    ) -> Result<Vouched, Fault> {
        let way = self.way(deadline).await?;
        let Some(oidc) = &way.oidc else {
            return Err(Fault::refused(Step::IdToken, "native-kind", "this provider issues no ID tokens"));
        };
        let binding = Binding { nonce, audiences: native.audiences, access_token: None };
        let claims = oidc.verify(&self.http, token, &binding, deadline).await?;
        let profile: Profile = self.dialect.profile_of_claims(&claims.subject, &claims.all);
        let proof = Proof {
            profile,
            realm: self.realm(),
            teaches: true,
            auth_time: claims.auth_time,
            kept: None,
            granted: None,
        };
        let once = Some(Once { digest: claims.digest, until: claims.until });
        // `iat` is always there; without one it would count as old as any token that is taken.
        let began = claims.issued_at.map_or(Began::Within(Duration::days(1)), Began::At);
        Ok(Vouched { proof, once, began })
    }
}

/// The code of another app, or one that was sent elsewhere, is no fault of the operator's when an app hands it in.
fn blamed(fault: Fault, refusals: &[&str]) -> Fault {
    if refusals.contains(&fault.code.as_str()) { Fault { answer: Answer::Refused, ..fault } } else { fault }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    fn at(seconds: i64) -> Moment {
        from_unix_seconds(1_800_000_000 + seconds)
    }

    #[test]
    fn h11_a_login_began_as_long_ago_as_it_can_have() {
        let code = Began::Within(CODE);
        assert_eq!(code.earliest(None, at(0)), at(-600));
        assert_eq!(code.earliest(Some(at(-86_400)), at(0)), at(-600), "who was logged in there yesterday");
        assert_eq!(code.earliest(Some(at(-20)), at(0)), at(-20), "who has just typed a password");
        assert_eq!(code.earliest(Some(at(20)), at(0)), at(0), "whose clock is ahead");
        assert_eq!(Began::At(at(-7_200)).earliest(Some(at(-20)), at(0)), at(-7_200), "an ID token says itself when");
        assert_eq!(Began::At(at(5)).earliest(None, at(0)), at(0));
    }
}
