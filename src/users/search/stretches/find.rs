//! Searching stretches, the nearest first.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{Posting, Stretch, places, set};
use crate::db::Conn;
use crate::error::AppResult;
use crate::users::search::matches::Counted;
use crate::users::search::total::share;
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

/// Who has all of some terms, as far as it was looked for.
#[derive(Debug)]
pub(in super::super) struct Matches {
    terms: Vec<i64>,
    known: RefCell<HashMap<i64, Vec<u16>>>,
}

impl Matches {
    pub(in super::super) fn new(terms: Vec<i64>) -> Self {
        Self { terms, known: RefCell::default() }
    }

    /// Sign-ups of people who have all the terms, the nearest first; these and none in between are the first of all who have.
    ///
    /// # Errors
    /// When the database fails.
    pub(in super::super) fn search(&self, conn: &mut Conn, reach: &Reach, limit: usize) -> AppResult<Vec<i64>> {
        let parts = parts(conn, reach)?;
        let mut found: Vec<(Stretch, Vec<u16>)> = Vec::new();
        'all: for batch in batches(&parts) {
            for (part, mut places) in self.of(conn, batch)? {
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
        let found: Vec<(i64, Vec<u16>)> = found
            .into_iter()
            .filter(|(_, places)| !places.is_empty())
            .map(|(own, places)| (own.stretch, places))
            .collect();
        places::seqs(conn, &found)
    }

    /// Counts who has all the terms, until there are more than `cap`.
    ///
    /// # Errors
    /// When the database fails.
    pub(in super::super) fn count(&self, conn: &mut Conn, reach: &Reach, cap: i64) -> AppResult<Counted> {
        let parts = parts(conn, reach)?;
        let sum = |parts: &[Part]| parts.iter().map(Part::people).sum::<i64>();
        let (mut people, mut among, mut rest) = (0_i64, 0, batches(&parts));
        for batch in rest.by_ref() {
            let found = self.of(conn, batch)?;
            people += found.iter().map(|(_, places)| i64::try_from(places.len()).unwrap_or(0)).sum::<i64>();
            among += sum(batch);
            if people > cap {
                break;
            }
        }
        let about = rest.next().map(|_uncounted| share(people, among, sum(&parts)).max(people));
        Ok(Counted { people, about })
    }

    /// Who of some stretches has all the terms, within reach; each stretch's places rise.
    fn of<'a>(&self, conn: &mut Conn, parts: &'a [Part]) -> AppResult<Vec<(&'a Part, Vec<u16>)>> {
        let mut known = self.known.borrow_mut();
        let numbers = parts.iter().map(|part| part.stretch.stretch);
        let unknown: Vec<i64> = numbers.filter(|number| !known.contains_key(number)).collect();
        if !unknown.is_empty() {
            known.extend(common(conn, &unknown, &self.terms)?);
        }
        let within = |part: &Part| {
            let places = known.get(&part.stretch.stretch).into_iter().flatten();
            places.filter(|place| (part.from..part.to).contains(&usize::from(**place))).copied().collect()
        };
        Ok(parts.iter().map(|part| (part, within(part))).collect())
    }
}

/// Who of some stretches has all the terms.
fn common(conn: &mut Conn, numbers: &[i64], terms: &[i64]) -> AppResult<Vec<(i64, Vec<u16>)>> {
    let rows: Vec<Posting> = match conn {
        Conn::Sqlite(conn) => sqlite::postings(conn, numbers, terms)?,
        Conn::Postgres(conn) => postgres::postings(conn, numbers, terms)?,
    };
    let mut sets: HashMap<i64, Vec<&[u8]>> = HashMap::new();
    for row in &rows {
        sets.entry(row.stretch).or_default().push(&row.places);
    }
    let whole = |number: &i64| sets.get(number).filter(|sets| sets.len() == terms.len());
    numbers
        .iter()
        .map(|number| Ok((*number, whole(number).map_or(Ok(Vec::new()), |sets| set::common(sets))?)))
        .collect()
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
