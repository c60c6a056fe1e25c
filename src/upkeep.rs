//! What runs beside the requests: the ear for news from other processes, and the broom.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use time::Duration as Span;

use crate::clock::Moment;
use crate::error::AppResult;
use crate::tokens;
use crate::web::App;

/// How often to listen: a change made elsewhere shows within a second.
const LISTEN: Duration = Duration::from_millis(400);

/// How far back each listening reaches: transactions do not become visible in the order of their times, and clocks of
/// two machines differ.
const OVERLAP: Span = Span::seconds(15);

/// How often to read the signing keys again.
const KEYS: u32 = 10;

/// How often to sweep, and how much at once: small enough that nobody waits for the broom.
const SWEEP: Duration = Duration::from_secs(60);
const SWEEP_ROWS: i64 = 500;

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
        tokio::time::sleep(LISTEN).await;
    }
}

/// Reads the notices since a moment; returns the time of the latest.
async fn hear(app: &App, heard: &mut HashSet<String>, since: Moment) -> AppResult<Option<Moment>> {
    let notices = app.db.read(move |conn| tokens::notices_since(conn, since)).await?;
    app.heard_news();
    for (id, user, _) in &notices {
        if !heard.contains(id) {
            app.changes.mark(user);
        }
    }
    let latest = notices.last().map(|(_, _, at)| *at);
    *heard = notices.into_iter().map(|(id, _, _)| id).collect();
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

async fn sweep_once(app: &App) -> AppResult<()> {
    let now = app.clock.now();
    let (sessions, notices) = (now.saturating_sub(SESSIONS_KEPT), now.saturating_sub(NOTICES_KEPT));
    app.db.write(move |conn| tokens::sweep_notices(conn, notices)).await?;
    app.db.write(move |conn| tokens::sweep_sessions(conn, sessions, SWEEP_ROWS)).await?;
    app.desk.sweep().await
}
