//! What a person says about their new account that waits: link it to the one they have, or begin apart.

use std::sync::Arc;

use super::attempt::BrowserKey;
use super::complete::Proved;
use super::desk::{Desk, SETTLE, Started};
use super::finished::{Arrival, Finished, failed};
use super::pending::PendingSignup;
use super::purpose::Purpose;
use crate::db;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;

impl Desk {
    /// The account that waits in this browser, by its cookie.
    #[must_use]
    pub fn waiting(&self, sealed: &str, key: &BrowserKey) -> Option<PendingSignup> {
        self.signups.open(sealed, key, self.clock.now())
    }

    /// Begins the login with the account they have; when it is theirs, the one that waits is linked.
    ///
    /// # Errors
    /// `Conflict` when that provider was switched off meanwhile, or when the system has no random source.
    pub async fn join(&self, signup: &PendingSignup, key: &BrowserKey) -> AppResult<Started> {
        let provider = signup.offered_by.as_deref().and_then(|slug| self.registry.find(slug));
        let provider = provider.ok_or_else(|| AppError::with_code(Kind::Conflict, "provider_off"))?;
        self.start(provider, Purpose::Join(signup.attempt.clone()), &signup.target, key).await
    }

    /// Takes them in as somebody new.
    pub async fn apart(self: Arc<Self>, signup: PendingSignup, arrival: Arrival) -> Finished {
        let attempt = signup.attempt();
        let (at, proof) = (self.clock.now(), signup.proof());
        let (of, seen) = (attempt.clone(), arrival.clone());
        let proved = Proved { apart: true, ..Proved::new(of, arrival, proof, at) };
        let settled = db::within(SETTLE, self.settle(&attempt, proved)).await;
        settled.unwrap_or_else(|error| failed(&attempt, &error, &seen))
    }
}
