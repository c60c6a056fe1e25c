//! Taking people in.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{CAPACITY, Posting, Stretch, places, set};
use crate::db::Conn;
use crate::db::kept;
use crate::error::AppResult;
use crate::users::search::{postgres, recent, sqlite};

/// So many are worth writing the rows of the newest stretch again, or being a stretch of their own.
pub(in super::super) const TOGETHER: usize = 1_024;

/// At most so many by one transaction: nobody else may change the index meanwhile.
const AT_ONCE: usize = 2_048;

/// Somebody's sign-up and terms.
pub(in super::super) type Member<'a> = (i64, &'a BTreeSet<i64>);

/// Takes in those who signed up last, once they are enough, and says whether there may be more to take in. One transaction,
/// which is to do nothing else before.
///
/// # Errors
/// When the database fails.
pub(in super::super) fn close(conn: &mut Conn) -> AppResult<bool> {
    if recent::people(conn, TOGETHER)?.len() < TOGETHER {
        return Ok(false);
    }
    hold(conn)?;
    let waiting = recent::people(conn, usize::MAX)?;
    let open = open(conn)?;
    let follows = waiting.partition_point(|seq| open.is_some_and(|open| *seq <= open.last_seq));
    // Those who come late wait until they are worth a stretch of their own.
    let taken = match waiting.split_at(follows) {
        (_, inline) if inline.len() >= TOGETHER => inline,
        (late, _) if late.len() >= TOGETHER => late,
        _ => return Ok(false),
    };
    let taken = &taken[..taken.len().min(AT_ONCE)];
    let members = recent::take(conn, taken)?;
    append_held(conn, &members.iter().map(|(seq, terms)| (*seq, terms)).collect::<Vec<_>>())?;
    Ok(true)
}

/// Takes in people, the earliest first, who are neither in a stretch nor among the recent ones. In a transaction.
///
/// # Errors
/// When the database fails.
pub(in super::super) fn append(conn: &mut Conn, members: &[Member<'_>]) -> AppResult<()> {
    if members.is_empty() {
        return Ok(());
    }
    hold(conn)?;
    append_held(conn, members)
}

/// Nobody else changes the index until this transaction ends. On SQLite, whoever writes is alone.
fn hold(conn: &mut Conn) -> AppResult<()> {
    if let Conn::Postgres(conn) = conn {
        postgres::hold_alone(conn)?;
    }
    Ok(())
}

/// The newest stretch, if there is room in it.
fn open(conn: &mut Conn) -> AppResult<Option<Stretch>> {
    Ok(super::all(conn)?.pop().filter(|newest| room(newest) > 0))
}

fn room(stretch: &Stretch) -> usize {
    CAPACITY.saturating_sub(usize::try_from(stretch.people).unwrap_or(CAPACITY))
}

fn append_held(conn: &mut Conn, members: &[Member<'_>]) -> AppResult<()> {
    let mut rest = members;
    while let Some((first, _)) = rest.first().copied() {
        let newest = super::all(conn)?.pop();
        let open = newest.filter(|newest| room(newest) > 0 && newest.last_seq < first).unwrap_or(Stretch {
            stretch: newest.map_or(0, |newest| newest.stretch + 1),
            people: 0,
            first_seq: first,
            last_seq: first,
        });
        let (now, later) = rest.split_at(room(&open).min(rest.len()));
        extend(conn, open, now)?;
        rest = later;
    }
    Ok(())
}

/// More people in a stretch that has room for them.
fn extend(conn: &mut Conn, stretch: Stretch, members: &[Member<'_>]) -> AppResult<()> {
    let taken = usize::try_from(stretch.people).unwrap_or(0);
    let mut added: BTreeMap<i64, Vec<u16>> = BTreeMap::new();
    for (place, (_, terms)) in (taken..).zip(members) {
        let place = u16::try_from(place).unwrap_or(u16::MAX);
        terms.iter().for_each(|term| added.entry(*term).or_default().push(place));
    }
    let before = if taken == 0 { HashMap::new() } else { read(conn, stretch.stretch, &added)? };
    let rows = |(term, places): (&i64, &Vec<u16>)| -> AppResult<(bool, (i64, Vec<u8>))> {
        let known = before.get(term);
        let mut all = known.map_or_else(|| Ok(Vec::new()), |bytes| set::read(bytes))?;
        all.extend(places);
        Ok((known.is_some(), (*term, set::written(&all))))
    };
    let rows: Vec<(bool, (i64, Vec<u8>))> = added.iter().map(rows).collect::<AppResult<_>>()?;
    let (changed, new): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(known, _)| *known);
    let rows = |some: Vec<(bool, (i64, Vec<u8>))>| some.into_iter().map(|(_, row)| row).collect::<Vec<_>>();
    let (changed, new) = (rows(changed), rows(new));
    match conn {
        Conn::Sqlite(conn) => sqlite::write(conn, stretch.stretch, &changed, &new)?,
        Conn::Postgres(conn) => postgres::write(conn, stretch.stretch, &changed, &new)?,
    }
    let seqs: Vec<i64> = members.iter().map(|(seq, _)| *seq).collect();
    places::give(conn, stretch.stretch, taken, &seqs)?;
    let (people, last) = (taken + members.len(), seqs.last().copied().unwrap_or(stretch.last_seq));
    note(conn, &Stretch { people: i64::try_from(people).unwrap_or(i64::MAX), last_seq: last, ..stretch })
}

fn read(conn: &mut Conn, stretch: i64, added: &BTreeMap<i64, Vec<u16>>) -> AppResult<HashMap<i64, Vec<u8>>> {
    let terms: Vec<i64> = added.keys().copied().collect();
    let rows: Vec<Posting> = match conn {
        Conn::Sqlite(conn) => sqlite::postings(conn, &[stretch], &terms)?,
        Conn::Postgres(conn) => postgres::postings(conn, &[stretch], &terms)?,
    };
    Ok(rows.into_iter().map(|row| (row.term, row.places)).collect())
}

fn note(conn: &mut Conn, stretch: &Stretch) -> AppResult<()> {
    kept(
        "insert into search_stretches (stretch, people, first_seq, last_seq) values (?, ?, ?, ?) \
         on conflict (stretch) do update set people = excluded.people, last_seq = excluded.last_seq",
    )
    .bind::<BigInt, _>(stretch.stretch)
    .bind::<BigInt, _>(stretch.people)
    .bind::<BigInt, _>(stretch.first_seq)
    .bind::<BigInt, _>(stretch.last_seq)
    .execute(conn)?;
    Ok(())
}
