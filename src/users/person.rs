//! A person as pages show them: the row and the linked accounts, read in one go.

use diesel::prelude::*;

use super::identity::Identity;
use super::role::Role;
use super::user::{Standing, User, find_user};
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::error::AppResult;

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// The shown name.
    pub name: Option<String>,
    /// Whether they chose it here.
    pub name_chosen: bool,
    /// The picture's address at the provider.
    pub picture: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether they may come in.
    pub standing: Standing,
    /// Raised by every change of role or standing.
    pub version: i64,
    /// When they signed up.
    pub created_at: Moment,
    /// Their linked accounts, the one used last first.
    pub accounts: Vec<LinkedAccount>,
}

/// A linked account.
#[derive(Clone, Debug)]
pub struct LinkedAccount {
    /// Its id here.
    pub id: IdentityId,
    /// Which provider.
    pub provider: String,
    /// The provider's nickname.
    pub nickname: Option<String>,
    /// The e-mail, and whether the provider vouches for it.
    pub email: Option<(String, bool)>,
    /// When it was linked.
    pub linked_at: Moment,
    /// When it was last used.
    pub last_login_at: Moment,
}

impl Person {
    /// The e-mail to show: a vouched one before another, the account used last first.
    #[must_use]
    pub fn email(&self) -> Option<(&str, bool)> {
        let all = || self.accounts.iter().filter_map(|account| account.email.as_ref());
        all()
            .find(|(_, verified)| *verified)
            .or_else(|| all().next())
            .map(|(address, verified)| (address.as_str(), *verified))
    }
}

/// The person with this id.
///
/// # Errors
/// When the database fails.
pub fn find_person(conn: &mut Conn, id: &UserId) -> AppResult<Option<Person>> {
    let Some(user) = find_user(conn, id)? else { return Ok(None) };
    let linked: Vec<Identity> = identities::table
        .filter(identities::user_id.eq(id))
        .filter(identities::unlinked_at.is_null())
        .order(identities::last_login_at.desc())
        .select(Identity::as_select())
        .load(conn)?;
    Ok(Some(together(user, linked)))
}

fn together(user: User, linked: Vec<Identity>) -> Person {
    let mut accounts: Vec<LinkedAccount> = linked
        .into_iter()
        .map(|identity| LinkedAccount {
            id: identity.id,
            provider: identity.provider,
            nickname: identity.nickname,
            email: identity.email.map(|address| (address, identity.email_verified)),
            linked_at: identity.linked_at,
            last_login_at: identity.last_login_at,
        })
        .collect();
    // People are remembered by the thousand, and the rows' room would be, too.
    accounts.shrink_to_fit();
    Person {
        id: user.id,
        name: user.name,
        name_chosen: user.name_chosen,
        picture: user.picture,
        role: Role::parse(&user.role),
        standing: Standing::parse(&user.standing),
        version: user.version,
        created_at: user.created_at,
        accounts,
    }
}
