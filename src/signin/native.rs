//! The login of a native app: no state, no browser and nothing to claim, only the proof itself, which has to say that it is
//! for us.

use std::sync::Arc;

use super::attempt::Attempt;
use super::complete::Proved;
use super::desk::{Desk, SETTLE};
use super::finished::{Arrival, Finished, failed, faulty};
use super::purpose::Purpose;
use crate::db;
use crate::db::AttemptId;
use crate::providers::NativeProof;
use crate::providers::Provider;

impl Desk {
    /// Finishes the login of a native app. It goes on when the app hangs up: what it handed in may work once.
    pub async fn vouch(self: Arc<Self>, slug: &str, handed: NativeProof, arrival: Arrival) -> Finished {
        let attempt = Attempt {
            id: AttemptId::new(),
            provider: slug.to_owned(),
            purpose: Purpose::Login,
            target: String::new(),
            started_at: self.clock.now(),
        };
        let (interrupted, seen) = (attempt.clone(), arrival.clone());
        let work = async move {
            let Some(provider) = self.registry.find(&attempt.provider) else {
                return super::finished::ended(&attempt, super::Ending::NotYet, "unknown_provider");
            };
            let finished = self.vouch_by(provider, &attempt, &handed, arrival).await;
            self.count(&attempt.provider, &finished);
            finished
        };
        match tokio::spawn(work).await {
            Ok(finished) => finished,
            Err(cause) => failed(&interrupted, &crate::error::AppError::internal(cause), &seen),
        }
    }

    async fn vouch_by(&self, by: &Provider, attempt: &Attempt, handed: &NativeProof, arrival: Arrival) -> Finished {
        match by.vouch(handed).await {
            Ok(vouched) => {
                let (at, seen) = (self.clock.now(), arrival.clone());
                // What the provider said since the login can have begun wins over it.
                let started_at = vouched.began.earliest(vouched.proof.auth_time, attempt.started_at);
                let begun = Attempt { started_at, ..attempt.clone() };
                let proved = Proved { once: vouched.once, ..Proved::new(begun, arrival, vouched.proof, at) };
                let settled = db::within(SETTLE, self.settle(attempt, proved)).await;
                settled.unwrap_or_else(|error| failed(attempt, &error, &seen))
            }
            Err(fault) => faulty(attempt, &fault, &arrival),
        }
    }
}
