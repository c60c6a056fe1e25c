//! Letting somebody in: the person's row, their linked account, and a session in place of this browser's older one.

use super::complete::{Completed, Known, Proved, Settings};
use super::new_device;
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::SessionId;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox::Event;
use crate::outbox::Keepsake;
use crate::outbox::Post;
use crate::providers::Profile;
use crate::providers::Trust;
use crate::tokens;
use crate::tokens::NewSession;
use crate::tokens::Subject;
use crate::users;
use crate::users::Identity;
use crate::users::IdentityFresh;
use crate::users::NewIdentity;
use crate::users::Role;
use crate::users::Standing;
use crate::users::User;

/// An account at a provider, as the proof has it.
pub(super) struct Account<'a> {
    pub(super) provider: &'a str,
    pub(super) profile: &'a Profile,
    /// The token that ending the link will need.
    pub(super) kept: Option<&'a Keepsake>,
    /// What the person has agreed to there.
    pub(super) granted: Option<&'a str>,
}

impl Account<'_> {
    /// What it says of itself now.
    pub(super) fn fresh(&self) -> IdentityFresh {
        let profile = self.profile;
        let email = profile.email.as_ref().map(|email| (email.address.clone(), email.trust == Trust::Verified));
        IdentityFresh {
            nickname: profile.name.clone(),
            picture: profile.picture.clone(),
            email,
            kept: self.kept.cloned(),
            granted: self.granted.map(str::to_owned),
        }
    }
}

/// Somebody who was here before.
pub(super) fn again(
    conn: &mut Conn,
    proved: &Proved,
    settings: &Settings,
    (identity, user): &Known,
) -> AppResult<Completed> {
    users::note_login(conn, user, &proved.fresh_user(), proved.at)?;
    if shows_something_new(proved, identity, user) {
        tokens::notice_quietly(conn, &user.id, proved.at)?;
    }
    users::refresh_known(conn, identity, &proved.fresh_identity(), proved.at)?;
    let last = user.last_login_at.unwrap_or(user.created_at);
    let alarm = tokens::was_reused_since(conn, &user.id, last)?;
    sign_in(conn, proved, settings, (user, &identity.id), ("login.ok", alarm))
}

/// Somebody new.
pub(super) fn anew(conn: &mut Conn, proved: &Proved, settings: &Settings) -> AppResult<Completed> {
    let user = users::insert_user(conn, &proved.fresh_user(), proved.at)?;
    let new = NewIdentity { user_id: &user, provider: proved.provider(), subject: proved.subject() };
    let identity = users::insert_identity(conn, &new, proved.at)?;
    tell_of_new(conn, proved, settings, (&user, &identity), Standing::Active)?;
    let row = users::find_user(conn, &user)?.ok_or_else(|| AppError::new(Kind::Internal))?;
    users::note_login(conn, &row, &proved.fresh_user(), proved.at)?;
    users::refresh_identity(conn, &identity, &proved.fresh_identity(), proved.at)?;
    let done = sign_in(conn, proved, settings, (&row, &identity), ("login.created", false))?;
    users::index_new(conn, &user)?;
    Ok(done)
}

/// One more account of somebody.
pub(super) fn attach(
    conn: &mut Conn,
    account: &Account<'_>,
    user: &UserId,
    post: &Post,
    how: &Circumstances,
) -> AppResult<IdentityId> {
    let new = NewIdentity { user_id: user, provider: account.provider, subject: &account.profile.subject };
    let identity = users::insert_identity(conn, &new, how.at)?;
    users::refresh_identity(conn, &identity, &account.fresh(), how.at)?;
    tell_of_link(conn, post, (user, &identity), account.provider, how.at)?;
    audit::record(conn, &how.clone().by(user), "identity.link", Some(user), account.provider)?;
    Ok(identity)
}

/// Somebody new who waits for an admin: everything about them is kept but a session.
pub(super) fn waiting(conn: &mut Conn, proved: &Proved, settings: &Settings) -> AppResult<UserId> {
    let user = users::insert_waiting(conn, &proved.fresh_user(), proved.at)?;
    let new = NewIdentity { user_id: &user, provider: proved.provider(), subject: proved.subject() };
    let identity = users::insert_identity(conn, &new, proved.at)?;
    users::refresh_identity(conn, &identity, &proved.fresh_identity(), proved.at)?;
    users::index_new(conn, &user)?;
    tell_of_new(conn, proved, settings, (&user, &identity), Standing::Waiting)?;
    audit::record(conn, &proved.how().by(&user), "login.waits", Some(&user), proved.provider())?;
    Ok(user)
}

/// Other programs are told of somebody new and of their account.
fn tell_of_new(
    conn: &mut Conn,
    proved: &Proved,
    settings: &Settings,
    (user, identity): (&UserId, &IdentityId),
    standing: Standing,
) -> AppResult<()> {
    settings.post.event(conn, Event::UserCreated, user, &[("standing", standing.as_str())], proved.at)?;
    tell_of_link(conn, &settings.post, (user, identity), proved.provider(), proved.at)
}

fn tell_of_link(
    conn: &mut Conn,
    post: &Post,
    (user, identity): (&UserId, &IdentityId),
    provider: &str,
    at: Moment,
) -> AppResult<()> {
    let which = [("identity_id", identity.as_str()), ("provider", provider)];
    post.event(conn, Event::IdentityLinked, user, &which, at)
}

fn sign_in(
    conn: &mut Conn,
    proved: &Proved,
    settings: &Settings,
    (user, identity): (&User, &IdentityId),
    (action, alarm): (&str, bool),
) -> AppResult<Completed> {
    let how = proved.how().by(&user.id);
    let promoted = promote_once(conn, proved, settings, &user.id)?;
    let replaced = match &proved.arrival.replaces {
        Some(old) => replace(conn, old, &how)?,
        None => None,
    };
    let new_device = settings.post.wants_events() && new_device::is_new(conn, user, &proved.arrival.user_agent)?;
    let new = NewSession {
        user_id: user.id.clone(),
        identity_id: identity.clone(),
        provider: proved.provider().to_owned(),
        attempt_id: proved.attempt.id.clone(),
        auth_time: proved.auth_time(),
        user_agent: proved.arrival.user_agent.clone(),
        address: proved.arrival.address.clone(),
    };
    let session = tokens::open(conn, new, settings.lifetimes, proved.at)?;
    if new_device {
        let which = [("session_id", session.id.as_str())];
        settings.post.event(conn, Event::LoginNewDevice, &user.id, &which, proved.at)?;
    }
    audit::record(conn, &how, action, Some(&user.id), proved.provider())?;
    let subject = Subject { user_id: user.id.clone(), role: user.role.clone(), version: user.version };
    let subject = (!promoted).then_some(subject);
    Ok(Completed::SignedIn { session: Box::new(session), subject, replaced, alarm })
}

/// Whether pages of this person that are open elsewhere look different after this login.
pub(super) fn shows_something_new(proved: &Proved, identity: &Identity, user: &User) -> bool {
    let profile = &proved.proof.profile;
    let renamed = !user.name_chosen && profile.name.is_some() && profile.name != user.name;
    let email = proved.fresh_identity().email;
    let known = identity.email.as_ref().map(|address| (address.clone(), identity.email_verified));
    renamed || profile.picture.is_some() && profile.picture != user.picture || email.is_some() && email != known
}

/// An older session of this browser ends with the login that takes its place. Says whose it was.
fn replace(conn: &mut Conn, old: &SessionId, how: &Circumstances) -> AppResult<Option<UserId>> {
    let Some(session) = tokens::find(conn, old)? else { return Ok(None) };
    if !tokens::end(conn, old, "replaced", how.at)? {
        return Ok(None);
    }
    tokens::notice(conn, &session.user_id, how.at)?;
    Ok(Some(session.user_id))
}

/// `admin.identities`: each becomes admin at its next login, once; that it happened is recorded, so that a later
/// demotion stands. Says whether it did now.
fn promote_once(conn: &mut Conn, proved: &Proved, settings: &Settings, user: &UserId) -> AppResult<bool> {
    let promoted = settings.names_admin(proved) && users::claim_admin(conn, proved.provider(), proved.subject())?;
    if promoted {
        users::set_role(conn, user, Role::Admin, &proved.how())?;
    }
    Ok(promoted)
}
