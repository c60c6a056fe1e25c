//! An attempt is finished once in this process. The first who brings its callback begins the work, which then runs on
//! its own, whether its client stays or not; whoever brings it again waits for that result and gets the same.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::finished::Finished;
use crate::db::AttemptId;

/// Attempts remembered. Older ones fall back on the unique attempt id in the database and the provider's one-use code.
const MAX_CLAIMS: usize = 20_000;

type Result = Option<Arc<Finished>>;

/// The attempts of this process.
#[derive(Debug, Default)]
pub(super) struct Claims {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    results: HashMap<AttemptId, watch::Receiver<Result>>,
    order: VecDeque<AttemptId>,
}

/// Who comes to finish an attempt.
pub(super) enum Claim {
    /// The first: owes the result to everybody else.
    First(watch::Sender<Result>, Waiting),
    /// A later one.
    Later(Waiting),
}

/// Waits for an attempt's result.
pub(super) struct Waiting(watch::Receiver<Result>);

impl Claims {
    /// Claims an attempt.
    pub(super) fn claim(&self, id: &AttemptId) -> Claim {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(result) = inner.results.get(id) {
            return Claim::Later(Waiting(result.clone()));
        }
        if inner.order.len() >= MAX_CLAIMS
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.results.remove(&oldest);
        }
        let (sender, receiver) = watch::channel(None);
        inner.order.push_back(id.clone());
        inner.results.insert(id.clone(), receiver.clone());
        Claim::First(sender, Waiting(receiver))
    }
}

impl Waiting {
    /// The result; `None` when the work died without one.
    pub(super) async fn result(mut self) -> Result {
        self.0.wait_for(Option::is_some).await.ok()?.clone()
    }
}
