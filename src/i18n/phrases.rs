//! The phrases of one language, read from the files in `locales/` that are part of the binary.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Expression, InlineExpression, PatternElement};
use rustc_hash::FxHashMap;
use unic_langid::{LanguageIdentifier, langid};

use super::Locale;

/// Stands where the argument goes while a phrase is cut in two; no phrase contains it.
const MARK: &str = "\u{FFFC}";

/// The files of one language: the product's words, then those of the practice provider.
pub(super) const fn sources(locale: Locale) -> [&'static str; 2] {
    match locale {
        Locale::Ko => [include_str!("../../locales/ko.ftl"), include_str!("../../locales/simulator.ko.ftl")],
        Locale::En => [include_str!("../../locales/en.ftl"), include_str!("../../locales/simulator.en.ftl")],
    }
}

/// The phrases of a language.
pub(super) fn of(locale: Locale) -> &'static Phrases {
    static KO: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(langid!("ko"), Locale::Ko));
    static EN: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(langid!("en"), Locale::En));
    match locale {
        Locale::Ko => &KO,
        Locale::En => &EN,
    }
}

/// One language, ready to speak.
pub(super) struct Phrases {
    bundle: FluentBundle<FluentResource>,
    plain: FxHashMap<String, String>,
    around: FxHashMap<String, (String, String)>,
    /// Phrases that only put arguments between words, taken apart: most of what a page says with arguments, and saying it
    /// through the whole language would be a fifth of a page's time.
    pieces: FxHashMap<String, Vec<Piece>>,
}

/// A piece of a phrase.
enum Piece {
    Words(String),
    Argument(String),
}

impl Phrases {
    fn read(language: LanguageIdentifier, locale: Locale) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // The isolating marks are for bidirectional text; pages put <bdi> around names instead.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(&number.as_string())),
            _ => None,
        }));
        for source in sources(locale) {
            // What cannot be parsed is left out here; a test finds it.
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
            bundle.add_resource_overriding(resource);
        }
        let mut phrases =
            Self { bundle, plain: FxHashMap::default(), around: FxHashMap::default(), pieces: FxHashMap::default() };
        for key in sources(locale).into_iter().flat_map(keys).map(str::to_owned) {
            if let Some(pieces) = phrases.take_apart(&key) {
                phrases.pieces.insert(key.clone(), pieces);
            }
            if let Some(text) = phrases.resolve(&key, None) {
                phrases.plain.insert(key, text);
            } else if let Some(text) = phrases.resolve(&key, Some(&FluentArgs::from_iter([("name", MARK)])))
                && let Some((before, after)) = text.split_once(MARK)
            {
                phrases.around.insert(key, (before.to_owned(), after.to_owned()));
            }
        }
        phrases
    }

    /// The phrase, or nothing when it does not exist or lacks an argument.
    fn resolve(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut faults = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut faults).into_owned();
        faults.is_empty().then_some(text)
    }

    /// The pieces of a phrase in which nothing is chosen, computed or taken from another phrase.
    fn take_apart(&self, key: &str) -> Option<Vec<Piece>> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let piece = |element: &PatternElement<&str>| match element {
            PatternElement::TextElement { value } => Some(Piece::Words((*value).to_owned())),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => Some(Piece::Argument(id.name.to_owned())),
            PatternElement::Placeable { .. } => None,
        };
        pattern.elements.iter().map(piece).collect()
    }

    /// Whether a phrase has a text, whatever its arguments are.
    #[cfg(test)]
    pub(super) fn can_say(&self, key: &str) -> bool {
        self.bundle.get_message(key).and_then(|message| message.value()).is_some()
    }

    /// A phrase that takes no arguments.
    pub(super) fn plain(&self, key: &str) -> Option<&str> {
        self.plain.get(key).map(String::as_str)
    }

    /// The two sides of a phrase whose only argument is `name`.
    pub(super) fn around(&self, key: &str) -> Option<(&str, &str)> {
        self.around.get(key).map(|(before, after)| (before.as_str(), after.as_str()))
    }

    /// A phrase with arguments that are text; the key itself when it cannot be said.
    pub(super) fn format(&self, key: &str, args: &[(&str, &str)]) -> String {
        if let Some(text) = self.pieces.get(key).and_then(|pieces| put_together(pieces, args)) {
            return text;
        }
        let args: FluentArgs<'_> = args.iter().copied().collect();
        self.resolve(key, Some(&args)).unwrap_or_else(|| key.to_owned())
    }

    /// A phrase whose one argument is the number `count`.
    pub(super) fn count(&self, key: &str, number: i64) -> String {
        let args = FluentArgs::from_iter([("count", number)]);
        self.resolve(key, Some(&args)).unwrap_or_else(|| key.to_owned())
    }
}

/// `None` when an argument is missing.
fn put_together(pieces: &[Piece], args: &[(&str, &str)]) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        text.push_str(match piece {
            Piece::Words(words) => words,
            Piece::Argument(name) => args.iter().find(|(known, _)| known == name)?.1,
        });
    }
    Some(text)
}

/// The keys a file defines: whatever stands before ` =` at the start of a line.
pub(super) fn keys(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim_end()))
}

/// `10000` as `10,000`: both languages group by three.
fn grouped(digits: &str) -> String {
    let (sign, whole) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut text = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_taken_apart_say_the_same() {
        for phrases in [of(Locale::Ko), of(Locale::En)] {
            assert!(phrases.pieces.len() > phrases.plain.len(), "those without arguments, and some with");
            for (key, pieces) in &phrases.pieces {
                let names = pieces.iter().filter_map(|piece| match piece {
                    Piece::Argument(name) => Some((name.as_str(), "값")),
                    Piece::Words(_) => None,
                });
                let args: Vec<(&str, &str)> = names.collect();
                let whole = phrases.resolve(key, Some(&args.iter().copied().collect()));
                assert_eq!(put_together(pieces, &args), whole, "{key}");
            }
        }
    }

    #[test]
    fn thousands_are_grouped() {
        for (plain, expected) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567", "-1,234,567")] {
            assert_eq!(grouped(plain), expected);
        }
    }
}
