//! LINE Login v2.1 (OpenID Connect). Everything a login needs is in the ID token; nothing else is asked.
//!
//! ID tokens are signed by the channel's secret (HS256) unless a key is asked for (ES256), as LINE's own SDKs do. We ask for
//! a key; both are checked, each only by a key of its own kind.
//!
//! - Realm: the channel. LINE's ids belong to the provider a channel stands under, which no answer names; a change of the
//!   channel is asked about, since it may be a change of the provider.
//! - E-mail: never trusted. The person set it in LINE, and nothing says whether it was verified.
//! - Fresh proof: proven. `max_age=0` asks for one, and `auth_time` in the ID token says when it was.

use jsonwebtoken::Algorithm;
use oauth2::AuthType;
use serde_json::Value;
use time::Duration;

use super::dialect::{Dialect, Freshness, Pending};
use super::fault::Verdict;
use super::http::{Deadline, Http};
use super::line_consent;
use super::native::Native;
use super::oauth::{Flow, Grant, Registration};
use super::oidc::Oidc;
use super::pictures::Pictures;
use super::profile::{Email, Profile, Trust, clean_name};
use super::provider::{AuthRequest, Lasting, Provider};
use super::registry::Unusable;
use super::road::Road;
use super::unlink::{Link, Unlinking};
use crate::clock::Clock;
use crate::config::Line as Settings;
use crate::json::Object;

/// Where pictures lie.
pub(super) const PICTURES: &[&str] = &["profile.line-scdn.net"];

pub(super) const CLIENT: &str = "LINE does not accept providers.line.client_id and client_secret: compare both with the LINE Developers \
                      Console (Basic settings > Channel ID, Channel secret)";

/// How long a refresh token lives.
const NINETY_DAYS: Duration = Duration::days(90);

/// What is LINE's own.
#[derive(Debug)]
struct Line {
    settings: Settings,
    pictures: Pictures,
}

/// LINE as configured.
pub(super) fn provider(settings: &Settings, http: &Http, clock: &Clock) -> Result<Provider, Unusable> {
    let flow = Flow::new(&Registration {
        client_id: &settings.client_id,
        client_secret: Some(&settings.client_secret),
        authorize: format!("{}/oauth2/v2.1/authorize", settings.auth_base),
        token: format!("{}/oauth2/v2.1/token", settings.api_base),
        scopes: &settings.scopes,
        client_auth: AuthType::RequestBody,
    })?;
    let keys = format!("{}/oauth2/v2.1/certs", settings.api_base);
    let mut oidc = Oidc::new(&settings.issuer, &settings.client_id, keys, clock);
    oidc.algorithms = vec![Algorithm::ES256, Algorithm::HS256];
    oidc.secret = Some(settings.client_secret.clone());
    let pictures = Pictures::new(PICTURES, &settings.api_base);
    Ok(Provider::new(Box::new(Line { settings: settings.clone(), pictures }), Road::pinned(flow, Some(oidc)), http))
}

impl Dialect for Line {
    fn slug(&self) -> &str {
        "line"
    }

    fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    fn token_parameters<'a>(&self, _attempt: &'a AuthRequest) -> Vec<(&'static str, &'a str)> {
        vec![("id_token_key_type", "JWK")]
    }

    fn verdict(&self, code: &str, _message: &str) -> Option<Verdict> {
        matches!(code, "invalid_client" | "unauthorized_client").then(|| Verdict::fix(CLIENT))
    }

    fn realm(&self) -> Option<String> {
        Some(self.settings.client_id.clone())
    }

    fn freshness(&self) -> Freshness {
        Freshness::Proven
    }

    fn asks_again(&self) -> &'static [(&'static str, &'static str)] {
        &[("max_age", "0")]
    }

    /// Codes and ID tokens; an ID token with the nonce its app made.
    fn native(&self) -> Native<'_> {
        Native {
            code: true,
            redirect_uris: &self.settings.native_redirect_uris,
            id_token: true,
            nonce_required: true,
            audiences: &self.settings.native_audiences,
            ..Native::default()
        }
    }

    fn profile_of_claims(&self, subject: &str, claims: &Object) -> Profile {
        read(subject.to_owned(), claims, &self.pictures)
    }

    fn unlinking(&self) -> Unlinking {
        Unlinking::ByToken
    }

    /// It lives ninety days from the login, however often it is used; an access token thirty.
    fn kept(&self, grant: &Grant) -> Option<Lasting> {
        grant.refresh_token.clone().map(|token| Lasting { token, lives: Some(NINETY_DAYS) })
    }

    fn unlink<'a>(&'a self, http: &'a Http, link: &'a Link, deadline: Deadline) -> Pending<'a, ()> {
        Box::pin(line_consent::end(&self.settings, http, link, deadline))
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

/// The person a verified ID token describes.
pub(super) fn read(subject: String, claims: &Object, places: &Pictures) -> Profile {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let name = text("name").and_then(clean_name);
    let picture = text("picture").and_then(|address| places.clean(address));
    let email = text("email").and_then(|address| Email::new(address, Trust::Unverified));
    Profile { subject, name, picture, email }
}
