//! Starting and stopping.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web::{Data, PayloadConfig};
use actix_web::{App as ActixApp, HttpServer};
use tokio::task::JoinHandle;

use super::app::App;
use super::keys;
use super::routes;
use super::state::State;
use super::weather;
use crate::clock::Clock;

/// Forms are small; so many bytes are read of a body.
const BODY_MAX: usize = 16 * 1024;

/// No scripts, nothing from elsewhere. Without `form-action`: forms here end in a redirect to the site, which that
/// directive would stop silently.
pub(super) const CSP: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A practice provider that listens.
pub struct Running {
    state: Arc<State>,
    handle: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Running({})", self.origin())
    }
}

/// Starts the practice provider. Port 0 takes a free one; [`Running::origin`] says which.
///
/// # Errors
/// When the address is not loopback, is taken, or no key can be made.
pub async fn start(bind: SocketAddr, app: App, clock: Clock) -> io::Result<Running> {
    if !bind.ip().is_loopback() {
        let advice =
            "the simulator lets everybody be anyone, so it listens on loopback only; use 127.0.0.1 with a port";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, advice));
    }
    let listener = TcpListener::bind(bind)?;
    let origin = format!("http://{}", listener.local_addr()?);
    keys::warm_up().await?;
    let state = Arc::new(State::new(app, origin, clock));
    let shared = Data::from(state.clone());
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(shared.clone())
            .app_data(PayloadConfig::new(BODY_MAX))
            .wrap(from_fn(weather::blow))
            .wrap(headers())
            .configure(routes)
    })
    .on_connect(weather::hold)
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(Running { state, handle: server.handle(), serving: tokio::spawn(server) })
}

/// What every answer carries unless it says otherwise itself.
pub(super) fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, CSP))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((X_FRAME_OPTIONS, "DENY"))
        .add((REFERRER_POLICY, "no-referrer"))
        .add((HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .add((CACHE_CONTROL, "no-store"))
}

impl Running {
    /// `http://127.0.0.1:PORT`: auth base, API base and issuer at once.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.state.origin
    }

    /// Its memory: the record of requests, and faults to play.
    #[must_use]
    pub const fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Stops at once and forgets everything.
    pub async fn stop(self) {
        self.handle.stop(false).await;
        match self.serving.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(cause = %error, "the simulator ended badly"),
            Err(error) => tracing::error!(cause = %error, "the simulator ended badly"),
        }
    }
}
