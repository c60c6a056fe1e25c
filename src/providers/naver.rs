//! Naver (developers.naver.com, "네이버 로그인"): OAuth 2.0 with the profile API, or OpenID Connect, which only adds an ID
//! token; the profile API is asked in both. What an app gets is chosen in the console, not by `scope`.
//!
//! - Realm: the application. Every application knows the same person by another id.
//! - E-mail: never trusted. It is a contact address that its owner may set to any address of somebody else, and nothing
//!   says whether it was verified.
//! - Fresh proof: asked. `auth_type=reauthenticate` has the password typed; nothing tells whether it was.

use oauth2::AuthType;
use serde_json::Value;
use time::Duration;

use super::dialect::{Call, Dialect, Freshness, Pending};
use super::fault::{Answer, Fault, Step, Verdict};
use super::http::{Deadline, Http};
use super::oauth::{Flow, Grant, Registration};
use super::oidc;
use super::oidc::{Claims, Oidc};
use super::pictures::Pictures;
use super::profile::{Email, Profile, Trust, clean_name, text_id};
use super::provider::{AuthRequest, Lasting, Provider};
use super::registry::Unusable;
use super::road::Road;
use super::unlink;
use super::unlink::{Link, Unlinking};
use crate::clock::Clock;
use crate::config::Naver as Settings;
use crate::json::Object;

/// Where pictures lie.
pub(super) const PICTURES: &[&str] = &["*.pstatic.net"];

const CLIENT: &str = "Naver does not accept providers.naver.client_id and client_secret: compare both with Naver Developers \
                      (내 애플리케이션 > 개요)";
const PERMISSION: &str =
    "the application may not use this API: tick 네이버 로그인 at Naver Developers (내 애플리케이션 > API 설정)";

/// How long a refresh token lives.
const YEAR: Duration = Duration::days(365);

/// What is Naver's own.
#[derive(Debug)]
struct Naver {
    settings: Settings,
    pictures: Pictures,
}

/// Naver as configured.
pub(super) fn provider(settings: &Settings, http: &Http, clock: &Clock) -> Result<Provider, Unusable> {
    let (auth, client_id) = (&settings.auth_base, &settings.client_id);
    let (version, openid) = if settings.oidc { ("oauth2", Some("openid".to_owned())) } else { ("oauth2.0", None) };
    let mut scopes = settings.scopes.clone();
    scopes.extend(openid.filter(|openid| !settings.scopes.contains(openid)));
    let flow = Flow::new(&Registration {
        client_id,
        client_secret: Some(&settings.client_secret),
        authorize: format!("{auth}/{version}/authorize"),
        token: format!("{auth}/{version}/token"),
        scopes: &scopes,
        client_auth: AuthType::RequestBody,
    })?;
    let oidc = settings.oidc.then(|| Oidc::new(&settings.issuer, client_id, format!("{auth}/oauth2/jwks"), clock));
    let pictures = Pictures::new(PICTURES, &settings.api_base);
    Ok(Provider::new(Box::new(Naver { settings: settings.clone(), pictures }), Road::pinned(flow, oidc), http))
}

impl Dialect for Naver {
    fn slug(&self) -> &str {
        "naver"
    }

    fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Documented as required; others leave it out and get by.
    fn token_parameters<'a>(&self, attempt: &'a AuthRequest) -> Vec<(&'static str, &'a str)> {
        vec![("state", &attempt.state)]
    }

    /// A code that is used, expired or invented is `invalid_request`: "no valid data in session".
    fn verdict(&self, code: &str, _message: &str) -> Option<Verdict> {
        Some(match code {
            "invalid_request" => Verdict::SPENT,
            "invalid_client" | "unauthorized_client" => Verdict::fix(CLIENT),
            "nid-024" | "nid-028" => Answer::StartOver.into(),
            "nid-403" => Verdict::fix(PERMISSION),
            _ => return None,
        })
    }

    fn profile<'a>(&'a self, call: Call<'a>, claims: Option<&'a Claims>) -> Pending<'a, Profile> {
        Box::pin(async move {
            if self.settings.oidc && claims.is_none() {
                return Err(oidc::missing());
            }
            let (status, body) = call.get(Step::Profile, &format!("{}/v1/nid/me", self.settings.api_base)).await?;
            if status != 200 || body.get("resultcode").and_then(Value::as_str) != Some("00") {
                return Err(self.refusal(status, &body));
            }
            let no_id = || Fault::refused(Step::Profile, "no-id", "the answer has no id");
            read(&Value::Object(body), &self.pictures).ok_or_else(no_id)
        })
    }

    fn realm(&self) -> Option<String> {
        Some(self.settings.client_id.clone())
    }

    fn freshness(&self) -> Freshness {
        Freshness::Asked
    }

    fn asks_again(&self) -> &'static [(&'static str, &'static str)] {
        &[("auth_type", "reauthenticate")]
    }

    fn notifies(&self) -> bool {
        true
    }

    fn unlinking(&self) -> Unlinking {
        Unlinking::ByToken
    }

    /// A year, as far as anybody knows; an access token lives an hour.
    fn kept(&self, grant: &Grant) -> Option<Lasting> {
        grant.refresh_token.clone().map(|token| Lasting { token, lives: Some(YEAR) })
    }

    /// Its list of linked services, which its help names and no document of the login does.
    fn disconnect_page(&self) -> Option<String> {
        Some("https://nid.naver.com/internalToken/view/tokenList/pc/ko".to_owned())
    }

    /// `POST /oauth2.0/revoke` (since May 2026), which ends the pair and the link with it. It says yes to a dead token too, so one
    /// that is older than it can live is never sent.
    fn unlink<'a>(&'a self, http: &'a Http, link: &'a Link, deadline: Deadline) -> Pending<'a, ()> {
        Box::pin(async move {
            let settings = &self.settings;
            let form = [
                ("client_id", settings.client_id.as_str()),
                ("client_secret", settings.client_secret.expose()),
                ("token", unlink::token(link)?.expose()),
                ("token_type_hint", "refresh_token"),
            ];
            let url = format!("{}/oauth2.0/revoke", settings.auth_base);
            let answer = unlink::post_form(http, &url, None, &form, deadline).await?;
            // Its errors come with status 200 elsewhere.
            if answer.status == 200 && unlink::error(&answer).is_none() {
                return Ok(());
            }
            Err(unlink::refusal(&answer, |name| self.verdict(name, "")))
        })
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

impl Naver {
    /// In the API's own shape or in its gateway's; the code decides, whatever the status.
    fn refusal(&self, status: u16, body: &Object) -> Fault {
        let said = ["resultcode", "errorCode"].iter().find_map(|name| body.get(*name)?.as_str());
        let number = said.filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()));
        let code = number.map_or_else(|| format!("nid-{status}"), |code| format!("nid-{code}"));
        let verdict = self.verdict(&code, "");
        Fault::reported(Step::Profile, status, code, verdict)
    }
}

/// The person behind `/v1/nid/me`: all of it is wrapped, all of it is text, and only the id is sure to be there.
pub(super) fn read(me: &Value, places: &Pictures) -> Option<Profile> {
    let person = &me["response"];
    let subject = text_id(&person["id"])?;
    let name = ["nickname", "name"].iter().filter_map(|member| person[*member].as_str()).find_map(clean_name);
    // A stand-in for those who have none.
    let picture = person["profile_image"].as_str().filter(|address| !address.contains("/nodata_"));
    let picture = picture.and_then(|address| places.clean(address));
    let email = person["email"].as_str().and_then(|address| Email::new(address, Trust::Unverified));
    Some(Profile { subject, name, picture, email })
}
