//! Carrying an outcome out: one transaction, with its audit line. Nothing here talks to a provider; no connection is
//! held while one is talked to.

use super::decide::{Facts, KnownIdentity, Outcome, Purpose, Rules, decide};
use super::ending::Ending;
use super::finished::Arrival;
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::AttemptId;
use crate::db::Conn;
use crate::db::IdentityId;
use crate::db::SessionId;
use crate::db::UserId;
use crate::db::schema::claims;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::providers::Proof;
use crate::providers::Trust;
use crate::tokens;
use crate::tokens::Lifetimes;
use crate::tokens::NewSession;
use crate::tokens::Session;
use crate::users;
use crate::users::IdentityFresh;
use crate::users::NewIdentity;
use crate::users::NewUser;
use crate::users::Role;
use crate::users::Standing;

/// What the transaction needs to know besides the proof.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) rules: Rules,
    pub(super) lifetimes: Lifetimes,
    /// `(provider, subject)` pairs that become admin once.
    pub(super) admins: Vec<(String, String)>,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Completed {
    /// A session was opened, now or by the same attempt before; and whose session of this browser it replaced.
    SignedIn {
        session: Box<Session>,
        replaced: Option<UserId>,
        /// Whether a session of this person ended since their last login because its token was used twice.
        alarm: bool,
    },
    /// It ended without one.
    Ended(Ending),
}

/// A login that has been proved, ready to be written down.
#[derive(Clone, Debug)]
pub(super) struct Proved {
    pub(super) attempt: AttemptId,
    pub(super) arrival: Arrival,
    pub(super) proof: Proof,
    pub(super) at: Moment,
}

impl Proved {
    fn how(&self) -> Circumstances {
        let arrival = &self.arrival;
        Circumstances { request_id: arrival.request_id.clone(), ..Circumstances::system(self.at) }
    }

    fn fresh_user(&self) -> NewUser {
        let profile = &self.proof.profile;
        NewUser { name: profile.name.clone(), picture: profile.picture.clone() }
    }

    fn fresh_identity(&self) -> IdentityFresh {
        let profile = &self.proof.profile;
        let email = profile.email.as_ref().map(|email| (email.address.clone(), email.trust == Trust::Verified));
        IdentityFresh { nickname: profile.name.clone(), picture: profile.picture.clone(), email }
    }
}

/// Decides and writes. May run more than once; only the last run counts.
pub(super) fn complete(conn: &mut Conn, proved: &Proved, settings: &Settings) -> AppResult<Completed> {
    if let Some(before) = earlier(conn, &proved.attempt)? {
        return Ok(before);
    }
    if !realm_agrees(conn, proved)? {
        return ended(conn, proved, Ending::OperatorMustFix, None);
    }
    let provider = &proved.arrival.provider;
    let identity = users::find_identity(conn, provider, &proved.proof.profile.subject)?;
    let known = match &identity {
        Some(identity) => {
            let user = users::find_user(conn, &identity.user_id)?.ok_or_else(|| AppError::new(Kind::Internal))?;
            Some((identity, user))
        }
        None => None,
    };
    let facts = Facts {
        known: known
            .as_ref()
            .map(|(_, user)| KnownIdentity { user: user.id.clone(), standing: Standing::parse(&user.standing) }),
        email_is_somebodys: settings.rules.offer_links && email_is_somebodys(conn, proved)?,
        age: None,
    };
    let outcome = decide(&Purpose::Login, &facts, &settings.rules);
    match (&outcome, known) {
        (Outcome::SignedIn(_), Some((identity, user))) => {
            users::note_login(conn, &user, &proved.fresh_user(), proved.at)?;
            if shows_something_new(proved, identity, &user) {
                tokens::notice_quietly(conn, &user.id, proved.at)?;
            }
            let last = user.last_login_at.unwrap_or(user.created_at);
            let alarm = tokens::was_reused_since(conn, &user.id, last)?;
            sign_in(conn, proved, settings, (&user.id, &identity.id), ("login.ok", alarm))
        }
        (Outcome::Created { waits: false }, _) => {
            let user = users::insert_user(conn, &proved.fresh_user(), proved.at)?;
            let new = NewIdentity { user_id: &user, provider, subject: &proved.proof.profile.subject };
            let identity = users::insert_identity(conn, &new, proved.at)?;
            if let Some(row) = users::find_user(conn, &user)? {
                users::note_login(conn, &row, &proved.fresh_user(), proved.at)?;
            }
            sign_in(conn, proved, settings, (&user, &identity), ("login.created", false))
        }
        (outcome, known) => {
            let ending = Ending::of(outcome).unwrap_or(Ending::NotYet);
            ended(conn, proved, ending, known.map(|(_, user)| user.id).as_ref())
        }
    }
}

/// The same attempt may have been finished by another process, or before a restart.
pub(super) fn earlier(conn: &mut Conn, attempt: &AttemptId) -> AppResult<Option<Completed>> {
    use diesel::prelude::*;
    if let Some(session) = tokens::find_by_attempt(conn, attempt)? {
        return Ok(Some(Completed::SignedIn { session: Box::new(session), replaced: None, alarm: false }));
    }
    let outcome: Option<String> =
        claims::table.find(attempt.as_str()).select(claims::outcome).first(conn).optional()?;
    Ok(outcome.map(|code| Completed::Ended(Ending::parse(&code).unwrap_or(Ending::Used))))
}

/// Subjects mean something only within their realm. The first login of a provider teaches it; a login in another one
/// would hand people the accounts of strangers with the same number, so it is refused until an operator rebinds.
fn realm_agrees(conn: &mut Conn, proved: &Proved) -> AppResult<bool> {
    let Some(realm) = &proved.proof.realm else { return Ok(true) };
    let provider = &proved.arrival.provider;
    match users::realm(conn, provider)? {
        Some(bound) if bound == *realm => Ok(true),
        Some(_) => {
            tracing::error!(
                provider,
                "login refused: this database's people belong to another app of this provider; \
                configure that app again, or accept the new one with `fiiiiilm provider rebind {provider}`"
            );
            Ok(false)
        }
        None => {
            users::set_realm(conn, provider, realm)?;
            Ok(true)
        }
    }
}

fn email_is_somebodys(conn: &mut Conn, proved: &Proved) -> AppResult<bool> {
    match &proved.proof.profile.email {
        Some(email) if email.trust == Trust::Verified => users::has_verified_email(conn, &email.address),
        Some(_) | None => Ok(false),
    }
}

fn sign_in(
    conn: &mut Conn,
    proved: &Proved,
    settings: &Settings,
    (user, identity): (&UserId, &IdentityId),
    (action, alarm): (&str, bool),
) -> AppResult<Completed> {
    users::refresh_identity(conn, identity, &proved.fresh_identity(), proved.at)?;
    let how = proved.how().by(user);
    promote_once(conn, proved, settings, user)?;
    let replaced = match &proved.arrival.replaces {
        Some(old) => replace(conn, old, &how)?,
        None => None,
    };
    let new = NewSession {
        user_id: user.clone(),
        identity_id: identity.clone(),
        provider: proved.arrival.provider.clone(),
        attempt_id: proved.attempt.clone(),
        auth_time: proved.proof.auth_time.unwrap_or(proved.at),
        user_agent: proved.arrival.user_agent.clone(),
        address: proved.arrival.address.clone(),
    };
    let session = tokens::open(conn, new, settings.lifetimes, proved.at)?;
    audit::record(conn, &how, action, Some(user), &proved.arrival.provider)?;
    Ok(Completed::SignedIn { session: Box::new(session), replaced, alarm })
}

/// Whether pages of this person that are open elsewhere look different after this login.
fn shows_something_new(proved: &Proved, identity: &users::Identity, user: &users::User) -> bool {
    let profile = &proved.proof.profile;
    let renamed = !user.name_chosen && profile.name.is_some() && profile.name != user.name;
    let email = profile.email.as_ref().map(|email| (&email.address, email.trust == Trust::Verified));
    let known = identity.email.as_ref().map(|address| (address, identity.email_verified));
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
/// demotion stands.
fn promote_once(conn: &mut Conn, proved: &Proved, settings: &Settings, user: &UserId) -> AppResult<()> {
    let (provider, subject) = (&proved.arrival.provider, &proved.proof.profile.subject);
    let named = settings.admins.iter().any(|(p, s)| p == provider && s == subject);
    if named && users::claim_admin(conn, provider, subject)? {
        users::set_role(conn, user, Role::Admin, &proved.how())?;
    }
    Ok(())
}

fn ended(conn: &mut Conn, proved: &Proved, ending: Ending, user: Option<&UserId>) -> AppResult<Completed> {
    use diesel::prelude::*;
    audit::record(conn, &proved.how(), "login.refused", user, ending.code())?;
    diesel::insert_into(claims::table)
        .values((
            claims::attempt_id.eq(proved.attempt.as_str()),
            claims::outcome.eq(ending.code()),
            claims::claimed_at.eq(proved.at),
        ))
        .execute(conn)?;
    Ok(Completed::Ended(ending))
}

/// Deletes claims older than a moment.
pub(super) fn sweep_claims(conn: &mut Conn, before: Moment) -> AppResult<usize> {
    use diesel::prelude::*;
    Ok(diesel::delete(claims::table.filter(claims::claimed_at.lt(before))).execute(conn)?)
}
