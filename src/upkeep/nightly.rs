//! The nightly comparison with a provider's own list.

use std::sync::Arc;
use std::time::Duration;

use crate::audit::Actor;
use crate::reconcile;
use crate::reconcile::Outcome;
use crate::reconcile::Reconciler;
use crate::reconcile::Stopped;
use crate::reconcile::Wish;
use crate::web::App;

/// How often to look whether it is time, or whether somebody died over it.
const LOOK: Duration = Duration::from_secs(60);

/// The provider that has a list.
const PROVIDER: &str = "kakao";

/// Compares each night, until the server ends.
pub async fn compare(app: Arc<App>) {
    if !app.config.reconcile.enabled {
        return;
    }
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(stopped) = compare_once(&app).await {
            tracing::warn!(
                provider = PROVIDER,
                cause = %stopped,
                "the comparison with the provider's list stopped; it goes on in a while"
            );
        }
    }
}

/// Compares if it is night and nobody has yet, or if somebody left it unfinished.
///
/// # Errors
/// When the provider or the database fails; the next attempt goes on where this one stopped.
pub async fn compare_once(app: &App) -> Result<Outcome, Stopped> {
    let (settings, clock) = (app.config.reconcile, app.clock.clone());
    let wish = Wish::Night(reconcile::night(app.desk.tally().zone(), clock.now()));
    let reconciler = Reconciler::new(settings, app.db.clone(), app.registry.clone(), clock);
    let outcome = reconciler.run(PROVIDER, wish, Actor::System, &|_| {}).await?;
    if let Outcome::Ended(report) = &outcome {
        match &report.refused {
            Some(refusal) => {
                tracing::warn!(provider = PROVIDER, cause = %refusal, outcome = "refused", "reconcile");
            }
            None => tracing::info!(
                provider = PROVIDER,
                listed = report.figures.listed,
                missing = report.figures.missing,
                closed = report.closed,
                marked = report.marked,
                outcome = "done",
                "reconcile"
            ),
        }
    }
    Ok(outcome)
}
