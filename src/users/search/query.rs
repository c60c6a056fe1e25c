//! What an admin types into the search box, understood.

use std::collections::BTreeSet;

use super::fold::{fold, initial, is_consonant, words};
use super::terms;
use crate::db::SessionId;
use crate::db::UserId;

/// Words looked for at once; what comes after them is not.
const MAX_WORDS: usize = 8;

/// A search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Somebody's id, or a session's: both look alike.
    Id(UserId, SessionId),
    /// `provider:subject`.
    Identity(String, String),
    /// Parts of a name or an e-mail address, all of which must occur.
    Words(Words),
    /// Only parts too short to look for.
    TooShort,
}

/// What is looked for, for the audit log: kinds, never the text.
impl Query {
    /// Understands what was typed; `None` when nothing was.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let id = text.to_ascii_lowercase();
        if let (Ok(user), Ok(session)) = (id.parse::<UserId>(), id.parse::<SessionId>()) {
            return Some(Self::Id(user, session));
        }
        if let Some((provider, subject)) = text.split_once(':')
            && is_slug(provider)
            && !subject.is_empty()
            && !subject.contains(char::is_whitespace)
        {
            return Some(Self::Identity(provider.to_owned(), subject.to_owned()));
        }
        let words = words(text);
        if words.is_empty() {
            return None;
        }
        Some(Words::new(&words).map_or(Self::TooShort, Self::Words))
    }

    /// Its kind, in the words of the audit log: what was looked for stays unsaid.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Id(..) => "id",
            Self::Identity(..) => "identity",
            Self::Words(words) if words.all.iter().any(|word| word.contains(&'@')) => "e-mail",
            Self::Words(_) => "words",
            Self::TooShort => "too short",
        }
    }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// Parts of names and e-mail addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    all: Vec<Vec<char>>,
    terms: BTreeSet<String>,
}

impl Words {
    /// `None` when each of them is too short.
    fn new(words: &[String]) -> Option<Self> {
        let (mut all, mut terms) = (Vec::new(), BTreeSet::new());
        for word in words.iter().take(MAX_WORDS) {
            let word: Vec<char> = word.chars().collect();
            // Too short to look for; it is still compared with what the others find.
            terms.extend(terms::of_word(&word).unwrap_or_default());
            all.push(word);
        }
        (!terms.is_empty()).then_some(Self { all, terms })
    }

    /// The terms of everybody who is found.
    pub(super) fn terms(&self) -> &BTreeSet<String> {
        &self.terms
    }

    /// Whether every word is part of the name or of one of the addresses.
    #[must_use]
    pub fn fit<'a>(&self, name: Option<&'a str>, emails: impl Iterator<Item = &'a str>) -> bool {
        let texts: Vec<Vec<char>> = name.into_iter().chain(emails).map(|text| fold(text).chars().collect()).collect();
        self.all.iter().all(|word| texts.iter().any(|text| occurs(word, text)))
    }

    /// How many bytes at the start of a name are one of the words.
    #[must_use]
    pub fn prefix_of(&self, name: &str) -> usize {
        let text: Vec<char> = fold(name).chars().collect();
        let begins = |word: &&Vec<char>| text.len() >= word.len() && same(word, &text[..word.len()]);
        let Some(longest) = self.all.iter().filter(begins).map(Vec::len).max() else { return 0 };
        // The longest start of the name that folds to so many characters: what varies the last of them belongs to it.
        let ends = name.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.take_while(|end| fold(&name[..*end]).chars().count() <= longest).last().unwrap_or(0)
    }
}

fn occurs(word: &[char], text: &[char]) -> bool {
    text.windows(word.len()).any(|part| same(word, part))
}

/// A consonant that stands alone is the same as any syllable that begins with it.
fn same(word: &[char], part: &[char]) -> bool {
    word.iter().zip(part).all(|(w, p)| w == p || is_consonant(*w) && initial(*p) == Some(*w))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, name: &str, email: &str) -> bool {
        let emails: Vec<String> = (!email.is_empty()).then(|| email.to_owned()).into_iter().collect();
        let Some(Query::Words(words)) = Query::parse(typed) else { return false };
        let indexed = words.terms().is_subset(&terms::of_person(Some(name), &emails));
        let fits = words.fit(Some(name), emails.iter().map(String::as_str));
        assert!(indexed || !fits, "{typed}: what contains the words has their terms");
        fits
    }

    #[test]
    fn parts_of_names() {
        for typed in
            ["홍길동", "길동", "홍", "동", "ㅎㄱㄷ", "ㄱㄷ", "ㅎ", "홍ㄱ동", "홍길ㄷ", "ㅎ길동", "홍 길동", "동 홍"]
        {
            assert!(finds(typed, "홍길동", ""), "{typed}");
        }
        for typed in ["홍동", "ㅎㄷ", "ㄷㄱ", "길홍", "홍ㄴ동", "김", "길동이", "동홍"] {
            assert!(!finds(typed, "홍길동", ""), "{typed}");
        }
        let typed_on_a_mac = "\u{1112}\u{1169}\u{11BC}\u{1100}\u{1175}\u{11AF}";
        assert!(finds(typed_on_a_mac, "홍길동", "") && finds("홍길", &format!("{typed_on_a_mac}동"), ""));
        assert!(finds("홍길동", "홍 길동🎞\u{FE0F}", "") && finds("🎞", "홍 길동🎞\u{FE0F}", ""));
    }

    #[test]
    fn pairs_are_not_enough() {
        assert!(!finds("가나가다", "나가다 가나가", ""));
        assert!(!finds("abcd", "bcd abc", ""));
        assert!(!finds("minsu", "min", "insu@example.com"));
    }

    #[test]
    fn latin_parts_and_addresses() {
        for typed in ["kim", "MIN", "ｍｉｎｓｕ", "g@ex", "kim.min", "minsu kim", "+tag@", "example.com", "김민 kim"]
        {
            assert!(finds(typed, "김민수", "Kim.Minsu+tag@Example.com"), "{typed}");
        }
        assert!(finds("동kim", "길동Kim", "") && finds("김민 a", "김민수", "a@example.com"));
        for typed in ["kimm", "minsukim@", "동kin"] {
            assert!(!finds(typed, "길동Kim", "Kim.Minsu@Example.com"), "{typed}");
        }
    }

    #[test]
    fn ids_identities_and_what_is_too_short() {
        assert_eq!(Query::parse("kakao:3912345678"), Some(Query::Identity("kakao".into(), "3912345678".into())));
        assert_eq!(Query::parse("Kim:x").map(|q| q.kind()), Some("words"));
        let id = UserId::new();
        assert!(
            matches!(Query::parse(&format!(" {} ", id.as_str().to_uppercase())), Some(Query::Id(found, _)) if found == id)
        );
        assert_eq!(Query::parse("ki a"), Some(Query::TooShort));
        assert_eq!(Query::parse(" \u{200B} "), None);
        assert_eq!(Query::parse("a@b.c").map(|q| q.kind()), Some("e-mail"));
    }

    #[test]
    fn the_start_of_a_name_is_marked_as_it_is_written() {
        let prefix = |typed: &str, name: &'static str| match Query::parse(typed) {
            Some(Query::Words(words)) => &name[..words.prefix_of(name)],
            _ => "",
        };
        assert_eq!(prefix("홍길", "홍길동"), "홍길");
        assert_eq!(prefix("ㅎㄱ", "홍 길동"), "홍 길");
        assert_eq!(prefix("길동", "홍길동"), "");
        assert_eq!(prefix("gil", "ＧＩＬdong"), "ＧＩＬ");
        assert_eq!(prefix("홍", "\u{1112}\u{1169}\u{11BC}\u{1100}\u{1175}\u{11AF}"), "\u{1112}\u{1169}\u{11BC}");
    }
}
