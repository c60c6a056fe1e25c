//! Linked accounts and their queries.

use diesel::prelude::*;

use crate::clock::Moment;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::error::AppResult;

/// A linked account's row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = identities)]
pub struct Identity {
    /// Its id here.
    pub id: IdentityId,
    /// Whose.
    pub user_id: UserId,
    /// Which provider.
    pub provider: String,
    /// Who that is there.
    pub subject: String,
    /// The provider's nickname.
    pub nickname: Option<String>,
    /// The e-mail as the provider writes it.
    pub email: Option<String>,
    /// Whether the provider vouches for it.
    pub email_verified: bool,
    /// When it was linked.
    pub linked_at: Moment,
    /// When it was last used.
    pub last_login_at: Moment,
}

/// What a login says about an identity. What is `None` was not said, and leaves what is stored alone.
#[derive(Clone, Debug, Default)]
pub struct IdentityFresh {
    /// Nickname.
    pub nickname: Option<String>,
    /// Picture.
    pub picture: Option<String>,
    /// E-mail, and whether the provider vouches for it.
    pub email: Option<(String, bool)>,
}

/// An account to link.
#[derive(Clone, Debug)]
pub struct NewIdentity<'a> {
    /// To whom.
    pub user_id: &'a UserId,
    /// Which provider.
    pub provider: &'a str,
    /// Who that is there.
    pub subject: &'a str,
}

/// The form in which e-mails are compared: one place, so that both databases compare the same bytes. Only ASCII
/// addresses are stored, and only ASCII letters are folded: no look-alike ever folds into another one.
#[must_use]
pub(super) fn email_key(address: &str) -> Option<String> {
    let address = address.trim();
    address.is_ascii().then(|| address.to_ascii_lowercase())
}

/// The linked identity of this subject.
///
/// # Errors
/// When the database fails.
pub fn find_identity(conn: &mut Conn, provider: &str, subject: &str) -> AppResult<Option<Identity>> {
    Ok(identities::table
        .filter(identities::provider.eq(provider))
        .filter(identities::subject.eq(subject))
        .filter(identities::unlinked_at.is_null())
        .select(Identity::as_select())
        .first(conn)
        .optional()?)
}

/// Whether somebody's linked identity has this e-mail, vouched for.
///
/// # Errors
/// When the database fails.
pub fn has_verified_email(conn: &mut Conn, address: &str) -> AppResult<bool> {
    let Some(key) = email_key(address) else { return Ok(false) };
    let found = identities::table
        .filter(identities::email_key.eq(key))
        .filter(identities::email_verified.eq(true))
        .filter(identities::unlinked_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// The nickname of the identity used last.
///
/// # Errors
/// When the database fails.
pub(super) fn latest_nickname(conn: &mut Conn, user: &UserId) -> AppResult<Option<String>> {
    let latest: Option<Option<String>> = identities::table
        .filter(identities::user_id.eq(user))
        .filter(identities::unlinked_at.is_null())
        .order(identities::last_login_at.desc())
        .select(identities::nickname)
        .first(conn)
        .optional()?;
    Ok(latest.flatten())
}

/// Links an account. A second one of the same subject meets the unique index.
///
/// # Errors
/// When the database fails.
pub fn insert_identity(conn: &mut Conn, new: &NewIdentity<'_>, now: Moment) -> AppResult<IdentityId> {
    let id = IdentityId::new();
    diesel::insert_into(identities::table)
        .values((
            identities::id.eq(&id),
            identities::user_id.eq(new.user_id),
            identities::provider.eq(new.provider),
            identities::subject.eq(new.subject),
            identities::linked_at.eq(now),
            identities::last_login_at.eq(now),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Brings an identity up to date with what its provider just said.
///
/// # Errors
/// When the database fails.
pub fn refresh_identity(conn: &mut Conn, id: &IdentityId, fresh: &IdentityFresh, now: Moment) -> AppResult<()> {
    let email = fresh.email.as_ref().map(|(address, verified)| {
        (
            identities::email.eq(Some(address)),
            identities::email_key.eq(email_key(address)),
            identities::email_verified.eq(*verified),
        )
    });
    let changes = (
        identities::last_login_at.eq(now),
        fresh.nickname.as_ref().map(|nickname| identities::nickname.eq(Some(nickname))),
        fresh.picture.as_ref().map(|picture| identities::picture.eq(Some(picture))),
        email,
    );
    diesel::update(identities::table.find(id)).set(changes).execute(conn)?;
    Ok(())
}
