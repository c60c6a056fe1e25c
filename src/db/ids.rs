//! Ids that cannot be mixed up. UUIDv7 outside (RFC 9562 section 5.7): random enough to be unguessable, and new rows
//! stay together in an index.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::secret::NoRandom;
use crate::secret::random;

/// The text is not an id in its one written form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

macro_rules! id {
    ($(#[doc = $doc:literal])* $name:ident) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, AsExpression, FromSqlRow, Serialize, Deserialize)]
        #[diesel(sql_type = Text)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// A new one.
            #[must_use]
            pub fn new() -> Self {
                Self(Uuid::now_v7().to_string())
            }

            /// Its one written form: lower-case, hyphenated.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                match Uuid::try_parse(text) {
                    Ok(id) if id.to_string() == text => Ok(Self(id.to_string())),
                    Ok(_) | Err(_) => Err(NotAnId),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl<DB> FromSql<Text, DB> for $name
        where
            DB: Backend,
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                String::from_sql(bytes).map(Self)
            }
        }

        impl<DB> ToSql<Text, DB> for $name
        where
            DB: Backend,
            String: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                let _: IsNull = self.0.to_sql(out)?;
                Ok(IsNull::No)
            }
        }
    };
}

id!(
    /// A person.
    UserId
);
id!(
    /// A linked account.
    IdentityId
);
id!(
    /// A signed-in device.
    SessionId
);
id!(
    /// One press of a login button.
    AttemptId
);
id!(
    /// A line of the audit log.
    AuditId
);

id!(
    /// Something others are still to be told.
    OutboxId
);

impl AuditId {
    /// The id of a line about this moment: UUIDv7 with the microseconds in the first twelve of its random bits (RFC 9562
    /// section 6.2, method 3) and a counter in the next fourteen, so that the lines of one transaction keep their order.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn at(moment: crate::clock::Moment) -> Result<Self, NoRandom> {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let mut rest = random::<10>()?;
        let micros = crate::clock::unix_micros(moment);
        let step = u16::try_from(micros.rem_euclid(1_000) * 4).unwrap_or_default();
        rest[..2].copy_from_slice(&step.to_be_bytes());
        // The variant takes the first two bits.
        rest[2..4].copy_from_slice(&(NEXT.fetch_add(1, Ordering::Relaxed) & 0x3fff).to_be_bytes());
        let millis = u64::try_from(micros.div_euclid(1_000)).unwrap_or_default();
        Ok(Self(uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid().to_string()))
    }

    /// Before every line about this moment or a later one.
    #[must_use]
    pub fn floor(moment: crate::clock::Moment) -> Self {
        let millis = u64::try_from(crate::clock::unix_micros(moment).div_euclid(1_000)).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid().to_string())
    }
}

/// A number that grows with the moment: microseconds since the epoch, nudged up where two fall together. Sign-ups get
/// one each, so that paging walks an integer. Made from the clock and not by the database, because the two databases
/// share no portable sequence and a counter row would make all sign-ups wait for each other; two processes that draw
/// the same one meet the unique index and draw again.
#[must_use]
pub fn next_seq(now: crate::clock::Moment) -> i64 {
    static LAST: AtomicI64 = AtomicI64::new(0);
    let wanted = crate::clock::unix_micros(now);
    let last = LAST.fetch_max(wanted, Ordering::Relaxed);
    if wanted > last { wanted } else { LAST.fetch_add(1, Ordering::Relaxed) + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_written_form_is_an_id() {
        let id = UserId::new();
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        for bad in ["", "1", &id.as_str().to_uppercase(), &id.as_str().replace('-', ""), &format!("{{{id}}}")] {
            assert_eq!(bad.parse::<UserId>(), Err(NotAnId), "{bad}");
        }
    }

    #[test]
    fn lines_of_the_history_lie_in_the_order_of_their_moments() {
        let at = |micros: i64| crate::clock::from_unix_micros(1_800_000_000_000_000 + micros);
        let ids: Vec<AuditId> = [0, 0, 0, 999, 1_000, 1_001, 5_000_000].map(|m| AuditId::at(at(m)).unwrap()).into();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        assert!(ids.iter().all(|id| id.as_str().parse::<AuditId>().is_ok() && id.as_str().as_bytes()[14] == b'7'));
        assert!(AuditId::floor(at(0)) < ids[0] && ids[5] < AuditId::floor(at(5_000_000)));
        assert!(AuditId::floor(at(5_000_000)) < ids[6]);
    }

    #[test]
    fn seq_grows_even_when_the_clock_stands() {
        let now = crate::clock::from_unix_seconds(1_800_000_000);
        let drawn: Vec<i64> = (0..100).map(|_| next_seq(now)).collect();
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
