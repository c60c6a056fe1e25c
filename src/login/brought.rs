//! What a provider may send back, in a query or in a posted form.

use serde::{Deserialize, Serialize};

use crate::signin::Answer;
use crate::signin::Beside;
#[cfg(any(test, feature = "fuzzing"))]
use crate::web::QueryPart;

/// Longest code passed on, in bytes; Kakao's have about 100.
const MAX_CODE: usize = 8 * 1024;

/// The parameters that are understood. Others are ignored, as RFC 6749 section 4.1.2 asks; one of these twice is refused.
#[derive(Default, Deserialize, Serialize)]
pub(super) struct Brought {
    pub(super) code: Option<String>,
    pub(super) state: Option<String>,
    pub(super) error: Option<String>,
    pub(super) error_description: Option<String>,
    pub(super) iss: Option<String>,
    /// Looked at only where the callback was posted.
    pub(super) user: Option<String>,
}

impl Brought {
    /// An error wins over a code: whoever sends both is not to be trusted with the exchange.
    pub(super) fn answer(&self) -> Option<Answer> {
        match (&self.error, &self.code) {
            (Some(error), _) => {
                let description = self.error_description.clone().unwrap_or_default();
                Some(Answer::Denied { error: error.clone(), description })
            }
            (None, Some(code)) if !code.is_empty() && code.len() <= MAX_CODE => Some(Answer::Code(code.clone())),
            (None, _) => None,
        }
    }

    /// What stood beside the answer.
    pub(super) fn beside(&self) -> Beside {
        Beside { state: self.state.clone().unwrap_or_default(), iss: self.iss.clone(), user: self.user.clone() }
    }

    /// Every field there is.
    pub(super) fn fields_mut(&mut self) -> [&mut Option<String>; 6] {
        let Self { code, state, error, error_description, iss, user } = self;
        [code, state, error, error_description, iss, user]
    }
}

/// What a callback with this query would be taken for: its state, and whether its answer is a code.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn read(query: &str) -> Option<(String, Answer)> {
    let QueryPart(brought) = QueryPart::<Brought>::parse(query).ok()?;
    Some((brought.state.clone()?, brought.answer()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought(code: Option<&str>, error: Option<&str>) -> Brought {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Brought { code: own(code), error: own(error), ..Brought::default() }
    }

    #[test]
    fn b11_an_error_wins_over_a_code() {
        let denied = Answer::Denied { error: "access_denied".into(), description: String::new() };
        assert_eq!(brought(Some("c"), Some("access_denied")).answer(), Some(denied));
        assert_eq!(brought(Some("c"), None).answer(), Some(Answer::Code("c".into())));
        assert_eq!(brought(Some(""), None).answer(), None);
        assert_eq!(brought(None, None).answer(), None);
        assert_eq!(brought(Some(&"c".repeat(MAX_CODE + 1)), None).answer(), None);
    }

    #[test]
    fn b09_b12_what_comes_twice_is_refused_and_what_is_unknown_is_ignored() {
        let parse = |query: &str| QueryPart::<Brought>::parse(query).ok().map(|QueryPart(brought)| brought);
        for twice in ["code", "state", "error", "error_description", "iss", "user"] {
            assert!(parse(&format!("{twice}=a&{twice}=a")).is_none(), "{twice}");
        }
        let fine = parse("code=4%2F0A&state=s&scope=a+b&authuser=0&hd=x&prompt=none&iss=https%3A%2F%2Fi.test").unwrap();
        assert_eq!((fine.code.as_deref(), fine.iss.as_deref()), (Some("4/0A"), Some("https://i.test")));
    }
}
