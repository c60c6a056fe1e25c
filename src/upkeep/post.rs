//! Telling others, and erasing whoever does not come back.

use std::sync::Arc;
use std::time::Duration;

use super::{SWEEP_ROWS, in_batches};
use crate::audit::Circumstances;
use crate::db;
use crate::error::AppError;
use crate::error::AppResult;
use crate::outbox;
use crate::outbox::Kind;
use crate::users;
use crate::web::App;

/// How often to look whether something is to be told; what this process leaves in the outbox rings the bell.
const LOOK: Duration = Duration::from_secs(1);

/// People erased in one transaction.
const PEOPLE: i64 = 20;

/// Tells what is due of a kind, until the server ends.
pub async fn deliver(app: Arc<App>, kind: Kind) {
    let mut failing = false;
    loop {
        match app.postman.round(kind).await {
            Ok(0) => failing = false,
            Ok(_some) => {
                failing = false;
                continue;
            }
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    tracing::warn!(cause = error.cause_line(), "the outbox cannot be read; the next look tries again");
                }
            }
        }
        app.postman.rung(kind, LOOK).await;
    }
}

/// Erases people whose time to come back is over, and removes the traces of every erasure from SQLite's log.
pub(super) async fn clear(app: &App) -> AppResult<()> {
    let (post, how) = (app.post.clone(), Circumstances::system(app.clock.now()));
    loop {
        let (post, how) = (post.clone(), how.clone());
        if app.db.write(move |conn| users::erase_due(conn, &post, &how, PEOPLE)).await? == 0 {
            break;
        }
        app.postman.ring();
    }
    remove_vanished(app).await?;
    let now = how.at;
    in_batches(app, move |conn| outbox::sweep(conn, now, SWEEP_ROWS)).await?;
    in_batches(app, move |conn| users::drop_dead_tokens(conn, now, SWEEP_ROWS)).await?;
    app.db.write(move |conn| users::forget_notices(conn, how.at)).await?;
    fold(app).await
}

/// Accounts that have been missing at their provider for too long.
async fn remove_vanished(app: &App) -> AppResult<()> {
    let days = app.config.reconcile.grace_days;
    loop {
        let (post, how) = (app.post.clone(), Circumstances::system(app.clock.now()));
        if app.db.write(move |conn| users::remove_vanished(conn, days, &post, &how, PEOPLE)).await? == 0 {
            return Ok(());
        }
        app.postman.ring();
    }
}

/// Whoever reads or writes at that moment goes before; then the next round tries again.
async fn fold(app: &App) -> AppResult<()> {
    let Some(mark) = app.db.read(users::erasure_noted).await? else { return Ok(()) };
    let url = app.config.database.url.clone();
    let folded = tokio::task::spawn_blocking(move || db::fold(&url)).await.map_err(AppError::internal)?;
    if folded.map_err(AppError::internal)? {
        app.db.write(move |conn| users::forget_erasure(conn, &mark)).await?;
    }
    Ok(())
}
