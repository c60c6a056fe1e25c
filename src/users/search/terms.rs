//! What a person can be found by, as a set of terms: syllables, pairs of neighbours, three initials, three Latin letters; and
//! which of them a word asks for. A row that contains the word has
//! all of these terms; the other way round it may not be so ("abcab" has the pairs of "cabc"), so what is found is
//! compared with the word itself ([`super::query`]).

use std::collections::BTreeSet;

use super::fold::{fold, initial, is_consonant};

/// Letters of a Latin part or of a part of an e-mail address.
const GRAM: usize = 3;

/// The terms of a person.
#[must_use]
pub(super) fn of_person(name: Option<&str>, emails: &[String]) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for text in name.into_iter().chain(emails.iter().map(String::as_str)) {
        let chars: Vec<char> = fold(text).chars().collect();
        add_text(&chars, &mut terms);
    }
    terms
}

fn add_text(chars: &[char], terms: &mut BTreeSet<String>) {
    for c in chars.iter().filter(|c| !c.is_ascii()) {
        terms.insert(c.to_string());
        terms.extend(initial(*c).map(String::from));
    }
    for pair in chars.windows(2).filter(|pair| !pair.iter().all(char::is_ascii)) {
        // As it may be typed: either as it is or as its initial.
        let either = |c: char| [Some(c), initial(c)];
        for one in either(pair[0]).into_iter().flatten() {
            terms.extend(either(pair[1]).into_iter().flatten().map(|other| String::from_iter([one, other])));
        }
    }
    for three in chars.windows(GRAM) {
        terms.extend(initials(three));
        if three.iter().all(char::is_ascii) {
            terms.insert(three.iter().collect());
        }
    }
}

fn initials(some: &[char]) -> Option<String> {
    some.iter().map(|c| initial(*c)).collect()
}

/// The terms of everything that contains this folded word; `None` when it is too short to be looked for.
#[must_use]
pub(super) fn of_word(word: &[char]) -> Option<BTreeSet<String>> {
    let mut terms = BTreeSet::new();
    if let [c] = word {
        if c.is_ascii() {
            return None;
        }
        terms.insert(c.to_string());
    }
    let consonants = |some: &[char]| some.iter().all(|c| is_consonant(*c));
    // Of consonants three: of the names that have two pairs of initials, few have them side by side.
    if word.len() < GRAM || !consonants(word) {
        terms.extend(word.windows(2).filter(|pair| !pair.iter().all(char::is_ascii)).map(|pair| pair.iter().collect()));
    }
    let whole = |three: &&[char]| three.iter().all(char::is_ascii) || consonants(three);
    terms.extend(word.windows(GRAM).filter(whole).map(|three| three.iter().collect()));
    (!terms.is_empty()).then_some(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Option<BTreeSet<String>> {
        of_word(&fold(text).chars().collect::<Vec<_>>())
    }

    #[test]
    fn what_contains_a_word_has_its_terms() {
        let person = of_person(Some("홍길동 Film.77"), &["Gil.Dong+x@Example.com".into()]);
        for part in [
            "홍",
            "길동",
            "홍길동",
            "ㅎ",
            "ㅎㄱㄷ",
            "홍ㄱ동",
            "ㅎ길ㄷ",
            "동f",
            "film",
            "ilm.",
            "gil",
            "ng+x@e",
            "le.com",
        ] {
            let terms = word(part).unwrap();
            assert!(terms.is_subset(&person), "{part}: {terms:?}");
        }
        for other in ["김", "동길", "ㄱㅎ", "동ㄱ", "fxl", "gal"] {
            assert!(!word(other).unwrap().is_subset(&person), "{other}");
        }
    }

    #[test]
    fn a_syllable_is_enough_and_a_latin_part_has_three_letters() {
        for short in ["a", "ki", "7", "@x"] {
            assert_eq!(word(short), None, "{short}");
        }
        for long in ["김", "ㄱ", "🎞", "kim", "a김"] {
            assert!(word(long).is_some(), "{long}");
        }
    }

    #[test]
    fn a_name_makes_few_terms() {
        assert_eq!(of_person(Some("홍길동"), &[]).len(), 15);
    }
}
