//! `/oauth/logout`: log out together with the provider's account. It ends the browser's session here and no token; the
//! site ends its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::super::super::authorize::redirect;
use super::super::super::call::Call;
use super::super::super::errors::Wrong;
use super::super::super::pages;
use super::super::super::provider::Provider;
use super::super::super::request::{check_client, is_query_value, raw, return_address};

/// `GET /oauth/logout`: the question which of the two to leave.
pub(super) async fn show(call: Call) -> HttpResponse {
    let state = raw(&call.raw_query, "state").unwrap_or_default();
    let target = match Target::read(&call, call.query.get("client_id"), call.query.get("logout_redirect_uri"), state) {
        Ok(target) => target,
        Err(wrong) => return pages::refusal(&call, &wrong),
    };
    let session = call.browser.as_ref().and_then(|name| call.state.memory().browser(name, Provider::Kakao));
    pages::logout(&call, &target, session.map(|browser| browser.person))
}

/// `POST /oauth/logout`: the answer, `account` or `service`; both go back to the site.
pub(super) async fn leave(call: Call) -> HttpResponse {
    let form = &call.form;
    let state = form.get("state").unwrap_or_default();
    match Target::read(&call, form.get("client_id"), form.get("logout_redirect_uri"), state) {
        Ok(target) => {
            if let Some(browser) = call.browser.as_ref().filter(|_| form.get("decision") == Some("account")) {
                let mut memory = call.state.memory();
                if let Some(sessions) = memory.browsers.get_mut(browser) {
                    sessions.remove(&Provider::Kakao);
                }
            }
            let state = Some(target.raw_state.as_str()).filter(|state| !state.is_empty());
            redirect(StatusCode::FOUND, &return_address(&target.redirect_uri, &[], state, "%20"))
        }
        Err(wrong) => pages::refusal(&call, &wrong),
    }
}

/// Where a logout goes back to.
pub(in super::super::super) struct Target {
    pub(in super::super::super) client_id: String,
    pub(in super::super::super) redirect_uri: String,
    /// Still encoded.
    pub(in super::super::super) raw_state: String,
}

impl Target {
    fn read(call: &Call, client_id: Option<&str>, redirect_uri: Option<&str>, raw_state: &str) -> Result<Self, Wrong> {
        let client_id = check_client(Provider::Kakao, &call.state.app, client_id)?;
        let redirect_uri = redirect_uri.ok_or(Wrong::Missing("logout_redirect_uri"))?;
        if !call.state.app.logout_redirect_uris.iter().any(|known| known == redirect_uri) {
            return Err(Wrong::Redirect(format!("logout {redirect_uri}")));
        }
        if !is_query_value(raw_state) {
            return Err(Wrong::Value("state"));
        }
        Ok(Self { client_id, redirect_uri: redirect_uri.to_owned(), raw_state: raw_state.to_owned() })
    }
}
