//! An OpenID Connect issuer nobody wrote a file for: its addresses come from its own document (`discovery.rs`).
//!
//! - Realm: the issuer and the client. Subjects may differ from client to client.
//! - E-mail: trusted only where the settings take the word of whoever runs the issuer, and it says `email_verified`.
//! - Fresh proof: proven. `prompt=login` and `max_age=0` ask for one, and `auth_time` in the ID token says when it was.

use serde_json::Value;

use super::dialect::{Call, Dialect, Freshness, Pending};
use super::discovery::Discovery;
use super::fault::{Answer, Fault, Step};
use super::http::Http;
use super::oidc;
use super::oidc::Claims;
use super::pictures::Pictures;
use super::profile::{Email, Profile, Trust, clean_name};
use super::provider::Provider;
use super::registry::Unusable;
use super::road::Road;
use crate::clock::Clock;
use crate::config::Oidc as Settings;
use crate::json::Object;

/// What is this issuer's own.
#[derive(Debug)]
struct Issuer {
    settings: Settings,
    pictures: Pictures,
}

/// An issuer as configured.
pub(super) fn provider(settings: &Settings, http: &Http, clock: &Clock) -> Result<Provider, Unusable> {
    // Where its pictures lie nobody knows, so none are shown.
    let pictures = Pictures::new(&[], &settings.issuer);
    let road = Road::Discovered(Box::new(Discovery::new(settings.clone(), clock.clone())));
    Ok(Provider::new(Box::new(Issuer { settings: settings.clone(), pictures }), road, http))
}

impl Dialect for Issuer {
    fn slug(&self) -> &str {
        &self.settings.name
    }

    fn display_name(&self) -> Option<&str> {
        Some(&self.settings.display_name)
    }

    fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// The ID token says who it is; what else there is to know may stand at the userinfo endpoint, which must speak of the
    /// same person (OpenID Connect Core 5.3.2).
    fn profile<'a>(&'a self, call: Call<'a>, claims: Option<&'a Claims>) -> Pending<'a, Profile> {
        Box::pin(async move {
            let claims = claims.ok_or_else(oidc::missing)?;
            let Some(url) = call.userinfo else { return Ok(self.read(&claims.subject, [&claims.all])) };
            let (status, more) = call.get(Step::Profile, url).await?;
            if status != 200 {
                let answer = if status == 401 { Some(Answer::StartOver.into()) } else { None };
                return Err(Fault::reported(Step::Profile, status, format!("userinfo-{status}"), answer));
            }
            if more.get("sub").and_then(Value::as_str) != Some(claims.subject.as_str()) {
                let cause = "the ID token and the userinfo name two people";
                return Err(Fault::refused(Step::Profile, "sub-mismatch", cause));
            }
            Ok(self.read(&claims.subject, [&claims.all, &more]))
        })
    }

    fn realm(&self) -> Option<String> {
        Some(format!("{} {}", self.settings.issuer, self.settings.client_id))
    }

    fn realm_setting(&self) -> &str {
        "issuer"
    }

    fn freshness(&self) -> Freshness {
        Freshness::Proven
    }

    fn asks_again(&self) -> &'static [(&'static str, &'static str)] {
        &[("prompt", "login"), ("max_age", "0")]
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

impl Issuer {
    fn read<const SOURCES: usize>(&self, subject: &str, said: [&Object; SOURCES]) -> Profile {
        read(subject.to_owned(), &said, self.settings.email_authoritative, &self.pictures)
    }
}

/// The person as the first of several answers that says something says it. An address and whether it is verified are taken
/// from one and the same answer: the flag of one says nothing of the address in another.
pub(super) fn read(subject: String, said: &[&Object], authoritative: bool, places: &Pictures) -> Profile {
    let text = |object: &Object, name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let names = ["name", "nickname", "preferred_username"];
    let name = names.iter().flat_map(|name| said.iter().filter_map(|object| text(object, name)));
    let name = name.collect::<Vec<_>>().iter().find_map(|name| clean_name(name));
    let picture = said.iter().filter_map(|object| text(object, "picture")).find_map(|address| places.clean(&address));
    let email = said.iter().find_map(|object| {
        let vouched = authoritative && object.get("email_verified") == Some(&Value::Bool(true));
        Email::new(&text(object, "email")?, if vouched { Trust::Verified } else { Trust::Unverified })
    });
    Profile { subject, name, picture, email }
}
