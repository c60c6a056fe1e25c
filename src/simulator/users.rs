//! kapi: what an access token or the admin key can ask about a person, and end.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::call::{AuthorizationKind, Call};
use super::errors::{ApiFault, json_answer};
use super::grants::Access;
use super::people;
use super::people::Person;
use super::shapes;
use super::state::Link;
use crate::secret;

/// Who asks.
enum Caller {
    /// The person, by an access token.
    Token(Access),
    /// The app, by its admin key, about a person.
    Admin(i64),
}

/// `GET` and `POST /v2/user/me`.
pub(super) async fn me(call: Call) -> HttpResponse {
    finish(profile(&call))
}

/// `GET /v1/oidc/userinfo`.
pub(super) async fn userinfo(call: Call) -> HttpResponse {
    let info = token(&call).and_then(|access| linked(&call, access.person));
    finish(info.map(|(person, link)| shapes::userinfo(person, &link, &call.state.origin)))
}

/// `GET /v1/user/access_token_info`. The last two members are deprecated and still sent.
pub(super) async fn token_info(call: Call) -> HttpResponse {
    finish(token(&call).map(|access| {
        let (left, app_id) = (access.expires_at - call.state.now(), call.state.app.app_id);
        json!({"id": access.person, "expires_in": left, "app_id": app_id, "appId": app_id, "expiresInMillis": left * 1_000})
    }))
}

/// `POST /v1/user/logout`: ends this token and its refresh token, or by the admin key all of the person's.
pub(super) async fn logout(call: Call) -> HttpResponse {
    finish(caller(&call).and_then(|caller| {
        let (person, _) = linked(&call, caller.person())?;
        let grants = &mut call.state.memory().grants;
        match caller {
            Caller::Token(access) => grants.end_family(access.family),
            Caller::Admin(id) => grants.end_person(id),
        }
        Ok(json!({"id": person.id}))
    }))
}

/// `POST /v1/user/unlink`: the link and every token end; the next login asks for consent again.
pub(super) async fn unlink(call: Call) -> HttpResponse {
    finish(caller(&call).and_then(|caller| {
        let id = caller.person();
        if call.state.memory().unlink(id) { Ok(json!({"id": id})) } else { Err(ApiFault::NOT_LINKED) }
    }))
}

fn finish(answer: Result<Value, ApiFault>) -> HttpResponse {
    match answer {
        Ok(body) => json_answer(200, &body),
        Err(fault) => fault.answer(),
    }
}

fn profile(call: &Call) -> Result<Value, ApiFault> {
    let (person, link) = linked(call, caller(call)?.person())?;
    let state = &call.state;
    let me = shapes::me(person, &link, |scope| state.app.item(scope).is_some(), &state.origin);
    match call.parameter("property_keys") {
        None => Ok(me),
        Some(keys) => match serde_json::from_str::<Vec<String>>(keys) {
            Ok(keys) => Ok(shapes::only(me, &keys)),
            Err(_) => Err(ApiFault::bad_parameter("property_keys is not a JSON array")),
        },
    }
}

impl Caller {
    const fn person(&self) -> i64 {
        match self {
            Self::Token(access) => access.person,
            Self::Admin(id) => *id,
        }
    }
}

fn caller(call: &Call) -> Result<Caller, ApiFault> {
    if call.foreign_body {
        return Err(ApiFault::bad_parameter("the body is not a form"));
    }
    match call.credentials() {
        (AuthorizationKind::KakaoAk, key) => admin(call, key).map(Caller::Admin),
        _ => token(call).map(Caller::Token),
    }
}

fn token(call: &Call) -> Result<Access, ApiFault> {
    match call.credentials() {
        (AuthorizationKind::Bearer, token) if !token.is_empty() => {
            call.state.memory().grants.access(token, call.state.now())
        }
        _ => Err(ApiFault::NO_KEY),
    }
}

/// The admin form: the key, and whom it is about.
fn admin(call: &Call, key: &str) -> Result<i64, ApiFault> {
    if !secret::same(key.as_bytes(), call.state.app.admin_key.as_bytes()) {
        return Err(ApiFault::NO_KEY);
    }
    if call.parameter("target_id_type") != Some("user_id") {
        return Err(ApiFault::bad_parameter("target_id_type must be user_id"));
    }
    let id = call.parameter("target_id").and_then(|id| id.parse().ok());
    id.ok_or_else(|| ApiFault::bad_parameter("target_id must be a number"))
}

fn linked(call: &Call, id: i64) -> Result<(&'static Person, Link), ApiFault> {
    let link = call.state.memory().links.get(&id).cloned();
    people::find(id).zip(link).ok_or(ApiFault::NOT_LINKED)
}
