//! Apple ("Sign in with Apple" on the web): OpenID Connect with three customs. Its callback is posted; the client secret is a
//! token of ours, made for each exchange; and the name comes once, unsigned, in the browser's hands.
//!
//! - Realm: the team. All apps of one team know a person by the same id.
//! - E-mail: trusted where Apple says that it verified it, as a truth value or as the text "true" (managed accounts are
//!   not). A relay address is no proof of any other address, and is never matched with one.
//! - Fresh proof: none. Apple has no parameter that asks for one.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use oauth2::AuthType;
use serde_json::{Value, json};

use super::dialect::{Dialect, Freshness, Notices, Pending};
use super::fault::{Answer, Fault, Step, Verdict, by_denial};
use super::http::{Deadline, Http};
use super::native::Native;
use super::oauth::{Flow, Grant, Registration};
use super::oidc::Oidc;
use super::pictures::Pictures;
use super::profile::{Email, Profile, Trust, clean_name};
use super::provider::{Lasting, Provider};
use super::registry::Unusable;
use super::road::Road;
use super::unlink;
use super::unlink::{Link, Unlinking};
use crate::clock::Clock;
use crate::clock::unix_seconds;
use crate::config::Apple as Settings;
use crate::config::SigningAlgorithm;
use crate::json;
use crate::json::Object;
use crate::secret::Secret;
use crate::signatures;

/// A client secret lives so long, in seconds; Apple allows half a year.
const SECRET_LIFE: i64 = 300;

/// Addresses that only lead through Apple.
const RELAY: &str = "privaterelay.appleid.com";

const CLIENT: &str = "Apple does not accept the client secret: compare providers.apple.client_id (the Services ID), team_id, \
                      key_id and private_key with Apple's developer site, and the clock of this machine with the time";
const REDIRECT: &str = "the redirect URI is not registered: add <server.public_url>/login/apple/callback to the Services ID's \
                        return URLs";

/// What is Apple's own.
struct Apple {
    settings: Settings,
    key: EncodingKey,
    clock: Clock,
    pictures: Pictures,
}

impl fmt::Debug for Apple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Apple({})", self.settings.client_id)
    }
}

/// Apple as configured.
pub(super) fn provider(settings: &Settings, http: &Http, clock: &Clock) -> Result<Provider, Unusable> {
    let auth = &settings.auth_base;
    let flow = Flow::new(&Registration {
        client_id: &settings.client_id,
        client_secret: None,
        authorize: format!("{auth}/auth/authorize"),
        token: format!("{auth}/auth/token"),
        scopes: &settings.scopes,
        client_auth: AuthType::RequestBody,
    })?;
    let oidc = Oidc::new(&settings.issuer, &settings.client_id, format!("{auth}/auth/keys"), clock);
    let key = signatures::private(SigningAlgorithm::Es256, settings.private_key.expose().as_bytes())?;
    // No pictures, so no places either.
    let pictures = Pictures::new(&[], "");
    let apple = Apple { settings: settings.clone(), key, clock: clock.clone(), pictures };
    Ok(Provider::new(Box::new(apple), Road::pinned(flow, Some(oidc)), http))
}

impl Dialect for Apple {
    fn slug(&self) -> &str {
        "apple"
    }

    fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    fn posts(&self) -> bool {
        true
    }

    /// Without it no scope may be asked for.
    fn asks(&self) -> &'static [(&'static str, &'static str)] {
        &[("response_mode", "form_post")]
    }

    /// ES256 by the team's key. One that is made for each exchange cannot run out unnoticed, as one pasted from elsewhere
    /// does after half a year.
    fn client_secret(&self) -> Result<Option<Secret<String>>, Fault> {
        let settings = &self.settings;
        let now = unix_seconds(self.clock.now());
        let header = json!({ "alg": "ES256", "kid": settings.key_id, "typ": "JWT" });
        let claims = json!({ "iss": settings.team_id, "iat": now, "exp": now + SECRET_LIFE, "aud": settings.issuer,
                             "sub": settings.client_id });
        let parts = [header, claims].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
        let message = parts.join(".");
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, Algorithm::ES256);
        let unsigned = |_cause| Fault::malformed(Step::Token, "unsigned", "our client secret could not be signed");
        Ok(Some(Secret::new(format!("{message}.{}", signature.map_err(unsigned)?))))
    }

    fn verdict(&self, code: &str, _message: &str) -> Option<Verdict> {
        Some(match code {
            "invalid_client" => Verdict::fix(CLIENT),
            "unauthorized_client" => Verdict::fix(REDIRECT),
            // A code that is used, expired or another client's is told by either.
            "invalid_request" => Verdict::SPENT,
            _ => return None,
        })
    }

    fn denial(&self, error: &str, _description: &str) -> Option<Answer> {
        if error == "user_cancelled_authorize" { None } else { by_denial(error) }
    }

    /// `{"name": {"firstName": …, "lastName": …}, "email": …}`, at the first login only. The address in it is anybody's.
    fn name_beside(&self, user: &str) -> Option<String> {
        let user = Value::Object(json::object(user.as_bytes())?);
        read_name(&user["name"])
    }

    fn realm(&self) -> Option<String> {
        Some(self.settings.team_id.clone())
    }

    fn realm_setting(&self) -> &str {
        "team_id"
    }

    fn freshness(&self) -> Freshness {
        Freshness::None
    }

    /// A native app's tokens are for its bundle id.
    fn native(&self) -> Native<'_> {
        Native {
            code: true,
            redirect_uris: &self.settings.native_redirect_uris,
            id_token: true,
            nonce_required: true,
            audiences: &self.settings.native_audiences,
            refusals: &["oauth-unauthorized_client"],
            ..Native::default()
        }
    }

    fn profile_of_claims(&self, subject: &str, claims: &Object) -> Profile {
        read(subject.to_owned(), claims)
    }

    fn notices(&self) -> Notices<'_> {
        Notices::Apple
    }

    fn unlinking(&self) -> Unlinking {
        Unlinking::ByToken
    }

    /// It does not expire: a dead one is one of a link that has ended.
    fn kept(&self, grant: &Grant) -> Option<Lasting> {
        grant.refresh_token.clone().map(|token| Lasting { token, lives: None })
    }

    fn disconnect_page(&self) -> Option<String> {
        Some("https://account.apple.com/account/manage/section/security".to_owned())
    }

    /// `POST /auth/revoke`, which says yes to any token; demanded by App Store rule 5.1.1(v) of whoever deletes an account.
    fn unlink<'a>(&'a self, http: &'a Http, link: &'a Link, deadline: Deadline) -> Pending<'a, ()> {
        Box::pin(async move {
            let settings = &self.settings;
            let secret = self
                .client_secret()?
                .ok_or_else(|| Fault::malformed(Step::Unlink, "unsigned", "our client secret could not be signed"))?;
            let form = [
                ("client_id", settings.client_id.as_str()),
                ("client_secret", secret.expose()),
                ("token", unlink::token(link)?.expose()),
                ("token_type_hint", "refresh_token"),
            ];
            let url = format!("{}/auth/revoke", settings.auth_base);
            let answer = unlink::post_form(http, &url, None, &form, deadline).await?;
            if answer.status == 200 {
                return Ok(());
            }
            Err(unlink::refusal(&answer, |name| self.verdict(name, "")))
        })
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

/// The person a verified ID token describes; never by name.
pub(super) fn read(subject: String, claims: &Object) -> Profile {
    let says = |name: &str| claims.get(name).is_some_and(|value| *value == true || *value == "true");
    let email = claims.get("email").and_then(Value::as_str).and_then(|address| {
        let relayed = says("is_private_email") || address.to_ascii_lowercase().ends_with(&format!("@{RELAY}"));
        Email::new(address, if says("email_verified") && !relayed { Trust::Verified } else { Trust::Unverified })
    });
    Profile { subject, name: None, picture: None, email }
}

/// Family name first where it is written so.
pub(super) fn read_name(name: &Value) -> Option<String> {
    let part = |member: &str| name[member].as_str().unwrap_or_default().trim().to_owned();
    let (first, last) = (part("firstName"), part("lastName"));
    let is_hangul = |text: &str| !text.is_empty() && text.chars().all(|symbol| ('가'..='힣').contains(&symbol));
    let whole =
        if is_hangul(&first) && is_hangul(&last) { format!("{last}{first}") } else { format!("{first} {last}") };
    clean_name(&whole)
}
