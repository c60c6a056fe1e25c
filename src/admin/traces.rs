//! What the history keeps of a search, in words: which fields were used, and what kind of text was looked for.

use crate::web::page::Chrome;

/// The traces in words; `None` where something else stands there.
pub(super) fn worded(c: &Chrome, traces: &str) -> Option<String> {
    let mut words: Vec<&str> = keys(traces)?.into_iter().map(|key| c.t(key)).collect();
    // Both ends of one range.
    words.dedup();
    Some(words.join(", "))
}

/// Why somebody exported, and behind it, in parentheses, which list: the latter in words.
pub(super) fn export_worded(c: &Chrome, details: &str) -> Option<String> {
    let inner = details.strip_suffix(')')?;
    inner.match_indices(" (").find_map(|(at, between)| {
        let (reason, traces) = (&inner[..at], &inner[at + between.len()..]);
        Some(format!("{reason} ({})", worded(c, traces)?))
    })
}

fn keys(traces: &str) -> Option<Vec<&'static str>> {
    let (mut keys, mut rest) = (Vec::new(), traces.trim());
    while !rest.is_empty() {
        let (key, behind) = match rest.strip_prefix("q (").and_then(|text| text.split_once(')')) {
            Some((kind, behind)) => (kind_key(kind)?, behind),
            None => {
                let (field, behind) = rest.split_once(' ').unwrap_or((rest, ""));
                (field_key(field)?, behind)
            }
        };
        keys.push(key);
        rest = behind.trim_start();
    }
    Some(keys)
}

fn kind_key(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "id" => "trace-id",
        "identity" => "trace-identity",
        "e-mail" => "trace-email",
        "words" => "trace-words",
        "too short" => "trace-too-short",
        _ => return None,
    })
}

fn field_key(field: &str) -> Option<&'static str> {
    Some(match field {
        "q" => "trace-q",
        "status" => "users-filter-status",
        "role" => "users-filter-role",
        "provider" => "users-filter-provider",
        "email" => "users-filter-email",
        "joined_from" | "joined_to" => "trace-joined",
        "seen_from" | "seen_to" => "trace-seen",
        "sort" => "users-sort-label",
        "action" => "lines-what",
        "actor" => "lines-by",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_and_kind_is_known_and_nothing_else() {
        assert_eq!(keys("q (e-mail) status sort").unwrap(), ["trace-email", "users-filter-status", "users-sort-label"]);
        assert_eq!(keys("q (too short)").unwrap(), ["trace-too-short"]);
        assert_eq!(keys("q action actor").unwrap(), ["trace-q", "lines-what", "lines-by"]);
        assert_eq!(keys("").unwrap(), [""; 0]);
        for other in ["q (", "q (names)", "status nope", "조사"] {
            assert_eq!(keys(other), None, "{other}");
        }
    }
}
