//! How what runs beside the requests is doing: what others are still to be told, and what providers tell us. Read from
//! counts and a few probes of indexes, never from people or the history.

use super::pages::Total;
use crate::clock::Moment;
use crate::counts::Hearing;
use crate::counts::NoticeCount;
use crate::counts::by_provider;
use crate::outbox;
use crate::web::page::Chrome;

/// The outbox, as the first page tells of it.
#[derive(Clone, Debug)]
pub(super) struct Post {
    /// Still to be told.
    pub waiting: Total,
    /// Of these, tried in vain at least once.
    pub retrying: Total,
    /// Since when the oldest of them waits.
    pub oldest: Option<Moment>,
    /// Given up within a week.
    pub given_up: Total,
}

impl Post {
    pub(super) fn new(health: &outbox::Health) -> Self {
        let total = |number: i64| {
            if number > outbox::COUNTED { Total::MoreThan(outbox::COUNTED) } else { Total::Exactly(number) }
        };
        Self {
            waiting: total(health.waiting),
            retrying: total(health.retrying),
            oldest: health.oldest,
            given_up: total(health.given_up),
        }
    }
}

/// What was heard from a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    /// From whom.
    pub provider: String,
    /// Acted on.
    pub heard: i64,
    /// Refused.
    pub refused: i64,
    /// Why, the most frequent first.
    pub reasons: Vec<(String, i64)>,
    /// When the latest that was acted on came.
    pub last_at: Option<Moment>,
}

/// Everybody who sends notices, also those from whom nothing came yet, and whoever else was heard.
pub(super) fn heard<'a>(counted: &[NoticeCount], senders: impl Iterator<Item = &'a str>) -> Vec<Heard> {
    let mut all: Vec<Heard> = by_provider(counted).into_iter().map(one).collect();
    for sender in senders {
        if !all.iter().any(|heard| heard.provider == sender) {
            let provider = sender.to_owned();
            all.push(Heard { provider, heard: 0, refused: 0, reasons: Vec::new(), last_at: None });
        }
    }
    all
}

fn one(hearing: Hearing) -> Heard {
    let Hearing { provider, heard, refused, last_at } = hearing;
    Heard { provider, heard, refused: refused.iter().map(|(_, number)| number).sum(), reasons: refused, last_at }
}

/// Why a notice was refused, in words; a code that has none as it is.
pub(super) fn refusal(c: &Chrome, code: &str) -> String {
    refusal_key(code).map_or_else(|| code.to_owned(), |key| c.t(key).to_owned())
}

fn refusal_key(code: &str) -> Option<&'static str> {
    Some(match code {
        "invalid_request" => "notice-refusal-invalid-request",
        "invalid_key" => "notice-refusal-invalid-key",
        "invalid_issuer" => "notice-refusal-invalid-issuer",
        "invalid_audience" => "notice-refusal-invalid-audience",
        "webhook_key" => "notice-refusal-webhook-key",
        "webhook_signature" => "notice-refusal-webhook-signature",
        "bad_request" => "notice-refusal-bad-request",
        "too_many_requests" => "notice-refusal-too-many-requests",
        "too_large" => "notice-refusal-too-large",
        "too_slow" => "notice-refusal-too-slow",
        "unavailable" => "notice-refusal-unavailable",
        "internal" => "notice-refusal-internal",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    #[test]
    fn whoever_has_fallen_silent_is_there_too() {
        let at = from_unix_seconds(1_795_446_000);
        let count = |refusal: &str, number| NoticeCount {
            day: "2026-11-24".into(),
            provider: "kakao".into(),
            refusal: refusal.into(),
            number,
            last_at: at,
        };
        let all = heard(&[count("", 2), count("invalid_key", 1)], ["kakao", "naver"].into_iter());
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].heard, all[0].refused, all[0].last_at), (2, 1, Some(at)));
        assert_eq!((all[1].provider.as_str(), all[1].heard, all[1].last_at), ("naver", 0, None));
    }

    #[test]
    fn a_number_that_was_not_counted_to_its_end_says_so() {
        let health = outbox::Health { waiting: 10_001, retrying: 10_000, oldest: None, given_up: 0 };
        let post = Post::new(&health);
        assert!(matches!(post.waiting, Total::MoreThan(10_000)) && matches!(post.retrying, Total::Exactly(10_000)));
    }
}
