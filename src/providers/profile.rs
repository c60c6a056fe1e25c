//! What a provider says about a person, cleaned: it is shown to others and stored, so nothing in it may disturb a page,
//! a log line or a comparison.

use std::fmt;

use serde_json::Value;

/// Most code points a name keeps.
const NAME_MAX: usize = 60;

/// Longest e-mail address that can be used on the wire (RFC 5321 section 4.5.3.1.3, without the angle brackets).
const EMAIL_MAX: usize = 254;

/// Longest id of a person.
const SUBJECT_MAX: usize = 255;

/// A person as one provider describes them. Prints without its contents.
#[derive(Clone, PartialEq, Eq)]
pub struct Profile {
    /// The provider's id of the person: the only thing that identifies them, unique within the provider's realm.
    pub subject: String,
    /// Name to show, when there is one.
    pub name: Option<String>,
    /// Address of a picture on one of the provider's known hosts.
    pub picture: Option<String>,
    /// E-mail address. Absence says nothing: it must not erase one that is stored.
    pub email: Option<Email>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile(***)")
    }
}

/// An e-mail address and what it is worth. Prints without the address.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    /// The address as the provider wrote it: one plain ASCII `local@domain`, at most 254 bytes.
    pub address: String,
    /// Whether the provider vouches for it.
    pub trust: Trust,
}

/// Whether a provider vouches that an address belongs to the person now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The provider says the address is valid and was verified.
    Verified,
    /// It may belong to somebody else.
    Unverified,
}

impl Email {
    /// Takes an address that is one plain ASCII `local@domain`; anything else is no address.
    #[must_use]
    pub fn new(address: &str, trust: Trust) -> Option<Self> {
        if address.len() > EMAIL_MAX || !address.is_ascii() {
            return None;
        }
        let (local, domain) = address.split_once('@')?;
        if !is_local(local) || !is_domain(domain) {
            return None;
        }
        // Nobody sees what a punycode label spells, so such an address is kept and never trusted.
        let trust = if domain.to_ascii_lowercase().split('.').any(|label| label.starts_with("xn--")) {
            Trust::Unverified
        } else {
            trust
        };
        Some(Self { address: address.to_owned(), trust })
    }

    /// The one form in which addresses are compared and searched: ASCII lower case. The address is ASCII already, so no
    /// letter of another script can fold into it.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.address.to_ascii_lowercase()
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email(***, {:?})", self.trust)
    }
}

/// `dot-atom` of RFC 5322 without `*`, by which providers mask addresses.
fn is_local(local: &str) -> bool {
    let atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'+-/=?^_`{|}~".contains(&byte);
    local.len() <= 64 && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext))
}

/// Two or more labels of letters, digits and inner hyphens.
pub(super) fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

/// A name fit to be shown: no control characters, nothing that turns the writing direction, white space collapsed, at
/// most 60 code points. `None` when nothing visible is left.
#[must_use]
pub fn clean_name(raw: &str) -> Option<String> {
    let mut name = String::new();
    let mut length = 0;
    let mut gap = false;
    for symbol in raw.chars() {
        if symbol.is_whitespace() {
            gap = length > 0;
            continue;
        }
        if is_unwanted(symbol) {
            continue;
        }
        let needed = 1 + usize::from(gap);
        if length + needed > NAME_MAX {
            break;
        }
        if std::mem::take(&mut gap) {
            name.push(' ');
        }
        name.push(symbol);
        length += needed;
    }
    // A joiner at the cut would glue whatever a page puts behind the name.
    let name = name.trim_end_matches(['\u{200C}', '\u{200D}']);
    name.chars().any(|symbol| !is_blank(symbol)).then(|| name.to_owned())
}

/// Control characters, marks that turn the writing direction, zero-width space and its relatives.
fn is_unwanted(symbol: char) -> bool {
    symbol.is_control()
        || matches!(symbol,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}')
        || (symbol as u32) & 0xFFFE == 0xFFFE
}

/// Needed inside emoji and Hangul, invisible alone.
fn is_blank(symbol: char) -> bool {
    matches!(symbol,
        '\u{20}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{200C}' | '\u{200D}' | '\u{2800}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// An id that is text, as it may be stored and compared: at most 255 printable ASCII characters (OpenID Connect Core
/// section 2), kept to the letter.
pub(super) fn text_id(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| (1..=SUBJECT_MAX).contains(&text.len()))?;
    let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.trim() == text;
    printable.then(|| text.to_owned())
}

/// An id that is a number: positive, of 64 bits. Such ids reach 19 digits, which a float cannot hold.
pub(super) fn number_id(value: &Value) -> Option<String> {
    value.as_i64().filter(|id| *id > 0).map(|id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_letters_and_loses_its_tricks() {
        let name = |raw: &str| clean_name(raw);
        assert_eq!(name("홍길동").as_deref(), Some("홍길동"));
        assert_eq!(name("  a\u{0}b\r\n\tc  ").as_deref(), Some("ab c"));
        assert_eq!(name("\u{202E}gnp.exe\u{2066}").as_deref(), Some("gnp.exe"));
        assert_eq!(name("👩\u{200D}🚀").as_deref(), Some("👩\u{200D}🚀"));
        assert_eq!(name("<script>").as_deref(), Some("<script>"), "escaping is the page's work");
        assert_eq!(name("a\u{1b}[31m").as_deref(), Some("a[31m"));
        for nothing in ["", "   ", "\u{0}", "\u{200B}\u{FEFF}", "\u{3164}", "\u{200D}", "\u{FE0F} \u{3164}"] {
            assert_eq!(name(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_name_is_cut_at_sixty_code_points_without_a_dangling_end() {
        assert_eq!(clean_name(&"가".repeat(61)).unwrap().chars().count(), 60);
        assert_eq!(clean_name(&format!("{} b", "a".repeat(59))).unwrap(), "a".repeat(59));
        assert_eq!(clean_name(&format!("{}\u{200D}🚀", "a".repeat(59))).unwrap(), "a".repeat(59));
        assert_eq!(clean_name(&"x".repeat(1_000_000)).unwrap().len(), 60);
    }

    #[test]
    fn c06_case_twins_have_one_canonical_form() {
        let canonical = |address: &str| Email::new(address, Trust::Verified).unwrap().canonical();
        assert_eq!(canonical("A.b+C@X.Test"), canonical("a.B+c@x.tEST"));
    }

    #[test]
    fn c07_no_other_script_folds_into_an_ascii_address() {
        for trick in [
            "\u{212A}im@x.test",
            "ki\u{17F}@x.test",
            "k\u{131}m@x.test",
            "ｋｉｍ@x.test",
            "kim\u{FF20}x.test",
            "kim\u{301}@x.test",
            "kim\u{200B}@x.test",
            "\u{200F}kim@x.test",
            "kim@x.test.",
        ] {
            assert_eq!(Email::new(trick, Trust::Verified), None, "{trick:?}");
        }
        let puny = Email::new("kim@XN--x.test", Trust::Verified).unwrap();
        assert_eq!((puny.trust, puny.canonical().as_str()), (Trust::Unverified, "kim@xn--x.test"));
    }

    #[test]
    fn c08_what_is_not_one_plain_address_is_none() {
        let long = format!("a@{}.test", "b.".repeat(130));
        for bad in [
            "",
            "@",
            "a",
            "a@",
            "@b.c",
            "a@b",
            "a@evil.test@corp.test",
            "\"a@b\"@c.d",
            ".a@b.c",
            "a.@b.c",
            "a..b@c.d",
            "a@b..c",
            "a@-b.c",
            "a@b-.c",
            "a b@c.d",
            " a@b.c",
            "a@b.c ",
            "a@b.c\r\nBcc: x@y.z",
            "a\0@b.c",
            "a@[127.0.0.1]",
            "a@b_c.d",
            "ka***@kakao.com",
            "<a@b.c>",
            "a@b.c,d@e.f",
            long.as_str(),
        ] {
            assert_eq!(Email::new(bad, Trust::Verified), None, "{bad:?}");
        }
        assert!(Email::new(&format!("{}@b.c", "a".repeat(65)), Trust::Verified).is_none());
        assert!(Email::new("o'neil+x@sub.example.co.kr", Trust::Verified).is_some());
    }

    #[test]
    fn b27_an_id_is_kept_to_the_letter_or_refused() {
        use serde_json::json;
        for good in ["007", "7", "000000.abc.0000", "a b", "_-=+/", &"x".repeat(255)] {
            assert_eq!(text_id(&json!(good)).as_deref(), Some(good));
        }
        let long = "x".repeat(256);
        for bad in [json!(""), json!(" "), json!(" x"), json!("x\n"), json!("a\0b"), json!("김"), json!(long), json!(7)]
        {
            assert_eq!(text_id(&bad), None, "{bad}");
        }
        assert_eq!(number_id(&json!(9_007_199_254_740_993_i64)).as_deref(), Some("9007199254740993"));
        for bad in [json!(0), json!(-1), json!(1.0), json!(1e3), json!("7"), json!(u64::MAX), json!(null), json!([7])] {
            assert_eq!(number_id(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_profile_prints_nothing_of_a_person() {
        let email = Email::new("hong@example.com", Trust::Verified);
        let profile = Profile { subject: "1".into(), name: Some("홍".into()), picture: None, email };
        assert_eq!(format!("{profile:?} {:?}", profile.email), "Profile(***) Some(Email(***, Verified))");
    }
}
