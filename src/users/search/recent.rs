//! Those who signed up last: a row for each of their terms, which writes nobody waits for. They are a thousand or two, until
//! they come into a stretch ([`super::stretches`]); nobody is in both.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::numbers::number;
use super::{postgres, sqlite};
use crate::db::Conn;
use crate::db::kept;
use crate::error::AppResult;
use crate::users::facets::role_term;
use crate::users::role::Role;

/// A sign-up.
#[derive(QueryableByName)]
pub(super) struct Seq {
    #[diesel(sql_type = BigInt)]
    pub(super) seq: i64,
}

/// A term of somebody.
#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = BigInt)]
    pub(super) seq: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) term: i64,
}

/// Puts terms of somebody in, those that are not there.
pub(super) fn add(conn: &mut Conn, seq: i64, terms: &BTreeSet<i64>) -> AppResult<()> {
    match conn {
        Conn::Sqlite(conn) => sqlite::add(conn, seq, terms),
        Conn::Postgres(conn) => postgres::add(conn, seq, terms),
    }
}

/// Takes terms of somebody out.
pub(super) fn remove(conn: &mut Conn, seq: i64, terms: &BTreeSet<i64>) -> AppResult<()> {
    for term in terms {
        kept("delete from search_recent where term = ? and seq = ?")
            .bind::<BigInt, _>(*term)
            .bind::<BigInt, _>(seq)
            .execute(conn)?;
    }
    Ok(())
}

/// Everybody here, the earliest first, as far as so many: each has one role.
pub(super) fn people(conn: &mut Conn, limit: usize) -> AppResult<Vec<i64>> {
    let rows: Vec<Seq> = kept("select distinct seq from search_recent where term in (?, ?) order by seq limit ?")
        .bind::<BigInt, _>(number(&role_term(Role::User)))
        .bind::<BigInt, _>(number(&role_term(Role::Admin)))
        .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| row.seq).collect())
}

/// Takes people out with all their terms, the earliest first.
pub(super) fn take(conn: &mut Conn, seqs: &[i64]) -> AppResult<Vec<(i64, BTreeSet<i64>)>> {
    let rows = match conn {
        Conn::Sqlite(conn) => sqlite::take(conn, seqs)?,
        Conn::Postgres(conn) => postgres::take(conn, seqs)?,
    };
    let mut people: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for row in rows {
        people.entry(row.seq).or_default().insert(row.term);
    }
    Ok(people.into_iter().collect())
}

/// Sign-ups of everybody here who has all the terms, rising.
pub(super) fn search(conn: &mut Conn, terms: &[i64]) -> AppResult<Vec<i64>> {
    let rows: Vec<Seq> = match conn {
        Conn::Sqlite(conn) => sqlite::recent(conn, terms)?,
        Conn::Postgres(conn) => postgres::recent(conn, terms)?,
    };
    Ok(rows.into_iter().map(|row| row.seq).collect())
}

/// Everything here, for the test that holds the index true.
pub(super) fn all(conn: &mut Conn) -> AppResult<Vec<(i64, i64)>> {
    let rows: Vec<Row> = kept("select seq, term from search_recent").load(conn)?;
    Ok(rows.into_iter().map(|row| (row.seq, row.term)).collect())
}
