//! Who am I.

use actix_web::HttpResponse;
use serde::Serialize;
use time::format_description::well_known::Rfc3339;

use crate::clock::Moment;
use crate::error::AppError;
use crate::error::AppResult;
use crate::web::Bearer;

#[derive(Serialize)]
struct Me<'a> {
    id: &'a str,
    name: Option<&'a str>,
    email: Option<&'a str>,
    email_verified: bool,
    picture: Option<&'a str>,
    role: &'static str,
    locale: Option<&'a str>,
    created_at: String,
    identities: Vec<MyIdentity<'a>>,
}

#[derive(Serialize)]
struct MyIdentity<'a> {
    provider: &'a str,
    nickname: Option<&'a str>,
    linked_at: String,
    last_login_at: String,
}

/// The caller's own data. Users, by bearer or cookie.
pub(super) async fn show(caller: Bearer) -> AppResult<HttpResponse> {
    let person = &caller.0.person;
    let identities = person.accounts.iter().map(|account| {
        Ok(MyIdentity {
            provider: &account.provider,
            nickname: account.nickname.as_deref(),
            linked_at: rfc3339(account.linked_at)?,
            last_login_at: rfc3339(account.last_login_at)?,
        })
    });
    let email = person.email();
    Ok(HttpResponse::Ok().json(Me {
        id: person.id.as_str(),
        name: person.name.as_deref(),
        email: email.map(|(address, _)| address),
        email_verified: email.is_some_and(|(_, verified)| verified),
        picture: person.picture.as_deref(),
        role: person.role.as_str(),
        locale: None,
        created_at: rfc3339(person.created_at)?,
        identities: identities.collect::<AppResult<_>>()?,
    }))
}

fn rfc3339(at: Moment) -> AppResult<String> {
    at.assume_utc().format(&Rfc3339).map_err(AppError::internal)
}
