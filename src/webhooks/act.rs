//! What all notices share: reading, acting, answering in time.

use std::future::Future;
use std::time::Duration;

use actix_web::web::{self, Bytes};

use crate::audit::Circumstances;
use crate::db;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::users;
use crate::users::Heard;
use crate::web::App;

/// A provider waits three seconds; we are done, or say that we are not, within one.
const LIMIT: Duration = Duration::from_millis(900);

/// Longest body.
const MAX_BODY: usize = 16 * 1024;

/// A body must have come by then.
const READING: Duration = Duration::from_secs(10);

/// Ends in time, or says that it cannot be done now. What was begun in the database may still come to its end; the notice is
/// sent again or found missing, and heard twice it is one effect.
pub(super) async fn in_time<T>(work: impl Future<Output = AppResult<T>>) -> AppResult<T> {
    match tokio::time::timeout(LIMIT, db::within(LIMIT, work)).await {
        Ok(done) => done,
        Err(elapsed) => Err(AppError::new(Kind::Unavailable).because(elapsed)),
    }
}

/// The body as it came.
pub(super) async fn body(payload: web::Payload) -> AppResult<Bytes> {
    let read = tokio::time::timeout(READING, payload.to_bytes_limited(MAX_BODY)).await;
    let read = read.map_err(|_elapsed| AppError::new(Kind::TooSlow))?;
    let read = read.map_err(|_too_large| AppError::new(Kind::TooLarge))?;
    read.map_err(|_broken| AppError::new(Kind::BadRequest))
}

/// Acts on a notice in one transaction, and has this process forget whom it changed.
pub(super) async fn act(app: &App, heard: Heard, how: Circumstances) -> AppResult<()> {
    let (post, days, provider) = (app.post.clone(), app.config.account.grace_days, heard.provider.clone());
    let request_id = how.request_id.clone();
    let changed = app.db.write(move |conn| users::hear(conn, &heard, days, &post, &how)).await?;
    for user in &changed {
        app.changes.mark(user);
        tracing::info!(request_id, provider, user_id = user.as_str(), outcome = "acted", "notice");
    }
    app.postman.ring();
    Ok(())
}
