//! Korean particles that depend on how the word before them ends.

/// `으로` after a final consonant other than ㄹ, else `로`: "카카오로", "라인으로", "애플로". Of a Latin name only the end that
/// sounds like ㄴ or ㅁ counts, as in LINE.
#[must_use]
pub fn by(name: &str) -> &'static str {
    let Some(last) = name.trim_end().chars().next_back() else { return "로" };
    let consonant = match last {
        // Hangul syllables stand in blocks of 28, one for each final; 0 is none, 8 is ㄹ.
        '가'..='힣' => !matches!((u32::from(last) - 0xAC00) % 28, 0 | 8),
        _ => {
            let lower = name.trim_end().to_ascii_lowercase();
            ["n", "m", "ng", "ne", "me"].iter().any(|end| lower.ends_with(end))
        }
    };
    if consonant { "으로" } else { "로" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_particle_follows_the_sound() {
        for (name, particle) in [
            ("카카오", "로"),
            ("네이버", "로"),
            ("구글", "로"),
            ("라인", "으로"),
            ("회사 계정", "으로"),
            ("LINE", "으로"),
            ("GitHub", "로"),
            ("Google", "로"),
            ("Apple", "로"),
            ("", "로"),
        ] {
            assert_eq!(by(name), particle, "{name}");
        }
    }
}
