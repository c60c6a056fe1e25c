//! What a browser carries before it is logged in: its random key, in actix-session's encrypted cookie.

use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_session::storage::CookieSessionStore;
use actix_session::{Session, SessionExt as _, SessionMiddleware};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

use super::app::App;
use crate::error::AppError;
use crate::error::AppResult;
use crate::signin::BrowserKey;

/// Sent again at each start, so that the last attempt's half hour always fits.
const LIFE: Duration = Duration::minutes(60);

const KEY: &str = "k";

/// The session middleware, for the rooms that need it: others do not pay for opening the cookie.
pub fn flow_middleware(app: &App) -> SessionMiddleware<CookieSessionStore> {
    let secret = [app.config.secrets.derive("flow-cookie-1"), app.config.secrets.derive("flow-cookie-2")].concat();
    SessionMiddleware::builder(CookieSessionStore::default(), Key::from(&secret))
        .cookie_name(app.names.flow.clone())
        .cookie_content_security(CookieContentSecurity::Private)
        .cookie_secure(app.names.is_secure())
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .session_lifecycle(PersistentSession::default().session_ttl(LIFE))
        .build()
}

/// This browser's flow cookie.
pub struct Flow(Session);

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flow")
    }
}

impl FromRequest for Flow {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(Self(req.get_session())))
    }
}

impl Flow {
    /// This browser's key, if it has one.
    #[must_use]
    pub fn key(&self) -> Option<BrowserKey> {
        BrowserKey::from_text(&self.0.get::<String>(KEY).ok()??)
    }

    /// This browser's key, made now if it has none.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn key_or_new(&self) -> AppResult<BrowserKey> {
        if let Some(key) = self.key() {
            return Ok(key);
        }
        let key = BrowserKey::new()?;
        self.0.insert(KEY, key.to_text()).map_err(AppError::internal)?;
        Ok(key)
    }

    /// The same, sending the cookie again, so that it outlives the login that starts now.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn key_for_start(&self) -> AppResult<BrowserKey> {
        let key = self.key_or_new()?;
        self.0.renew();
        Ok(key)
    }

    /// Forgets this browser; pending logins die with its key.
    pub fn forget(&self) {
        self.0.purge();
    }
}
