//! The Host rule: the site lives at one origin. Whoever comes by another name is sent to it, so that cookies, redirect
//! URIs and links agree; what is no page is refused. Health and forward-auth answer under any name.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::HOST;

use super::cookies;
use super::cookies::Names;
use crate::config::PublicUrl;

/// A second wrong Host within this many seconds is a proxy that rewrites it: redirecting again would never end.
pub(super) const MARK_SECONDS: i64 = 5;

/// What to do with a request by its Host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is ours.
    Right,
    /// Send it to the public URL.
    Redirect,
    /// It was sent there and came back: name the wrong Host.
    Loop,
    /// Not for us (421).
    Misdirected,
}

/// Judges a request by its Host header (or absolute-form authority).
#[must_use]
pub(super) fn judge(req: &HttpRequest, public_url: &PublicUrl, names: &Names) -> Verdict {
    if matches!(req.path(), "/auth/verify" | "/healthz" | "/readyz") {
        return Verdict::Right;
    }
    let header = req.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let stated = req.uri().authority().map_or(header, |authority| authority.as_str());
    let right = |host: &str| host.eq_ignore_ascii_case(public_url.authority());
    if right(header) && right(stated) {
        return Verdict::Right;
    }
    let page = [Method::GET, Method::HEAD].contains(req.method())
        && !["/api/", "/.well-known/", "/webhooks/"].iter().any(|prefix| req.path().starts_with(prefix));
    match (page, cookies::value(req.headers(), &names.host)) {
        (true, None) => Verdict::Redirect,
        (true, Some(_)) => Verdict::Loop,
        (false, _) => Verdict::Misdirected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn verdict(path: &str, host: &str, cookie: &str) -> Verdict {
        let ours = PublicUrl::parse("http://localhost:8080").unwrap();
        let request = TestRequest::get().uri(path).insert_header(("Host", host)).insert_header(("Cookie", cookie));
        judge(&request.to_http_request(), &ours, &Names::new(false))
    }

    #[test]
    fn a04_m08_another_host_is_sent_to_the_right_one_once() {
        assert_eq!(verdict("/login", "localhost:8080", ""), Verdict::Right);
        assert_eq!(verdict("/login", "LOCALHOST:8080", ""), Verdict::Right);
        assert_eq!(verdict("/login", "evil.test", ""), Verdict::Redirect);
        assert_eq!(verdict("/login", "evil.test", "host=1"), Verdict::Loop);
        assert_eq!(verdict("/api/me", "evil.test", ""), Verdict::Misdirected);
        assert_eq!(verdict("/healthz", "evil.test", ""), Verdict::Right);
    }
}
