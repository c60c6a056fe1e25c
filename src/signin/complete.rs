//! Carrying an outcome out: one transaction, with its audit line. Nothing here talks to a provider; no connection is
//! held while one is talked to.

use super::admit;
use super::attempt::Attempt;
use super::confirm;
use super::decide::{Facts, KnownIdentity, Outcome, Rules, decide};
use super::ending::Ending;
use super::finished::Arrival;
use super::used;
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::AttemptId;
use crate::db::Conn;
use crate::db::SessionId;
use crate::db::UserId;
use crate::db::schema::claims;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::providers::Once;
use crate::providers::Proof;
use crate::providers::Trust;
use crate::tokens;
use crate::tokens::Lifetimes;
use crate::tokens::Session;
use crate::users;
use crate::users::Identity;
use crate::users::IdentityFresh;
use crate::users::NewUser;
use crate::users::Standing;
use crate::users::User;

/// What the transaction needs to know besides the proof.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) rules: Rules,
    pub(super) lifetimes: Lifetimes,
    /// `(provider, subject)` pairs that become admin once.
    pub(super) admins: Vec<(String, String)>,
}

impl Settings {
    /// Whether the settings name this account as an admin's.
    pub(super) fn names_admin(&self, proved: &Proved) -> bool {
        self.admins.iter().any(|(provider, subject)| provider == proved.provider() && subject == proved.subject())
    }

    /// Whoever is to approve others needs nobody's approval.
    fn rules_for(&self, proved: &Proved) -> Rules {
        Rules { approval: self.rules.approval && !self.names_admin(proved), ..self.rules }
    }
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
    /// What the person of this session asked for is done, now or by the same attempt before.
    Confirmed { user: UserId, session: SessionId },
    /// It ended without one; a person who is banned is told why.
    Ended { ending: Ending, reason: Option<String> },
}

/// A login that has been proved, ready to be written down.
#[derive(Clone, Debug)]
pub(super) struct Proved {
    pub(super) attempt: Attempt,
    pub(super) arrival: Arrival,
    pub(super) proof: Proof,
    pub(super) at: Moment,
    /// For a proof that may be used once.
    pub(super) once: Option<Once>,
}

impl Proved {
    pub(super) fn how(&self) -> Circumstances {
        let arrival = &self.arrival;
        let (request_id, address) = (arrival.request_id.clone(), arrival.address.clone());
        Circumstances { request_id, address, ..Circumstances::system(self.at) }
    }

    pub(super) fn provider(&self) -> &str {
        &self.arrival.provider
    }

    pub(super) fn subject(&self) -> &str {
        &self.proof.profile.subject
    }

    pub(super) fn fresh_user(&self) -> NewUser {
        let profile = &self.proof.profile;
        NewUser { name: profile.name.clone(), picture: profile.picture.clone() }
    }

    pub(super) fn fresh_identity(&self) -> IdentityFresh {
        let profile = &self.proof.profile;
        let email = profile.email.as_ref().map(|email| (email.address.clone(), email.trust == Trust::Verified));
        IdentityFresh { nickname: profile.name.clone(), picture: profile.picture.clone(), email }
    }

    /// When the person proved who they are: by the provider's word, where it has one, and only else by our clock.
    pub(super) fn auth_time(&self) -> Moment {
        self.proof.auth_time.unwrap_or(self.at)
    }
}

/// A linked account and whose it is.
pub(super) type Known = (Identity, User);

/// Decides and writes. May run more than once; only the last run counts.
pub(super) fn complete(conn: &mut Conn, proved: &Proved, settings: &Settings) -> AppResult<Completed> {
    if let Some(before) = earlier(conn, &proved.attempt)? {
        return Ok(before);
    }
    if let Some(once) = &proved.once
        && !used::claim(conn, once)?
    {
        return ended(conn, proved, Ending::Used, None);
    }
    if !realm_agrees(conn, proved)? {
        return ended(conn, proved, Ending::OperatorMustFix, None);
    }
    let known = known(conn, proved)?;
    let rules = settings.rules_for(proved);
    let facts = facts(conn, proved, known.as_ref(), &rules)?;
    match (decide(&proved.attempt.purpose, &facts, &rules), known) {
        (Outcome::SignedIn(_), Some(known)) => admit::again(conn, proved, settings, &known),
        (Outcome::Created { waits: false }, _) => admit::anew(conn, proved, settings),
        (Outcome::Created { waits: true }, _) => {
            let user = admit::waiting(conn, proved)?;
            claim(conn, proved, Ending::Waiting.code(), Some(&user))?;
            Ok(Completed::Ended { ending: Ending::Waiting, reason: None })
        }
        (Outcome::Reauthenticated(user), _) => confirm::presence(conn, proved, &user),
        (outcome, known) => {
            let ending = Ending::of(&outcome).unwrap_or(Ending::NotYet);
            ended(conn, proved, ending, known.map(|(_, user)| user.id).as_ref())
        }
    }
}

pub(super) fn known(conn: &mut Conn, proved: &Proved) -> AppResult<Option<Known>> {
    let Some(identity) = users::find_identity(conn, proved.provider(), proved.subject())? else { return Ok(None) };
    let user = users::find_user(conn, &identity.user_id)?.ok_or_else(|| AppError::new(Kind::Internal))?;
    Ok(Some((identity, user)))
}

fn facts(conn: &mut Conn, proved: &Proved, known: Option<&Known>, rules: &Rules) -> AppResult<Facts> {
    Ok(Facts {
        known: known.map(|(identity, user)| KnownIdentity {
            identity: identity.id.clone(),
            user: user.id.clone(),
            standing: Standing::parse(&user.standing),
        }),
        email_is_somebodys: rules.offer_links && email_is_somebodys(conn, proved)?,
        age: None,
        acting: confirm::acting(conn, proved)?,
        stale: proved.at - proved.auth_time() > tokens::FRESH,
    })
}

/// The same attempt may have been finished by another process, or before a restart.
pub(super) fn earlier(conn: &mut Conn, attempt: &Attempt) -> AppResult<Option<Completed>> {
    if let Some(session) = tokens::find_by_attempt(conn, &attempt.id)? {
        return Ok(Some(Completed::SignedIn { session: Box::new(session), replaced: None, alarm: false }));
    }
    let Some((outcome, about)) = claimed(conn, &attempt.id)? else { return Ok(None) };
    if outcome == confirm::DONE
        && let Some(id) = attempt.purpose.session()
        && let Some(session) = tokens::find(conn, id)?
    {
        return Ok(Some(Completed::Confirmed { user: session.user_id, session: session.id }));
    }
    let ending = Ending::parse(&outcome).unwrap_or(Ending::Used);
    let reason = reason(conn, ending, about.as_ref())?;
    Ok(Some(Completed::Ended { ending, reason }))
}

fn claimed(conn: &mut Conn, attempt: &AttemptId) -> AppResult<Option<(String, Option<UserId>)>> {
    use diesel::prelude::*;
    let row = claims::table.find(attempt.as_str()).select((claims::outcome, claims::user_id));
    Ok(row.first(conn).optional()?)
}

/// Why somebody is banned, where the admin gave a reason.
fn reason(conn: &mut Conn, ending: Ending, user: Option<&UserId>) -> AppResult<Option<String>> {
    match user {
        Some(user) if ending == Ending::Banned => {
            Ok(users::find_user(conn, user)?.and_then(|user| user.standing_reason))
        }
        Some(_) | None => Ok(None),
    }
}

/// Subjects mean something only within their realm. The first login of a provider teaches it; a login in another one
/// would hand people the accounts of strangers with the same number, so it is refused until an operator rebinds.
fn realm_agrees(conn: &mut Conn, proved: &Proved) -> AppResult<bool> {
    let Some(realm) = &proved.proof.realm else { return Ok(true) };
    let provider = proved.provider();
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
        None if proved.proof.teaches => {
            users::set_realm(conn, provider, realm)?;
            Ok(true)
        }
        None => {
            tracing::error!(
                provider,
                "login refused: an app handed in an access token, and which app of this provider is ours is not known \
                yet; set providers.{provider}.app_id, or log in once through the web page"
            );
            Ok(false)
        }
    }
}

fn email_is_somebodys(conn: &mut Conn, proved: &Proved) -> AppResult<bool> {
    match &proved.proof.profile.email {
        Some(email) if email.trust == Trust::Verified => users::has_verified_email(conn, &email.address),
        Some(_) | None => Ok(false),
    }
}

fn ended(conn: &mut Conn, proved: &Proved, ending: Ending, user: Option<&UserId>) -> AppResult<Completed> {
    audit::record(conn, &proved.how(), "login.refused", user, ending.code())?;
    claim(conn, proved, ending.code(), user)?;
    Ok(Completed::Ended { ending, reason: reason(conn, ending, user)? })
}

/// Remembers what an attempt came to that opened no session, and for whom.
pub(super) fn claim(conn: &mut Conn, proved: &Proved, outcome: &str, user: Option<&UserId>) -> AppResult<()> {
    use diesel::prelude::*;
    diesel::insert_into(claims::table)
        .values((
            claims::attempt_id.eq(proved.attempt.id.as_str()),
            claims::outcome.eq(outcome),
            claims::claimed_at.eq(proved.at),
            claims::user_id.eq(user),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes claims older than a moment.
pub(super) fn sweep_claims(conn: &mut Conn, before: Moment) -> AppResult<usize> {
    use diesel::prelude::*;
    Ok(diesel::delete(claims::table.filter(claims::claimed_at.lt(before))).execute(conn)?)
}
