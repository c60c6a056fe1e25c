//! The list of users.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::listing::Asked;
use super::pages::{UserRow, UsersPage};
use super::person::Done;
use crate::audit;
use crate::error::AppError;
use crate::error::AppResult;
use crate::users;
use crate::users::Listed;
use crate::users::Query;
use crate::users::Role;
use crate::users::Standing;
use crate::users::Words;
use crate::web::Admin;
use crate::web::App;
use crate::web::QueryPart;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::render;

/// The list of users: found by parts of name and e-mail or by an exact id, filtered, in three orders. Who looked for
/// what kind of thing goes into the history. Admins.
pub(super) async fn users(
    app: web::Data<App>,
    req: HttpRequest,
    admin: Admin,
    query: QueryPart<Asked>,
    done: Result<QueryPart<Done>, AppError>,
) -> AppResult<HttpResponse> {
    let asked = query.0;
    let keys = &app.config.secrets;
    let listing = asked.listing(&app.site.time_zone)?;
    let order = listing.order();
    let cursor = asked.cursor(keys, order)?;
    let traces =
        asked.is_filtered().then(|| (circumstances(&app, &req).by(&admin.0.person.id), asked.traces(&listing)));
    let told = async {
        let Some((how, traces)) = traces else { return Ok(()) };
        app.db.write_one(move |conn| audit::record(conn, &how, "users.search", None, &traces)).await
    };
    let query = listing.query.clone();
    let read = app.db.read(move |conn| users::list_and_count(conn, &listing, &cursor));
    let (told, read) = tokio::join!(told, read);
    told?;
    let (page, total) = read?;
    let words = if let Some(Query::Words(words)) = &query { Some(words) } else { None };
    let mut c = chrome(&app, &req, Some(&admin.0));
    if let Some(flash) = Done::flash(done) {
        c.flash = Some(flash);
        c.path = "/admin/users".into();
    }
    let page = UsersPage {
        c,
        too_short: query == Some(Query::TooShort),
        newer: page.newer.map(|spot| asked.address(keys, order, "before", &spot)),
        older: page.older.map(|spot| asked.address(keys, order, "after", &spot)),
        rows: page.rows.into_iter().map(|listed| row(listed, words)).collect(),
        providers: app.registry.iter().map(|provider| provider.slug().to_owned()).collect(),
        total,
        asked,
    };
    Ok(render(StatusCode::OK, &page))
}

fn row(listed: Listed, words: Option<&Words>) -> UserRow {
    let Listed { user, identities } = listed;
    let mut emails: Vec<(String, bool)> =
        identities.iter().filter_map(|identity| Some((identity.email.clone()?, identity.email_verified))).collect();
    let marked = |text: &str| words.map_or(0, |words| words.prefix_of(text));
    // One that begins with what was looked for is shown before others, a vouched one before another.
    emails.sort_by_key(|(address, verified)| (marked(address) == 0, !verified));
    let email = emails.into_iter().next();
    UserRow {
        id: user.id.to_string(),
        name_mark: user.name.as_deref().map_or(0, marked),
        email_mark: email.as_ref().map_or(0, |(address, _)| marked(address)),
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
