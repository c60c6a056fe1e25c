//! Orders, and places in them.

use std::cmp::Ordering;

/// The end of the year 9999, beyond which moments are not written alike any more.
pub(super) const LATEST: i64 = 253_402_300_799_999_999;

/// In which order people are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Who signed up last, first.
    #[default]
    Newest,
    /// Who logged in last, first; who never did, by their sign-up.
    LastSeen,
    /// By name, the nameless last.
    Name,
}

/// By what an order sorts, besides the sign-up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// By the sign-up alone.
    Nothing,
    /// Microseconds since the Unix epoch.
    Seen(i64),
    /// The name.
    Name(String),
}

/// A place in an order: what follows it does not depend on whether the person there is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// By what the order sorts.
    pub key: Key,
    /// The sign-up, where that is the same.
    pub seq: i64,
}

impl Spot {
    pub(super) fn seen(&self) -> i64 {
        if let Key::Seen(at) = self.key { at } else { 0 }
    }

    pub(super) fn name(&self) -> &str {
        if let Key::Name(name) = &self.key { name } else { "" }
    }
}

/// What part of an order is looked at.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// Sign-ups from here on.
    pub(super) from: i64,
    /// Sign-ups before this.
    pub(super) to: i64,
    /// Last seen from here on, where that is the order.
    pub(super) seen_from: i64,
    /// Last seen before this.
    pub(super) seen_to: i64,
    /// What follows this spot.
    pub(super) spot: Option<Spot>,
    /// Whether what stands before the spot is wanted, the nearest first.
    pub(super) backwards: bool,
}

impl Reach {
    /// Everything.
    #[cfg(test)]
    pub(super) const ALL: Self =
        Self { from: 0, to: i64::MAX, seen_from: 0, seen_to: i64::MAX, spot: None, backwards: false };

    /// Whether no sign-up is left out.
    pub(super) const fn is_whole(&self) -> bool {
        self.from <= 0 && self.to == i64::MAX
    }

    /// Whether keys fall in the direction of this reach.
    pub(super) fn descends(&self, order: Order) -> bool {
        (order != Order::Name) != self.backwards
    }

    /// As SQL has it: what follows a spot, and the order.
    pub(super) fn signs(&self, order: Order) -> (&'static str, &'static str) {
        if self.descends(order) { ("<", "desc") } else { (">", "asc") }
    }

    /// A sign-up that everybody follows.
    pub(super) fn outermost(&self, order: Order) -> i64 {
        if self.descends(order) { i64::MAX } else { i64::MIN }
    }

    /// Which of two spots comes first.
    pub(super) fn compare(&self, one: &Spot, other: &Spot) -> Ordering {
        let ascending = (&one.key, one.seq).cmp(&(&other.key, other.seq));
        let descends = matches!(one.key, Key::Name(_)) == self.backwards;
        if descends { ascending.reverse() } else { ascending }
    }

    pub(super) fn comes_first(&self, one: &Spot, other: &Spot) -> bool {
        self.compare(one, other) == Ordering::Less
    }

    /// The part of this reach that follows (or, backwards, stands before) a sign-up.
    pub(super) fn beyond(mut self, seq: i64) -> Self {
        if self.backwards {
            self.from = self.from.max(seq.saturating_add(1));
        } else {
            self.to = self.to.min(seq);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_rise_and_everything_else_falls() {
        let spot = |key: Key, seq| Spot { key, seq };
        let (a, b) = (spot(Key::Name("가".into()), 9), spot(Key::Name("나".into()), 1));
        let (old, new) = (spot(Key::Seen(1), 9), spot(Key::Seen(2), 1));
        let (first, last) = (spot(Key::Nothing, 2), spot(Key::Nothing, 1));
        for (one, other) in [(&a, &b), (&new, &old), (&first, &last)] {
            assert!(Reach::ALL.comes_first(one, other));
            assert!(Reach { backwards: true, ..Reach::ALL }.comes_first(other, one));
        }
        assert!(Reach::ALL.descends(Order::Newest) && !Reach::ALL.descends(Order::Name));
    }
}
