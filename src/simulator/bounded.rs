//! A map that forgets its oldest entry instead of growing without end.

use std::collections::{HashMap, VecDeque};

/// Values by an unguessable name; at most so many.
pub(super) struct Bounded<V> {
    limit: usize,
    values: HashMap<String, V>,
    order: VecDeque<String>,
}

impl<V> Bounded<V> {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, values: HashMap::new(), order: VecDeque::new() }
    }

    pub(super) fn insert(&mut self, name: String, value: V) {
        if self.values.insert(name.clone(), value).is_some() {
            return;
        }
        self.order.push_back(name);
        while self.order.len() > self.limit {
            if let Some(oldest) = self.order.pop_front() {
                self.values.remove(&oldest);
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&V> {
        self.values.get(name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.values.get_mut(name)
    }

    pub(super) fn remove(&mut self, name: &str) {
        if self.values.remove(name).is_some() {
            self.order.retain(|known| known != name);
        }
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        self.values.retain(|_, value| keep(value));
        let values = &self.values;
        self.order.retain(|name| values.contains_key(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first() {
        let mut few = Bounded::new(2);
        for (name, value) in [("a", 1), ("b", 2), ("a", 3), ("c", 4)] {
            few.insert(name.to_owned(), value);
        }
        assert_eq!((few.get("a"), few.get("b"), few.get("c")), (None, Some(&2), Some(&4)));
        few.remove("b");
        few.retain(|value| *value != 4);
        few.insert("d".to_owned(), 5);
        assert_eq!((few.get("c"), few.get("d"), few.order.len()), (None, Some(&5), 1));
    }
}
