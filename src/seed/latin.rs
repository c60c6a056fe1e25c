//! Hangul in Latin letters: the Revised Romanization of Korean, syllable by syllable as people write their own names.

const INITIALS: [&str; 19] =
    ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];

const VOWELS: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
];

const FINALS: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
];

/// Family names that nearly everybody writes in another way.
const FAMILIES: [(&str, &str); 18] = [
    ("김", "kim"),
    ("이", "lee"),
    ("박", "park"),
    ("최", "choi"),
    ("정", "jung"),
    ("강", "kang"),
    ("조", "cho"),
    ("윤", "yoon"),
    ("임", "lim"),
    ("오", "oh"),
    ("신", "shin"),
    ("권", "kwon"),
    ("안", "ahn"),
    ("유", "yoo"),
    ("문", "moon"),
    ("노", "noh"),
    ("우", "woo"),
    ("구", "koo"),
];

/// A given name. What is no Hangul syllable (U+AC00 to U+D7A3) is left out.
pub(super) fn given(name: &str) -> String {
    name.chars().filter_map(syllable).flatten().collect()
}

/// A family name.
pub(super) fn family(name: &str) -> String {
    let usual = FAMILIES.iter().find(|(hangul, _)| *hangul == name);
    usual.map_or_else(|| given(name), |(_, latin)| (*latin).to_owned())
}

/// The Unicode Standard, section 3.12: a syllable's number is (initial * 21 + vowel) * 28 + final.
fn syllable(character: char) -> Option<[&'static str; 3]> {
    let number = usize::try_from(u32::from(character).checked_sub(0xAC00)?).ok()?;
    Some([*INITIALS.get(number / 28 / 21)?, *VOWELS.get(number / 28 % 21)?, *FINALS.get(number % 28)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_their_owners_write_them() {
        assert_eq!(given("서연"), "seoyeon");
        assert_eq!(given("민준"), "minjun");
        assert_eq!(given("영숙"), "yeongsuk");
        assert_eq!(given("🎞 A"), "");
        assert_eq!((family("김").as_str(), family("남궁").as_str()), ("kim", "namgung"));
    }
}
