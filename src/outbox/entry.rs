//! The rows, and the list an admin sees.

use diesel::prelude::*;

use crate::clock::Moment;
use crate::db::Conn;
use crate::db::OutboxId;
use crate::db::UserId;
use crate::db::schema::outbox;
use crate::error::AppResult;

/// Rows on a page.
pub const PAGE_SIZE: i64 = 50;

/// What is to be done. The kinds are carried out beside each other: a program that does not answer keeps nobody from a provider,
/// nor the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A provider is told that a link has ended.
    Unlink,
    /// The operator's programs are told what happened.
    Event,
}

impl Kind {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unlink => "unlink",
            Self::Event => "event",
        }
    }

    /// By the name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        if name == "event" { Self::Event } else { Self::Unlink }
    }
}

/// How far an errand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not yet said.
    Waiting,
    /// Said.
    Done,
    /// Not said, and nobody tries any more.
    GivenUp,
}

impl State {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::GivenUp => "given_up",
        }
    }

    /// By the name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Done, Self::GivenUp].into_iter().find(|state| state.as_str() == name)
    }
}

/// An errand as it is shown: nothing of its payload.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Entry {
    /// Which.
    pub id: OutboxId,
    /// See [`Kind`].
    pub kind: String,
    /// The provider, or the event's name.
    pub topic: String,
    /// Whom it is about; perhaps nobody any more.
    pub user_id: UserId,
    /// See [`State`].
    pub state: String,
    /// How often it was tried in vain.
    pub tries: i64,
    /// When it is tried next.
    pub due_at: Moment,
    /// Who carries it out until then.
    pub claimed_until: Option<Moment>,
    /// Why it was in vain the last time, in our words.
    pub last_failure: Option<String>,
    /// When it was written down.
    pub created_at: Moment,
    /// When it was said or given up.
    pub ended_at: Option<Moment>,
}

/// A page of the list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// At most [`PAGE_SIZE`], newest first.
    pub rows: Vec<Entry>,
    /// Whether there are older ones.
    pub older: bool,
}

/// The errands in this state, or in any, older than one of them.
///
/// # Errors
/// When the database fails.
pub fn list(conn: &mut Conn, state: Option<State>, after: Option<&OutboxId>) -> AppResult<Page> {
    let mut query = outbox::table.select(Entry::as_select()).order(outbox::id.desc()).limit(PAGE_SIZE + 1).into_boxed();
    if let Some(state) = state {
        query = query.filter(outbox::state.eq(state.as_str()));
    }
    if let Some(after) = after {
        query = query.filter(outbox::id.lt(after));
    }
    let mut rows: Vec<Entry> = query.load(conn)?;
    let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    let older = rows.len() > size;
    rows.truncate(size);
    Ok(Page { rows, older })
}
