//! Searching stretches, the nearest first.

use super::{Posting, Stretch, places, set};
use crate::db::Conn;
use crate::error::AppResult;
use crate::users::search::walk::Reach;
use crate::users::search::{postgres, sqlite};

/// Stretches looked at by the first question; each further one asks about four times as many. What many have needs one or
/// two, and all are a handful of questions.
const FIRST: usize = 2;

/// A stretch, as far as it is within reach: places from the first to before the second.
struct Part {
    stretch: Stretch,
    from: usize,
    to: usize,
}

impl Part {
    /// People in it.
    fn people(&self) -> i64 {
        let place = |place: usize| i64::try_from(place).unwrap_or(i64::MAX).min(self.stretch.people);
        place(self.to) - place(self.from)
    }

    /// Whether all of a stretch comes before whatever is in this one.
    fn follows(&self, other: &Stretch, backwards: bool) -> bool {
        if backwards { other.last_seq < self.stretch.first_seq } else { other.first_seq > self.stretch.last_seq }
    }
}

/// The stretches within reach, the nearest first.
fn parts(conn: &mut Conn, reach: &Reach) -> AppResult<Vec<Part>> {
    let mut parts = Vec::new();
    for stretch in super::all(conn)? {
        if stretch.last_seq < reach.from || stretch.first_seq >= reach.to {
            continue;
        }
        let mut rank = |seq: i64| places::rank(conn, stretch.stretch, seq).map(|(rank, _)| rank);
        let from = if reach.from <= stretch.first_seq { 0 } else { rank(reach.from)? };
        // What was taken in since is within reach as well.
        let to = if reach.to > stretch.last_seq { super::CAPACITY } else { rank(reach.to)? };
        parts.push(Part { stretch, from, to });
    }
    if reach.backwards {
        parts.sort_by_key(|part| part.stretch.first_seq);
    } else {
        parts.sort_by_key(|part| std::cmp::Reverse(part.stretch.last_seq));
    }
    Ok(parts)
}

/// Who of some stretches has all the terms, within reach; each stretch's places rise.
fn common<'a>(conn: &mut Conn, parts: &'a [Part], terms: &[i64]) -> AppResult<Vec<(&'a Part, Vec<u16>)>> {
    let numbers: Vec<i64> = parts.iter().map(|part| part.stretch.stretch).collect();
    let rows: Vec<Posting> = match conn {
        Conn::Sqlite(conn) => sqlite::postings(conn, &numbers, terms)?,
        Conn::Postgres(conn) => postgres::postings(conn, &numbers, terms)?,
    };
    let mut found = Vec::new();
    for part in parts {
        let sets: Vec<&[u8]> =
            rows.iter().filter(|row| row.stretch == part.stretch.stretch).map(|row| row.places.as_slice()).collect();
        let mut places = if sets.len() == terms.len() { set::common(&sets)? } else { Vec::new() };
        places.retain(|place| (part.from..part.to).contains(&usize::from(*place)));
        found.push((part, places));
    }
    Ok(found)
}

/// In pieces that grow: two, then eight, and so on.
fn batches(parts: &[Part]) -> impl Iterator<Item = &[Part]> {
    let (mut rest, mut many) = (parts, FIRST);
    std::iter::from_fn(move || {
        let (now, later) = rest.split_at(many.min(rest.len()));
        (rest, many) = (later, many * 4);
        (!now.is_empty()).then_some(now)
    })
}

/// Sign-ups of people who have all the terms, the nearest first; these and none in between are the first of all who have.
///
/// # Errors
/// When the database fails.
pub(in super::super) fn search(conn: &mut Conn, terms: &[i64], reach: &Reach, limit: usize) -> AppResult<Vec<i64>> {
    let parts = parts(conn, reach)?;
    let mut found: Vec<(Stretch, Vec<u16>)> = Vec::new();
    'all: for batch in batches(&parts) {
        for (part, mut places) in common(conn, batch, terms)? {
            let nearer = found.iter().filter(|(other, _)| part.follows(other, reach.backwards));
            if nearer.map(|(_, places)| places.len()).sum::<usize>() >= limit {
                break 'all;
            }
            if !reach.backwards {
                places.reverse();
            }
            places.truncate(limit);
            found.push((part.stretch, places));
        }
    }
    let found: Vec<(i64, Vec<u16>)> =
        found.into_iter().filter(|(_, places)| !places.is_empty()).map(|(own, places)| (own.stretch, places)).collect();
    places::seqs(conn, &found)
}

/// How many have what was asked for.
pub(in super::super) struct Counted {
    /// So many, as far as was counted.
    pub(in super::super) people: i64,
    /// Of so many.
    pub(in super::super) among: i64,
    /// And so many are there in all; when it is the same number, everybody was counted.
    pub(in super::super) of: i64,
}

/// Counts who has all the terms, until there are more than `cap`.
///
/// # Errors
/// When the database fails.
pub(in super::super) fn count(conn: &mut Conn, terms: &[i64], reach: &Reach, cap: i64) -> AppResult<Counted> {
    let parts = parts(conn, reach)?;
    let sum = |parts: &[Part]| parts.iter().map(Part::people).sum::<i64>();
    let mut counted = Counted { people: 0, among: 0, of: sum(&parts) };
    for batch in batches(&parts) {
        if counted.people > cap {
            break;
        }
        let found = common(conn, batch, terms)?;
        counted.people += found.iter().map(|(_, places)| i64::try_from(places.len()).unwrap_or(0)).sum::<i64>();
        counted.among += sum(batch);
    }
    Ok(counted)
}
