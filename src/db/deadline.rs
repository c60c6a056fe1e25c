//! How long a job of the database may take. Whoever asks on behalf of a request says so once, around everything that
//! request does ([`within`]); each job then carries what is left of that time, however many there are in a row. What a
//! request waits for that is not the database (its own body, which comes as slowly as the client likes) is given back
//! ([`give_back`]), or a slow client would be told that the database is.

use std::cell::Cell;
use std::future::Future;
use std::time::{Duration, Instant};

/// How long a job may wait for a connection.
const PLACE: Duration = Duration::from_secs(1);

/// How long a write may wait for SQLite's one writer: another process may hold the lock for two seconds.
const TURN: Duration = Duration::from_millis(2_500);

/// For jobs that no request asked for.
const ALONE: Duration = Duration::from_secs(10);

/// A write that was begun is waited for past the request's own deadline, so that nobody is told of a failure that did not
/// happen; a database that is frozen ends even that.
const BEGUN: Duration = Duration::from_secs(5);

tokio::task_local! {
    static UNTIL: Cell<Instant>;
}

/// Does `work`; every job of the database in it ends within `limit` from now. Within another one, this one counts.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    UNTIL.scope(Cell::new(Instant::now() + limit), work).await
}

/// Moves the deadline of the work this is called in by the time spent waiting for something else.
pub fn give_back(waited: Duration) {
    // Without a deadline there is nothing to move.
    let _moved = UNTIL.try_with(|until| until.set(until.get() + waited));
}

/// The two moments of a job.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    /// Not begun by then, it is dropped.
    pub(super) begin: Instant,
    /// Not ended by then, nobody waits for it any more.
    pub(super) end: Instant,
}

impl Deadline {
    /// For a job that only reads.
    pub(super) fn of_read() -> Self {
        let (now, until) = Self::now();
        Self { begin: until.min(now + PLACE), end: until }
    }

    /// For a job that writes on a connection of its own.
    pub(super) fn of_write() -> Self {
        let (now, until) = Self::now();
        Self { begin: until.min(now + PLACE), end: until.max(now + BEGUN) }
    }

    /// For a job in the one writer's queue.
    pub(super) fn of_queued_write() -> Self {
        let (now, until) = Self::now();
        Self { begin: until.min(now + TURN), end: until.max(now + BEGUN) }
    }

    fn now() -> (Instant, Instant) {
        let now = Instant::now();
        (now, UNTIL.try_with(Cell::get).unwrap_or(now + ALONE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_carries_what_is_left_of_its_request() {
        let begun = Instant::now();
        let alone = Deadline::of_read();
        assert!(alone.end >= begun + ALONE && alone.begin <= Instant::now() + PLACE);
        within(Duration::from_millis(300), async {
            let read = Deadline::of_read();
            assert!(read.end <= Instant::now() + Duration::from_millis(300), "what is left");
            assert!(read.begin <= read.end, "begun too late to end in time");
            give_back(Duration::from_secs(4));
            let later = Deadline::of_read().end;
            assert!(later > begun + Duration::from_secs(4), "what was spent elsewhere is given back");
            assert_eq!(later, read.end + Duration::from_secs(4));
            assert!(Deadline::of_queued_write().end >= begun + BEGUN, "a begun write is waited for");
            within(Duration::from_secs(8), async { assert!(Deadline::of_read().end > begun + PLACE) }).await;
        })
        .await;
    }
}
