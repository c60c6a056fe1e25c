//! Who am I.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use super::time::rfc3339;
use crate::error::AppResult;
use crate::users::Person;
use crate::web::Bearer;

/// A person.
#[derive(Serialize, ToSchema)]
pub(super) struct Me<'a> {
    /// Their id here, `sub` in tokens.
    id: &'a str,
    /// The shown name.
    name: Option<&'a str>,
    /// The e-mail, if a provider gave one. Never an identity.
    email: Option<&'a str>,
    /// Whether a provider vouches for it.
    email_verified: bool,
    /// Address of the picture.
    picture: Option<&'a str>,
    /// `user` or `admin`.
    #[schema(example = "user")]
    role: &'static str,
    /// The language they chose, if they did.
    locale: Option<&'a str>,
    /// When they signed up.
    #[schema(format = DateTime)]
    created_at: String,
    /// Their linked accounts, the one used last first.
    identities: Vec<MyIdentity<'a>>,
}

/// A linked account.
#[derive(Serialize, ToSchema)]
pub(super) struct MyIdentity<'a> {
    /// Which provider.
    #[schema(example = "kakao")]
    provider: &'a str,
    /// The name there.
    nickname: Option<&'a str>,
    /// When it was linked.
    #[schema(format = DateTime)]
    linked_at: String,
    /// When it was last logged in with.
    #[schema(format = DateTime)]
    last_login_at: String,
}

/// The caller's own data.
#[utoipa::path(
    get, path = "/api/me", tag = "me", security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Who the caller is", body = Me),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again later", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show(caller: Bearer) -> AppResult<HttpResponse> {
    Ok(HttpResponse::Ok().json(Me::of(&caller.0.person)?))
}

impl<'a> Me<'a> {
    /// What is told about a person.
    pub(super) fn of(person: &'a Person) -> AppResult<Self> {
        let identities = person.accounts.iter().map(|account| {
            Ok(MyIdentity {
                provider: &account.provider,
                nickname: account.nickname.as_deref(),
                linked_at: rfc3339(account.linked_at)?,
                last_login_at: rfc3339(account.last_login_at)?,
            })
        });
        let email = person.email();
        Ok(Self {
            id: person.id.as_str(),
            name: person.name.as_deref(),
            email: email.map(|(address, _)| address),
            email_verified: email.is_some_and(|(_, verified)| verified),
            picture: person.picture.as_deref(),
            role: person.role.as_str(),
            locale: None,
            created_at: rfc3339(person.created_at)?,
            identities: identities.collect::<AppResult<_>>()?,
        })
    }
}
