//! Every cookie of ours: names, flags, lifetimes; and the sieve that drops look-alikes before anything reads cookies.
//!
//! The framework percent-decodes cookie names and trims Unicode space, so that `__%48ost-access` from a sibling
//! subdomain would be taken for `__Host-access`. The sieve compares the raw bytes of the header, keeps exactly our
//! names, and counts a name that comes twice as absent: of two, either could be the planted one.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use memchr::{memchr, memchr_iter};

/// Longest Cookie header read, in bytes.
pub(super) const MAX_COOKIE_HEADER: usize = 16 * 1024;

/// How many there are.
const OURS: usize = 7;

/// The names, with `__Host-` on https.
#[derive(Clone, Debug)]
pub struct Names {
    secure: bool,
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// actix-session: this browser's key.
    pub flow: String,
    /// What a posted callback brought, for minutes.
    pub apple: String,
    /// Theme, locale, last provider.
    pub prefs: String,
    /// A new account that waits for its person's word.
    pub signup: String,
    /// Marks a redirect to the right host, for seconds.
    pub host: String,
}

/// What a browser gets after a login or a renewal.
#[derive(Clone, Debug)]
pub struct TokenPair {
    /// The access token and its life in seconds.
    pub access: (String, i64),
    /// The refresh token and its life in seconds.
    pub refresh: (String, i64),
}

/// Cookies that the answer to this request must carry; doors leave them in the request's extensions.
#[derive(Clone, Debug)]
pub enum PendingCookies {
    /// A renewed pair.
    Set(TokenPair),
    /// The session has definitely ended.
    Clear,
}

impl Names {
    /// The names under a public URL with this scheme.
    #[must_use]
    pub fn new(secure: bool) -> Self {
        let name = |stem: &str| if secure { format!("__Host-{stem}") } else { stem.to_owned() };
        Self {
            secure,
            access: name("access"),
            refresh: name("refresh"),
            flow: name("flow"),
            apple: name("apple"),
            prefs: name("prefs"),
            signup: name("signup"),
            host: name("host"),
        }
    }

    fn ours(&self, name: &[u8]) -> Option<usize> {
        let own = [&self.access, &self.refresh, &self.flow, &self.apple, &self.prefs, &self.host, &self.signup];
        own.iter().position(|own| own.as_bytes() == name)
    }

    /// A cookie of ours.
    #[must_use]
    pub fn cookie(&self, name: &str, value: String, max_age_seconds: i64) -> Cookie<'static> {
        Cookie::build(name.to_owned(), value)
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(max_age_seconds))
            .finish()
    }

    /// Whether cookies are `Secure`.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// The cookies of a pending change.
    #[must_use]
    pub fn pending(&self, pending: &PendingCookies) -> [Cookie<'static>; 2] {
        let (access, refresh) = match pending {
            PendingCookies::Set(pair) => (pair.access.clone(), pair.refresh.clone()),
            PendingCookies::Clear => ((String::new(), 0), (String::new(), 0)),
        };
        [self.cookie(&self.access, access.0, access.1), self.cookie(&self.refresh, refresh.0, refresh.1)]
    }

    /// Rewrites the Cookie headers to one that holds exactly our cookies, each at most once. False when they are too long.
    pub fn sieve(&self, headers: &mut HeaderMap) -> bool {
        let mut kept: [Option<&[u8]>; OURS] = Default::default();
        let mut twice = [false; OURS];
        let mut length = 0;
        for header in headers.get_all(COOKIE) {
            length += header.len();
            for pair in pairs(header.as_bytes()) {
                let Some(equals) = memchr(b'=', pair) else { continue };
                let Some(index) = self.ours(&pair[..equals]) else { continue };
                twice[index] |= kept[index].is_some();
                kept[index] = Some(pair.trim_ascii_end());
            }
        }
        if length == 0 {
            return true;
        }
        let single = kept.into_iter().zip(twice).filter_map(|(pair, twice)| if twice { None } else { pair });
        let mut clean = Vec::with_capacity(length);
        for pair in single {
            if !clean.is_empty() {
                clean.extend_from_slice(b"; ");
            }
            clean.extend_from_slice(pair);
        }
        match HeaderValue::from_maybe_shared(Bytes::from(clean)) {
            Ok(value) if !value.is_empty() => drop(headers.insert(COOKIE, value)),
            Ok(_) | Err(_) => drop(headers.remove(COOKIE)),
        }
        length <= MAX_COOKIE_HEADER
    }
}

/// What stands between the semicolons, without leading blanks.
fn pairs(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr_iter(b';', header).chain([header.len()]);
    ends.scan(0, |begin, end| Some(&header[std::mem::replace(begin, end + 1)..end])).map(<[u8]>::trim_ascii_start)
}

/// The value of a cookie after the sieve: the raw text, not percent-decoded; our values never need it.
#[must_use]
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let found = |pair: &'a [u8]| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=");
    std::str::from_utf8(pairs(headers.get(COOKIE)?.as_bytes()).find_map(found)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sieved(raw: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for header in raw {
            headers.append(COOKIE, HeaderValue::from_bytes(header).unwrap());
        }
        Names::new(true).sieve(&mut headers);
        value(&headers, "__Host-access").map(str::to_owned)
    }

    #[test]
    fn t01_t02_look_alikes_are_dropped_and_the_exact_one_stays() {
        let exact = Some("V".to_owned());
        assert_eq!(sieved(&[b"__Host-access=V"]), exact);
        assert_eq!(sieved(&[b"%5F%5FHost-access=E; __Host-access=V"]), exact);
        assert_eq!(sieved(&[b"__%48ost-access=E; __Host-access=V"]), exact);
        assert_eq!(sieved(&["\u{2000}__Host-access=E; __Host-access=V".as_bytes()]), exact);
        assert_eq!(sieved(&[b"__Host-access =E; __Host-access=V"]), exact);
        assert_eq!(sieved(&[b"=__Host-access=E; __Host-access=V"]), exact);
        assert_eq!(sieved(&[b"__host-access=E; __Host-access=V"]), exact);
        assert_eq!(sieved(&[b"__%48ost-access=E"]), None);
        assert_eq!(sieved(&["\u{2000}__Host-access=E".as_bytes()]), None);
    }

    #[test]
    fn d08_exact_duplicates_count_as_none() {
        assert_eq!(sieved(&[b"__Host-access=E; __Host-access=V"]), None);
        assert_eq!(sieved(&[b"__Host-access=V", b"__Host-access=E"]), None);
    }

    #[test]
    fn a_header_beyond_the_limit_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(&format!("a={}", "x".repeat(MAX_COOKIE_HEADER))).unwrap());
        assert!(!Names::new(true).sieve(&mut headers));
    }

    #[test]
    fn d01_flags() {
        let cookie = Names::new(true).cookie("__Host-access", "v".into(), 600).to_string();
        for flag in ["__Host-access=v", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(!cookie.contains("Domain"));
    }
}
