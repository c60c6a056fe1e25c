//! GitHub's OAuth apps (`wire/providers.md` section 4): `github.com` and `api.github.com` at once, below `/github`.

use actix_web::http::header::{CONTENT_TYPE, HeaderValue, LINK};
use actix_web::{HttpResponse, web};
use openssl::error::ErrorStack;
use serde_json::{Value, json};

use super::super::authorize;
use super::super::call::Call;
use super::super::client;
use super::super::errors::{NoToken, TokenFault, in_plain_words, json_answer};
use super::super::grants::Access;
use super::super::manners::{
    Asked, Habit, Item, Letters, Lives, Look, Looks, Manners, RedirectAgain, Renewal, StateRule, UnknownScope,
};
use super::super::people::{Oddity, Person};
use super::super::provider::Provider;
use super::super::tokens;
use super::super::tokens::{Granted, NotGranted, Proof};
use super::super::weather::Place;
use super::kakao::picture;
use crate::error::AppError;

/// Where its errors are explained.
const DOCUMENTS: &str =
    "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors";

pub(in super::super) static MANNERS: Manners = Manners {
    items: &[
        Item { scope: "user:email", words: "sim-item-addresses", asked: Asked::Named },
        Item { scope: "read:user", words: "sim-item-private-profile", asked: Asked::Named },
    ],
    bare_scopes: &["offline_access"],
    unknown_scope: UnknownScope::Ignored,
    state: StateRule::Optional,
    challenges: &["S256"],
    strict_verifier: false,
    redirect_again: RedirectAgain::IfSent,
    grant_type_optional: true,
    anew: &[],
    silent: None,
    cancelled: &[
        ("error", "access_denied"),
        ("error_description", "The user has denied your application access."),
        ("error_uri", "https://docs.github.com/apps/troubleshooting-authorization-request-errors/#access-denied"),
    ],
    blank: "+",
    refusal: in_plain_words,
    looks: Looks {
        code: Look { begins: "", letters: Letters::Hex },
        access: Look { begins: "gho_", letters: Letters::Hex },
        refresh: Look { begins: "ghr_", letters: Letters::Hex },
    },
    // Unless its tokens end, a year without use ends one, which is not played.
    lives: Lives { code: 600, access: None, refresh: Some(15_811_200) },
    renewal: Renewal::Rotated,
    places: &[
        (Place::Authorize, "/github/login/oauth/authorize"),
        (Place::Token, "/github/login/oauth/access_token"),
        (Place::Profile, "/github/user"),
        (Place::Emails, "/github/user/emails"),
        (Place::Revoke, "/github/applications/*"),
    ],
    keys: None,
    habits: &[(Habit::CallbackIssuer, true), (Habit::ExpiringTokens, false)],
};

/// Its addresses.
pub(in super::super) fn routes(cfg: &mut web::ServiceConfig) {
    authorize::routes(cfg, "/github/login/oauth/authorize");
    cfg.route("/github/login/oauth/access_token", web::post().to(token))
        .route("/github/user", web::get().to(user))
        .route("/github/user/emails", web::get().to(emails))
        .route("/github/applications/{id}/grant", web::delete().to(end_grant))
        .route("/github/applications/{id}/token", web::delete().to(end_token))
        .route("/github/applications/{id}/token", web::post().to(check_token));
}

/// Form-encoded unless JSON is asked for; errors with status 200.
async fn token(call: Call) -> Result<HttpResponse, AppError> {
    let answer = match tokens::granted(&call, &call.form, Proof::Body) {
        Ok(granted) => answer(&call, &granted).map_err(AppError::internal)?,
        Err(NotGranted::Fault(fault)) => refusal(&fault),
        Err(NotGranted::NoRandom(cause)) => return Err(cause.into()),
    };
    if call.header("accept").is_some_and(|accept| accept.contains("json")) {
        return Ok(json_answer(200, &answer));
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in answer.as_object().into_iter().flatten() {
        form.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    let kind = (CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8");
    Ok(HttpResponse::Ok().insert_header(kind).body(form.finish()))
}

fn refusal(fault: &TokenFault) -> Value {
    let (error, description) = match fault {
        TokenFault::Client(_) | TokenFault::Secret => {
            ("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
        }
        TokenFault::Redirect => {
            ("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL for this application.")
        }
        TokenFault::GrantType => ("unsupported_grant_type", "The grant_type is not supported."),
        TokenFault::Refresh => ("bad_refresh_token", "The refresh token passed is incorrect or expired."),
        _ => ("bad_verification_code", "The code passed is incorrect or expired."),
    };
    json!({"error": error, "error_description": description, "error_uri": DOCUMENTS})
}

/// `scope` has commas.
fn answer(call: &Call, granted: &Granted) -> Result<Value, ErrorStack> {
    let scope: Vec<&str> = granted.tokens.grant.scope.iter().map(String::as_str).collect();
    let mut answer = json!({
        "access_token": granted.tokens.access, "scope": scope.join(","), "token_type": "bearer",
    });
    if let Some(refresh) = &granted.tokens.refresh {
        answer["expires_in"] = json!(28_800);
        answer["refresh_token"] = json!(refresh);
        answer["refresh_token_expires_in"] = json!(15_811_200);
    }
    debug_assert_eq!(call.provider, Provider::Github, "its own address");
    Ok(answer)
}

/// A refusal of the API: status and message.
struct Refused(u16, &'static str);

const NOT_FOUND: Refused = Refused(404, "Not Found");

const NO_USER_AGENT: Refused =
    Refused(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header");

impl Refused {
    fn answer(&self) -> HttpResponse {
        let Self(status, message) = self;
        if *status == 403 {
            return HttpResponse::Forbidden().content_type("text/html").body(*message);
        }
        let documents = "https://docs.github.com/rest";
        json_answer(*status, &json!({"message": message, "documentation_url": documents, "status": status.to_string()}))
    }
}

/// Who asks the API: `Bearer` or `token`, and never without a `User-Agent`.
fn caller(call: &Call) -> Result<Access, Refused> {
    if call.header("user-agent").is_none_or(str::is_empty) {
        return Err(NO_USER_AGENT);
    }
    let old = call.authorization.as_deref().and_then(|header| header.strip_prefix("token "));
    let access = match old {
        Some(token) => call.state.memory().grants.access(Provider::Github, token.trim(), call.state.now()),
        None => call.bearer(),
    };
    access.map_err(|why| {
        Refused(401, if why == NoToken::Missing { "Requires authentication" } else { "Bad credentials" })
    })
}

async fn user(call: Call) -> HttpResponse {
    let access = match caller(&call) {
        Ok(access) => access,
        Err(refused) => return refused.answer(),
    };
    let person = access.grant.person;
    let (login, shown) = (handle(person), shown(person));
    let id: i64 = person.id.parse().unwrap_or_default();
    limited(json_answer(
        200,
        &json!({
            "login": login, "id": id, "node_id": format!("MDQ6VXNlcg{id}"), "type": "User", "site_admin": false,
            "avatar_url": picture(&call.state.origin, person, 640), "html_url": format!("https://github.com/{login}"),
            "name": person.name, "email": shown, "public_repos": 7, "created_at": "2008-01-14T04:33:35Z",
        }),
    ))
}

fn handle(person: &Person) -> &'static str {
    let handle = person.oddity(|oddity| match oddity {
        Oddity::Handle(handle) => Some(*handle),
        _ => None,
    });
    handle.unwrap_or("somebody")
}

fn shown(person: &Person) -> Option<&'static str> {
    person.oddity(|oddity| match oddity {
        Oddity::Shows(address) => Some(*address),
        _ => None,
    })
}

/// `GET /user/emails`: thirty to a page. Who did not agree, or has no list, gets 404.
async fn emails(call: Call) -> HttpResponse {
    let access = match caller(&call) {
        Ok(access) => access,
        Err(refused) => return refused.answer(),
    };
    let person = access.grant.person;
    if !access.grant.has("user:email") || person.is(Oddity::NoList) {
        return NOT_FOUND.answer();
    }
    let size = call.query.get("per_page").and_then(|size| size.parse().ok()).unwrap_or(30).clamp(1, 100);
    let page: usize = call.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    let all = list(person);
    let part: Vec<&Value> = all.iter().skip((page - 1) * size).take(size).collect();
    let mut answer = json_answer(200, &json!(part));
    if page * size < all.len() {
        let next = format!("<{}{}?per_page={size}&page={}>; rel=\"next\"", call.state.origin, call.path, page + 1);
        if let Ok(next) = HeaderValue::try_from(next) {
            answer.headers_mut().insert(LINK, next);
        }
    }
    limited(answer)
}

fn list(person: &Person) -> Vec<Value> {
    let row = |address: &str, verified: bool, primary: bool| json!({"email": address, "verified": verified, "primary": primary, "visibility": primary.then_some("private")});
    let others = if person.is(Oddity::SecondPage) { 120 } else { 1 };
    let mut all: Vec<Value> = (0..others).map(|n| row(&format!("old{n}@example.com"), n % 2 == 0, false)).collect();
    all.extend(shown(person).map(|address| row(address, false, false)));
    all.push(row(&format!("{}+{}@users.noreply.github.com", person.id, handle(person)), true, false));
    all.extend(person.mailbox.map(|mailbox| row(mailbox.address, mailbox.verified, true)));
    all
}

fn limited(mut answer: HttpResponse) -> HttpResponse {
    for (name, value) in [("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "4999")] {
        answer
            .headers_mut()
            .insert(actix_web::http::header::HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer
}

/// The access token of the body, for a client that proved itself by Basic.
fn named(call: &Call) -> Result<(String, Access), Refused> {
    let proved = client::basic(call).is_some_and(|(id, secret)| {
        call.state.app.at(Provider::Github).is_some_and(|known| known.client_id == id && known.client_secret == secret)
            && call.path.split('/').nth(3) == Some(id.as_str())
    });
    if !proved {
        return Err(NOT_FOUND);
    }
    let body: Option<Value> = serde_json::from_slice(&call.body).ok();
    let token = body.as_ref().and_then(|body| body["access_token"].as_str());
    let token = token.ok_or(Refused(422, "Validation Failed"))?;
    let access = call.state.memory().grants.access(Provider::Github, token, call.state.now());
    access.map(|access| (token.to_owned(), access)).map_err(|_none| NOT_FOUND)
}

/// `DELETE /applications/{id}/grant`: the authorization with all its tokens.
async fn end_grant(call: Call) -> HttpResponse {
    match named(&call) {
        Ok((_, access)) => {
            call.state.memory().unlink(Provider::Github, access.grant.person.id);
            HttpResponse::NoContent().finish()
        }
        Err(refused) => refused.answer(),
    }
}

/// `DELETE /applications/{id}/token`: this token alone.
async fn end_token(call: Call) -> HttpResponse {
    match named(&call) {
        Ok((token, _)) => {
            call.state.memory().grants.end_access(&token);
            HttpResponse::NoContent().finish()
        }
        Err(refused) => refused.answer(),
    }
}

/// `POST /applications/{id}/token`: whether a token is this app's.
async fn check_token(call: Call) -> HttpResponse {
    match named(&call) {
        Ok((token, access)) => {
            let id: i64 = access.grant.person.id.parse().unwrap_or_default();
            let app = json!({"client_id": access.grant.client_id, "name": "practice"});
            let user = json!({"login": handle(access.grant.person), "id": id});
            let scopes: Vec<&String> = access.grant.scope.iter().collect();
            json_answer(200, &json!({"token": token, "app": app, "user": user, "scopes": scopes}))
        }
        Err(refused) => refused.answer(),
    }
}
