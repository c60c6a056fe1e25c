//! The one page to read first.
//!
//! [`Running::start`] opens the database, checks that this program may serve it, builds the [`App`] and listens. Each
//! request passes [`edge::pass`] (id, cookie sieve, Host, origin; on the way back cookies, refusals, headers, log), then
//! its room. The rooms under `/login` and `/logout` are also wrapped in actix-session, inside the sieve, so that it
//! never sees a look-alike cookie.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer, web};
use tokio::task::JoinHandle;

use crate::account;
use crate::admin;
use crate::api;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::DatabaseUrl;
use crate::config::Mode;
use crate::db;
use crate::db::Db;
use crate::db::SchemaState;
use crate::error::AppError;
use crate::error::Kind;
use crate::login;
use crate::ops;
use crate::outbox;
use crate::providers::Registry;
use crate::upkeep;
use crate::users;
use crate::users::DatabaseKind;
use crate::web::App;
use crate::web::MaybeUser;
use crate::web::StartError;
use crate::web::assets;
use crate::web::chrome;
use crate::web::edge;
use crate::web::page::HomePage;
use crate::web::page::render;
use crate::web::paths;
use crate::webhooks;

/// A load balancer needs so long to notice that `/readyz` says no.
const DRAIN: Duration = Duration::from_secs(2);

/// What runs may end within so many seconds.
const SHUTDOWN_SECONDS: u64 = 15;

/// A request's head must come within this time.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// People brought into the search index by one transaction.
const INDEXED_AT_ONCE: i64 = 2_048;

/// A server that listens.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    app: Arc<App>,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    beside: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Running({})", self.address)
    }
}

impl Running {
    /// Starts a server by these settings.
    ///
    /// # Errors
    /// See [`StartError`]; each says what to do.
    pub async fn start(config: Config, clock: Clock) -> Result<Self, StartError> {
        let db = Db::open(&config.database)?;
        prepare(&db, &config).await?;
        let address = config.server.bind;
        let workers = config.server.workers;
        let app = web::Data::new(App::build(config, db, clock).await?);
        let shared = app.clone();
        let server = HttpServer::new(move || {
            let app = shared.clone();
            ActixApp::new().app_data(app.clone()).wrap(from_fn(edge::pass)).configure(move |cfg| rooms(cfg, &app))
        })
        .workers(workers)
        .client_request_timeout(HEAD_TIMEOUT)
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals()
        .bind(address)
        .map_err(|cause| StartError::Bind { address, cause })?;
        let address = server.addrs().first().copied().unwrap_or(address);
        let running = server.run();
        let app = app.into_inner();
        app.heard_news();
        upkeep::lend_an_ear(&app)?;
        Ok(Self {
            address,
            handle: running.handle(),
            serving: tokio::spawn(running),
            beside: vec![
                tokio::spawn(upkeep::listen(app.clone())),
                tokio::spawn(upkeep::sweep(app.clone())),
                tokio::spawn(upkeep::mark(app.clone())),
                tokio::spawn(upkeep::deliver(app.clone(), outbox::Kind::Unlink)),
                tokio::spawn(upkeep::deliver(app.clone(), outbox::Kind::Event)),
                tokio::spawn(upkeep::compare(app.clone())),
            ],
            app,
        })
    }

    /// The application behind it.
    #[must_use]
    pub const fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Stops gracefully: `/readyz` says no at once, after `drain` no new connections, then what runs may end.
    pub async fn stop(self, drain: Option<Duration>) {
        self.app.begin_stopping();
        tokio::time::sleep(drain.unwrap_or(DRAIN)).await;
        self.handle.stop(true).await;
        if let Err(error) = self.serving.await {
            tracing::error!(cause = %error, "the server ended badly");
        }
        for task in self.beside {
            task.abort();
        }
        upkeep::mark_seen(&self.app).await;
        upkeep::count(&self.app).await;
        let url = self.app.config.database.url.clone();
        // Not folded, it is read from the log at the next start.
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || db::fold(&url)).await {
            tracing::warn!(cause = %error, "the write-ahead log was left beside the database");
        }
    }
}

fn rooms(cfg: &mut web::ServiceConfig, app: &web::Data<App>) {
    cfg.service(paths::resource("/", paths::page(home)));
    login::routes(cfg, app);
    account::routes(cfg, app);
    admin::routes(cfg);
    api::routes(cfg, app);
    webhooks::routes(cfg);
    ops::routes(cfg);
    assets::routes(cfg);
    cfg.default_service(web::to(nothing));
}

/// The front page. Anybody.
async fn home(app: web::Data<App>, req: HttpRequest, visitor: MaybeUser) -> HttpResponse {
    render(actix_web::http::StatusCode::OK, &HomePage { c: chrome(&app, &req, visitor.0.as_deref()) })
}

/// No such page; whoever is there is recognised, so that the page is shown in their frame.
async fn nothing(_visitor: MaybeUser) -> Result<HttpResponse, AppError> {
    Err(AppError::new(Kind::NotFound))
}

/// Migrates SQLite, checks PostgreSQL's schema, and refuses a database that holds other people than these settings serve.
async fn prepare(db: &Db, config: &Config) -> Result<(), StartError> {
    if matches!(config.database.url, DatabaseUrl::Sqlite(_)) {
        let mut conn = db::open(&config.database.url)?;
        let state = tokio::task::spawn_blocking(move || {
            let before = db::schema_state(&mut conn)?;
            if before != SchemaState::Ahead {
                db::migrate(&mut conn)?;
            }
            Ok::<_, AppError>(before)
        });
        if state.await.map_err(AppError::internal)?? == SchemaState::Ahead {
            return Err(ahead());
        }
    }
    match db.read(db::schema_state).await? {
        SchemaState::Current => {}
        SchemaState::Ahead => return Err(ahead()),
        SchemaState::Behind(missing) => {
            return Err(StartError::Refused(format!(
                "the database lacks {missing} migration(s); run `fiiiiilm migrate` with these settings, then start again"
            )));
        }
    }
    if db.read(db::is_unfinished).await? {
        return Err(StartError::Refused(
            "the database lacks indexes: `fiiiiilm seed` is still running, or broke off; when it has ended, run `fiiiiilm migrate` \
             with these settings, then start again"
                .into(),
        ));
    }
    demo_wall(db, config.mode == Mode::Demo).await?;
    realms(db, config).await?;
    index(db).await
}

/// People from before there was a search index, a few at a time; `migrate` has done it already where there are many.
async fn index(db: &Db) -> Result<(), StartError> {
    let mut all = 0;
    loop {
        match db.write(|conn| users::index_some(conn, INDEXED_AT_ONCE)).await? {
            0 if all == 0 => return Ok(()),
            0 => break,
            some => all += some,
        }
    }
    tracing::info!(people = all, "the search index is complete");
    Ok(())
}

fn ahead() -> StartError {
    StartError::Refused(
        "the database was migrated by a newer version of fiiiiilm; run that version, or restore a backup from before"
            .into(),
    )
}

/// Practice people and real ones never share a database.
async fn demo_wall(db: &Db, demo: bool) -> Result<(), StartError> {
    let kind = db.read(users::database_kind).await?;
    match (kind, demo) {
        (DatabaseKind::Demo, true) | (DatabaseKind::Real, false) => Ok(()),
        (DatabaseKind::Unmarked { .. }, _) => Ok(db.write(move |conn| users::mark_database(conn, demo)).await?),
        (DatabaseKind::Demo, false) => Err(StartError::Refused(
            "database.url: this database holds the simulator's people and cannot serve real ones; set database.url to \
             another one (the default is sqlite://data/fiiiiilm.db)"
                .into(),
        )),
        (DatabaseKind::Real, true) => Err(StartError::Refused(
            "database.url: this database holds real people and no provider is configured; set \
             providers.kakao.client_id and client_secret, or leave database.url unset to try the demo on data/demo.db"
                .into(),
        )),
    }
}

/// Ids of another app are other people's: nobody may be signed in as a stranger with the same one.
async fn realms(db: &Db, config: &Config) -> Result<(), StartError> {
    let registry = Registry::new(config, Clock::system()).map_err(|cause| StartError::Refused(cause.to_string()))?;
    let now: Vec<(String, String, String)> = registry
        .iter()
        .filter_map(|provider| Some((provider.slug().to_owned(), provider.realm()?, provider.realm_setting())))
        .collect();
    for (name, realm, setting) in now {
        let slug = name.clone();
        let bound = db.read(move |conn| users::realm(conn, &slug)).await?;
        if let Some(bound) = bound.filter(|bound| *bound != realm) {
            return Err(StartError::Refused(format!(
                "{setting}: this database's people of {name} belong to {bound}, the settings say {realm}; the ids of one \
                 mean nothing in the other, so strangers could be taken for them. Set it back, or accept the new one on \
                 purpose with `fiiiiilm provider rebind {name}`"
            )));
        }
    }
    Ok(())
}
