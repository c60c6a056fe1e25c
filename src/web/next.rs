//! Where to go after a login: a local path or nothing.

use url::Url;

/// Longest target, in bytes, after normalisation.
pub(super) const MAX_LEN: usize = 512;

/// A path (with query) on this site, normalised by the same parser that browsers' rules describe. There is no way to
/// make one from anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next(String);

impl Next {
    /// Reads a target; `None` for anything that is not plainly a path of ours. Refused rather than repaired: what two
    /// parsers could read differently (backslashes, control bytes, dot segments, empty segments, full-width slashes),
    /// and the routes that would make a loop or a trap.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_page(text).filter(|next| !is_trap(next.0.split('?').next().unwrap_or_default()))
    }

    /// The same, for a form that leads back to the page it stood on, which may be the login itself.
    #[must_use]
    pub fn parse_page(text: &str) -> Option<Self> {
        let plain = |c: char| {
            (c.is_ascii_graphic() && !matches!(c, '\\' | '"' | '<' | '>' | '^' | '`' | '{' | '}' | '|'))
                || (!c.is_ascii() && c.is_alphanumeric())
        };
        if !text.starts_with('/') || text.len() > MAX_LEN || !text.chars().all(plain) {
            return None;
        }
        let path_end = text.find(['?', '#']).unwrap_or(text.len());
        if !is_plain_path(&text[..path_end]) {
            return None;
        }
        let base = Url::parse("https://site.invalid").ok()?;
        let url = base.join(text).ok()?;
        if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let path = url.path();
        let normal = url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        (normal.len() <= MAX_LEN && !path.starts_with("//")).then_some(Self(normal))
    }

    /// What a sealed state carried, or the default.
    #[must_use]
    pub fn or_profile(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| Self("/profile".into()))
    }

    /// The path, ASCII only.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// No empty and no dot segments, spelled out or percent-encoded, and no encoded slash, backslash or control byte.
fn is_plain_path(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let encoded = lower.match_indices('%').all(|(at, _)| {
        let byte = lower.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        byte.is_some_and(|byte| byte > 0x20 && !matches!(byte, 0x7f | b'/' | b'\\' | b'.'))
    });
    let segments = || path[1..].split('/');
    let last = segments().count().saturating_sub(1);
    encoded
        && segments()
            .enumerate()
            .all(|(i, segment)| (!segment.is_empty() || i == last) && segment != "." && segment != "..")
}

/// Places a login must not lead to: they would log out again, start again, or are no pages.
fn is_trap(path: &str) -> bool {
    ["/login", "/logout", "/auth", "/webhooks", "/api", "/preferences", "/static", "/.well-known"]
        .iter()
        .any(|trap| path.strip_prefix(trap).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_path_is_kept() {
        for (text, kept) in [
            ("/profile", "/profile"),
            ("/", "/"),
            ("/admin/users?q=%EA%B9%80&after=1", "/admin/users?q=%EA%B9%80&after=1"),
            ("/앨범/1", "/%EC%95%A8%EB%B2%94/1"),
            ("/a/", "/a/"),
            ("/a?next=//evil.test", "/a?next=//evil.test"),
        ] {
            assert_eq!(Next::parse(text).as_ref().map(Next::as_str), Some(kept), "{text}");
        }
    }

    #[test]
    fn j02_whatever_two_parsers_could_read_differently_is_nothing() {
        let long = format!("/{}", "a".repeat(512));
        for text in [
            "",
            "profile",
            "//e",
            "///e",
            "/\\e",
            "\\\\e",
            "/\t/e",
            "/\n/e",
            " //e",
            "/%09/e",
            "/%5ce",
            "/%2fe",
            "/%2e%2e/e",
            "/..//e",
            "/.//e",
            "/a/..//e",
            "/a/../b",
            "https:e",
            "http:/e",
            "https://e/",
            "@e",
            ".e",
            "javascript:alert(1)",
            "data:x",
            "/／e",
            "/。。/e",
            "/\0",
            "/a b",
            "/%0d%0aSet-Cookie:%20x=1",
            "/嘊嘍\r\n",
            "/%",
            "/%zz",
            "/a//b",
            "/logout",
            "/login",
            "/login/kakao",
            "/auth/verify",
            &long,
        ] {
            assert_eq!(Next::parse(text), None, "{text:?}");
        }
    }
}
