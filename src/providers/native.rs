//! What an app on a phone hands in after it has logged its person in by the provider's own SDK: a code it did not trade, an
//! access token, or an ID token. A web login begins here and ends here, so its `state` and `nonce` tell that the answer
//! belongs to the question; of a native one we saw nothing. So each kind has to show by itself that it was made for our
//! app (RFC 9700 section 4.6: a token of another client must not log anybody in).

use std::fmt;

use super::dialect::Call;
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
    /// When the provider made it, where the proof itself is all that says so. Of a code and of an access token the provider was
    /// asked just now.
    pub issued_at: Option<Moment>,
}

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
                Ok(Vouched { proof, once: None, issued_at: None })
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
        let (subject, realm) = self.dialect.addressee(call).await?;
        if self.realm().is_some_and(|ours| ours != realm) {
            return Err(Fault::refused(Step::TokenInfo, "other-app", "the access token belongs to another app"));
        }
        let profile = self.dialect.profile(call, None).await?;
        if profile.subject != subject {
            return Err(Fault::refused(Step::Profile, "sub-mismatch", "token info and profile name two people"));
        }
        let proof = Proof { profile, realm: Some(realm), teaches: self.realm().is_some(), auth_time: None, kept: None };
        Ok(Vouched { proof, once: None, issued_at: None })
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
        let proof = Proof { profile, realm: self.realm(), teaches: true, auth_time: claims.auth_time, kept: None };
        let once = Some(Once { digest: claims.digest, until: claims.until });
        Ok(Vouched { proof, once, issued_at: claims.issued_at })
    }
}

/// The code of another app, or one that was sent elsewhere, is no fault of the operator's when an app hands it in.
fn blamed(fault: Fault, refusals: &[&str]) -> Fault {
    if refusals.contains(&fault.code.as_str()) { Fault { answer: Answer::Refused, ..fault } } else { fault }
}
