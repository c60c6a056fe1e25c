//! The index over words: kept, asked and counted.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;

use super::super::entry::Entry;
use super::super::walk::Reach;
use crate::db::Aside;
use crate::db::kept;
use crate::error::AppResult;

#[derive(QueryableByName)]
struct Seq {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// A term as the `ascii` tokenizer leaves it whole: signs become full-width ones, which no folded text contains.
fn token(term: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c);
    term.chars().map(|c| if c.is_ascii_punctuation() { wide(c) } else { c }).collect()
}

fn text(terms: &BTreeSet<String>) -> String {
    terms.iter().map(|term| token(term)).collect::<Vec<_>>().join(" ")
}

fn asked(terms: &BTreeSet<String>) -> String {
    terms.iter().map(|term| format!("\"{}\"", token(term))).collect::<Vec<_>>().join(" AND ")
}

pub(in super::super) fn replace(
    conn: &mut SqliteConnection,
    before: Option<&Entry>,
    after: Option<&Entry>,
) -> AppResult<()> {
    if let Some(entry) = before {
        kept("insert into user_terms (user_terms, rowid, terms) values ('delete', ?, ?)")
            .bind::<BigInt, _>(entry.seq)
            .bind::<Text, _>(text(&entry.terms))
            .execute(conn)?;
    }
    if let Some(entry) = after {
        add(conn, entry)?;
    }
    Ok(())
}

fn add(conn: &mut SqliteConnection, entry: &Entry) -> AppResult<()> {
    kept("insert into user_terms (rowid, terms) values (?, ?)")
        .bind::<BigInt, _>(entry.seq)
        .bind::<Text, _>(text(&entry.terms))
        .execute(conn)?;
    Ok(())
}

pub(in super::super) fn add_all(conn: &mut SqliteConnection, entries: &[Entry]) -> AppResult<()> {
    entries.iter().try_for_each(|entry| add(conn, entry))
}

/// While very many are added nothing is merged, and more is gathered in memory before a piece is written.
pub(in super::super) fn unmerged() -> Vec<Aside> {
    [("automerge", 0, 4), ("crisismerge", 1_900, 16), ("hashsize", 134_217_728, 1_048_576)]
        .into_iter()
        .map(|(name, meanwhile, usual)| Aside { away: option(name, meanwhile), back: option(name, usual) })
        .collect()
}

fn option(name: &str, value: i64) -> String {
    format!("insert into user_terms (user_terms, rank) values ('{name}', {value})")
}

/// Merges what many insertions left behind into one piece, after which searches are quickest.
pub(in super::super) fn settle(conn: &mut SqliteConnection) -> AppResult<()> {
    Ok(conn.batch_execute("insert into user_terms (user_terms) values ('optimize')")?)
}

/// Sign-ups of people who have all the terms.
pub(in super::super) fn search(
    conn: &mut SqliteConnection,
    terms: &BTreeSet<String>,
    reach: &Reach,
    limit: i64,
) -> AppResult<Vec<i64>> {
    let direction = if reach.backwards { "asc" } else { "desc" };
    let found: Vec<Seq> = kept(format!(
        "select rowid as seq from user_terms where user_terms match ? and rowid >= ? and rowid < ? \
         order by rowid {direction} limit ?"
    ))
    .bind::<Text, _>(asked(terms))
    .bind::<BigInt, _>(reach.from)
    .bind::<BigInt, _>(reach.to)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    Ok(found.into_iter().map(|row| row.seq).collect())
}

/// How many people have all the terms; counting stops at `cap`. With it, the earliest sign-up that was counted.
pub(in super::super) fn count(
    conn: &mut SqliteConnection,
    terms: &BTreeSet<String>,
    reach: &Reach,
    cap: i64,
) -> AppResult<(i64, i64)> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        people: i64,
        #[diesel(sql_type = BigInt)]
        earliest: i64,
    }
    let counted: Counted = kept(
        "select count(*) as people, coalesce(min(seq), 0) as earliest from (select rowid as seq from user_terms \
         where user_terms match ? and rowid >= ? and rowid < ? order by rowid desc limit ?)",
    )
    .bind::<Text, _>(asked(terms))
    .bind::<BigInt, _>(reach.from)
    .bind::<BigInt, _>(reach.to)
    .bind::<BigInt, _>(cap)
    .get_result(conn)?;
    Ok((counted.people, counted.earliest))
}

/// Whether exactly these entries are in the index.
pub(in super::super) fn is_true(conn: &mut SqliteConnection, entries: &[Entry]) -> AppResult<Result<(), String>> {
    #[derive(QueryableByName)]
    struct Posting {
        #[diesel(sql_type = Text)]
        term: String,
        #[diesel(sql_type = BigInt)]
        doc: i64,
    }
    conn.batch_execute("create virtual table temp.told using fts5vocab (main, user_terms, instance)")?;
    let told = diesel::sql_query("select term, doc from temp.told").load::<Posting>(conn);
    conn.batch_execute("drop table temp.told")?;
    let told: BTreeSet<(i64, String)> = told?.into_iter().map(|row| (row.doc, row.term)).collect();
    let wanted: BTreeSet<(i64, String)> =
        entries.iter().flat_map(|entry| entry.terms.iter().map(|term| (entry.seq, token(term)))).collect();
    Ok(if told == wanted {
        Ok(())
    } else {
        let (over, missing): (Vec<_>, Vec<_>) =
            (told.difference(&wanted).take(9).collect(), wanted.difference(&told).take(9).collect());
        Err(format!("too many: {over:?}, missing: {missing:?}"))
    })
}
