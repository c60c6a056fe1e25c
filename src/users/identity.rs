//! Linked accounts and their queries.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamp};

use super::search::indexed;
use super::user::Standing;
use super::user::User;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::UserId;
use crate::db::prepared;
use crate::db::schema::identities;
use crate::db::schema::users;
use crate::error::AppResult;
use crate::outbox::Keepsake;

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
    /// The provider's tokens, sealed, where ending the link needs them.
    pub tokens_sealed: Option<String>,
    /// Since when its provider does not list it, although nothing said that the link has ended.
    pub vanished_at: Option<Moment>,
    /// Until when those tokens work, where that is known to end.
    pub tokens_until: Option<Moment>,
    /// What the person has agreed to there, by the provider's names, with blanks between; `None` when it never told.
    pub granted: Option<String>,
    /// Since when the provider tells just that.
    pub granted_at: Option<Moment>,
}

impl Identity {
    /// The items the person has agreed to there. `None` when the provider never told.
    pub fn consents(&self) -> Option<impl Iterator<Item = &str>> {
        Some(self.granted.as_deref()?.split_ascii_whitespace())
    }

    /// What is kept for ending the link at the provider.
    #[must_use]
    pub fn keepsake(&self) -> Option<Keepsake> {
        Some(Keepsake { sealed: self.tokens_sealed.clone()?, until: self.tokens_until })
    }
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
    /// The token that ending the link will need ([`crate::outbox::Post::keep`]).
    pub kept: Option<Keepsake>,
    /// What the person has agreed to there.
    pub granted: Option<String>,
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

/// The same with the person it belongs to.
///
/// # Errors
/// When the database fails.
pub fn find_known(conn: &mut Conn, provider: &str, subject: &str) -> AppResult<Option<(Identity, User)>> {
    Ok(identities::table
        .inner_join(users::table)
        .filter(identities::provider.eq(provider))
        .filter(identities::subject.eq(subject))
        .filter(identities::unlinked_at.is_null())
        .select((Identity::as_select(), User::as_select()))
        .first(conn)
        .optional()?)
}

/// The linked identity of somebody who may come in that has this e-mail, vouched for; of several the one used last.
///
/// # Errors
/// When the database fails.
pub fn find_by_verified_email(conn: &mut Conn, address: &str) -> AppResult<Option<Identity>> {
    let Some(key) = email_key(address) else { return Ok(None) };
    Ok(identities::table
        .inner_join(users::table)
        .filter(identities::email_key.eq(key))
        .filter(identities::email_verified.eq(true))
        .filter(identities::unlinked_at.is_null())
        .filter(users::standing.eq(Standing::Active.as_str()))
        .order(identities::last_login_at.desc())
        .select(Identity::as_select())
        .first(conn)
        .optional()?)
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

/// Nickname and picture of the identity used last.
pub(super) fn latest_looks(conn: &mut Conn, user: &UserId) -> AppResult<(Option<String>, Option<String>)> {
    let latest: Option<(Option<String>, Option<String>)> = identities::table
        .filter(identities::user_id.eq(user))
        .filter(identities::unlinked_at.is_null())
        .order(identities::last_login_at.desc())
        .select((identities::nickname, identities::picture))
        .first(conn)
        .optional()?;
    Ok(latest.unwrap_or_default())
}

/// Links an account. A second one of the same subject meets the unique index.
///
/// # Errors
/// When the database fails.
pub fn insert_identity(conn: &mut Conn, new: &NewIdentity<'_>, now: Moment) -> AppResult<IdentityId> {
    let id = IdentityId::new();
    let row = (
        identities::id.eq(&id),
        identities::user_id.eq(new.user_id),
        identities::provider.eq(new.provider),
        identities::subject.eq(new.subject),
        identities::linked_at.eq(now),
        identities::last_login_at.eq(now),
    );
    indexed(conn, new.user_id, |conn| Ok(diesel::insert_into(identities::table).values(row).execute(conn)?))?;
    Ok(id)
}

/// Brings an identity up to date with what its provider just said.
///
/// # Errors
/// When the database fails.
pub fn refresh_identity(conn: &mut Conn, id: &IdentityId, fresh: &IdentityFresh, now: Moment) -> AppResult<()> {
    let identity = identities::table.find(id).select(Identity::as_select()).first(conn)?;
    refresh_known(conn, &identity, fresh, now)
}

/// The same where the row was read in this transaction.
///
/// # Errors
/// When the database fails.
pub fn refresh_known(conn: &mut Conn, identity: &Identity, fresh: &IdentityFresh, now: Moment) -> AppResult<()> {
    let other =
        |email: &(String, bool)| identity.email.as_ref() != Some(&email.0) || identity.email_verified != email.1;
    // A login that brings no other e-mail leaves the search index alone.
    if fresh.email.as_ref().is_some_and(other) {
        return indexed(conn, &identity.user_id, |conn| refresh(conn, &identity.id, fresh, now));
    }
    refresh(conn, &identity.id, fresh, now)
}

fn refresh(conn: &mut Conn, id: &IdentityId, fresh: &IdentityFresh, now: Moment) -> AppResult<()> {
    let said = fresh.email.is_some();
    let (email, verified) = fresh.email.clone().map_or((None, false), |(address, verified)| (Some(address), verified));
    let key = email.as_deref().and_then(email_key);
    let (nickname, picture) = (&fresh.nickname, &fresh.picture);
    let (email, key, verified) = (&email, &key, &verified);
    let tokens = &fresh.kept.as_ref().map(|kept| kept.sealed.clone());
    let until = &fresh.kept.as_ref().and_then(|kept| kept.until);
    let granted = &fresh.granted;
    RefreshIdentity { at: &now, nickname, picture, said: &said, email, key, verified, tokens, until, granted, id }
        .execute(conn)?;
    Ok(())
}

prepared! {
    /// An e-mail that was not said leaves all three columns alone; one that was, replaces all three. Of two
    /// tokens the one that lives longer is kept, with its end; of equals the later one. What was agreed to keeps
    /// its time until it is something else.
    RefreshIdentity {
        "with fresh (said, email, email_key, verified, tokens, tokens_until, granted, told_at) as (values (" said: bool as Bool,
        ", " email: Option<String> as Nullable<Text>,
        ", " key: Option<String> as Nullable<Text>,
        ", " verified: bool as Bool,
        ", " tokens: Option<String> as Nullable<Text>,
        ", " until: Option<Moment> as Nullable<Timestamp>,
        ", " granted: Option<String> as Nullable<Text>,
        ", " at: Moment as Timestamp,
        ")) update identities set last_login_at = fresh.told_at, granted_at = case when fresh.granted is null \
         or fresh.granted = identities.granted then identities.granted_at else fresh.told_at end, \
         granted = coalesce(fresh.granted, identities.granted), nickname = coalesce(" nickname: Option<String> as Nullable<Text>,
        ", nickname), picture = coalesce(" picture: Option<String> as Nullable<Text>,
        ", picture), tokens_until = case when fresh.tokens is null or (identities.tokens_sealed is not null and \
         fresh.tokens_until is not null and coalesce(identities.tokens_until > fresh.tokens_until, true)) \
         then identities.tokens_until else fresh.tokens_until end, \
         tokens_sealed = case when fresh.tokens is null or (identities.tokens_sealed is not null and \
         fresh.tokens_until is not null and coalesce(identities.tokens_until > fresh.tokens_until, true)) \
         then identities.tokens_sealed else fresh.tokens end, \
         email = case when fresh.said then fresh.email else identities.email end, \
         email_key = case when fresh.said then fresh.email_key else identities.email_key end, \
         email_verified = case when fresh.said then fresh.verified else identities.email_verified end \
         from fresh where id = " id: IdentityId as Text,
    }
}
