//! How text is compared: by what a reader sees, not by how a keyboard made it.

use unicode_normalization::UnicodeNormalization as _;

/// One form for all spellings of the same text: compatibility composed (NFKC: full-width letters become plain ones,
/// decomposed Hangul as macOS types it becomes syllables, single consonants become initial ones), small letters, no
/// white space and nothing invisible.
#[must_use]
pub(super) fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfkc().filter(|c| !is_dropped(*c)).collect()
}

/// The words of a search, each folded.
#[must_use]
pub(super) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect()
}

/// White space, control characters, and what only joins or varies its neighbours.
fn is_dropped(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// The initial consonant (초성) of a syllable; of a consonant that stands alone, itself.
#[must_use]
pub(super) fn initial(c: char) -> Option<char> {
    match c {
        // The Unicode Standard, section 3.12: a syllable's number is (initial * 21 + vowel) * 28 + final.
        '가'..='힣' => char::from_u32(0x1100 + (u32::from(c) - 0xAC00) / (21 * 28)),
        _ => is_consonant(c).then_some(c),
    }
}

/// An initial consonant that stands alone, as folding leaves it.
#[must_use]
pub(super) fn is_consonant(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{1112}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_same_text_are_one() {
        for (one, other) in [
            ("홍길동", "\u{1112}\u{1169}\u{11BC}\u{1100}\u{1175}\u{11AF}\u{1103}\u{1169}\u{11BC}"),
            ("ＫＩＭ", "kim"),
            ("김 민수", "김민수"),
            ("İ", "i\u{307}"),
            ("ﾎﾝ", "ホン"),
            ("🎞\u{FE0F}서연", "🎞서연"),
            ("a\u{0}b\u{200B}", "ab"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        assert_eq!(words("  홍 길동\tKIM "), ["홍", "길동", "kim"]);
    }

    #[test]
    fn every_syllable_has_its_initial() {
        let of = |text: &str| fold(text).chars().filter_map(initial).collect::<String>();
        assert_eq!(of("홍길동"), fold("ㅎㄱㄷ"));
        assert_eq!(of("까뜌힣ㅋ"), fold("ㄲㄸㅎㅋ"));
        assert_eq!(initial('k'), None);
        assert!(!is_consonant('\u{1161}'), "a vowel");
    }
}
