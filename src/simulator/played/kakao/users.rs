//! kapi: what an access token or the admin key can ask about a person, and end.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::super::super::call::{AuthorizationKind, Call};
use super::super::super::errors::json_answer;
use super::super::super::grants::Access;
use super::super::super::manners::Asked;
use super::super::super::notices;
use super::super::super::people::Person;
use super::super::super::provider::Provider;
use super::super::super::state::Link;
use super::errors::ApiFault;
use super::{MANNERS, shapes};
use crate::secret;

/// Who asks.
enum Caller {
    /// The person, by an access token.
    Token(Box<Access>),
    /// The app, by its admin key, about whoever has this number.
    Admin(String),
}

/// `GET` and `POST /v2/user/me`.
pub(super) async fn me(call: Call) -> HttpResponse {
    finish(profile(&call))
}

/// `GET /v1/oidc/userinfo`.
pub(super) async fn userinfo(call: Call) -> HttpResponse {
    let info = token(&call).and_then(|access| linked(&call, access.grant.person.id));
    finish(info.map(|(person, link)| shapes::userinfo(person, &link, &call.state.origin)))
}

/// `GET /v1/user/access_token_info`. The last two members are deprecated and still sent.
pub(super) async fn token_info(call: Call) -> HttpResponse {
    finish(token(&call).map(|access| {
        let (id, app_id) = (shapes::number(access.grant.person), call.state.app.app_id);
        let left = access.expires_at.unwrap_or_default() - call.state.now();
        json!({"id": id, "expires_in": left, "app_id": app_id, "appId": app_id, "expiresInMillis": left * 1_000})
    }))
}

/// `POST /v1/user/logout`: ends this token and its refresh token, or by the admin key all of the person's.
pub(super) async fn logout(call: Call) -> HttpResponse {
    finish(caller(&call).and_then(|caller| {
        let (person, _) = linked(&call, caller.person())?;
        let grants = &mut call.state.memory().grants;
        match caller {
            Caller::Token(access) => grants.end_family(access.family),
            Caller::Admin(id) => grants.end_person(Provider::Kakao, &id),
        }
        Ok(json!({"id": shapes::number(person)}))
    }))
}

/// `POST /v1/user/unlink`: the link and every token end; the next login asks for consent again.
pub(super) async fn unlink(call: Call) -> HttpResponse {
    finish(caller(&call).and_then(|caller| {
        let (person, _) = linked(&call, caller.person())?;
        call.state.memory().unlink(Provider::Kakao, person.id);
        notices::echo(&call.state, person.id);
        Ok(json!({"id": shapes::number(person)}))
    }))
}

/// `GET /v2/user/scopes`: what the person agreed to, item by item.
pub(super) async fn scopes(call: Call) -> HttpResponse {
    finish(caller(&call).and_then(|caller| {
        let (person, link) = linked(&call, caller.person())?;
        let wanted = match call.parameter("scopes") {
            None => None,
            Some(text) => Some(named(text)?),
        };
        let items = MANNERS
            .items
            .iter()
            .filter(|item| wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|scope| scope == item.scope)));
        let scopes: Vec<Value> = items
            .map(|item| {
                let agreed = link.agreed.contains(item.scope);
                let name = crate::i18n::Locale::Ko.text(item.words);
                let mut scope =
                    json!({"id": item.scope, "display_name": name, "type": "PRIVACY", "using": true, "agreed": agreed});
                if agreed {
                    scope["revocable"] = json!(item.asked != Asked::Always);
                }
                scope
            })
            .collect();
        Ok(json!({"id": shapes::number(person), "scopes": scopes}))
    }))
}

/// A JSON array, as the sample has it, or a list with commas, as the table has it.
fn named(text: &str) -> Result<Vec<String>, ApiFault> {
    if text.starts_with('[') {
        return serde_json::from_str(text)
            .map_err(|_not_an_array| ApiFault::bad_parameter("scopes is not a JSON array"));
    }
    Ok(text.split(',').map(str::to_owned).collect())
}

pub(super) fn finish(answer: Result<Value, ApiFault>) -> HttpResponse {
    match answer {
        Ok(body) => json_answer(200, &body),
        Err(fault) => fault.answer(),
    }
}

fn profile(call: &Call) -> Result<Value, ApiFault> {
    let (person, link) = linked(call, caller(call)?.person())?;
    let state = &call.state;
    let me = shapes::me(person, &link, &state.origin);
    match call.parameter("property_keys") {
        None => Ok(me),
        Some(keys) => match serde_json::from_str::<Vec<String>>(keys) {
            Ok(keys) => Ok(shapes::only(me, &keys)),
            Err(_) => Err(ApiFault::bad_parameter("property_keys is not a JSON array")),
        },
    }
}

impl Caller {
    fn person(&self) -> &str {
        match self {
            Self::Token(access) => access.grant.person.id,
            Self::Admin(id) => id,
        }
    }
}

fn caller(call: &Call) -> Result<Caller, ApiFault> {
    if call.foreign_body {
        return Err(ApiFault::bad_parameter("the body is not a form"));
    }
    match call.credentials() {
        (AuthorizationKind::KakaoAk, _) => admin(call).map(Caller::Admin),
        _ => token(call).map(|access| Caller::Token(Box::new(access))),
    }
}

fn token(call: &Call) -> Result<Access, ApiFault> {
    call.bearer().map_err(ApiFault::from)
}

/// Whether the admin key came along.
pub(super) fn check_key(call: &Call) -> Result<(), ApiFault> {
    match call.credentials() {
        (AuthorizationKind::KakaoAk, key) if secret::same(key.as_bytes(), call.state.app.admin_key.as_bytes()) => {
            Ok(())
        }
        _ => Err(ApiFault::NO_KEY),
    }
}

/// The admin form: the key, and whom it is about.
fn admin(call: &Call) -> Result<String, ApiFault> {
    check_key(call)?;
    if call.parameter("target_id_type") != Some("user_id") {
        return Err(ApiFault::bad_parameter("target_id_type must be user_id"));
    }
    let id: Option<i64> = call.parameter("target_id").and_then(|id| id.parse().ok());
    id.map(|id| id.to_string()).ok_or_else(|| ApiFault::bad_parameter("target_id must be a number"))
}

fn linked(call: &Call, id: &str) -> Result<(&'static Person, Link), ApiFault> {
    let person = Provider::Kakao.person(id).ok_or(ApiFault::NOT_LINKED)?;
    let link = call.state.memory().link(Provider::Kakao, person).cloned();
    Ok((person, link.ok_or(ApiFault::NOT_LINKED)?))
}
