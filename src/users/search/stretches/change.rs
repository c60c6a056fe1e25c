//! Somebody who has a place changes, or goes.

use std::collections::BTreeSet;

use super::{Posting, set};
use crate::db::Conn;
use crate::error::AppResult;
use crate::users::search::{postgres, sqlite};

/// Takes some terms of whoever has this place out and puts others in. Whose place it is stays known when all are out: it
/// says no more than when somebody signed up.
///
/// # Errors
/// When the database fails.
pub(in super::super) fn change(
    conn: &mut Conn,
    (stretch, place): (i64, u16),
    gone: &BTreeSet<i64>,
    come: &BTreeSet<i64>,
) -> AppResult<()> {
    let terms: Vec<i64> = gone.union(come).copied().collect();
    let rows: Vec<Posting> = match conn {
        Conn::Sqlite(conn) => sqlite::postings(conn, &[stretch], &terms)?,
        Conn::Postgres(conn) => postgres::held_postings(conn, stretch, &terms)?,
    };
    let (mut changed, mut empty) = (Vec::new(), Vec::new());
    for term in terms {
        let known = rows.iter().find(|row| row.term == term);
        let mut all: BTreeSet<u16> =
            known.map_or_else(|| Ok(Vec::new()), |row| set::read(&row.places))?.into_iter().collect();
        if come.contains(&term) {
            all.insert(place)
        } else {
            all.remove(&place)
        };
        let all: Vec<u16> = all.into_iter().collect();
        if all.is_empty() {
            empty.push(term);
        } else {
            changed.push((term, set::written(&all)));
        }
    }
    match conn {
        Conn::Sqlite(conn) => {
            sqlite::write(conn, stretch, &changed, &[])?;
            sqlite::remove(conn, stretch, &empty)
        }
        Conn::Postgres(conn) => {
            postgres::write(conn, stretch, &changed, &[])?;
            postgres::remove(conn, stretch, &empty)
        }
    }
}
