//! Ending the link with an account.

use diesel::prelude::*;

use super::identity::Identity;
use super::installation::note_erasure;
use super::search::indexed;
use super::user::{find_user, show_what_is_left};
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::db::schema::listed_subjects;
use crate::db::schema::reconciliations;
use crate::db::schema::users;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox::Event;
use crate::outbox::Post;
use crate::tokens;

/// Whether the provider will be told of the end of a link, or only the person can end it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlinked {
    /// The provider.
    pub provider: String,
    /// Whether it is told.
    pub told: bool,
}

/// One of this person's linked accounts.
///
/// # Errors
/// `NotFound` for one that is somebody else's or nobody's, all alike.
pub fn own_identity(conn: &mut Conn, user: &UserId, id: &IdentityId) -> AppResult<Identity> {
    let found: Option<Identity> = identities::table
        .find(id)
        .filter(identities::user_id.eq(user))
        .filter(identities::unlinked_at.is_null())
        .select(Identity::as_select())
        .first(conn)
        .optional()?;
    found.ok_or_else(|| AppError::new(Kind::NotFound))
}

/// All linked accounts of a person, oldest first.
///
/// # Errors
/// When the database fails.
pub fn identities_of(conn: &mut Conn, user: &UserId) -> AppResult<Vec<Identity>> {
    Ok(identities::table
        .filter(identities::user_id.eq(user))
        .filter(identities::unlinked_at.is_null())
        .order((identities::linked_at, identities::id))
        .select(Identity::as_select())
        .load(conn)?)
}

/// Ends the link with one of a person's accounts, and the sessions that were begun with it; its provider is told.
///
/// # Errors
/// `NotFound` for a link that is not theirs, `Conflict` (`last_identity`) for the only way in.
pub fn unlink(
    conn: &mut Conn,
    user: &UserId,
    id: &IdentityId,
    post: &Post,
    how: &Circumstances,
) -> AppResult<Unlinked> {
    lock(conn, user)?;
    let identity = own_identity(conn, user, id)?;
    if identities_of(conn, user)?.len() <= 1 {
        return Err(AppError::with_code(Kind::Conflict, "last_identity"));
    }
    let told = tell(conn, &identity, post, how)?;
    remove(conn, &identity, post, how)?;
    audit::record(conn, how, "identity.unlink", Some(user), &identity.provider)?;
    Ok(Unlinked { provider: identity.provider, told })
}

/// Two links of one person that are ended at the same instant would each see the other still there. Touching the person's
/// row makes such transactions wait for each other on PostgreSQL; on SQLite all writes do.
pub(super) fn lock(conn: &mut Conn, user: &UserId) -> AppResult<()> {
    diesel::update(users::table.find(user)).set(users::seq.eq(users::seq)).execute(conn)?;
    Ok(())
}

/// Has the provider told, in this transaction, that a link is over. False where it cannot be told from here, and of
/// somebody made up, whom it does not know.
pub(super) fn tell(conn: &mut Conn, identity: &Identity, post: &Post, how: &Circumstances) -> AppResult<bool> {
    if identity.is_synthetic() {
        return Ok(false);
    }
    let whose = (identity.provider.as_str(), identity.subject.as_str());
    post.unlink(conn, &identity.user_id, whose, identity.keepsake().as_ref(), how.at)
}

/// Erases at most so many of the providers' tokens that work no more; returns how many.
///
/// # Errors
/// When the database fails.
pub fn drop_dead_tokens(conn: &mut Conn, now: Moment, limit: i64) -> AppResult<usize> {
    let dead: Vec<IdentityId> = identities::table
        .filter(identities::tokens_until.le(now))
        .order(identities::tokens_until)
        .limit(limit)
        .select(identities::id)
        .load(conn)?;
    let nothing = (identities::tokens_sealed.eq(None::<String>), identities::tokens_until.eq(None::<Moment>));
    Ok(diesel::update(identities::table.filter(identities::id.eq_any(dead))).set(nothing).execute(conn)?)
}

/// Other programs are told that a link is over.
pub(super) fn report(conn: &mut Conn, identity: &Identity, post: &Post, how: &Circumstances) -> AppResult<()> {
    let which = [("identity_id", identity.id.as_str()), ("provider", identity.provider.as_str())];
    post.event(conn, Event::IdentityUnlinked, &identity.user_id, &which, how.at)
}

/// What the comparison under way, or put off, has read of the provider's list holds the number too.
pub(super) fn forget_listed(conn: &mut Conn, identity: &Identity) -> AppResult<()> {
    let run: Option<i64> =
        reconciliations::table.find(&identity.provider).select(reconciliations::run).first(conn).optional()?;
    let Some(run) = run else { return Ok(()) };
    diesel::delete(listed_subjects::table.find((run, &identity.subject))).execute(conn)?;
    Ok(())
}

/// Removes a link with everything its provider said, and the sessions begun with it.
pub(super) fn remove(conn: &mut Conn, identity: &Identity, post: &Post, how: &Circumstances) -> AppResult<()> {
    indexed(conn, &identity.user_id, |conn| {
        diesel::delete(identities::table.find(&identity.id)).execute(conn)?;
        match find_user(conn, &identity.user_id)? {
            Some(user) => show_what_is_left(conn, &user),
            None => Ok(()),
        }
    })?;
    forget_listed(conn, identity)?;
    note_erasure(conn, how.at)?;
    report(conn, identity, post, how)?;
    tokens::notice(conn, &identity.user_id, how.at)
}
