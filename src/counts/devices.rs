//! How many devices are in use now. Each process remembers which sessions it saw in the last minutes, as numbers, and writes
//! down how many; a device that talks to two processes counts in both.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use time::Duration;
use uuid::Uuid;

use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::db::Conn;
use crate::db::SessionId;
use crate::db::prepared;
use crate::db::schema::active_devices;
use crate::error::AppResult;

/// A device counts as in use for so long after it was last seen.
pub const ACTIVE: Duration = Duration::minutes(5);

/// A process that has not written for so long is gone.
const GONE: Duration = Duration::seconds(60);

/// What has not changed is written again after so many seconds.
const RENEW: i64 = 20;

/// The devices this process saw.
#[derive(Debug)]
pub struct Devices {
    process: String,
    hasher: RandomState,
    /// A number for each session, which says nothing about it, and the second in which it was seen.
    seen: Mutex<HashMap<u64, i64>>,
    /// What was written last, and in which second.
    written: Mutex<Option<(i64, i64)>>,
}

impl Default for Devices {
    fn default() -> Self {
        Self {
            process: Uuid::now_v7().to_string(),
            hasher: RandomState::new(),
            seen: Mutex::default(),
            written: Mutex::default(),
        }
    }
}

impl Devices {
    /// A session was used.
    pub fn saw(&self, session: &SessionId, now: Moment) {
        let number = self.hasher.hash_one(session);
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(number, unix_seconds(now));
    }

    /// How many were used lately; the others are forgotten.
    #[must_use]
    pub fn count(&self, now: Moment) -> i64 {
        let oldest = unix_seconds(now.saturating_sub(ACTIVE));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, at| *at > oldest);
        i64::try_from(seen.len()).unwrap_or(i64::MAX)
    }

    /// How many to write down now; `None` while what was written last is the same and still young.
    #[must_use]
    pub fn due(&self, now: Moment) -> Option<i64> {
        let (count, second) = (self.count(now), unix_seconds(now));
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let same = written.is_some_and(|(number, at)| number == count && (0..RENEW).contains(&(second - at)));
        if same {
            return None;
        }
        *written = Some((count, second));
        Some(count)
    }

    /// The name under which this process writes.
    #[must_use]
    pub fn process(&self) -> &str {
        &self.process
    }
}

prepared! {
    NoteDevices {
        "insert into active_devices (process, devices, noted_at) values (" process: String as Text,
        ", " devices: i64 as BigInt,
        ", " at: Moment as Timestamp,
        ; ") on conflict (process) do update set devices = excluded.devices, noted_at = excluded.noted_at \
           returning devices" => BigInt
    }
}

/// Writes down how many devices a process saw lately.
///
/// # Errors
/// When the database fails.
pub fn note_devices(conn: &mut Conn, process: &str, devices: i64, now: Moment) -> AppResult<()> {
    let process = process.to_owned();
    let _noted: i64 = NoteDevices { process: &process, devices: &devices, at: &now }.get_result(conn)?;
    Ok(())
}

/// How many devices are in use now, by all processes that run but `except`, which knows better itself.
///
/// # Errors
/// When the database fails.
pub fn devices_now(conn: &mut Conn, except: Option<&str>, now: Moment) -> AppResult<i64> {
    let running = active_devices::table
        .filter(active_devices::noted_at.gt(now.saturating_sub(GONE)))
        .filter(active_devices::process.ne(except.unwrap_or_default()));
    let numbers: Vec<i64> = running.select(active_devices::devices).load(conn)?;
    Ok(numbers.iter().sum())
}

/// Forgets processes that are gone.
///
/// # Errors
/// When the database fails.
pub fn sweep_devices(conn: &mut Conn, now: Moment) -> AppResult<usize> {
    let gone = active_devices::table.filter(active_devices::noted_at.lt(now.saturating_sub(GONE * 10)));
    Ok(diesel::delete(gone).execute(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    #[test]
    fn a_device_counts_once_and_for_five_minutes() {
        let (devices, one, two) = (Devices::default(), SessionId::new(), SessionId::new());
        let at = |second: i64| from_unix_seconds(1_800_000_000 + second);
        devices.saw(&one, at(0));
        devices.saw(&one, at(10));
        devices.saw(&two, at(200));
        assert_eq!((devices.count(at(200)), devices.count(at(309)), devices.count(at(310))), (2, 2, 1));
        assert_eq!(devices.count(at(500)), 0);
        assert_eq!((devices.due(at(500)), devices.due(at(519)), devices.due(at(520))), (Some(0), None, Some(0)));
        devices.saw(&one, at(521));
        assert_eq!(devices.due(at(521)), Some(1));
    }
}
