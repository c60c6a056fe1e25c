//! What runs beside the requests: the ear for news from other processes, and the broom.

mod counting;
mod nightly;
mod post;

pub use counting::count;

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use time::Duration as Span;

use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::config::DatabaseUrl;
use crate::counts;
use crate::db::Conn;
use crate::db::Listener;
use crate::db::OpenError;
use crate::error::AppResult;
use crate::tokens;
use crate::tokens::About;
use crate::tokens::Notice;
use crate::users;
use crate::web::App;

pub use nightly::{compare, compare_once};
pub use post::deliver;

/// How often to look for news: a change made elsewhere shows within a second, on PostgreSQL also when its notification got
/// lost.
const LISTEN: Duration = Duration::from_millis(400);

/// How often to ask the ear's socket.
const EAR: Duration = Duration::from_millis(50);

/// How long to wait after the ear's connection broke.
const DEAF: Duration = Duration::from_secs(1);

/// How far back each listening reaches: transactions do not become visible in the order of their times, and clocks of
/// two machines differ.
const OVERLAP: Span = Span::seconds(15);

/// How often to read the signing keys again.
const KEYS: u32 = 10;

/// How often to sweep, and how much at once: small enough that nobody waits for the broom.
const SWEEP: Duration = Duration::from_secs(60);
const SWEEP_ROWS: i64 = 500;

/// People brought into the search index by one transaction.
const INDEXED_AT_ONCE: i64 = 2_048;

/// Batches of one table that are removed in one round, and the pause between two.
const BATCHES: u32 = 60;
const BETWEEN_BATCHES: Duration = Duration::from_millis(200);

/// Sessions marked as used by one statement.
const SEEN_ROWS: usize = 500;

/// How long an ended or expired session is kept: its owner may ask what happened.
const SESSIONS_KEPT: Span = Span::days(30);

/// Notices older than this have been read by everybody who runs.
const NOTICES_KEPT: Span = Span::minutes(15);

/// Listens for news until the server ends.
pub async fn listen(app: Arc<App>) {
    let mut heard: HashSet<String> = HashSet::new();
    let mut since = app.clock.now().saturating_sub(OVERLAP);
    let mut rounds: u32 = 0;
    let mut deaf = false;
    loop {
        match hear(&app, &mut heard, since).await {
            Ok(latest) => {
                if std::mem::take(&mut deaf) {
                    // What was said meanwhile may have been swept away again.
                    app.changes.mark_all();
                }
                since = latest.map_or(since, |latest| since.max(latest.saturating_sub(OVERLAP)));
            }
            Err(error) => {
                if !std::mem::replace(&mut deaf, true) {
                    tracing::warn!(cause = error.cause_line(), "no news from the database");
                }
            }
        }
        rounds = rounds.wrapping_add(1);
        if rounds.is_multiple_of(KEYS)
            && let Err(error) = app.reload_keys().await
        {
            tracing::warn!(cause = error.cause_line(), "the signing keys could not be read again");
        }
        drop(tokio::time::timeout(LISTEN, app.bell.notified()).await);
    }
}

/// On PostgreSQL: has an ear on a thread of its own ring the bell, until the server ends.
///
/// # Errors
/// When the thread cannot be started.
pub fn lend_an_ear(app: &Arc<App>) -> std::io::Result<()> {
    let url = app.config.database.url.clone();
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        return Ok(());
    }
    let app = Arc::downgrade(app);
    let work = move || {
        let mut ear: Option<Listener> = None;
        // The application is held for moments only, so that it can end.
        while app.upgrade().is_some_and(|app| !app.is_stopping()) {
            match hearken(&mut ear, &url) {
                Ok(true) => drop(app.upgrade().map(|app| app.bell.notify_one())),
                Ok(false) => thread::sleep(EAR),
                Err(error) => {
                    tracing::debug!(cause = %error, "no notifications; news is looked for all the same");
                    ear = None;
                    thread::sleep(DEAF);
                }
            }
        }
    };
    thread::Builder::new().name("notifications".into()).spawn(work).map(|_thread| ())
}

fn hearken(ear: &mut Option<Listener>, url: &DatabaseUrl) -> Result<bool, OpenError> {
    match ear {
        Some(listener) => listener.heard(),
        None => {
            *ear = Listener::open(url)?;
            // What was said before it listened is not lost either.
            Ok(true)
        }
    }
}

/// Reads the notices since a moment; returns the time of the latest.
async fn hear(app: &App, heard: &mut HashSet<String>, since: Moment) -> AppResult<Option<Moment>> {
    let notices = app.db.read(move |conn| tokens::notices_since(conn, since)).await?;
    app.heard_news();
    for Notice { about, .. } in notices.iter().filter(|notice| !heard.contains(&notice.id)) {
        match about {
            About::User(user) => app.changes.mark(user),
            About::Keys => app.reload_keys().await?,
        }
    }
    let latest = notices.last().map(|notice| notice.at);
    *heard = notices.into_iter().map(|notice| notice.id).collect();
    Ok(latest)
}

/// Sweeps until the server ends.
pub async fn sweep(app: Arc<App>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        if let Err(error) = sweep_once(&app).await {
            tracing::warn!(cause = error.cause_line(), "sweeping failed; the next round tries again");
        }
    }
}

/// How often to write down which sessions are used.
const SEEN: Duration = Duration::from_secs(5);

/// Writes down which sessions are used and which were logged out meanwhile, until the server ends; its last round is the server's own.
pub async fn mark(app: Arc<App>) {
    loop {
        tokio::time::sleep(SEEN).await;
        end_late(&app).await;
        mark_seen(&app).await;
        count(&app).await;
    }
}

/// Ends the sessions whose log-out met a database that did not answer.
async fn end_late(app: &App) {
    for (session, how) in app.take_to_end() {
        let (id, told) = (session.clone(), how.clone());
        match app.db.write(move |conn| tokens::close(conn, &id, "logout", &told)).await {
            Ok(Some(user)) => {
                let request_id = &how.request_id;
                tracing::info!(request_id, user_id = user.as_str(), outcome = "logged_out", "logout");
                app.changes.mark(&user);
            }
            Ok(None) => {}
            Err(_again) => app.end_later(session, how),
        }
    }
}

/// Writes down which sessions were used: one statement for all of them. One that is lost shows an older time and nothing else.
pub async fn mark_seen(app: &App) {
    let (seen, now) = (app.take_seen(), app.clock.now());
    for part in seen.chunks(SEEN_ROWS) {
        let part = part.to_vec();
        if let Err(error) = app.db.write_one(move |conn| tokens::mark_seen(conn, &part, now)).await {
            tracing::warn!(cause = error.cause_line(), "when sessions were last used could not be written down");
        }
    }
}

/// Moves the signing keys whose time has come.
async fn turn_keys(app: &App) -> AppResult<()> {
    let (rotation, how) = (app.rotation.clone(), Circumstances::system(app.clock.now()));
    if app.db.write(move |conn| tokens::turn(conn, &rotation, &how)).await? {
        tracing::info!("the signing keys moved on");
        app.reload_keys().await?;
    }
    Ok(())
}

/// Sweeps once: signing keys, notices, sessions, the history, people who left, pending logins.
///
/// # Errors
/// When the database fails; the next round tries again.
pub async fn sweep_once(app: &App) -> AppResult<()> {
    turn_keys(app).await?;
    let now = app.clock.now();
    let (sessions, notices) = (now.saturating_sub(SESSIONS_KEPT), now.saturating_sub(NOTICES_KEPT));
    app.db.write(move |conn| tokens::sweep_notices(conn, notices)).await?;
    app.db.write(move |conn| counts::sweep_devices(conn, now)).await?;
    in_batches(app, move |conn| tokens::sweep_sessions(conn, sessions, SWEEP_ROWS)).await?;
    let lines = now.saturating_sub(Span::days(i64::from(app.config.audit.retention_days)));
    in_batches(app, move |conn| audit::sweep(conn, lines, SWEEP_ROWS)).await?;
    tend_search(app).await?;
    post::clear(app).await?;
    app.desk.sweep().await
}

/// Whoever is not in the search index yet (an older version of the program may have let somebody in), and those who came
/// last, some at a time.
async fn tend_search(app: &App) -> AppResult<()> {
    while app.db.write(|conn| users::index_some(conn, INDEXED_AT_ONCE)).await? > 0 {}
    while app.db.write(users::tend).await? {}
    Ok(())
}

/// Removes what is no longer kept of one table, in batches between which everybody else writes: as many as a busy site writes
/// rows in the time of a round, and no more at once.
async fn in_batches(
    app: &App,
    sweep: impl Fn(&mut Conn) -> AppResult<usize> + Clone + Send + 'static,
) -> AppResult<()> {
    for _ in 0..BATCHES {
        let swept = app.db.write(sweep.clone()).await?;
        if i64::try_from(swept).unwrap_or(i64::MAX) < SWEEP_ROWS {
            break;
        }
        tokio::time::sleep(BETWEEN_BATCHES).await;
    }
    Ok(())
}
