//! `/oauth/logout`: log out together with the provider's account. It ends the browser's session here and no token; the
//! site ends its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::authorize::redirect;
use super::call::Call;
use super::errors::Koe;
use super::pages;
use super::people;
use super::request::{check_client, is_query_value, raw, return_address};

/// `GET /oauth/logout`: the question which of the two to leave.
pub(super) async fn show(call: Call) -> HttpResponse {
    let state = raw(&call.raw_query, "state").unwrap_or_default();
    let target = match Target::read(&call, call.query.get("client_id"), call.query.get("logout_redirect_uri"), state) {
        Ok(target) => target,
        Err(koe) => return pages::refusal(&call, &koe),
    };
    let session = call.browser.as_ref().and_then(|name| call.state.memory().browsers.get(name).copied());
    pages::logout(&call, &target, session.and_then(|browser| people::find(browser.person)))
}

/// `POST /oauth/logout`: the answer, `account` or `service`; both go back to the site.
pub(super) async fn leave(call: Call) -> HttpResponse {
    let form = &call.form;
    let state = form.get("state").unwrap_or_default();
    match Target::read(&call, form.get("client_id"), form.get("logout_redirect_uri"), state) {
        Ok(target) => {
            if let Some(browser) = call.browser.as_ref().filter(|_| form.get("decision") == Some("account")) {
                call.state.memory().browsers.remove(browser);
            }
            let state = Some(target.raw_state.as_str()).filter(|state| !state.is_empty());
            redirect(StatusCode::FOUND, &return_address(&target.redirect_uri, &[], state))
        }
        Err(koe) => pages::refusal(&call, &koe),
    }
}

/// Where a logout goes back to.
pub(super) struct Target {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    /// Still encoded.
    pub(super) raw_state: String,
}

impl Target {
    fn read(call: &Call, client_id: Option<&str>, redirect_uri: Option<&str>, raw_state: &str) -> Result<Self, Koe> {
        let client_id = check_client(&call.state.app, client_id)?;
        let redirect_uri = redirect_uri.ok_or_else(|| Koe::about("KOE207", "logout_redirect_uri"))?;
        if !call.state.app.logout_redirect_uris.iter().any(|known| known == redirect_uri) {
            return Err(Koe::about("KOE007", redirect_uri));
        }
        if !is_query_value(raw_state) {
            return Err(Koe::about("KOE204", "state"));
        }
        Ok(Self { client_id, redirect_uri: redirect_uri.to_owned(), raw_state: raw_state.to_owned() })
    }
}
