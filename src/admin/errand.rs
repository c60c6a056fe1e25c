//! An errand of the outbox, as pages show it.

use crate::clock::Moment;
use crate::outbox;
use crate::outbox::Entry;
use crate::outbox::State;

/// An errand. Whom it is about is a number that may be nobody's any more.
pub(super) struct Errand {
    pub id: String,
    pub unlink: bool,
    pub topic: String,
    pub user: String,
    pub state_key: &'static str,
    pub state: &'static str,
    pub tries: i64,
    pub last_failure: Option<String>,
    pub created_at: Moment,
    /// While it waits.
    pub next: Option<Next>,
    pub ended_at: Option<Moment>,
}

/// When it is tried next.
pub(super) enum Next {
    /// Somebody is at it.
    Now,
    /// Then.
    At(Moment),
}

impl Errand {
    /// Of an entry, at this moment.
    pub(super) fn new(entry: Entry, now: Moment) -> Self {
        let state = State::parse(&entry.state).unwrap_or(State::GivenUp);
        let claimed = entry.claimed_until.is_some_and(|until| until > now);
        let next = (state == State::Waiting).then_some(if claimed { Next::Now } else { Next::At(entry.due_at) });
        Self {
            id: entry.id.to_string(),
            unlink: outbox::Kind::parse(&entry.kind) == outbox::Kind::Unlink,
            topic: entry.topic,
            user: entry.user_id.to_string(),
            state_key: key(state),
            state: state.as_str(),
            tries: entry.tries,
            last_failure: entry.last_failure,
            created_at: entry.created_at,
            next,
            ended_at: entry.ended_at,
        }
    }
}

/// The i18n key of a state.
pub(super) const fn key(state: State) -> &'static str {
    match state {
        State::Waiting => "outbox-waiting",
        State::Done => "outbox-done",
        State::GivenUp => "outbox-given-up",
    }
}
