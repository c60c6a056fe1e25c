//! The counts as they are stored.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::upsert::excluded;

use super::days::Day;
use crate::db::Conn;
use crate::db::prepared;
use crate::db::schema::daily_counts;
use crate::error::AppResult;

/// What is counted. The names are those in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Somebody new, whether they wait for approval or not.
    SignUp,
    /// A session opened, a new person's first one too.
    Login,
    /// A login that ended without one.
    Failure,
}

impl Kind {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::Login => "login",
            Self::Failure => "failure",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::SignUp, Self::Login, Self::Failure].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Of which day.
    pub day: Day,
    /// Of what.
    pub kind: Kind,
    /// With which provider.
    pub provider: String,
    /// How it failed: an ending's code; else empty.
    pub reason: String,
    /// How many.
    pub number: i64,
}

/// Adds to what is counted so far.
///
/// # Errors
/// When the database fails.
pub(crate) fn add(conn: &mut Conn, count: &Count) -> AppResult<()> {
    let (kind, Count { day, provider, reason, number, .. }) = (count.kind.as_str().to_owned(), count);
    let _sum: i64 = AddCount { day, kind: &kind, provider, reason, number }.get_result(conn)?;
    Ok(())
}

/// As [`add`], many at once. In one order, so that two who add at once never wait for each other in a circle.
///
/// # Errors
/// When the database fails.
pub(super) fn add_all(conn: &mut Conn, mut counts: Vec<Count>) -> AppResult<()> {
    fn key(count: &Count) -> (&str, &str, &str, &str) {
        (&count.day, count.kind.as_str(), &count.provider, &count.reason)
    }
    counts.sort_by(|one, other| key(one).cmp(&key(other)));
    let Conn::Postgres(conn) = conn else {
        return counts.iter().try_for_each(|count| add(conn, count));
    };
    // A statement takes 65,535 values.
    for some in counts.chunks(5_000) {
        let rows: Vec<_> = some
            .iter()
            .map(|count| {
                (
                    daily_counts::day.eq(&count.day),
                    daily_counts::kind.eq(count.kind.as_str()),
                    daily_counts::provider.eq(&count.provider),
                    daily_counts::reason.eq(&count.reason),
                    daily_counts::number.eq(count.number),
                )
            })
            .collect();
        diesel::insert_into(daily_counts::table)
            .values(rows)
            .on_conflict((daily_counts::day, daily_counts::kind, daily_counts::provider, daily_counts::reason))
            .do_update()
            .set(daily_counts::number.eq(daily_counts::number + excluded(daily_counts::number)))
            .execute(conn)?;
    }
    Ok(())
}

prepared! {
    /// The one upsert both databases understand, which Diesel has no form for over both.
    AddCount {
        "insert into daily_counts (day, kind, provider, reason, number) values (" day: String as Text,
        ", " kind: String as Text,
        ", " provider: String as Text,
        ", " reason: String as Text,
        ", " number: i64 as BigInt,
        ; ") on conflict (day, kind, provider, reason) do update set number = daily_counts.number + excluded.number \
           returning number" => BigInt
    }
}

/// Everything counted since a day, that day included.
///
/// # Errors
/// When the database fails.
pub fn counts_since(conn: &mut Conn, day: &str) -> AppResult<Vec<Count>> {
    let rows: Vec<(String, String, String, String, i64)> =
        daily_counts::table.filter(daily_counts::day.ge(day)).load(conn)?;
    let count = |(day, kind, provider, reason, number): (String, String, String, String, i64)| {
        Some(Count { day, kind: Kind::parse(&kind)?, provider, reason, number })
    };
    Ok(rows.into_iter().filter_map(count).collect())
}
