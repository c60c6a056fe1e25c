//! Google (OpenID Connect). Everything a login needs is in the ID token; nothing else is asked.
//!
//! - Realm: none. The ids are the same for every client.
//! - E-mail: trusted where Google runs the mailbox, which is `@gmail.com` or a domain of its own customers (`hd`), and calls
//!   it verified. Another address was proved once, when the account was made; since then it may have gone to somebody else.
//! - Fresh proof: none. Google documents neither `prompt=login` nor `auth_time`; the list of accounts is shown at least.

use oauth2::AuthType;
use serde_json::{Map, Value};
use time::Duration;

use super::dialect::{Dialect, Freshness, Notices, Pending};
use super::fault::Verdict;
use super::http::{Deadline, Http};
use super::native::Native;
use super::oauth::{Flow, Grant, Registration};
use super::oidc::Oidc;
use super::pictures::Pictures;
use super::profile::{Email, Profile, Trust, clean_name};
use super::provider::{Lasting, Provider};
use super::registry::Unusable;
use super::risc::Risc;
use super::road::Road;
use super::unlink;
use super::unlink::{Link, Unlinking};
use crate::clock::Clock;
use crate::config::Google as Settings;
use crate::json::Object;

/// Where pictures lie.
pub(super) const PICTURES: &[&str] = &["*.googleusercontent.com"];

const CLIENT: &str = "Google does not accept providers.google.client_id and client_secret: compare both with the Google Cloud \
                      console (Clients)";
const REDIRECT: &str = "the redirect URI is not registered: add <server.public_url>/login/google/callback, letter for letter, \
                        to the client's authorized redirect URIs in the Google Cloud console";

/// How long a refresh token that is not used lives, at least.
const HALF_A_YEAR: Duration = Duration::days(180);

/// How long an access token lives, a little less than Google says (3,599 seconds).
const HOUR: Duration = Duration::minutes(59);

/// What is Google's own.
#[derive(Debug)]
struct Google {
    settings: Settings,
    pictures: Pictures,
    risc: Risc,
}

/// Google as configured. Its four hosts are known, so that a login does not need its configuration document.
pub(super) fn provider(settings: &Settings, http: &Http, clock: &Clock) -> Result<Provider, Unusable> {
    let flow = Flow::new(&Registration {
        client_id: &settings.client_id,
        client_secret: Some(&settings.client_secret),
        authorize: format!("{}/o/oauth2/v2/auth", settings.auth_base),
        token: format!("{}/token", settings.token_base),
        scopes: &settings.scopes,
        client_auth: AuthType::RequestBody,
    })?;
    let keys = format!("{}/oauth2/v3/certs", settings.keys_base);
    let mut oidc = Oidc::new(&settings.issuer, &settings.client_id, keys, clock);
    // Old tokens leave the scheme out.
    oidc.issuers.extend(settings.issuer.split_once("://").map(|(_, host)| host.to_owned()));
    let pictures = Pictures::new(PICTURES, &settings.auth_base);
    let risc = Risc::new(&settings.auth_base, &settings.issuer, clock);
    Ok(Provider::new(
        Box::new(Google { settings: settings.clone(), pictures, risc }),
        Road::pinned(flow, Some(oidc)),
        http,
    ))
}

impl Dialect for Google {
    fn slug(&self) -> &str {
        "google"
    }

    fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    fn verdict(&self, code: &str, _message: &str) -> Option<Verdict> {
        Some(match code {
            "invalid_client" | "unauthorized_client" => Verdict::fix(CLIENT),
            "redirect_uri_mismatch" => Verdict::fix(REDIRECT),
            _ => return None,
        })
    }

    /// Its page says `disallowed_useragent` there.
    fn refuses_web_views(&self) -> bool {
        true
    }

    fn freshness(&self) -> Freshness {
        Freshness::None
    }

    fn asks_again(&self) -> &'static [(&'static str, &'static str)] {
        &[("prompt", "select_account")]
    }

    /// Codes and ID tokens; an ID token with the nonce its app made.
    fn native(&self) -> Native<'_> {
        Native {
            code: true,
            redirect_uris: &self.settings.native_redirect_uris,
            id_token: true,
            nonce_required: true,
            audiences: &self.settings.native_audiences,
            refusals: &["oauth-redirect_uri_mismatch"],
            ..Native::default()
        }
    }

    fn profile_of_claims(&self, subject: &str, claims: &Object) -> Profile {
        read(subject.to_owned(), claims, &self.pictures)
    }

    fn notices(&self) -> Notices<'_> {
        Notices::Risc(&self.risc)
    }

    /// Asks for a refresh token, which comes with the first consent only.
    fn asks(&self) -> &'static [(&'static str, &'static str)] {
        &[("access_type", "offline")]
    }

    fn unlinking(&self) -> Unlinking {
        Unlinking::ByToken
    }

    /// A refresh token comes with the first consent only, and dies when nobody has used it for six months, which nobody does. After
    /// that the access token of the last login serves as well, for an hour: whoever leaves has just logged in.
    fn kept(&self, grant: &Grant) -> Option<Lasting> {
        let access = || Lasting { token: grant.access_token.clone(), lives: Some(HOUR) };
        let refresh = grant.refresh_token.clone().map(|token| Lasting { token, lives: Some(HALF_A_YEAR) });
        Some(refresh.unwrap_or_else(access))
    }

    fn disconnect_page(&self) -> Option<String> {
        Some("https://myaccount.google.com/connections".to_owned())
    }

    /// `POST /revoke`: the token and the consent. One that is dead already is `invalid_token`, whatever it died of.
    fn unlink<'a>(&'a self, http: &'a Http, link: &'a Link, deadline: Deadline) -> Pending<'a, ()> {
        Box::pin(async move {
            let form = [("token", unlink::token(link)?.expose().as_str())];
            let url = format!("{}/revoke", self.settings.token_base);
            let answer = unlink::post_form(http, &url, None, &form, deadline).await?;
            match (answer.status, unlink::error(&answer)) {
                (200, _) => Ok(()),
                (400, Some("invalid_token" | "invalid_grant")) => unlink::dead(link, &answer),
                _ => Err(unlink::refusal(&answer, |name| self.verdict(name, ""))),
            }
        })
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

/// The person a verified ID token describes.
pub(super) fn read(subject: String, claims: &Map<String, Value>, places: &Pictures) -> Profile {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let email = text("email").and_then(|address| {
        let runs_it = is_googles(address, text("hd"));
        let verified = claims.get("email_verified") == Some(&Value::Bool(true));
        Email::new(address, if verified && runs_it { Trust::Verified } else { Trust::Unverified })
    });
    let name = text("name").and_then(clean_name);
    let picture = text("picture").and_then(|address| places.clean(address));
    Profile { subject, name, picture, email }
}

/// Whether Google runs the mailbox.
fn is_googles(address: &str, hosted: Option<&str>) -> bool {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.eq_ignore_ascii_case("gmail.com") || hosted.is_some_and(|hosted| domain.eq_ignore_ascii_case(hosted))
}
