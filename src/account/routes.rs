//! The handlers of a person's own pages.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::pages::{DeviceView, EmailView, IdentityView, ProfilePage};
use crate::error::AppError;
use crate::error::AppResult;
use crate::providers::clean_name;
use crate::users;
use crate::web::App;
use crate::web::CurrentUser;
use crate::web::FormBody;
use crate::web::QueryPart;
use crate::web::Viewer;
use crate::web::chrome;
use crate::web::circumstances;
use crate::web::page::Flash;
use crate::web::page::render;
use crate::web::see_other;

/// Longest name to choose, in characters.
const MAX_NAME: usize = 40;

/// Says what the redirect before did.
#[derive(Deserialize)]
pub(super) struct Done {
    saved: Option<String>,
}

/// The profile. Users.
pub(super) async fn show(
    app: web::Data<App>,
    req: HttpRequest,
    user: CurrentUser,
    done: Result<QueryPart<Done>, AppError>,
) -> HttpResponse {
    let saved = done.ok().and_then(|QueryPart(done)| done.saved);
    let mut page = profile(&app, &req, &user.0);
    if saved.as_deref() == Some("name") {
        page.c.flash = Some(Flash { good: true, key: "profile-name-saved" });
        page.c.path = "/profile".into();
    }
    render(StatusCode::OK, &page)
}

/// The name form.
#[derive(Deserialize)]
pub(super) struct NameForm {
    display_name: String,
}

/// Chooses a name, or goes back to the provider's with an empty one. Users.
pub(super) async fn update(
    app: web::Data<App>,
    req: HttpRequest,
    user: CurrentUser,
    form: FormBody<NameForm>,
) -> AppResult<HttpResponse> {
    let viewer = user.0;
    let FormBody(NameForm { display_name }) = form;
    let name = match chosen_name(&display_name) {
        Ok(name) => name,
        Err(problem) => {
            let mut page = profile(&app, &req, &viewer);
            page.name_problem = Some(problem);
            page.name_input = display_name;
            return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let (id, how) = (viewer.person.id.clone(), circumstances(&app, &req).by(&viewer.person.id));
    app.db.write(move |conn| users::set_display_name(conn, &id, name.as_deref(), &how)).await?;
    app.changes.mark(&viewer.person.id);
    Ok(see_other("/profile?saved=name"))
}

/// `None` for an empty name: back to the provider's. A name is shown, never an identity, so anything readable will do.
fn chosen_name(text: &str) -> Result<Option<String>, &'static str> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match clean_name(text) {
        Some(name) if text.trim().chars().count() <= MAX_NAME => Ok(Some(name)),
        Some(_) => Err("profile-name-too-long"),
        None => Err("profile-name-unreadable"),
    }
}

fn profile(app: &App, req: &HttpRequest, viewer: &Viewer) -> ProfilePage {
    let (person, session) = (&viewer.person, &viewer.session);
    let email = EmailView::of(person.email());
    let identities = person.accounts.iter().map(IdentityView::of);
    ProfilePage {
        c: chrome(app, req, Some(viewer)),
        name: person.name.clone(),
        picture: person.picture.clone(),
        email,
        identities: identities.collect(),
        device: DeviceView::of(session, viewer.device()),
        joined_at: person.created_at,
        name_problem: None,
        name_input: if person.name_chosen { person.name.clone().unwrap_or_default() } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_readable_and_not_too_long() {
        assert_eq!(chosen_name("  "), Ok(None));
        assert_eq!(chosen_name(" 필름 수집가 "), Ok(Some("필름 수집가".into())));
        assert_eq!(chosen_name(&"가".repeat(40)).map(|name| name.map(|n| n.chars().count())), Ok(Some(40)));
        assert_eq!(chosen_name(&"가".repeat(41)), Err("profile-name-too-long"));
        assert_eq!(chosen_name("\u{202E}\u{0000}"), Err("profile-name-unreadable"));
    }
}
