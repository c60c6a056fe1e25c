//! What a login brings and how it ends: the values that pass between the desk and whoever stands before it, and the one
//! place where faults, refusals and rejections become an [`Ending`], each logged once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::attempt::{Attempt, BrowserKey, Rejection};
use super::ending::Ending;
use super::pending::PendingSignup;
use crate::db::SessionId;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::Kind;
use crate::providers::Answer as FaultAnswer;
use crate::providers::Fault;
use crate::tokens::Session;
use crate::tokens::Stamp;
use crate::tokens::Subject;

/// What the provider's redirect brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A code to exchange.
    Code(String),
    /// A refusal (RFC 6749 section 4.1.2.1) in the provider's words, which are understood and never shown.
    Denied {
        /// `error`.
        error: String,
        /// `error_description`, empty when there was none.
        description: String,
    },
}

/// What stood in the callback beside the answer itself. Prints without its contents.
#[derive(Clone, Default)]
pub struct Beside {
    /// `state`, as some providers want it again.
    pub state: String,
    /// `iss`: who says that it answers (RFC 9207).
    pub iss: Option<String>,
    /// What Apple tells of a new person, by way of the browser.
    pub user: Option<String>,
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Beside(***)")
    }
}

/// Who arrives at the callback, and with what.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The provider whose callback it is.
    pub provider: String,
    /// This browser's key.
    pub browser_key: Option<BrowserKey>,
    /// The new account that waits in this browser.
    pub signup: Option<PendingSignup>,
    /// The session this browser has now, which a login replaces.
    pub replaces: Option<SessionId>,
    /// What the browser calls itself.
    pub user_agent: String,
    /// The shortened address.
    pub address: String,
    /// The request's id.
    pub request_id: String,
    /// What came with the answer.
    pub beside: Beside,
}

/// What a login's own transaction saw of the session it opened, so that the answer which follows at once need not read it
/// again. Taken once: whoever repeats the callback gets tokens by the rows as they are then.
#[derive(Clone, Debug, Default)]
pub struct Opened(Arc<Mutex<Option<Box<Fresh>>>>);

/// A session as it was opened, for whom it speaks, and since when that is known.
pub type Fresh = (Session, Subject, Stamp);

impl Opened {
    /// Nothing, where the transaction did not see it, or something about the person changed meanwhile.
    pub(super) fn new(session: Session, subject: Option<Subject>, stamp: Option<Stamp>) -> Self {
        let fresh = subject.zip(stamp).map(|(subject, stamp)| Box::new((session, subject, stamp)));
        Self(Arc::new(Mutex::new(fresh)))
    }

    /// For the first who asks.
    #[must_use]
    pub fn take(&self) -> Option<Box<Fresh>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// How a login ended. Whoever repeats the callback is told the same.
#[derive(Clone, Debug)]
pub enum Finished {
    /// A session was opened, or its person proved again; its tokens are made from its row as it is when the answer is
    /// written.
    SignedIn {
        /// Which.
        session: SessionId,
        /// What is known of it without reading.
        opened: Opened,
        /// The local path to go to; empty for the default.
        target: String,
        /// Whether the person must be told that somebody used a token of theirs twice.
        alarm: bool,
    },
    /// The new account waits, sealed, for its person's word: linked to the one they have, or apart.
    Waits {
        /// The cookie's value.
        sealed: String,
    },
    /// It ended without one.
    Ended {
        /// How.
        ending: Ending,
        /// What the reader may quote: the provider's code where there is one.
        code: String,
        /// The attempt, when the seal was ours: starting again is for the same.
        attempt: Option<Box<Attempt>>,
        /// Why the person is banned, in the admin's words.
        reason: Option<String>,
    },
}

impl Finished {
    pub(super) fn because(mut self, why: Option<String>) -> Self {
        if let Self::Ended { reason, .. } = &mut self {
            *reason = why;
        }
        self
    }
}

pub(super) fn ended(attempt: &Attempt, ending: Ending, code: &str) -> Finished {
    Finished::Ended { ending, code: code.to_owned(), attempt: Some(Box::new(attempt.clone())), reason: None }
}

pub(super) fn late(attempt: &Attempt, code: &str) -> Finished {
    ended(attempt, Ending::TryLater, code)
}

pub(super) fn done(user: &UserId, outcome: &str, arrival: &Arrival) {
    let (provider, request_id) = (&arrival.provider, &arrival.request_id);
    tracing::info!(provider, request_id, user_id = user.as_str(), outcome, "login");
}

/// By our own rules: shut out, too young, nobody new.
pub(super) fn refused(attempt: &Attempt, ending: Ending, arrival: &Arrival) -> Finished {
    log_refusal(ending, arrival);
    ended(attempt, ending, ending.code())
}

fn log_refusal(ending: Ending, arrival: &Arrival) {
    let (provider, request_id) = (&arrival.provider, &arrival.request_id);
    tracing::info!(provider, request_id, outcome = ending.code(), "login refused");
}

pub(super) fn rejected(rejection: Rejection, arrival: &Arrival) -> Finished {
    let (ending, attempt) = match rejection {
        Rejection::Forged => (Ending::UnknownState, None),
        Rejection::OtherProvider(attempt) => (Ending::UnknownState, Some(attempt)),
        Rejection::Expired(attempt) => (Ending::Expired, Some(attempt)),
        Rejection::ForeignBrowser(attempt) => (Ending::ForeignBrowser, Some(attempt)),
    };
    log_refusal(ending, arrival);
    Finished::Ended { ending, code: ending.code().to_owned(), attempt: attempt.map(Box::new), reason: None }
}

pub(super) fn failed(attempt: &Attempt, error: &AppError, arrival: &Arrival) -> Finished {
    let (provider, request_id, outcome) = (&arrival.provider, &arrival.request_id, Ending::TryLater.code());
    tracing::error!(
        provider,
        request_id,
        code = error.code(),
        cause = error.cause_line(),
        outcome,
        "login could not be written down"
    );
    let code = if error.kind() == Kind::Unavailable { "database_unavailable" } else { error.code() };
    late(attempt, code)
}

/// `None`: the person pressed cancel, which is no fault of anybody.
pub(super) fn denied(attempt: &Attempt, answer: Option<FaultAnswer>, arrival: &Arrival) -> Finished {
    let ending = answer.map_or(Ending::Cancelled, |answer| ending_of(&answer));
    refused(attempt, ending, arrival)
}

pub(super) fn faulty(attempt: &Attempt, fault: &Fault, arrival: &Arrival) -> Finished {
    let ending = ending_of(&fault.answer);
    let (provider, request_id, outcome) = (&arrival.provider, &arrival.request_id, ending.code());
    if ending == Ending::OperatorMustFix {
        tracing::error!(provider, request_id, code = fault.code, cause = %fault, outcome, "login failed");
    } else {
        tracing::warn!(provider, request_id, code = fault.code, cause = %fault, outcome, "login failed");
    }
    ended(attempt, ending, &fault.code)
}

const fn ending_of(answer: &FaultAnswer) -> Ending {
    match answer {
        FaultAnswer::StartOver => Ending::Expired,
        FaultAnswer::TryLater => Ending::TryLater,
        FaultAnswer::OperatorMustFix { .. } => Ending::OperatorMustFix,
        FaultAnswer::Refused => Ending::Refused,
        FaultAnswer::UnderAge => Ending::UnderAge,
    }
}
