//! "Something about this person changed." A verified token is remembered with the person it speaks for; what ends that
//! memory early passes through here, whether it happened in this process or in another one.
//!
//! A change writes a notice in its own transaction. This process marks the person as changed at once; others read the
//! notices within a second. Every mark raises a counter; what was remembered carries the counter's value from before it
//! was read, so a memory that raced a change is always older than the mark.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use diesel::prelude::*;
use uuid::Uuid;

use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::notices;
use crate::error::AppResult;

/// Marks kept; beyond it all memory is dropped at once, which costs a database read each and is never wrong.
const MAX_MARKS: usize = 100_000;

/// A point in the order of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(u64);

/// Who changed since when, in this process's memory.
#[derive(Debug, Default)]
pub struct Changes {
    clock: AtomicU64,
    /// Nothing remembered at or before this stamp counts.
    floor: AtomicU64,
    marks: RwLock<HashMap<Uuid, u64>>,
}

impl Changes {
    /// The point to note before reading what will be remembered.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp(self.clock.load(Ordering::SeqCst))
    }

    /// Whether what was read after `stamp` about this person is still true.
    #[must_use]
    pub fn unchanged_since(&self, user: &UserId, stamp: Stamp) -> bool {
        if stamp.0 < self.floor.load(Ordering::SeqCst) {
            return false;
        }
        let marks = self.marks.read().unwrap_or_else(PoisonError::into_inner);
        marks.get(&key(user)).is_none_or(|changed| *changed <= stamp.0)
    }

    /// From now on, what was remembered about this person no longer counts.
    pub fn mark(&self, user: &UserId) {
        let mut marks = self.marks.write().unwrap_or_else(PoisonError::into_inner);
        self.insert(&mut marks, user);
    }

    /// The same by whoever changed the person themselves and knows what came of it: returns since when that is true, unless
    /// somebody else changed something after `before` as well.
    pub fn mark_unless_changed(&self, user: &UserId, before: Stamp) -> Option<Stamp> {
        let mut marks = self.marks.write().unwrap_or_else(PoisonError::into_inner);
        let old = before.0 < self.floor.load(Ordering::SeqCst);
        let changed = marks.get(&key(user)).is_some_and(|changed| *changed > before.0);
        let now = self.insert(&mut marks, user);
        (!old && !changed).then_some(now)
    }

    fn insert(&self, marks: &mut HashMap<Uuid, u64>, user: &UserId) -> Stamp {
        let now = self.clock.fetch_add(1, Ordering::SeqCst) + 1;
        if marks.len() >= MAX_MARKS {
            marks.clear();
            self.floor.store(now, Ordering::SeqCst);
        }
        marks.insert(key(user), now);
        Stamp(now)
    }

    /// Forgets everything that was remembered about anybody.
    pub fn mark_all(&self) {
        let mut marks = self.marks.write().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.fetch_add(1, Ordering::SeqCst) + 1;
        marks.clear();
        self.floor.store(now, Ordering::SeqCst);
    }
}

/// A third of the id's text.
fn key(user: &UserId) -> Uuid {
    user.as_str().parse().unwrap_or_default()
}

#[derive(Insertable)]
#[diesel(table_name = notices, treat_none_as_default_value = false)]
struct NewNotice<'a> {
    id: String,
    user_id: &'a str,
    noticed_at: Moment,
}

/// Writes a notice for the other processes, in the transaction of the change, and on PostgreSQL wakes them when it commits.
///
/// # Errors
/// When the database fails.
pub fn notice(conn: &mut Conn, user: &UserId, now: Moment) -> AppResult<()> {
    write(conn, user.as_str(), now)?;
    wake(conn)
}

/// The same without waking anybody: for what may show a second later. PostgreSQL commits transactions that notify one
/// after the other, so what happens at every login must not.
///
/// # Errors
/// When the database fails.
pub fn notice_quietly(conn: &mut Conn, user: &UserId, now: Moment) -> AppResult<()> {
    write(conn, user.as_str(), now)
}

/// Writes a notice about the signing keys.
///
/// # Errors
/// When the database fails.
pub(super) fn notice_keys(conn: &mut Conn, now: Moment) -> AppResult<()> {
    write(conn, KEYS, now)?;
    wake(conn)
}

/// Stands where a person's id would.
const KEYS: &str = "signing-keys";

fn write(conn: &mut Conn, about: &str, now: Moment) -> AppResult<()> {
    let row = NewNotice { id: Uuid::now_v7().to_string(), user_id: about, noticed_at: now };
    diesel::insert_into(notices::table).values(row).execute(conn)?;
    Ok(())
}

fn wake(conn: &mut Conn) -> AppResult<()> {
    if let Conn::Postgres(postgres) = conn {
        diesel::connection::SimpleConnection::batch_execute(postgres, "notify fiiiiilm_notices")?;
    }
    Ok(())
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A person: role, standing, sessions, name.
    User(UserId),
    /// The signing keys.
    Keys,
}

/// A notice as it is read.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub about: About,
    /// When it was written.
    pub at: Moment,
}

/// The notices at or after a moment, oldest first.
///
/// # Errors
/// When the database fails.
pub fn notices_since(conn: &mut Conn, since: Moment) -> AppResult<Vec<Notice>> {
    let rows: Vec<(String, String, Moment)> = notices::table
        .filter(notices::noticed_at.ge(since))
        .order(notices::noticed_at.asc())
        .select((notices::id, notices::user_id, notices::noticed_at))
        .load(conn)?;
    let read = |(id, about, at): (String, String, Moment)| {
        let about = if about == KEYS { About::Keys } else { About::User(about.parse().ok()?) };
        Some(Notice { id, about, at })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Deletes notices older than a moment.
///
/// # Errors
/// When the database fails.
pub fn sweep_notices(conn: &mut Conn, before: Moment) -> AppResult<usize> {
    Ok(diesel::delete(notices::table.filter(notices::noticed_at.lt(before))).execute(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_older_than_the_change_no_longer_counts() {
        let (changes, mina, juho) = (Changes::default(), UserId::new(), UserId::new());
        let before = changes.stamp();
        changes.mark(&mina);
        assert!(!changes.unchanged_since(&mina, before));
        assert!(changes.unchanged_since(&juho, before));
        assert!(changes.unchanged_since(&mina, changes.stamp()));
    }

    #[test]
    fn what_the_changer_knows_counts_until_the_next_change() {
        let (changes, mina) = (Changes::default(), UserId::new());
        let before = changes.stamp();
        let known = changes.mark_unless_changed(&mina, before).unwrap();
        assert!(changes.unchanged_since(&mina, known));
        assert_eq!(changes.mark_unless_changed(&mina, before), None, "somebody else changed her meanwhile");
        assert!(!changes.unchanged_since(&mina, known));
        let before = changes.stamp();
        changes.mark_all();
        assert_eq!(changes.mark_unless_changed(&mina, before), None);
    }

    #[test]
    fn more_marks_than_fit_drop_all_memory_and_stay_bounded() {
        let (changes, before) = (Changes::default(), Changes::default().stamp());
        for _ in 0..=MAX_MARKS {
            changes.mark(&UserId::new());
        }
        assert!(!changes.unchanged_since(&UserId::new(), before));
        assert!(changes.marks.read().unwrap().len() <= MAX_MARKS);
    }
}
