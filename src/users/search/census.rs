//! How many people have which facets, and when they signed up, as far as that is known without counting anybody: read once
//! for a question.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::stretches;
use super::total::share;
use super::walk::Reach;
use crate::db::Conn;
use crate::db::kept;
use crate::error::AppResult;
use crate::users::facets;
use crate::users::facets::Facets;

/// What is known of everybody.
pub(super) struct Census {
    facets: Vec<(Facets, i64)>,
    /// Stretches of sign-ups: from, to, people.
    stretches: Vec<(i64, i64, i64)>,
}

/// The outermost sign-ups.
#[derive(QueryableByName)]
struct Ends {
    #[diesel(sql_type = BigInt)]
    first: i64,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

impl Census {
    pub(super) fn read(conn: &mut Conn) -> AppResult<Self> {
        let facets = facets::counts(conn)?;
        let everybody = facets.iter().map(|(_, people)| people).sum();
        let stretches = stretches(conn, everybody)?;
        Ok(Self { facets, stretches })
    }

    /// The numbers that occur, with how many people have each.
    pub(super) fn facets(&self) -> &[(Facets, i64)] {
        &self.facets
    }

    pub(super) fn everybody(&self) -> i64 {
        self.facets.iter().map(|(_, people)| people).sum()
    }

    /// About how many people signed up within reach: whole stretches have a known size, of others a share by time.
    pub(super) fn rank(&self, reach: &Reach) -> i64 {
        let within = |(begin, stop, people): &(i64, i64, i64)| {
            let (from, to) = ((*begin).max(reach.from), (*stop).min(reach.to));
            if from < to { share(to - from, stop - begin, *people) } else { 0 }
        };
        self.stretches.iter().map(within).sum()
    }
}

/// The stretches of the index, and after them whoever is not in one yet.
fn stretches(conn: &mut Conn, everybody: i64) -> AppResult<Vec<(i64, i64, i64)>> {
    let known = stretches::all(conn)?;
    let mut all: Vec<(i64, i64, i64)> =
        known.iter().map(|known| (known.first_seq, known.last_seq.saturating_add(1), known.people)).collect();
    let rest = everybody - known.iter().map(|known| known.people).sum::<i64>();
    if rest > 0 {
        // Two subqueries: asked for both at once, SQLite would go through the whole index.
        let ends: Ends = kept(
            "select coalesce((select min(seq) from users), 0) as first, coalesce((select max(seq) from users), -1) as last",
        )
        .get_result(conn)?;
        let begin = known.iter().map(|known| known.last_seq.saturating_add(1)).max().unwrap_or(ends.first);
        all.push((begin, ends.last.saturating_add(1).max(begin.saturating_add(1)), rest));
    }
    Ok(all)
}
