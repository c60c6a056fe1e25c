//! A verified token is remembered with the person it speaks for: the signature check and the row read are most of what
//! a page costs, and both say the same until the token expires or something about the person changes.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::viewer::Viewer;
use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::secret::sha256;
use crate::tokens::Changes;
use crate::tokens::Stamp;

/// Tokens the table has room for at first; it grows.
const EXPECTED: usize = 1_000;

/// Bytes held at most, as [`Weigh`] counts them.
const MAX_BYTES: u64 = 6 * 1024 * 1024;

type Key = [u8; 32];

#[derive(Clone)]
struct Entry {
    viewer: Arc<Viewer>,
    expires_at: i64,
    stamp: Stamp,
}

#[derive(Clone)]
struct Weigh;

impl Weighter<Key, Entry> for Weigh {
    fn weight(&self, _key: &Key, entry: &Entry) -> u64 {
        let person = &entry.viewer.person;
        let text = |field: &Option<String>| field.as_ref().map_or(0, String::len);
        let accounts: usize = person
            .accounts
            .iter()
            .map(|account| {
                let email = account.email.as_ref().map_or(0, |(address, _)| address.len());
                160 + account.provider.len() + text(&account.nickname) + email
            })
            .sum();
        let bytes =
            1_152 + text(&person.name) + text(&person.picture) + entry.viewer.session.user_agent.len() + accounts;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// Remembered tokens, by hash: bounded in number and bytes.
pub(super) struct Memory {
    cache: Cache<Key, Entry, Weigh>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { cache: Cache::with_weighter(EXPECTED, MAX_BYTES, Weigh) }
    }

    /// The person a token speaks for, if it was verified before and nothing has changed since.
    pub(super) fn recall(&self, token: &str, now: Moment, changes: &Changes) -> Option<Arc<Viewer>> {
        let key = sha256(token.as_bytes());
        let entry = self.cache.get(&key)?;
        if entry.expires_at > unix_seconds(now) && changes.unchanged_since(&entry.viewer.person.id, entry.stamp) {
            return Some(entry.viewer);
        }
        self.cache.remove(&key);
        None
    }

    /// Remembers a token until `expires_at` (seconds since the epoch). `stamp` is from before the person was read.
    pub(super) fn keep(&self, token: &str, viewer: Arc<Viewer>, expires_at: i64, stamp: Stamp) {
        self.cache.insert(sha256(token.as_bytes()), Entry { viewer, expires_at, stamp });
    }
}
