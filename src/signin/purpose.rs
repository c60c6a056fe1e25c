//! What an attempt is for. One that somebody makes who is logged in belongs to that session, and so to its person: it is
//! worth nothing once that session is over, and in no other.

use crate::db::AttemptId;
use crate::db::SessionId;

/// What an attempt was started for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To log in.
    Login,
    /// To log in with an account that is linked already, and link to its person the new one of this earlier attempt, which
    /// waits in the browser ([`super::PendingSignup`]).
    Join(AttemptId),
    /// To link one more account to this session's person.
    Link(SessionId),
    /// To prove again that this session's person is there.
    Again(SessionId),
    /// To learn the e-mail of this session's person by additional consent.
    AddEmail(SessionId),
}

impl Purpose {
    /// The session it belongs to.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Login | Self::Join(_) => None,
            Self::Link(session) | Self::Again(session) | Self::AddEmail(session) => Some(session),
        }
    }

    /// As it stands inside the seal: a letter, and the session.
    pub(super) fn to_parts(&self) -> (Option<char>, Option<String>) {
        let letter = match self {
            Self::Login => None,
            Self::Join(_) => Some('j'),
            Self::Link(_) => Some('l'),
            Self::Again(_) => Some('a'),
            Self::AddEmail(_) => Some('e'),
        };
        let whose = match self {
            Self::Join(attempt) => Some(attempt.to_string()),
            _ => self.session().map(ToString::to_string),
        };
        (letter, whose)
    }

    /// From inside the seal.
    pub(super) fn from_parts(letter: Option<char>, whose: Option<&str>) -> Option<Self> {
        if letter == Some('j') {
            return whose?.parse().ok().map(Self::Join);
        }
        let session = whose.map(str::parse).transpose().ok()?;
        match (letter, session) {
            (None, None) => Some(Self::Login),
            (Some('l'), Some(session)) => Some(Self::Link(session)),
            (Some('a'), Some(session)) => Some(Self::Again(session)),
            (Some('e'), Some(session)) => Some(Self::AddEmail(session)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_survives_its_seal() {
        let session = SessionId::new();
        for purpose in [
            Purpose::Login,
            Purpose::Join(AttemptId::new()),
            Purpose::Link(session.clone()),
            Purpose::Again(session.clone()),
            Purpose::AddEmail(session),
        ] {
            let (letter, session) = purpose.to_parts();
            assert_eq!(Purpose::from_parts(letter, session.as_deref()), Some(purpose));
        }
        assert_eq!(Purpose::from_parts(Some('a'), None), None);
        assert_eq!(Purpose::from_parts(None, Some(SessionId::new().as_str())), None);
    }
}
