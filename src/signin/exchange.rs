//! From what came back to a proof, and from the proof to what is written down. Whose word it is comes before what it says.

use std::time::Duration;

use time::Duration as Span;

use super::attempt::{Attempt, BrowserKey};
use super::claimed;
use super::complete::{Completed, Proved};
use super::desk::{Desk, SETTLE};
use super::ending::Ending;
use super::finished::{Answer, Arrival, Finished, Opened, denied, ended, failed, faulty};
use crate::db;
use crate::providers::Provider;

/// Another process that finished the same attempt is believed for so long after.
const ELSEWHERE: Span = Span::seconds(60);

/// How often and how long to look for another process's result once the provider says the code is spent.
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

impl Desk {
    /// Hears a provider out.
    pub(super) async fn hear(
        &self,
        provider: &Provider,
        attempt: &Attempt,
        key: &BrowserKey,
        answer: Answer,
        arrival: Arrival,
    ) -> Finished {
        let with_code = matches!(answer, Answer::Code(_));
        if let Err(fault) = provider.heard(arrival.beside.iss.as_deref(), with_code).await {
            return faulty(attempt, &fault, &arrival);
        }
        match answer {
            Answer::Denied { error, description } => denied(attempt, provider.denial(&error, &description), &arrival),
            Answer::Code(code) => self.exchange(provider, attempt, key, &code, arrival).await,
        }
    }

    async fn exchange(
        &self,
        provider: &Provider,
        attempt: &Attempt,
        key: &BrowserKey,
        code: &str,
        arrival: Arrival,
    ) -> Finished {
        let beside = &arrival.beside;
        let request = self.request(attempt, key, beside.state.clone(), beside.user.clone());
        match provider.prove(code, &request).await {
            Ok(proof) => {
                let (at, known) = (self.clock.now(), arrival.clone());
                let proved = Proved::new(attempt.clone(), arrival, proof, at);
                let settled = db::within(SETTLE, self.settle(attempt, proved)).await;
                settled.unwrap_or_else(|error| failed(attempt, &error, &known))
            }
            Err(fault) if fault.code_spent => match self.finished_elsewhere(attempt).await {
                Some(finished) => finished,
                None => faulty(attempt, &fault, &arrival),
            },
            Err(fault) => faulty(attempt, &fault, &arrival),
        }
    }

    /// A code is spent when somebody exchanged it: perhaps another process of ours, with the same callback.
    async fn finished_elsewhere(&self, attempt: &Attempt) -> Option<Finished> {
        for _ in 0..LOOKS {
            let asked = attempt.clone();
            match self.db.read(move |conn| claimed::earlier(conn, &asked)).await.ok()? {
                Some(Completed::SignedIn { session, .. }) => {
                    let recent = self.clock.now() - session.created_at <= ELSEWHERE;
                    return recent.then(|| Finished::SignedIn {
                        session: session.id,
                        opened: Opened::default(),
                        target: attempt.target.clone(),
                        alarm: false,
                    });
                }
                Some(Completed::Confirmed { session, .. }) => {
                    let (opened, target) = (Opened::default(), attempt.target.clone());
                    return Some(Finished::SignedIn { session, opened, target, alarm: false });
                }
                Some(Completed::Offered(_)) => return Some(ended(attempt, Ending::Used, "used")),
                Some(Completed::Ended { ending, reason }) => {
                    return Some(ended(attempt, ending, ending.code()).because(reason));
                }
                None => tokio::time::sleep(BETWEEN_LOOKS).await,
            }
        }
        None
    }
}
