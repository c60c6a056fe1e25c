//! An attempt is finished once in this process. The first who brings its callback begins the work, which then runs on
//! its own, whether its client stays or not; whoever brings it again waits for that result and gets the same.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::finished::Finished;
use crate::db::AttemptId;

/// Attempts remembered, at some 400 bytes each once they are finished. Older ones fall back on the unique attempt id in the
/// database and the provider's one-use code.
const MAX_CLAIMS: usize = 10_000;

/// The attempts of this process.
#[derive(Debug, Default)]
pub(super) struct Claims {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    attempts: HashMap<Arc<str>, Progress>,
    order: VecDeque<Arc<str>>,
}

/// How far an attempt is. A channel is several times as large as what it brings in the end, so it goes when that has come.
#[derive(Clone, Debug)]
enum Progress {
    UnderWay(watch::Receiver<Option<Arc<Finished>>>),
    Done(Arc<Finished>),
}

/// Who comes to finish an attempt.
pub(super) enum Claim {
    /// The first: owes the result to everybody else.
    First(Duty, Waiting),
    /// A later one.
    Later(Waiting),
}

/// Tells everybody who waits, now or later, what an attempt came to. Dropped without a word, it tells them that nothing will
/// come.
pub(super) struct Duty {
    attempt: Arc<str>,
    tell: watch::Sender<Option<Arc<Finished>>>,
}

/// Waits for an attempt's result.
pub(super) struct Waiting(Progress);

impl Claims {
    /// Claims an attempt.
    pub(super) fn claim(&self, id: &AttemptId) -> Claim {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(progress) = inner.attempts.get(id.as_str()) {
            return Claim::Later(Waiting(progress.clone()));
        }
        if inner.order.len() >= MAX_CLAIMS
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.attempts.remove(&oldest);
        }
        let (tell, receiver) = watch::channel(None);
        let attempt: Arc<str> = id.as_str().into();
        inner.order.push_back(attempt.clone());
        inner.attempts.insert(attempt.clone(), Progress::UnderWay(receiver.clone()));
        Claim::First(Duty { attempt, tell }, Waiting(Progress::UnderWay(receiver)))
    }

    /// Keeps what an attempt came to for whoever comes later, and tells everybody who waits now.
    pub(super) fn done(&self, duty: Duty, finished: Finished) {
        let finished = Arc::new(finished);
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        // Ten thousand newer ones may have pushed it out.
        if let Some(progress) = inner.attempts.get_mut(&duty.attempt) {
            *progress = Progress::Done(finished.clone());
        }
        drop(inner);
        // Everybody may have left.
        drop(duty.tell.send(Some(finished)));
    }
}

impl Waiting {
    /// The result; `None` when the work died without one.
    pub(super) async fn result(self) -> Option<Arc<Finished>> {
        match self.0 {
            Progress::Done(finished) => Some(finished),
            Progress::UnderWay(mut receiver) => receiver.wait_for(Option::is_some).await.ok()?.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished() -> Finished {
        let (session, opened) = (crate::db::SessionId::new(), super::super::finished::Opened::default());
        Finished::SignedIn { session, opened, target: String::new(), alarm: false }
    }

    #[tokio::test]
    async fn whoever_comes_during_or_after_the_work_gets_the_same_result() {
        let (claims, id) = (Claims::default(), AttemptId::new());
        let Claim::First(duty, first) = claims.claim(&id) else { panic!("nobody was here before") };
        let Claim::Later(during) = claims.claim(&id) else { panic!("it is under way") };
        claims.done(duty, finished());
        let Claim::Later(after) = claims.claim(&id) else { panic!("it is done") };
        let first = first.result().await.unwrap();
        for other in [during, after] {
            assert!(Arc::ptr_eq(&first, &other.result().await.unwrap()));
        }
    }

    #[tokio::test]
    async fn work_that_dies_leaves_nobody_waiting() {
        let (claims, id) = (Claims::default(), AttemptId::new());
        let Claim::First(duty, first) = claims.claim(&id) else { panic!("nobody was here before") };
        drop(duty);
        assert!(first.result().await.is_none());
        let Claim::Later(after) = claims.claim(&id) else { panic!("it was claimed") };
        assert!(after.result().await.is_none());
    }

    #[tokio::test]
    async fn the_oldest_give_way() {
        let (claims, id) = (Claims::default(), AttemptId::new());
        let Claim::First(duty, first) = claims.claim(&id) else { panic!("nobody was here before") };
        for _ in 0..MAX_CLAIMS {
            drop(claims.claim(&AttemptId::new()));
        }
        assert!(matches!(claims.claim(&id), Claim::First(..)), "it was forgotten");
        claims.done(duty, finished());
        assert!(first.result().await.is_some());
        let inner = claims.inner.lock().unwrap();
        assert_eq!((inner.order.len(), inner.attempts.len()), (MAX_CLAIMS, MAX_CLAIMS));
    }
}
