//! What can go wrong with a proof, sorted by who can do something about it.

use std::error::Error;
use std::fmt;

use super::http::Failure;

/// Why there is no proof. Nothing in it is secret: no address, no body, no code, no token, nothing a provider wrote freely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What to do about it.
    pub answer: Answer,
    /// During which call.
    pub step: Step,
    /// Stable name, safe to show: the provider's own (`KOE320`, `kapi-401`), or ours (`timeout`, `http-502`, `id-token-nonce`).
    pub code: String,
    /// The provider says that this authorization code was used, has expired or never was.
    pub code_spent: bool,
    /// More for the log, in our words.
    pub cause: String,
}

/// Who can do something about a fault, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The person begins a new login.
    StartOver,
    /// The provider or the way to it is disturbed; later it works again.
    TryLater,
    /// A setting here or at the provider is wrong.
    OperatorMustFix {
        /// Which setting, and where it is found; for the operator's log, in English.
        fix: &'static str,
    },
    /// The proof itself is not acceptable; it may be an attack.
    Refused,
    /// The provider does not let this person in because of their age.
    UnderAge,
}

/// The call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the issuer's own configuration document.
    Discovery,
    /// What came back with the browser.
    Callback,
    /// Trading the code for tokens.
    Token,
    /// Getting the keys that sign ID tokens.
    Keys,
    /// Checking the ID token.
    IdToken,
    /// Asking who the person is.
    Profile,
    /// Asking which app the token is for.
    TokenInfo,
    /// Getting a living token for ending a link.
    Renewal,
    /// Ending a link.
    Unlink,
    /// Asking who is linked.
    List,
}

impl Step {
    /// Its name in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Callback => "callback",
            Self::Token => "token",
            Self::Keys => "keys",
            Self::IdToken => "id_token",
            Self::Profile => "profile",
            Self::TokenInfo => "token_info",
            Self::Renewal => "renewal",
            Self::Unlink => "unlink",
            Self::List => "list",
        }
    }
}

impl Fault {
    /// A fault of the way to the provider, or of an answer that could not be read.
    pub(super) fn transport(step: Step, failure: &Failure) -> Self {
        let answer = match failure {
            Failure::Redirect(_) => Answer::OperatorMustFix {
                fix: "an address of this provider answers with a redirect, which is never followed: check the provider's \
                      base URLs in the settings, and whether something between here and the provider intercepts",
            },
            Failure::Status(status) => by_status(*status),
            _ => Answer::TryLater,
        };
        Self { answer, step, code: failure.code(), code_spent: false, cause: failure.to_string() }
    }

    /// An error the provider reported in words of its own.
    pub(super) fn reported(step: Step, status: u16, code: String, verdict: Option<Verdict>) -> Self {
        let verdict = verdict.unwrap_or_else(|| by_status(status).into());
        Self {
            answer: verdict.answer,
            step,
            code,
            code_spent: verdict.code_spent,
            cause: format!("the provider answered with an error (HTTP {status})"),
        }
    }

    /// A proof that is not acceptable.
    pub(super) fn refused(step: Step, code: &str, cause: impl Into<String>) -> Self {
        Self { answer: Answer::Refused, step, code: code.to_owned(), code_spent: false, cause: cause.into() }
    }

    /// Whether it stays as it is however often the same is asked: neither time nor the operator mends it.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !matches!(self.answer, Answer::TryLater | Answer::OperatorMustFix { .. })
    }

    /// Whether a provider that was to end a link may have done so, and only its answer is lost.
    #[must_use]
    pub fn may_have_ended_it(&self) -> bool {
        self.step == Step::Unlink && self.answer == Answer::TryLater
    }

    /// An answer that is JSON and yet makes no sense.
    pub(super) fn malformed(step: Step, code: &str, cause: &'static str) -> Self {
        Self { answer: Answer::TryLater, step, code: code.to_owned(), code_spent: false, cause: cause.to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.code, self.step.name(), self.cause)?;
        match self.answer {
            Answer::OperatorMustFix { fix } => write!(f, "; {fix}"),
            _ => Ok(()),
        }
    }
}

impl Error for Fault {}

/// What one error code of a provider means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) answer: Answer,
    pub(super) code_spent: bool,
}

impl From<Answer> for Verdict {
    fn from(answer: Answer) -> Self {
        Self { answer, code_spent: false }
    }
}

impl Verdict {
    /// The authorization code is used, expired or unknown.
    pub(super) const SPENT: Self = Self { answer: Answer::StartOver, code_spent: true };

    /// A setting here or at the provider is wrong.
    pub(super) const fn fix(fix: &'static str) -> Self {
        Self { answer: Answer::OperatorMustFix { fix }, code_spent: false }
    }
}

/// What an error in the callback's query (RFC 6749 section 4.1.2.1, OpenID Connect Core 3.1.2.6) means where the provider
/// says nothing more exact; `None` for pressing cancel. Anybody can write such a query, so it decides nothing but the
/// words shown.
pub(super) fn by_denial(error: &str) -> Option<Answer> {
    match error {
        "access_denied" => None,
        "server_error" | "temporarily_unavailable" => Some(Answer::TryLater),
        "invalid_request" | "invalid_scope" | "unauthorized_client" | "unsupported_response_type" => {
            Some(Answer::OperatorMustFix {
                fix: "the provider refuses the request itself: compare the provider's settings here (client_id, scopes) \
                      with its console",
            })
        }
        _ => Some(Answer::StartOver),
    }
}

/// The last resort, when nothing but the status is known: a client error that nobody can name will not pass by itself.
fn by_status(status: u16) -> Answer {
    match status {
        408 | 425 | 429 | 500.. => Answer::TryLater,
        _ => Answer::OperatorMustFix {
            fix: "the provider refuses the request and this version does not know why: look the code up in the provider's \
                  documentation, and compare the provider's settings here with its console",
        },
    }
}

/// What the error names of RFC 6749 section 5.2 mean where the provider says nothing more exact.
pub(super) fn by_oauth_error(error: &str) -> Option<Verdict> {
    Some(match error {
        "invalid_grant" => Verdict::SPENT,
        "server_error" | "temporarily_unavailable" => Answer::TryLater.into(),
        "invalid_client" | "unauthorized_client" => Answer::OperatorMustFix {
            fix: "the provider does not accept client_id and client_secret: compare both with its console",
        }
        .into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_provider_decides_by_what_broke() {
        let answer = |failure: Failure| {
            let fault = Fault::transport(Step::Token, &failure);
            assert!(!fault.code_spent);
            (fault.code.clone(), fault.answer)
        };
        assert_eq!(answer(Failure::Timeout), ("timeout".into(), Answer::TryLater));
        assert_eq!(answer(Failure::TooLarge), ("too-large".into(), Answer::TryLater));
        assert_eq!(answer(Failure::NotJson), ("not-json".into(), Answer::TryLater));
        assert_eq!(answer(Failure::Connect("x".into())), ("connect".into(), Answer::TryLater));
        assert_eq!(answer(Failure::Broken("x".into())), ("broken".into(), Answer::TryLater));
        for status in [429, 500, 502, 503, 504] {
            assert_eq!(answer(Failure::Status(status)), (format!("http-{status}"), Answer::TryLater));
        }
        for failure in [Failure::Redirect(302), Failure::Status(400), Failure::Status(404)] {
            assert!(matches!(answer(failure).1, Answer::OperatorMustFix { .. }));
        }
    }

    #[test]
    fn a_fault_says_the_fix_to_the_log() {
        let verdict = by_oauth_error("invalid_client");
        let fault = Fault::reported(Step::Token, 401, "oauth-invalid_client".into(), verdict);
        assert!(fault.to_string().contains("client_secret"), "{fault}");
    }
}
