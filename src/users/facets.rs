//! What lists filter by, as one number for each person: standing, role, e-mail state, providers. Few different numbers
//! occur (a hundred or so), so any filter is a handful of them, and an index that begins with the number walks any filter
//! in any order, however rare what it asks for is. 0 is nobody's: such a row is not in the search index yet.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::role::Role;
use super::user::Standing;
use crate::db::Conn;
use crate::db::kept;
use crate::db::schema::installation;
use crate::db::schema::user_facets;
use crate::error::AppResult;

/// The best of a person's e-mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EmailState {
    /// There is none.
    None,
    /// No provider vouches for one.
    Unverified,
    /// A provider vouches for one.
    Verified,
}

/// Standing in bits 0 to 2, the role in bit 3, the e-mail's state in bits 4 and 5, a bit for each provider from 8 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Facets(pub(super) i64);

const STANDINGS: [Standing; 5] =
    [Standing::Waiting, Standing::Active, Standing::Banned, Standing::Closed, Standing::Erased];
const EMAILS: [EmailState; 3] = [EmailState::None, EmailState::Unverified, EmailState::Verified];
const FIRST_PROVIDER: u32 = 8;
const LAST_BIT: u32 = 62;

/// These have their bits for ever; others get one when they come.
const KNOWN: [&str; 6] = ["kakao", "naver", "google", "github", "apple", "line"];

impl Facets {
    pub(super) fn new(standing: Standing, role: Role, email: EmailState, providers: i64) -> Self {
        let place = |at: Option<usize>| at.and_then(|at| i64::try_from(at).ok()).unwrap_or(0);
        let standing = 1 + place(STANDINGS.iter().position(|known| *known == standing));
        let email = place(EMAILS.iter().position(|known| *known == email));
        Self(standing | i64::from(role == Role::Admin) << 3 | email << 4 | providers)
    }

    pub(super) fn standing(self) -> Option<Standing> {
        usize::try_from((self.0 & 7) - 1).ok().and_then(|at| STANDINGS.get(at).copied())
    }

    pub(super) fn role(self) -> Role {
        if self.0 & 8 == 0 { Role::User } else { Role::Admin }
    }

    pub(super) fn email(self) -> EmailState {
        usize::try_from(self.0 >> 4 & 3).ok().and_then(|at| EMAILS.get(at).copied()).unwrap_or(EmailState::None)
    }

    /// Whether somebody has an account at the provider of this bit.
    pub(super) fn has(self, provider: i64) -> bool {
        self.0 & provider != 0
    }

    /// The terms by which a search is narrowed to one value of each: no text folds to such a sign in front.
    pub(super) fn terms(self) -> Vec<String> {
        let mut terms = vec![
            self.standing().map_or_else(String::new, standing_term),
            role_term(self.role()),
            email_term(self.email()),
        ];
        terms.extend((FIRST_PROVIDER..=LAST_BIT).filter(|bit| self.has(1 << bit)).map(|bit| provider_term(1 << bit)));
        terms
    }
}

/// As [`Facets::terms`] has it.
pub(super) fn standing_term(standing: Standing) -> String {
    format!("＃s{}", standing.as_str())
}

/// As [`Facets::terms`] has it.
pub(super) fn role_term(role: Role) -> String {
    format!("＃r{}", role.as_str())
}

/// As [`Facets::terms`] has it.
pub(super) fn email_term(email: EmailState) -> String {
    format!("＃e{}", email as u8)
}

/// As [`Facets::terms`] has it.
pub(super) fn provider_term(bit: i64) -> String {
    format!("＃p{}", bit.trailing_zeros())
}

/// The bit of a provider that has it for ever.
pub(super) fn known_provider(slug: &str) -> Option<i64> {
    KNOWN.iter().position(|known| *known == slug).map(|at| 1 << (FIRST_PROVIDER as usize + at))
}

/// The bit of a provider, if anybody has an account there.
///
/// # Errors
/// When the database fails.
pub(super) fn find_provider(conn: &mut Conn, slug: &str) -> AppResult<Option<i64>> {
    if let Some(bit) = known_provider(slug) {
        return Ok(Some(bit));
    }
    let bit: Option<String> =
        installation::table.find(named(slug)).select(installation::value).first(conn).optional()?;
    Ok(bit.and_then(|bit| bit.parse::<u32>().ok()).map(|bit| 1 << bit.min(LAST_BIT)))
}

/// The bit of a provider; a new one gets the next. Those beyond the last share it.
pub(super) fn provider_bit(conn: &mut Conn, slug: &str) -> AppResult<i64> {
    if let Some(bit) = find_provider(conn, slug)? {
        return Ok(bit);
    }
    let before: i64 = installation::table.filter(installation::name.like("facet:%")).count().get_result(conn)?;
    let own = FIRST_PROVIDER + u32::try_from(KNOWN.len()).unwrap_or(0) + u32::try_from(before).unwrap_or(LAST_BIT);
    let own = own.min(LAST_BIT);
    diesel::insert_into(installation::table)
        .values((installation::name.eq(named(slug)), installation::value.eq(own.to_string())))
        .execute(conn)?;
    Ok(1 << own)
}

fn named(slug: &str) -> String {
    format!("facet:{slug}")
}

/// Rows among which the count of one number is spread.
const SLOTS: u64 = 8;

/// Counts somebody in (1) or out (-1). `seq` only spreads them.
pub(super) fn count(conn: &mut Conn, facets: Facets, seq: i64, by: i64) -> AppResult<()> {
    let slot = i64::try_from(seq.unsigned_abs() % SLOTS).unwrap_or(0);
    let row = user_facets::table.find((facets.0, slot));
    let updated = diesel::update(row).set(user_facets::users.eq(user_facets::users + by)).execute(conn)?;
    if updated == 0 {
        let new = (user_facets::facets.eq(facets.0), user_facets::slot.eq(slot), user_facets::users.eq(by));
        diesel::insert_into(user_facets::table).values(new).execute(conn)?;
    }
    Ok(())
}

/// All numbers that occur, with how many people have each.
///
/// # Errors
/// When the database fails.
pub(super) fn counts(conn: &mut Conn) -> AppResult<Vec<(Facets, i64)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        facets: i64,
        #[diesel(sql_type = BigInt)]
        people: i64,
    }
    let rows: Vec<Row> = kept(
        "select facets, cast(sum(users) as bigint) as people from user_facets group by facets having sum(users) > 0 \
         order by facets",
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|row| (Facets(row.facets), row.people)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_says_what_was_put_into_it() {
        for standing in STANDINGS {
            for role in [Role::User, Role::Admin] {
                for email in EMAILS {
                    let facets = Facets::new(standing, role, email, 1 << 8 | 1 << 62);
                    assert_eq!((facets.standing(), facets.role(), facets.email()), (Some(standing), role, email));
                    assert!(facets.has(1 << 8) && facets.has(1 << 62) && !facets.has(1 << 9));
                    assert!(facets.0 > 0);
                    let terms =
                        [standing_term(standing), role_term(role), email_term(email), "＃p8".into(), "＃p62".into()];
                    assert_eq!(facets.terms(), terms);
                }
            }
        }
    }
}
