//! The handlers of the admin's pages.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::pages::{Total, UserRow, UsersPage};
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::users;
use crate::users::Cursor;
use crate::users::Listed;
use crate::users::Role;
use crate::users::Standing;
use crate::web::Admin;
use crate::web::App;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::page::render;

/// Longest search, in characters.
const MAX_SEARCH: usize = 320;

/// What is counted at most before a count says "more than".
const COUNTED: i64 = 10_000;

/// Search and page, both in the address.
#[derive(Deserialize)]
pub(super) struct UsersQuery {
    q: Option<String>,
    after: Option<String>,
    before: Option<String>,
}

impl UsersQuery {
    fn search(&self) -> Result<String, AppError> {
        let q = self.q.as_deref().unwrap_or_default().trim();
        if q.chars().count() > MAX_SEARCH { Err(AppError::new(Kind::BadRequest)) } else { Ok(q.to_owned()) }
    }

    fn cursor(&self) -> Result<Cursor, AppError> {
        let number = |text: &str| text.parse::<i64>().map_err(|_no_number| AppError::new(Kind::BadRequest));
        match (self.after.as_deref(), self.before.as_deref()) {
            (None, None) => Ok(Cursor::Start),
            (Some(after), None) => number(after).map(Cursor::After),
            (None, Some(before)) => number(before).map(Cursor::Before),
            (Some(_), Some(_)) => Err(AppError::new(Kind::BadRequest)),
        }
    }
}

/// The list of users: newest first, searched by exact name, e-mail, id or `provider:subject`. Admins.
pub(super) async fn users(
    app: web::Data<App>,
    req: HttpRequest,
    admin: Admin,
    query: QueryPart<UsersQuery>,
) -> AppResult<HttpResponse> {
    let (q, cursor) = (query.0.search()?, query.0.cursor()?);
    let searched = Some(q.clone()).filter(|q| !q.is_empty());
    let (page, total) = app
        .db
        .read(move |conn| {
            let page = users::list_users(conn, searched.as_deref(), cursor)?;
            Ok((page, users::count_users(conn)?))
        })
        .await?;
    let address = |name: &str, row: Option<&Listed>| row.map(|row| page_address(&q, name, row.user.seq));
    let newer = page.newer.then(|| address("before", page.rows.first())).flatten();
    let older = page.older.then(|| address("after", page.rows.last())).flatten();
    let rows = page.rows.into_iter().map(row).collect();
    let total = total.map_or(Total::MoreThan(COUNTED), Total::Exactly);
    let c = chrome(&app, &req, Some(&admin.0));
    Ok(render(StatusCode::OK, &UsersPage { c, q, rows, newer, older, total }))
}

fn page_address(q: &str, direction: &str, seq: i64) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if !q.is_empty() {
        query.append_pair("q", q);
    }
    query.append_pair(direction, &seq.to_string());
    format!("/admin/users?{}", query.finish())
}

fn row(listed: Listed) -> UserRow {
    let Listed { user, identities } = listed;
    let mut emails: Vec<(String, bool)> =
        identities.iter().filter_map(|identity| Some((identity.email.clone()?, identity.email_verified))).collect();
    emails.sort_by_key(|(_, verified)| !verified);
    let email = emails.into_iter().next();
    UserRow {
        id: user.id.to_string(),
        name: user.name,
        picture: user.picture,
        email_trusted: email.as_ref().is_some_and(|(_, verified)| *verified),
        email: email.map(|(address, _)| address),
        providers: identities.into_iter().map(|identity| identity.provider).collect(),
        admin: Role::parse(&user.role) == Role::Admin,
        standing: Standing::parse(&user.standing).as_str(),
        joined_at: user.created_at,
        last_login_at: user.last_login_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_one_number_or_a_refusal() {
        let query = |after: Option<&str>, before: Option<&str>| UsersQuery {
            q: None,
            after: after.map(str::to_owned),
            before: before.map(str::to_owned),
        };
        assert_eq!(query(None, None).cursor().ok(), Some(Cursor::Start));
        assert_eq!(query(Some("7"), None).cursor().ok(), Some(Cursor::After(7)));
        assert_eq!(query(None, Some("-1")).cursor().ok(), Some(Cursor::Before(-1)));
        for (after, before) in
            [(Some("x"), None), (Some("1e9"), None), (Some("1"), Some("2")), (None, Some("9223372036854775808"))]
        {
            assert!(query(after, before).cursor().is_err());
        }
    }
}
