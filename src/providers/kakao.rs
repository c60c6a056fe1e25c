//! Kakao (developers.kakao.com, "Kakao Login", REST API).
//!
//! `scope` is sent only when configured. Without it the console's consent items decide; with it every item must be set up
//! there, or Kakao's own page stops the person with KOE205, and `openid` must be among them, or no ID token comes (the
//! login still works: the profile is asked in any case). What is configured is sent as it is.

use std::sync::OnceLock;

use oauth2::AuthType;
use serde_json::{Value, json};
use url::Url;

use super::dialect::{Call, Dialect, Freshness, Notices, Owner, Pending};
use super::fault::{Answer, Fault, Step, Verdict};
use super::http::{Deadline, Http};
use super::kakao_admin;
use super::kakao_codes;
use super::kakao_list;
use super::linked::LinkedPage;
use super::native::Native;
use super::oauth::{Flow, Registration};
use super::oidc::{Claims, Oidc};
use super::pictures::Pictures;
use super::profile::{Email, Profile, Trust, clean_name, number_id};
use super::provider::Provider;
use super::registry::Unusable;
use super::road::Road;
use super::unlink::{Link, Unlinking};
use crate::clock::Clock;
use crate::config::Kakao as Settings;
use crate::json::Object;

/// Where pictures lie.
pub(super) const PICTURES: &[&str] = &["*.kakaocdn.net"];

/// What is Kakao's own.
#[derive(Debug)]
struct Kakao {
    settings: Settings,
    pictures: Pictures,
    /// The app's number as Kakao told it; it does not change under one client_id.
    app_id: OnceLock<String>,
}

/// Kakao as configured.
pub(super) fn provider(settings: &Settings, http: &Http, clock: &Clock) -> Result<Provider, Unusable> {
    let (auth, client_id) = (&settings.auth_base, &settings.client_id);
    let flow = Flow::new(&Registration {
        client_id,
        client_secret: settings.client_secret.as_ref(),
        authorize: format!("{auth}/oauth/authorize"),
        token: format!("{auth}/oauth/token"),
        scopes: &settings.scopes,
        client_auth: AuthType::RequestBody,
    })?;
    let oidc = Oidc::new(&settings.issuer, client_id, format!("{auth}/.well-known/jwks.json"), clock);
    let pictures = Pictures::new(PICTURES, &settings.api_base);
    let kakao = Kakao { settings: settings.clone(), pictures, app_id: OnceLock::new() };
    Ok(Provider::new(Box::new(kakao), Road::pinned(flow, Some(oidc)), http))
}

impl Dialect for Kakao {
    fn slug(&self) -> &str {
        "kakao"
    }

    fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// An answer that only has Kakao's code is an error too.
    fn normalise(&self, answer: &mut Object) {
        if answer.contains_key("error_code") && !answer.contains_key("error") {
            answer.insert("error".into(), "unknown".into());
        }
    }

    fn verdict(&self, code: &str, message: &str) -> Option<Verdict> {
        kakao_codes::verdict(code, message)
    }

    fn denial(&self, error: &str, description: &str) -> Option<Answer> {
        kakao_codes::denial(error, description)
    }

    fn profile<'a>(&'a self, call: Call<'a>, _claims: Option<&'a Claims>) -> Pending<'a, Profile> {
        Box::pin(async move {
            let me = self.ask(call, Step::Profile, "/v2/user/me?secure_resource=true").await?;
            let subject = member(&me, "id").ok_or_else(|| no_id(Step::Profile))?;
            Ok(read(subject, &Value::Object(me), &self.pictures))
        })
    }

    fn realm(&self) -> Option<String> {
        self.settings.app_id.map(|id| id.to_string())
    }

    fn realm_setting(&self) -> &str {
        "app_id"
    }

    fn learn_realm<'a>(&'a self, call: Call<'a>, subject: &'a str) -> Pending<'a, Option<String>> {
        Box::pin(async move {
            if let Some(known) = self.app_id.get() {
                return Ok(Some(known.clone()));
            }
            let info = self.ask(call, Step::TokenInfo, "/v1/user/access_token_info").await?;
            if member(&info, "id").as_deref() != Some(subject) {
                return Err(Fault::refused(Step::TokenInfo, "sub-mismatch", "token info and profile name two people"));
            }
            let app_id = member(&info, "app_id").ok_or_else(|| no_id(Step::TokenInfo))?;
            Ok(Some(self.app_id.get_or_init(|| app_id).clone()))
        })
    }

    fn logout_url(&self, return_to: &str) -> Option<String> {
        let query = [("client_id", self.settings.client_id.as_str()), ("logout_redirect_uri", return_to)];
        Url::parse_with_params(&format!("{}/oauth/logout", self.settings.auth_base), query).ok().map(String::from)
    }

    /// Its ID token says `auth_time`, where OpenID Connect is on in the console; where it is off, Kakao is asked all the
    /// same. In KakaoTalk's own browser `prompt=login` is not provided (REST API document, "prompt"); there the ID token
    /// tells.
    fn freshness(&self) -> Freshness {
        Freshness::Proven
    }

    fn asks_again(&self) -> &'static [(&'static str, &'static str)] {
        &[("prompt", "login")]
    }

    /// All three: the code of Kakao's SDK, its access token by the app it belongs to, and its ID token.
    fn native(&self) -> Native<'_> {
        let (redirect_uris, audiences) = (&self.settings.native_redirect_uris, &self.settings.native_audiences);
        Native {
            code: true,
            redirect_uris,
            access_token: true,
            id_token: true,
            nonce_required: false,
            audiences,
            refusals: &["KOE303", "KOE114"],
        }
    }

    fn addressee<'a>(&'a self, call: Call<'a>) -> Pending<'a, Owner> {
        Box::pin(async move {
            let info = self.ask(call, Step::TokenInfo, "/v1/user/access_token_info").await?;
            let subject = member(&info, "id").ok_or_else(|| no_id(Step::TokenInfo))?;
            let realm = member(&info, "app_id").ok_or_else(|| no_id(Step::TokenInfo))?;
            Ok(Owner { subject, realm, left: info.get("expires_in").and_then(Value::as_i64) })
        })
    }

    /// An e-mail stands in Kakao's ID token only where it is valid and verified.
    fn profile_of_claims(&self, subject: &str, claims: &Object) -> Profile {
        let (name, picture) = (claims.get("nickname"), claims.get("picture"));
        let account = json!({
            "profile": { "nickname": name, "thumbnail_image_url": picture },
            "email": claims.get("email"), "is_email_valid": true, "is_email_verified": true,
        });
        read(subject.to_owned(), &json!({ "kakao_account": account }), &self.pictures)
    }

    /// By the admin key and the person's number: nothing of theirs has to be kept for it.
    fn unlinking(&self) -> Unlinking {
        if self.settings.admin_key.is_some() { Unlinking::ByNumber } else { Unlinking::Never }
    }

    fn disconnect_page(&self) -> Option<String> {
        Some("https://apps.kakao.com/connected/app/list".to_owned())
    }

    fn unlink<'a>(&'a self, http: &'a Http, link: &'a Link, deadline: Deadline) -> Pending<'a, ()> {
        Box::pin(kakao_admin::unlink(&self.settings, http, link, deadline))
    }

    fn lists(&self) -> bool {
        self.settings.admin_key.is_some()
    }

    fn linked_from<'a>(&'a self, http: &'a Http, from: Option<i64>, deadline: Deadline) -> Pending<'a, LinkedPage> {
        Box::pin(kakao_list::page(&self.settings, http, from, deadline))
    }

    fn linked_among<'a>(&'a self, http: &'a Http, whom: &'a [i64], deadline: Deadline) -> Pending<'a, Vec<i64>> {
        Box::pin(kakao_list::among(&self.settings, http, whom, deadline))
    }

    fn notices(&self) -> Notices<'_> {
        Notices::Events
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

impl Kakao {
    /// A kapi call. Errors are `{"code": -401, "msg": …}`, whatever the status.
    async fn ask(&self, call: Call<'_>, step: Step, path: &str) -> Result<Object, Fault> {
        let (status, body) = call.get(step, &format!("{}{path}", self.settings.api_base)).await?;
        let code = body.get("code").and_then(Value::as_i64).filter(|code| (-99_999..0).contains(code));
        if code.is_none() && status == 200 {
            return Ok(body);
        }
        let code = code.map_or_else(|| format!("http-{status}"), |code| format!("kapi{code}"));
        let message = body.get("msg").and_then(Value::as_str).unwrap_or_default();
        let verdict = kakao_codes::verdict(&code, message);
        Err(Fault::reported(step, status, code, verdict))
    }
}

/// A member number or app number.
fn member(answer: &Object, name: &str) -> Option<String> {
    answer.get(name).and_then(number_id)
}

fn no_id(step: Step) -> Fault {
    Fault::refused(step, "no-id", "the answer has no positive whole number where the id belongs")
}

/// The person behind `/v2/user/me`. Everything but the id may be missing or odd; then it is as if it were not there.
pub(super) fn read(subject: String, me: &Value, places: &Pictures) -> Profile {
    let (account, properties) = (&me["kakao_account"], &me["properties"]);
    let profile = &account["profile"];
    let name = [profile, properties].iter().filter_map(|place| place["nickname"].as_str()).find_map(clean_name);
    let now = ["thumbnail_image_url", "profile_image_url"].map(|member| &profile[member]);
    let old = ["thumbnail_image", "profile_image"].map(|member| &properties[member]);
    let mut pictures = now.into_iter().chain(old).filter_map(Value::as_str);
    let picture = pictures.find_map(|address| places.clean(address));
    let picture = picture.filter(|_| profile["is_default_image"] != true);
    // Not valid means taken over by another account; what is written then is a mask.
    let trust = if account["is_email_verified"] == true { Trust::Verified } else { Trust::Unverified };
    let email = account["email"].as_str().filter(|_| account["is_email_valid"] == true);
    Profile { subject, name, picture, email: email.and_then(|address| Email::new(address, trust)) }
}
