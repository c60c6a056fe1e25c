//! Carrying an outcome out: one transaction, with its audit line. Nothing here talks to a provider; no connection is
//! held while one is talked to.

use super::admit;
use super::attempt::Attempt;
use super::claimed;
use super::confirm;
use super::decide::{Facts, KnownIdentity, Outcome, Rules, decide};
use super::ending::Ending;
use super::finished::Arrival;
use super::pending::PendingSignup;
use super::purpose::Purpose;
use super::used;
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::SessionId;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox::Keepsake;
use crate::outbox::Post;
use crate::providers::Once;
use crate::providers::Proof;
use crate::providers::Trust;
use crate::tokens;
use crate::tokens::Lifetimes;
use crate::tokens::Session;
use crate::tokens::Subject;
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
    /// Where other programs are left word.
    pub(super) post: Post,
}

impl Settings {
    /// Whether the settings name this account as an admin's.
    pub(super) fn names_admin(&self, proved: &Proved) -> bool {
        self.admins.iter().any(|(provider, subject)| provider == proved.provider() && subject == proved.subject())
    }

    /// Whoever is to approve others needs nobody's approval.
    fn rules_for(&self, proved: &Proved) -> Rules {
        let (approval, offer_links) = (self.rules.approval, self.rules.offer_links);
        Rules {
            approval: approval && !self.names_admin(proved),
            offer_links: offer_links && !proved.apart,
            ..self.rules
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Completed {
    /// A session was opened, now or by the same attempt before; and whose session of this browser it replaced.
    SignedIn {
        session: Box<Session>,
        /// For whom its tokens speak, where this transaction opened it and read that.
        subject: Option<Subject>,
        replaced: Option<UserId>,
        /// Whether a session of this person ended since their last login because its token was used twice.
        alarm: bool,
    },
    /// What the person of this session asked for is done, now or by the same attempt before.
    Confirmed { user: UserId, session: SessionId },
    /// Nothing was stored: the new person is asked whether to link the account to the one with this identity.
    Offered(Box<Identity>),
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
    /// Whether the person was offered a link with this very proof, and would rather begin apart.
    pub(super) apart: bool,
    /// What is kept of the provider's tokens: of this proof, and of the one that waited in this browser.
    pub(super) kept: Kept,
}

/// Tokens that ending a link will need, sealed for the account they belong to.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) own: Option<Keepsake>,
    pub(super) waiting: Option<Keepsake>,
}

impl Proved {
    /// As most logins are: by a proof that nothing else has to be remembered of.
    pub(super) fn new(attempt: Attempt, arrival: Arrival, proof: Proof, at: Moment) -> Self {
        Self { attempt, arrival, proof, at, once: None, apart: false, kept: Kept::default() }
    }

    pub(super) fn how(&self) -> Circumstances {
        let arrival = &self.arrival;
        let (request_id, address) = (arrival.request_id.clone(), arrival.address.clone());
        Circumstances { request_id, address, ..Circumstances::system(self.at) }
    }

    /// The account that waits in this browser, when the attempt is for linking it.
    pub(super) fn joins(&self) -> Option<&PendingSignup> {
        match &self.attempt.purpose {
            Purpose::Join(attempt) => self.arrival.signup.as_ref().filter(|signup| signup.attempt == *attempt),
            _ => None,
        }
    }

    pub(super) fn account(&self) -> admit::Account<'_> {
        let (kept, granted) = (self.kept.own.as_ref(), self.proof.granted.as_deref());
        admit::Account { provider: self.provider(), profile: &self.proof.profile, kept, granted }
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
        self.account().fresh()
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
    let before = claimed::before(conn, proved)?;
    match before.earlier(conn, &proved.attempt)? {
        Some(Completed::Ended { ending: Ending::WelcomeRequired, .. }) if proved.apart => {}
        Some(before) => return Ok(before),
        None => {}
    }
    if let Some(once) = &proved.once
        && !used::claim(conn, once)?
    {
        return ended(conn, proved, Ending::Used, None);
    }
    if !realm_agrees(conn, proved, before.realm)? {
        return ended(conn, proved, Ending::OperatorMustFix, None);
    }
    // What the provider said meanwhile wins over a login that began before.
    if users::heard_since(conn, proved.provider(), proved.subject(), proved.attempt.started_at, proved.at)? {
        return ended(conn, proved, Ending::Expired, None);
    }
    let known = returning(conn, proved)?;
    let rules = settings.rules_for(proved);
    // Whoever is known needs no offer.
    let owner = if rules.offer_links && known.is_none() { owner_of_email(conn, proved)? } else { None };
    let facts = facts(conn, proved, (known.as_ref(), owner.as_ref()))?;
    match (decide(&proved.attempt.purpose, &facts, &rules), known) {
        (Outcome::SignedIn(_), Some(known)) => {
            join(conn, proved, settings, &known.1.id)?;
            admit::again(conn, proved, settings, &known)
        }
        (Outcome::Created { waits: false }, _) => admit::anew(conn, proved, settings),
        (Outcome::Created { waits: true }, _) => {
            let user = admit::waiting(conn, proved, settings)?;
            claimed::note(conn, proved, Ending::Waiting.code(), Some(&user))?;
            Ok(Completed::Ended { ending: Ending::Waiting, reason: None })
        }
        (Outcome::Reauthenticated(user), known) => confirm::presence(conn, proved, &user, known.as_ref()),
        (Outcome::Linked(user), known) => confirm::link(conn, proved, settings, (&user, known.as_ref())),
        (Outcome::OfferToLink, _) => {
            claimed::note(conn, proved, Ending::WelcomeRequired.code(), None)?;
            let owner = owner.ok_or_else(|| AppError::new(Kind::Internal))?;
            Ok(Completed::Offered(Box::new(owner)))
        }
        (outcome, known) => {
            let ending = Ending::of(&outcome).unwrap_or(Ending::NotYet);
            ended(conn, proved, ending, known.map(|(_, user)| user.id).as_ref())
        }
    }
}

/// Whoever left and logs in before they are erased is back, and so is an account that its provider had not listed.
fn returning(conn: &mut Conn, proved: &Proved) -> AppResult<Option<Known>> {
    let Some((identity, user)) = known(conn, proved)? else { return Ok(None) };
    if Standing::parse(&user.standing) != Standing::Closed {
        users::found_alive(conn, &identity)?;
        return Ok(Some((identity, user)));
    }
    if proved.attempt.purpose != Purpose::Login {
        return Ok(Some((identity, user)));
    }
    users::come_back(conn, &user.id, &proved.how().by(&user.id))?;
    users::found_alive(conn, &identity)?;
    known(conn, proved)
}

fn known(conn: &mut Conn, proved: &Proved) -> AppResult<Option<Known>> {
    users::find_known(conn, proved.provider(), proved.subject())
}

/// The account that waited in this browser becomes the person's who was offered it and came in with another one.
fn join(conn: &mut Conn, proved: &Proved, settings: &Settings, user: &UserId) -> AppResult<()> {
    let Some(waiting) = proved.joins() else { return Ok(()) };
    let (provider, proof) = (&waiting.provider, waiting.proof());
    if users::find_identity(conn, provider, &proof.profile.subject)?.is_none() {
        let (kept, granted) = (proved.kept.waiting.as_ref(), proof.granted.as_deref());
        let account = admit::Account { provider, profile: &proof.profile, kept, granted };
        admit::attach(conn, &account, user, &settings.post, &proved.how())?;
        tokens::notice(conn, user, proved.at)?;
    }
    Ok(())
}

fn facts(conn: &mut Conn, proved: &Proved, (known, owner): (Option<&Known>, Option<&Identity>)) -> AppResult<Facts> {
    Ok(Facts {
        known: known.map(|(identity, user)| KnownIdentity {
            identity: identity.id.clone(),
            user: user.id.clone(),
            standing: Standing::parse(&user.standing),
        }),
        email_is_somebodys: owner.is_some(),
        offered: proved.joins().and_then(|signup| signup.offered_to.clone()),
        age: None,
        acting: confirm::acting(conn, proved)?,
        stale: proved.at - proved.auth_time() > tokens::FRESH,
    })
}

/// Subjects mean something only within their realm. The first login of a provider teaches it; a login in another one
/// would hand people the accounts of strangers with the same number, so it is refused until an operator rebinds.
fn realm_agrees(conn: &mut Conn, proved: &Proved, bound: Option<String>) -> AppResult<bool> {
    let Some(realm) = &proved.proof.realm else { return Ok(true) };
    let provider = proved.provider();
    match bound {
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

/// Whose the e-mail is, if the proof vouches for it and somebody's linked account does too.
fn owner_of_email(conn: &mut Conn, proved: &Proved) -> AppResult<Option<Identity>> {
    match &proved.proof.profile.email {
        Some(email) if email.trust == Trust::Verified => users::find_by_verified_email(conn, &email.address),
        Some(_) | None => Ok(None),
    }
}

fn ended(conn: &mut Conn, proved: &Proved, ending: Ending, user: Option<&UserId>) -> AppResult<Completed> {
    audit::record(conn, &proved.how(), "login.refused", user, ending.code())?;
    claimed::note(conn, proved, ending.code(), user)?;
    Ok(Completed::Ended { ending, reason: claimed::reason(conn, ending, user)? })
}
