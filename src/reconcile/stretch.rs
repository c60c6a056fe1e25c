//! Who is linked here, set against the list: a stretch at a time, in the order of an index, so that neither memory nor a
//! statement grows with the number of people.

use diesel::prelude::*;

use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::db::schema::listed_subjects;
use crate::db::schema::users;
use crate::error::AppResult;

/// Accounts looked at by one statement.
const STRETCH: i64 = 500;

#[derive(Queryable)]
struct Row {
    subject: String,
    user: UserId,
    last_login_at: Moment,
    vanished_at: Option<Moment>,
    standing: String,
    listed: Option<i64>,
}

/// Somebody who is not on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    /// Their number at the provider.
    pub(super) number: i64,
    /// Who they are here.
    pub(super) user: UserId,
}

/// What a stretch came to.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// The last account in it; `None` when there was none any more.
    pub(super) last: Option<String>,
    /// Accounts that count.
    pub(super) linked: u64,
    pub(super) missing: Vec<Missing>,
    /// Marked before, and on the list.
    pub(super) returned: Vec<i64>,
}

/// The accounts after one of them which were linked before the list was begun.
pub(super) fn stretch(conn: &mut Conn, provider: &str, run: i64, began: Moment, after: &str) -> AppResult<Stretch> {
    let on_list = listed_subjects::subject.eq(identities::subject).and(listed_subjects::run.eq(run));
    let rows: Vec<Row> = identities::table
        .inner_join(users::table)
        .left_join(listed_subjects::table.on(on_list))
        .filter(identities::provider.eq(provider))
        .filter(identities::unlinked_at.is_null())
        .filter(identities::subject.gt(after))
        .order(identities::subject)
        .limit(STRETCH)
        .select((
            identities::subject,
            identities::user_id,
            identities::last_login_at,
            identities::vanished_at,
            users::standing,
            listed_subjects::run.nullable(),
        ))
        .load(conn)?;
    let mut found = Stretch { last: rows.last().map(|row| row.subject.clone()), ..Stretch::default() };
    for row in rows {
        sort(row, began, &mut found);
    }
    Ok(found)
}

/// Whoever is closed goes by their own time; synthetic people have no number.
fn sort(row: Row, began: Moment, into: &mut Stretch) {
    let Some(number) = row.subject.parse().ok().filter(|number: &i64| number.to_string() == row.subject) else {
        return;
    };
    match (row.listed, row.vanished_at) {
        (Some(_), Some(_)) => into.returned.push(number),
        (None, Some(_)) => {}
        _ if row.standing == "closed" => {}
        (Some(_), None) => into.linked += 1,
        (None, None) => {
            into.linked += 1;
            // A login since then proved the link.
            if row.last_login_at < began {
                into.missing.push(Missing { number, user: row.user });
            }
        }
    }
}
