//! What the index knows of a person, read from the tables.

use std::collections::BTreeSet;
use std::collections::HashMap;

use diesel::prelude::*;

use super::numbers::number;
use super::terms;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::db::schema::users;
use crate::error::AppError;
use crate::error::AppResult;
use crate::users::facets;
use crate::users::facets::{EmailState, Facets};
use crate::users::role::Role;
use crate::users::user::Standing;

/// What the index knows of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) facets: i64,
    /// As numbers.
    pub(crate) terms: BTreeSet<i64>,
}

/// A person's row, as far as it is indexed.
#[derive(Queryable)]
struct Row {
    id: UserId,
    seq: i64,
    name: Option<String>,
    role: String,
    standing: String,
    facets: i64,
}

/// A linked account, as far as it is indexed.
#[derive(Queryable)]
struct Account {
    user: UserId,
    provider: String,
    email: Option<String>,
    verified: bool,
}

/// What the tables say of these people, in the order of sign-up, and whether the index has them.
pub(super) fn entries(conn: &mut Conn, ids: &[UserId]) -> AppResult<Vec<(bool, Entry)>> {
    let rows: Vec<Row> = users::table
        .filter(users::id.eq_any(ids))
        .order(users::seq)
        .select((users::id, users::seq, users::name, users::role, users::standing, users::facets))
        .load(conn)?;
    let linked: Vec<Account> = identities::table
        .filter(identities::user_id.eq_any(ids))
        .filter(identities::unlinked_at.is_null())
        .select((identities::user_id, identities::provider, identities::email, identities::email_verified))
        .load(conn)?;
    let mut accounts: HashMap<UserId, Vec<Account>> = HashMap::new();
    for account in linked {
        accounts.entry(account.user.clone()).or_default().push(account);
    }
    rows.into_iter()
        .map(|row| {
            let accounts = accounts.remove(&row.id).unwrap_or_default();
            Ok((row.facets != 0, entry(conn, &row, accounts)?))
        })
        .collect()
}

fn entry(conn: &mut Conn, row: &Row, accounts: Vec<Account>) -> AppResult<Entry> {
    let mut providers = 0;
    let mut best = EmailState::None;
    let mut emails = Vec::new();
    for account in accounts {
        providers |= facets::provider_bit(conn, &account.provider)?;
        if let Some(email) = account.email {
            best = best.max(if account.verified { EmailState::Verified } else { EmailState::Unverified });
            emails.push(email);
        }
    }
    let facets = Facets::new(Standing::parse(&row.standing), Role::parse(&row.role), best, providers);
    Ok(assemble(row.seq, facets, row.name.as_deref(), &emails))
}

fn assemble(seq: i64, facets: Facets, name: Option<&str>, emails: &[String]) -> Entry {
    let mut terms = terms::of_person(name, emails);
    terms.extend(facets.terms());
    let terms = terms.iter().map(|term| number(term)).collect();
    Entry { seq, facets: facets.0, terms }
}

/// Somebody made up, for the seed, which writes many at once.
#[derive(Clone, Debug)]
pub(crate) struct Synthetic<'a> {
    pub(crate) seq: i64,
    pub(crate) name: Option<&'a str>,
    pub(crate) standing: Standing,
    pub(crate) emails: Vec<String>,
    pub(crate) verified: bool,
    pub(crate) providers: Vec<&'a str>,
}

/// What the index will know of them.
///
/// # Errors
/// When a provider is none of those whose bits are known without asking the database.
pub(crate) fn synthetic(person: &Synthetic<'_>) -> AppResult<Entry> {
    let mut providers = 0;
    for slug in &person.providers {
        providers |= facets::known_provider(slug).ok_or_else(|| AppError::internal("a made-up provider"))?;
    }
    let email = match (person.emails.is_empty(), person.verified) {
        (true, _) => EmailState::None,
        (false, false) => EmailState::Unverified,
        (false, true) => EmailState::Verified,
    };
    let facets = Facets::new(person.standing, Role::User, email, providers);
    Ok(assemble(person.seq, facets, person.name, &person.emails))
}
