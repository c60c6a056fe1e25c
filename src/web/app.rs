//! The application: everything a handler may need, built once and shared by all workers.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, web};

use super::cookies::Names;
use super::headers::Policy;
use super::limits::Limits;
use super::memory::Memory;
use super::page::SiteView;
use super::viewer::Viewer;
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::config::Config;
use crate::config::Mode;
use crate::counts::Devices;
use crate::db::Db;
use crate::db::OpenError;
use crate::db::SessionId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::outbox::Post;
use crate::postman::Postman;
use crate::providers::Registry;
use crate::secret::Sealer;
use crate::signin::Desk;
use crate::tokens;
use crate::tokens::AccessIssuer;
use crate::tokens::Changes;
use crate::tokens::KeyError;
use crate::tokens::Keys;
use crate::tokens::Lifetimes;
use crate::tokens::RefreshIssuer;
use crate::tokens::Rotation;

/// What was remembered is trusted only while news from other processes keeps coming.
const NEWS_MAX_AGE: Duration = Duration::from_secs(5);

/// Log-outs remembered while the database does not answer.
const MAX_TO_END: usize = 10_000;

/// Why the server did not start, in words for whoever started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The database answered with an error.
    #[error("the database could not be prepared: {}", .0.cause_line().unwrap_or_else(|| .0.to_string()))]
    Query(#[from] AppError),
    /// The signing keys do not open.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// Something about the setting-up is wrong; says what to do.
    #[error("{0}")]
    Refused(String),
    /// A thread cannot be started.
    #[error("a thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// The address cannot be listened on.
    #[error("server.bind: cannot listen on {address}: {cause}")]
    Bind {
        /// Which address.
        address: std::net::SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// Everything a handler may need.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// Users, sessions, history.
    pub db: Db,
    /// The identity providers.
    pub registry: Arc<Registry>,
    /// Leaves what others are to be told.
    pub post: Post,
    /// Tells it.
    pub postman: Postman,
    /// Starts and finishes logins.
    pub desk: Arc<Desk>,
    /// Access tokens.
    pub access: AccessIssuer,
    /// Refresh tokens.
    pub refresh: RefreshIssuer,
    /// How long sessions last.
    pub lifetimes: Lifetimes,
    /// Who changed.
    pub changes: Arc<Changes>,
    /// Cookie names.
    pub names: Names,
    /// What pages say of the site.
    pub site: Arc<SiteView>,
    /// Seals what a posted callback brought.
    pub posted: Sealer,
    /// Headers of every answer.
    pub policy: Policy,
    /// How often one address may ask.
    pub limits: Limits,
    /// Rung when another process has something to tell.
    pub bell: tokio::sync::Notify,
    /// How signing keys move from state to state.
    pub rotation: Rotation,
    /// Which devices are in use.
    pub devices: Devices,
    pub(super) memory: Memory,
    seen: Mutex<HashSet<SessionId>>,
    to_end: Mutex<HashMap<SessionId, Circumstances>>,
    keys: RwLock<Arc<Keys>>,
    key_sealer: Sealer,
    started: Instant,
    heard_millis: AtomicU64,
    stopping: AtomicBool,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl App {
    /// Builds the application over an opened, migrated database.
    ///
    /// # Errors
    /// When providers, keys or headers cannot be set up.
    pub async fn build(config: Config, db: Db, clock: Clock) -> Result<Self, StartError> {
        let refused = |e: &dyn std::fmt::Display| StartError::Refused(e.to_string());
        let registry = Arc::new(Registry::new(&config, clock.clone()).map_err(|e| refused(&e))?);
        let key_sealer = config.secrets.sealer("signing-keys");
        let rotation = Rotation::new(&config.token, key_sealer.clone());
        let keys = first_keys(&db, &rotation, &key_sealer, clock.now()).await?;
        let changes = Arc::new(Changes::default());
        let https = config.server.public_url.is_https();
        let desk = Desk::new(&config, db.clone(), registry.clone(), changes.clone(), clock.clone());
        let post = registry.post(&config);
        let postman = Postman::new(&config, db.clone(), registry.clone(), post.clone(), clock.clone());
        Ok(Self {
            postman: postman.map_err(|e| refused(&e))?,
            post,
            desk: Arc::new(desk),
            access: AccessIssuer::new(&config.token),
            refresh: RefreshIssuer::new(&config.token, &config.secrets),
            lifetimes: Lifetimes::new(&config.token),
            names: Names::new(https),
            posted: config.secrets.sealer("posted-callback"),
            site: Arc::new(site(&config)),
            policy: Policy::new(&registry.picture_origins(), https).map_err(|e| refused(&e))?,
            limits: Limits::new(&config.limits),
            bell: tokio::sync::Notify::new(),
            rotation,
            devices: Devices::default(),
            memory: Memory::new(),
            seen: Mutex::default(),
            to_end: Mutex::default(),
            keys: RwLock::new(Arc::new(keys)),
            key_sealer,
            started: Instant::now(),
            heard_millis: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
            changes,
            config,
            clock,
            db,
            registry,
        })
    }

    /// The application a request belongs to.
    #[must_use]
    pub fn of(req: &HttpRequest) -> Option<&web::Data<Self>> {
        req.app_data::<web::Data<Self>>()
    }

    /// The same, for doors, which cannot do without.
    ///
    /// # Errors
    /// When the request was routed past the application, which is a fault of ours.
    pub fn require(req: &HttpRequest) -> AppResult<web::Data<Self>> {
        Self::of(req).cloned().ok_or_else(|| AppError::internal("no application behind this request"))
    }

    /// The signing keys as they are now.
    #[must_use]
    pub fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the signing keys again: another process may have rotated them.
    ///
    /// # Errors
    /// When the database fails or the keys do not open; the old ones stay.
    pub async fn reload_keys(&self) -> AppResult<()> {
        let sealer = self.key_sealer.clone();
        let keys = self.db.read(move |conn| tokens::load(conn, &sealer).map_err(AppError::internal)).await?;
        let mut present = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if present.jwks() != keys.jwks() {
            // A token that was verified by a key which is gone must be looked at again.
            self.changes.mark_all();
        }
        *present = Arc::new(keys);
        Ok(())
    }

    /// Notes that a session is used; written down with others by [`App::take_seen`]'s caller.
    pub(super) fn note_seen(&self, viewer: &Viewer, now: Moment) {
        if viewer.is_seen_anew(now) {
            self.devices.saw(&viewer.session.id, now);
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(viewer.session.id.clone());
        }
    }

    /// The sessions that were used since the last call.
    #[must_use]
    pub fn take_seen(&self) -> Vec<SessionId> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }

    /// A log-out that the database could not be told of: nobody here believes the session's tokens
    /// without asking the database, and the broom tells it when it answers again.
    pub fn end_later(&self, session: SessionId, how: Circumstances) {
        let mut to_end = self.to_end.lock().unwrap_or_else(PoisonError::into_inner);
        if to_end.len() < MAX_TO_END {
            to_end.insert(session, how);
        }
        self.changes.mark_all();
    }

    /// The sessions to end, since the last call.
    #[must_use]
    pub fn take_to_end(&self) -> Vec<(SessionId, Circumstances)> {
        self.to_end.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }

    /// News from other processes came.
    pub fn heard_news(&self) {
        let millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.heard_millis.store(millis, Ordering::Relaxed);
    }

    /// Whether what is remembered may be trusted: without news, somebody may have been shut out elsewhere.
    #[must_use]
    pub fn hears_news(&self) -> bool {
        let heard = Duration::from_millis(self.heard_millis.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(heard) < NEWS_MAX_AGE
    }

    /// From now on `/readyz` says no.
    pub fn begin_stopping(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// Whether the server is on its way out.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}

fn site(config: &Config) -> SiteView {
    let site = SiteView::new(config.site.name.clone(), &config.site.time_zone, config.mode == Mode::Demo);
    let named = config.providers.oidc.iter().map(|issuer| (issuer.name.clone(), issuer.display_name.clone()));
    SiteView { providers: named.collect(), ..site }
}

async fn first_keys(db: &Db, rotation: &Rotation, sealer: &Sealer, now: Moment) -> Result<Keys, StartError> {
    let rotation = rotation.clone();
    db.write(move |conn| tokens::ensure_active(conn, &rotation, now)).await?;
    let sealing = sealer.clone();
    Ok(db.read(move |conn| Ok(tokens::load(conn, &sealing))).await??)
}
