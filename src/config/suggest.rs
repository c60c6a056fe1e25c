//! The setting somebody may have meant.

use super::keys;

/// The nearest name of the table, if any is near.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let near = keys::KEYS.iter().map(|key| (distance(name, key.name), key.name)).min()?;
    (near.0 <= 2 + name.len() / 8).then_some(near.1)
}

/// Levenshtein's distance: how many letters have to be put in, left out or changed.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, of_a) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, of_b) in b.iter().enumerate() {
            let changed = diagonal + usize::from(of_a != *of_b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
