//! The index over numbers: kept, asked and counted.

use std::collections::BTreeSet;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};

use super::super::entry::Entry;
use super::super::walk::Reach;
use crate::db::kept;
use crate::error::AppResult;

/// Rows that are looked at one by one before the index is asked.
const WALKED: i64 = 1_000;

#[derive(QueryableByName)]
struct Seq {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// FNV-1a, and a mixing step that spreads what differs little. Two terms with the same number would only make a candidate
/// more, which is then compared with the word itself.
fn number(term: &str) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in term.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash)
}

/// What the numbers of a stretch are mixed with (bitwise exclusive or).
fn salt(first_seq: i64) -> i64 {
    mix(first_seq.cast_unsigned())
}

fn mix(mut number: u64) -> i64 {
    number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (number ^ (number >> 31)).cast_signed()
}

fn numbers(terms: &BTreeSet<String>) -> Vec<i64> {
    terms.iter().map(|term| number(term)).collect()
}

fn eras(conn: &mut PgConnection) -> AppResult<Vec<i64>> {
    let later: Vec<Seq> = kept("select first_seq as seq from search_eras order by first_seq").load(conn)?;
    Ok(std::iter::once(0).chain(later.into_iter().map(|row| row.seq)).collect())
}

fn salt_of(eras: &[i64], seq: i64) -> i64 {
    let at = eras.partition_point(|first| *first <= seq);
    salt(eras.get(at.saturating_sub(1)).copied().unwrap_or(0))
}

fn salted(entry: &Entry, eras: &[i64]) -> Vec<i64> {
    let salt = salt_of(eras, entry.seq);
    entry.terms.iter().map(|term| number(term) ^ salt).collect()
}

pub(in super::super) fn replace(
    conn: &mut PgConnection,
    before: Option<&Entry>,
    after: Option<&Entry>,
) -> AppResult<()> {
    if let (Some(entry), None) = (before, after) {
        kept("delete from user_terms where seq = ?").bind::<BigInt, _>(entry.seq).execute(conn)?;
    }
    if let Some(entry) = after {
        let eras = eras(conn)?;
        kept(
            "insert into user_terms (seq, terms) values (?, ?) on conflict (seq) do update set terms = excluded.terms",
        )
        .bind::<BigInt, _>(entry.seq)
        .bind::<Array<BigInt>, _>(salted(entry, &eras))
        .execute(conn)?;
    }
    Ok(())
}

diesel::table! {
    user_terms (seq) {
        seq -> BigInt,
        terms -> Array<BigInt>,
    }
}

pub(in super::super) fn add_all(conn: &mut PgConnection, entries: &[Entry]) -> AppResult<()> {
    let eras = eras(conn)?;
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| (user_terms::seq.eq(entry.seq), user_terms::terms.eq(salted(entry, &eras))))
        .collect();
    diesel::copy_from(user_terms::table).from_insertable(rows).execute(conn)?;
    Ok(())
}

/// Sign-ups of people who have all the terms.
pub(in super::super) fn search(
    conn: &mut PgConnection,
    terms: &BTreeSet<String>,
    reach: &Reach,
    limit: i64,
) -> AppResult<Vec<i64>> {
    let (eras, numbers) = (eras(conn)?, numbers(terms));
    let parts = parts(&eras, reach);
    let Some(first) = parts.first() else { return Ok(Vec::new()) };
    let walked = look(conn, &numbers, *first, reach.backwards, limit)?;
    if walked.len() >= usize::try_from(limit).unwrap_or(0) {
        return Ok(walked);
    }
    let mut found = Vec::new();
    // One stretch, then two, then four: few questions to the server, and never much more work than the answer needs.
    let (mut rest, mut many) = (parts.as_slice(), 1);
    while !rest.is_empty() && found.len() < usize::try_from(limit).unwrap_or(0) {
        let (now, later) = rest.split_at(many.min(rest.len()));
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        found.extend(gather(conn, &numbers, now, reach.backwards, left)?);
        (rest, many) = (later, many * 2);
    }
    Ok(found)
}

/// From `from` to below `to`, all in one stretch.
type Stretch = (i64, i64);

/// The stretches within reach, the one to look at first in front, each with its salt.
fn parts(eras: &[i64], reach: &Reach) -> Vec<(Stretch, i64)> {
    let ends = eras.iter().skip(1).copied().chain(std::iter::once(i64::MAX));
    let mut parts: Vec<(Stretch, i64)> = eras
        .iter()
        .zip(ends)
        .map(|(first, end)| (((*first).max(reach.from), end.min(reach.to)), salt(*first)))
        .filter(|((from, to), _)| from < to)
        .collect();
    if !reach.backwards {
        parts.reverse();
    }
    parts
}

/// The first rows of a stretch, one by one.
fn look(
    conn: &mut PgConnection,
    numbers: &[i64],
    ((from, to), salt): (Stretch, i64),
    backwards: bool,
    limit: i64,
) -> AppResult<Vec<i64>> {
    let direction = if backwards { "asc" } else { "desc" };
    let salted: Vec<i64> = numbers.iter().map(|number| number ^ salt).collect();
    let rows: Vec<Seq> = kept(format!(
        "select seq from (select seq, terms from user_terms where seq >= ? and seq < ? order by seq {direction} \
         limit ?) as newest where terms @> ? order by seq {direction} limit ?"
    ))
    .bind::<BigInt, _>(from)
    .bind::<BigInt, _>(to)
    .bind::<BigInt, _>(WALKED)
    .bind::<Array<BigInt>, _>(salted)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.seq).collect())
}

/// The matches of some stretches. `seq + 0` keeps PostgreSQL from walking the key instead
/// of asking the index.
fn gather(
    conn: &mut PgConnection,
    numbers: &[i64],
    parts: &[(Stretch, i64)],
    backwards: bool,
    limit: i64,
) -> AppResult<Vec<i64>> {
    let direction = if backwards { "asc" } else { "desc" };
    let salts: Vec<i64> = parts.iter().map(|(_, salt)| *salt).collect();
    let from = parts.iter().map(|((from, _), _)| *from).min().unwrap_or(0);
    let to = parts.iter().map(|((_, to), _)| *to).max().unwrap_or(0);
    let rows: Vec<Seq> = kept(format!(
        "select found.seq from unnest(?) as stretch (salt) cross join lateral (select t.seq from user_terms t \
         where t.terms @> array(select n # stretch.salt from unnest(?) as numbers (n)) and t.seq + 0 >= ? and t.seq + 0 < ? \
         order by t.seq + 0 {direction} limit ?) as found order by found.seq {direction} limit ?"
    ))
    .bind::<Array<BigInt>, _>(salts)
    .bind::<Array<BigInt>, _>(numbers)
    .bind::<BigInt, _>(from)
    .bind::<BigInt, _>(to)
    .bind::<BigInt, _>(limit)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.seq).collect())
}

/// How many people have all the terms; counting stops soon after `cap`. With it, the earliest sign-up that was looked at.
pub(in super::super) fn count(
    conn: &mut PgConnection,
    terms: &BTreeSet<String>,
    reach: &Reach,
    cap: i64,
) -> AppResult<(i64, i64)> {
    let (eras, numbers) = (eras(conn)?, numbers(terms));
    let forwards = Reach { backwards: false, ..reach.clone() };
    let parts = parts(&eras, &forwards);
    let (mut rest, mut many, mut people, mut earliest) = (parts.as_slice(), 1, 0, i64::MAX);
    while !rest.is_empty() && people < cap {
        let (now, later) = rest.split_at(many.min(rest.len()));
        let salts: Vec<i64> = now.iter().map(|(_, salt)| *salt).collect();
        earliest = now.iter().map(|((from, _), _)| *from).min().unwrap_or(0);
        let counted = if reach.is_whole() {
            kept(counting("")).bind::<Array<BigInt>, _>(salts).bind::<Array<BigInt>, _>(&numbers)
        } else {
            let all = kept(counting(" and t.seq + 0 >= ? and t.seq + 0 < ?"));
            let all = all.bind::<Array<BigInt>, _>(salts).bind::<Array<BigInt>, _>(&numbers);
            all.bind::<BigInt, _>(reach.from).bind::<BigInt, _>(reach.to)
        };
        let counted: Number = counted.get_result(conn)?;
        people += counted.number;
        (rest, many) = (later, many * 2);
    }
    Ok((people, earliest))
}

fn counting(bounds: &str) -> String {
    format!(
        "select count(*) as number from unnest(?) as stretch (salt) cross join lateral (select 1 from user_terms t \
         where t.terms @> array(select n # stretch.salt from unnest(?) as numbers (n)){bounds}) as found"
    )
}

/// Whether exactly these entries are in the index.
pub(in super::super) fn is_true(conn: &mut PgConnection, entries: &[Entry]) -> AppResult<Result<(), String>> {
    let eras = eras(conn)?;
    let told: Vec<(i64, Vec<Option<i64>>)> = user_terms_nullable(conn)?;
    let told: Vec<(i64, BTreeSet<i64>)> =
        told.into_iter().map(|(seq, terms)| (seq, terms.into_iter().flatten().collect())).collect();
    let wanted: Vec<(i64, BTreeSet<i64>)> =
        entries.iter().map(|entry| (entry.seq, salted(entry, &eras).into_iter().collect())).collect();
    Ok(if told == wanted { Ok(()) } else { Err(format!("{} rows, should be {}", told.len(), wanted.len())) })
}

fn user_terms_nullable(conn: &mut PgConnection) -> AppResult<Vec<(i64, Vec<Option<i64>>)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        seq: i64,
        #[diesel(sql_type = Array<diesel::sql_types::Nullable<BigInt>>)]
        terms: Vec<Option<i64>>,
    }
    let rows: Vec<Row> = diesel::sql_query("select seq, terms from user_terms order by seq").load(conn)?;
    Ok(rows.into_iter().map(|row| (row.seq, row.terms)).collect())
}
