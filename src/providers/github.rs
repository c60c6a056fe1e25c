//! GitHub (OAuth apps). No ID token; two calls tell who it is. Errors of the token endpoint come with status 200.
//!
//! - Realm: none. The ids are the same for every app.
//! - E-mail: the primary address, if GitHub verified it. The address on the public profile may be anybody's text.
//! - Fresh proof: none. Who has agreed once is sent back without a page; the list of accounts is shown at least.

use data_encoding::BASE64;
use http::Method;
use oauth2::AuthType;
use serde_json::{Value, json};
use time::Duration;

use super::dialect::{Call, Dialect, Freshness, Pending};
use super::fault::{Answer, Fault, Step, Verdict, by_denial};
use super::http::{Deadline, Http};
use super::native::Native;
use super::oauth::{Flow, Grant, Registration};
use super::oidc::Claims;
use super::pictures::Pictures;
use super::profile::{Email, Profile, Trust, clean_name, number_id};
use super::provider::{Lasting, Provider};
use super::registry::Unusable;
use super::road::Road;
use super::unlink;
use super::unlink::{Link, Said, Unlinking};
use crate::clock::Clock;
use crate::config::Github as Settings;
use crate::secret::Secret;

/// Where pictures lie. Other hosts of the family serve what its users wrote.
pub(super) const PICTURES: &[&str] = &["avatars.githubusercontent.com"];

/// Addresses that stand in for hidden ones and cannot be written to.
const NO_REPLY: &str = "users.noreply.github.com";

const CLIENT: &str = "GitHub does not accept providers.github.client_id and client_secret: compare both with the OAuth app \
                      (Settings > Developer settings > OAuth Apps)";
const REDIRECT: &str = "the redirect URI is not registered: set <server.public_url>/login/github/callback as authorization \
                        callback URL of the OAuth app";
const SUSPENDED: &str = "GitHub has suspended the OAuth app: see the app's page and the mail from GitHub";
const REFUSED: &str = "GitHub's API refuses the app: look the status up at docs.github.com";

/// How long an access token lives that nobody uses, and one of an app whose tokens expire.
const YEAR: Duration = Duration::days(365);
const EIGHT_HOURS: Duration = Duration::hours(8);

/// What is GitHub's own.
#[derive(Debug)]
struct Github {
    settings: Settings,
    pictures: Pictures,
}

/// GitHub as configured.
pub(super) fn provider(settings: &Settings, http: &Http, _clock: &Clock) -> Result<Provider, Unusable> {
    let auth = &settings.auth_base;
    let flow = Flow::new(&Registration {
        client_id: &settings.client_id,
        client_secret: Some(&settings.client_secret),
        authorize: format!("{auth}/login/oauth/authorize"),
        token: format!("{auth}/login/oauth/access_token"),
        scopes: &settings.scopes,
        client_auth: AuthType::RequestBody,
    })?;
    let pictures = Pictures::new(PICTURES, &settings.api_base);
    Ok(Provider::new(Box::new(Github { settings: settings.clone(), pictures }), Road::pinned(flow, None), http))
}

impl Dialect for Github {
    fn slug(&self) -> &str {
        "github"
    }

    fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Since 2026.
    fn says_iss(&self) -> bool {
        true
    }

    fn verdict(&self, code: &str, _message: &str) -> Option<Verdict> {
        Some(match code {
            "bad_verification_code" => Verdict::SPENT,
            "incorrect_client_credentials" => Verdict::fix(CLIENT),
            "redirect_uri_mismatch" => Verdict::fix(REDIRECT),
            // Nothing of ours can help whoever has proved no address to GitHub.
            "unverified_user_email" => Answer::Refused.into(),
            _ => return None,
        })
    }

    fn denial(&self, error: &str, _description: &str) -> Option<Answer> {
        match error {
            "application_suspended" => Some(Answer::OperatorMustFix { fix: SUSPENDED }),
            "redirect_uri_mismatch" => Some(Answer::OperatorMustFix { fix: REDIRECT }),
            other => by_denial(other),
        }
    }

    fn profile<'a>(&'a self, call: Call<'a>, _claims: Option<&'a Claims>) -> Pending<'a, Profile> {
        Box::pin(async move {
            let api = &self.settings.api_base;
            let (status, user) = call.get(Step::Profile, &format!("{api}/user")).await?;
            match status {
                200 => {}
                401 => return Err(reported(status, Answer::StartOver)),
                // A limit of requests is told by 403 too.
                403 | 429 => return Err(reported(status, Answer::TryLater)),
                400..500 => return Err(reported(status, Answer::OperatorMustFix { fix: REFUSED })),
                _ => return Err(reported(status, Answer::TryLater)),
            }
            let emails = call.list(Step::Profile, &format!("{api}/user/emails?per_page=100")).await?;
            let no_id = || Fault::refused(Step::Profile, "no-id", "the answer has no positive whole number as id");
            read(&Value::Object(user), &emails.unwrap_or_default(), &self.pictures).ok_or_else(no_id)
        })
    }

    fn freshness(&self) -> Freshness {
        Freshness::None
    }

    fn asks_again(&self) -> &'static [(&'static str, &'static str)] {
        &[("prompt", "select_account")]
    }

    fn native(&self) -> Native<'_> {
        Native {
            code: true,
            redirect_uris: &self.settings.native_redirect_uris,
            refusals: &["oauth-redirect_uri_mismatch"],
            ..Native::default()
        }
    }

    fn unlinking(&self) -> Unlinking {
        Unlinking::ByToken
    }

    /// It does not expire, unless the app was set up so: then a refresh token comes with it, and what is kept dies within
    /// eight hours. One that nobody uses for a year is revoked.
    fn kept(&self, grant: &Grant) -> Option<Lasting> {
        let lives = if grant.refresh_token.is_some() { EIGHT_HOURS } else { YEAR };
        Some(Lasting { token: grant.access_token.clone(), lives: Some(lives) })
    }

    fn disconnect_page(&self) -> Option<String> {
        Some(format!("https://github.com/settings/connections/applications/{}", self.settings.client_id))
    }

    /// `DELETE /applications/{client_id}/grant`: the authorization with all its tokens. A token that GitHub does not know may be
    /// one of an authorization that has ended, or have been revoked by itself.
    fn unlink<'a>(&'a self, http: &'a Http, link: &'a Link, deadline: Deadline) -> Pending<'a, ()> {
        Box::pin(async move {
            let settings = &self.settings;
            let client = format!("{}:{}", settings.client_id, settings.client_secret.expose());
            let basic = Secret::new(format!("Basic {}", BASE64.encode(client.as_bytes())));
            let said = Said::Json(json!({ "access_token": unlink::token(link)?.expose() }));
            let url = format!("{}/applications/{}/grant", settings.api_base, settings.client_id);
            let answer = unlink::call(http, (Method::DELETE, &url), Some(&basic), said, deadline).await?;
            let turn = match answer.status {
                204 => return Ok(()),
                404 | 422 => return unlink::dead(link, &answer),
                401 => Answer::OperatorMustFix { fix: CLIENT },
                429 | 500.. => Answer::TryLater,
                // A limit of requests is told by 403, too.
                403 => Answer::TryLater,
                _ => Answer::OperatorMustFix { fix: REFUSED },
            };
            Err(Fault::reported(Step::Unlink, answer.status, format!("api-{}", answer.status), Some(turn.into())))
        })
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

fn reported(status: u16, answer: Answer) -> Fault {
    Fault::reported(Step::Profile, status, format!("api-{status}"), Some(answer.into()))
}

/// The person behind `/user` and `/user/emails`. The login name may change hands; only the number is a person.
pub(super) fn read(user: &Value, emails: &[Value], places: &Pictures) -> Option<Profile> {
    let subject = number_id(&user["id"])?;
    let name = ["name", "login"].iter().filter_map(|member| user[*member].as_str()).find_map(clean_name);
    let picture = user["avatar_url"].as_str().and_then(|address| places.clean(address));
    let primary = emails.iter().find(|email| email["primary"] == true && email["verified"] == true);
    let email = primary.and_then(|email| Email::new(email["email"].as_str()?, Trust::Verified));
    let email = email.filter(|email| !email.canonical().ends_with(&format!("@{NO_REPLY}")));
    Some(Profile { subject, name, picture, email })
}
