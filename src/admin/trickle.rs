//! A download that goes on saying something while nothing is found.
//!
//! A filter that fits few among millions is looked through in pieces of which many are empty. A connection on which nothing
//! is written looks alive however long ago the browser at its other end went away, and a proxy in between gives a silent
//! answer up. So a few bytes of what is known already are kept back, and said one at a time, one in a second.

use std::time::{Duration, Instant};

/// Silence longer than this ends with a byte.
const SILENCE: Duration = Duration::from_secs(1);

/// Bytes kept back of what is long enough.
const KEPT: usize = 120;

/// What is kept back, and when something was last said.
#[derive(Debug)]
pub(super) struct Trickle {
    kept: Vec<u8>,
    said: Instant,
}

impl Trickle {
    /// Nothing yet.
    pub(super) const fn new(now: Instant) -> Self {
        Self { kept: Vec::new(), said: now }
    }

    /// What is to be said of what was said before and of this; nothing when it is not time for it yet.
    pub(super) fn say(&mut self, text: &str, now: Instant) -> Vec<u8> {
        let few = if text.is_empty() {
            // A byte of a character is no character: whoever reads a stream waits for the rest of it.
            usize::from(now.saturating_duration_since(self.said) >= SILENCE)
        } else {
            self.kept.extend_from_slice(text.as_bytes());
            self.kept.len().saturating_sub(KEPT)
        };
        let rest = self.kept.split_off(few.min(self.kept.len()));
        let told = std::mem::replace(&mut self.kept, rest);
        if !told.is_empty() {
            self.said = now;
        }
        told
    }

    /// All that was kept back: there is nothing more to wait for.
    pub(super) fn end(self) -> Vec<u8> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_said_once_and_in_order() {
        let begun = Instant::now();
        let mut trickle = Trickle::new(begun);
        let (mut told, mut whole) = (Vec::new(), String::new());
        for at in 0..400_u32 {
            let text = if at % 3 == 0 { format!("줄 {at}, 홍길동\r\n") } else { String::new() };
            whole.push_str(&text);
            told.extend(trickle.say(&text, begun + Duration::from_millis(u64::from(at) * 700)));
            assert!(whole.as_bytes().starts_with(&told), "{at}");
        }
        told.extend(trickle.end());
        assert_eq!(told, whole.as_bytes());
    }

    #[test]
    fn silence_ends_with_a_byte_each_second_while_there_is_one() {
        let begun = Instant::now();
        let mut trickle = Trickle::new(begun);
        let at = |millis| begun + Duration::from_millis(millis);
        assert_eq!(trickle.say(&"a".repeat(KEPT + 30), at(0)).len(), 30);
        assert!(trickle.say("", at(999)).is_empty());
        assert_eq!(trickle.say("", at(1_000)), b"a");
        assert!(trickle.say("", at(1_900)).is_empty());
        assert_eq!(trickle.say("", at(2_000)), b"a");
        assert!(trickle.say("b", at(2_001)).is_empty(), "one more is kept instead");
        let said = (1..=KEPT as u64).filter(|second| trickle.say("", at(10_000 + second * 1_000)) == b"a").count();
        assert_eq!(said, KEPT - 2);
        assert!(trickle.say("", at(900_000)).is_empty());
        assert!(trickle.end().is_empty());
    }
}
