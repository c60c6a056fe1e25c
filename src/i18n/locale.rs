//! The languages we speak, and which of them a reader gets.

use super::phrases;

/// A language of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl Locale {
    /// Every language, in the order of the language switch.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The language tag (BCP 47): the value of `lang` attributes, of the cookie and of the setting.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// The language with this tag; regions and scripts are ignored (`ko-KR` is Korean).
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.code()))
    }

    /// The best of an `Accept-Language` header (RFC 9110 section 12.5.4): the highest weight, the first among equals.
    /// `None` when it names no language of ours; a bare `*` names none.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let Some(locale) = parts.next().and_then(Self::parse) else { continue };
            let weight = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1000, thousandths);
            if weight > best.map_or(0, |(heaviest, _)| heaviest) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }

    /// A phrase without arguments. An unknown key is its own text; a test forbids that one is ever named.
    #[must_use]
    pub fn text(self, key: &str) -> &str {
        phrases::of(self).plain(key).unwrap_or(key)
    }

    /// What stands before and after the one argument of a phrase, so that a page can put markup around the value.
    #[must_use]
    pub fn around(self, key: &str) -> (&'static str, &'static str) {
        phrases::of(self).around(key).unwrap_or_default()
    }

    /// A phrase with arguments.
    #[must_use]
    pub fn format(self, key: &str, args: &[(&str, &str)]) -> String {
        phrases::of(self).format(key, args)
    }

    /// A phrase about a number, which it calls `count`; the language's plural rules apply.
    #[must_use]
    pub fn count(self, key: &str, number: i64) -> String {
        phrases::of(self).count(key, number)
    }
}

/// A weight as whole thousandths; one that cannot be read counts as not acceptable.
fn thousandths(weight: &str) -> u16 {
    let weight: f32 = weight.trim().parse().unwrap_or(0.0);
    // In range by the clamp, so nothing is lost but the fourth decimal.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1 just before")]
    let whole = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_of_ours_wins() {
        for (header, expected) in [
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Some(Locale::Ko)),
            ("en-US,en;q=0.9,ko;q=0.8", Some(Locale::En)),
            ("fr-CH, fr;q=0.9, en;q=0.8, ko;q=0.85, *;q=0.5", Some(Locale::Ko)),
            ("en;q=0.5, ko;q=0.5", Some(Locale::En)),
            ("KO", Some(Locale::Ko)),
            ("ko;q=0, en;q=0.1", Some(Locale::En)),
            ("ko;q=0", None),
            ("ko;q=x", None),
            ("ko;q=NaN", None),
            ("de, *", None),
            ("korean", None),
            ("", None),
        ] {
            assert_eq!(Locale::negotiate(header), expected, "{header}");
        }
    }

    #[test]
    fn a_tag_is_read_by_its_language() {
        assert_eq!(Locale::parse("ko-KR"), Some(Locale::Ko));
        assert_eq!(Locale::parse("en_GB"), Some(Locale::En));
        assert_eq!(Locale::parse("kok"), None);
    }
}
