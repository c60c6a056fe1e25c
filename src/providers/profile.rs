//! What a provider says about a person, cleaned: it is shown to others and stored, so nothing in it may disturb a page,
//! a log line or a comparison.

use std::fmt;

/// Most code points a name keeps.
const NAME_MAX: usize = 60;

/// Longest e-mail address that can be used on the wire (RFC 5321 section 4.5.3.1.3, without the angle brackets).
const EMAIL_MAX: usize = 254;

/// Longest picture address kept.
const PICTURE_MAX: usize = 1_024;

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
fn is_domain(domain: &str) -> bool {
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

/// A picture's address when it is on one of the known places: an `https` host below `family` (written `http` by some
/// providers and put right here), or exactly on `origin`, the practice provider's.
pub(super) fn clean_picture(raw: &str, family: &str, origin: Option<&url::Origin>) -> Option<String> {
    if raw.len() > PICTURE_MAX {
        return None;
    }
    let mut picture = url::Url::parse(raw).ok()?;
    if !picture.username().is_empty() || picture.password().is_some() {
        return None;
    }
    if origin.is_some_and(|known| picture.origin() == *known) {
        return Some(picture.into());
    }
    if picture.scheme() == "http" && picture.port().is_none() {
        picture.set_scheme("https").ok()?;
    }
    // The URL standard lets more into a host than any name server knows.
    let host = picture.host_str().filter(|host| is_domain(host))?;
    let below = host.strip_suffix(family)?.strip_suffix('.')?;
    (picture.scheme() == "https" && picture.port().is_none() && !below.is_empty()).then(|| picture.into())
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
    fn a_picture_comes_from_a_known_place_over_https() {
        let known = url::Url::parse("http://127.0.0.1:8081").unwrap().origin();
        let clean = |raw: &str| clean_picture(raw, "kakaocdn.net", Some(&known));
        assert_eq!(clean("http://k.kakaocdn.net/dn/a.jpg").as_deref(), Some("https://k.kakaocdn.net/dn/a.jpg"));
        assert_eq!(clean("https://img1.kakaocdn.net/a").as_deref(), Some("https://img1.kakaocdn.net/a"));
        assert_eq!(clean("http://127.0.0.1:8081/p/1.svg").as_deref(), Some("http://127.0.0.1:8081/p/1.svg"));
        for bad in [
            "https://kakaocdn.net/a",
            "https://evilkakaocdn.net/a",
            "https://k.kakaocdn.net.evil.test/a",
            "https://evil.test/k.kakaocdn.net",
            "https://a@k.kakaocdn.net/a",
            "https://k.kakaocdn.net:8443/a",
            "javascript:alert(1)",
            "data:image/png;base64,",
            "//k.kakaocdn.net/a",
            "http://127.0.0.1:8082/a",
            "",
            "x",
            "ftp://k.kakaocdn.net/a",
            "https://127.0.0.1:8081/a",
        ] {
            assert_eq!(clean(bad), None, "{bad}");
        }
        assert_eq!(clean_picture("http://127.0.0.1:8081/p", "kakaocdn.net", None), None);
        assert_eq!(clean(&format!("https://k.kakaocdn.net/{}", "a".repeat(2_000))), None);
    }

    #[test]
    fn a_profile_prints_nothing_of_a_person() {
        let email = Email::new("hong@example.com", Trust::Verified);
        let profile = Profile { subject: "1".into(), name: Some("홍".into()), picture: None, email };
        assert_eq!(format!("{profile:?} {:?}", profile.email), "Profile(***) Some(Email(***, Verified))");
    }
}
