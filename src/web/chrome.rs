//! The frame of a page for this reader: language, theme, who is there.

use actix_web::HttpRequest;

use super::app::App;
use super::page::{Badge, Chrome, Theme};
use super::prefs::Prefs;
use super::viewer::Viewer;
use crate::users::Role;

/// The frame of the page that answers this request.
#[must_use]
pub fn chrome(app: &App, req: &HttpRequest, viewer: Option<&Viewer>) -> Chrome {
    let prefs = Prefs::of(req, &app.names);
    Chrome {
        locale: prefs.language(req, app.config.site.locale),
        theme: prefs.theme.unwrap_or(Theme::Auto),
        site: app.site.clone(),
        path: come_back(req),
        viewer: viewer.map(|viewer| Badge {
            name: viewer.person.name.clone(),
            picture: viewer.person.picture.clone(),
            admin: viewer.person.role == Role::Admin,
        }),
        flash: None,
        now: app.clock.now(),
    }
}

/// Where the theme and language forms lead back to; a page that answered a form has no address of its own.
fn come_back(req: &HttpRequest) -> String {
    if req.method() != actix_web::http::Method::GET || req.path().ends_with("/callback") {
        return "/".into();
    }
    req.uri().path_and_query().map_or_else(|| "/".into(), |path| path.as_str().to_owned())
}
