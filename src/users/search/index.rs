//! Keeping the index true. Everything that changes a person's name, e-mail, accounts, standing or role does so inside
//! [`indexed`], in the transaction of the change: the terms from before are needed to take them out.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::collections::HashMap;

use diesel::prelude::*;

use super::entry::{Entry, entries};
use super::{postgres, recent, stretches};
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::users;
use crate::error::AppError;
use crate::error::AppResult;
use crate::users::facets;
use crate::users::facets::Facets;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Held while a person is being changed: within it, what the index knows of them is not what the tables say.
struct Inside;

impl Inside {
    fn enter() -> AppResult<Self> {
        if INSIDE.replace(true) {
            return Err(AppError::internal("`indexed` within `indexed`: the inner one would take out the wrong terms"));
        }
        Ok(Self)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

/// Makes a change of a person, and has the index follow in the same transaction; of somebody who is not in the index yet,
/// it only makes the change. Not to be nested.
///
/// # Errors
/// When the change or the database fails.
pub fn indexed<T>(conn: &mut Conn, id: &UserId, change: impl FnOnce(&mut Conn) -> AppResult<T>) -> AppResult<T> {
    let inside = Inside::enter()?;
    let before = entries(conn, std::slice::from_ref(id))?.pop().filter(|(indexed, _)| *indexed);
    let done = change(conn)?;
    if let Some((_, before)) = before {
        let after = entries(conn, std::slice::from_ref(id))?.pop();
        replace(conn, Some(&before), after.map(|(_, entry)| entry).as_ref())?;
    }
    drop(inside);
    Ok(done)
}

/// Brings somebody who has just signed up into the index.
///
/// # Errors
/// When the database fails.
pub fn index_new(conn: &mut Conn, id: &UserId) -> AppResult<()> {
    match entries(conn, std::slice::from_ref(id))?.pop() {
        Some((false, entry)) => replace(conn, None, Some(&entry)),
        Some((true, _)) | None => Ok(()),
    }
}

fn replace(conn: &mut Conn, before: Option<&Entry>, after: Option<&Entry>) -> AppResult<()> {
    if before == after {
        return Ok(());
    }
    let facets_before = before.map(|entry| entry.facets);
    let facets_after = after.map(|entry| entry.facets);
    if facets_before != facets_after {
        if let Some(entry) = before {
            facets::count(conn, Facets(entry.facets), entry.seq, -1)?;
        }
        if let Some(entry) = after {
            facets::count(conn, Facets(entry.facets), entry.seq, 1)?;
            let row = users::table.filter(users::seq.eq(entry.seq));
            diesel::update(row).set(users::facets.eq(entry.facets)).execute(conn)?;
        }
    }
    if before.map(|entry| &entry.terms) == after.map(|entry| &entry.terms) {
        return Ok(());
    }
    match (before, after) {
        (None, Some(new)) => recent::add(conn, new.seq, &new.terms),
        (Some(before), after) => change(conn, before, &after.map(|entry| entry.terms.clone()).unwrap_or_default()),
        (None, None) => Ok(()),
    }
}

/// Puts other terms in the place of those of somebody who is in the index.
fn change(conn: &mut Conn, before: &Entry, after: &BTreeSet<i64>) -> AppResult<()> {
    if let Conn::Postgres(conn) = conn {
        postgres::hold(conn)?;
    }
    let gone: BTreeSet<i64> = before.terms.difference(after).copied().collect();
    let come: BTreeSet<i64> = after.difference(&before.terms).copied().collect();
    match stretches::place_of(conn, before.seq)? {
        Some(place) => stretches::change(conn, place, &gone, &come),
        None => {
            recent::remove(conn, before.seq, &gone)?;
            recent::add(conn, before.seq, after)
        }
    }
}

/// Brings new entries into the index, many at once, the earliest first; their rows have their facets already. Where they are
/// not worth a stretch they are among the recent ones first.
pub(crate) fn add_all(conn: &mut Conn, entries: &[Entry]) -> AppResult<()> {
    let mut counted: HashMap<i64, i64> = HashMap::new();
    for entry in entries {
        *counted.entry(entry.facets).or_default() += 1;
    }
    for (number, people) in counted {
        facets::count(conn, Facets(number), 0, people)?;
    }
    if entries.len() < stretches::TOGETHER {
        return entries.iter().try_for_each(|entry| recent::add(conn, entry.seq, &entry.terms));
    }
    stretches::append(conn, &entries.iter().map(|entry| (entry.seq, &entry.terms)).collect::<Vec<_>>())
}

/// Moves those who signed up last into stretches, some of them, and says whether there may be more to move.
///
/// # Errors
/// When the database fails.
pub fn tend(conn: &mut Conn) -> AppResult<bool> {
    conn.transaction(stretches::close)
}

/// Brings up to `limit` people into the index whom it does not have yet: those from before there was one, and those whom an
/// older version of the program let in. Says how many there were.
///
/// # Errors
/// When the database fails.
pub fn index_some(conn: &mut Conn, limit: i64) -> AppResult<usize> {
    let missing: Vec<UserId> =
        users::table.filter(users::facets.eq(0)).order(users::seq).limit(limit).select(users::id).load(conn)?;
    if missing.is_empty() {
        return Ok(0);
    }
    let entries: Vec<Entry> =
        entries(conn, &missing)?.into_iter().filter(|(known, _)| !known).map(|(_, entry)| entry).collect();
    add_all(conn, &entries)?;
    for entry in &entries {
        diesel::update(users::table.filter(users::seq.eq(entry.seq)))
            .set(users::facets.eq(entry.facets))
            .execute(conn)?;
    }
    Ok(missing.len())
}

/// The whole index as it is, and as it would be if it were made anew: for the test that holds them equal.
///
/// # Errors
/// When the database fails.
pub fn is_true(conn: &mut Conn) -> AppResult<Result<(), String>> {
    let ids: Vec<UserId> = users::table.select(users::id).order(users::seq).load(conn)?;
    let mut wanted = Vec::new();
    // A statement takes only so many values: 32,766 on SQLite.
    for some in ids.chunks(1_000) {
        wanted.extend(entries(conn, some)?);
    }
    let rows: Vec<(i64, i64)> = users::table.select((users::seq, users::facets)).order(users::seq).load(conn)?;
    let facets: Vec<(i64, i64)> = wanted.iter().map(|(_, entry)| (entry.seq, entry.facets)).collect();
    if rows != facets {
        return Ok(Err(format!("facets are {rows:?} and should be {facets:?}")));
    }
    let mut sums: HashMap<i64, i64> = HashMap::new();
    for (_, number) in &facets {
        *sums.entry(*number).or_default() += 1;
    }
    let counted: HashMap<i64, i64> =
        facets::counts(conn)?.into_iter().map(|(facets, users)| (facets.0, users)).collect();
    if counted != sums {
        return Ok(Err(format!("counted {counted:?} and should have {sums:?}")));
    }
    let wanted: BTreeSet<(i64, i64)> = wanted
        .iter()
        .flat_map(|(_, entry)| entry.terms.iter().map(|term| (entry.seq, *term)).collect::<Vec<_>>())
        .collect();
    let mut told = recent::all(conn)?;
    told.extend(stretches::contents(conn)?);
    let doubled = told.len();
    let told: BTreeSet<(i64, i64)> = told.into_iter().collect();
    Ok(if told == wanted && told.len() == doubled {
        Ok(())
    } else {
        let (over, missing) = (told.difference(&wanted).count(), wanted.difference(&told).count());
        Err(format!("{over} too many, {missing} missing, {} twice", doubled - told.len()))
    })
}
