//! The cross-site rule. Unsafe methods must come from our own pages: browsers say so in `Sec-Fetch-Site`; where that is
//! absent, `Origin` must be ours; with neither, nobody vouches for the request. It is asked of every unsafe request
//! unless a bearer speaks for the caller under `/api`, where cookies are then ignored.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, ORIGIN};

use super::paths::WEBHOOKS;
use crate::config::PublicUrl;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;

/// Whether the request may have its effect.
#[must_use]
pub(super) fn allows(req: &HttpRequest, public_url: &PublicUrl) -> bool {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(req.method());
    safe || (req.path().starts_with("/api/") && has_bearer(req.headers()))
        || has_own_rule(req.path())
        || is_same_origin(req.headers(), public_url.origin())
}

/// Where a token in the body may speak for the caller, the handler asks: only it knows the body. See [`same_origin`]. A
/// posted callback comes from the provider's page; its handler does nothing in anybody's name.
fn has_own_rule(path: &str) -> bool {
    path.starts_with(WEBHOOKS)
        || path.starts_with("/api/token/")
        || path.starts_with("/api/login/")
        || is_callback(path)
}

fn is_callback(path: &str) -> bool {
    let provider = path.strip_prefix("/login/").and_then(|rest| rest.strip_suffix("/callback"));
    provider.is_some_and(|provider| !provider.is_empty() && !provider.contains('/'))
}

/// The rule, for a handler that asks it itself.
///
/// # Errors
/// `Forbidden` (`cross_site`) when the request does not come from one of our own pages.
pub fn same_origin(req: &HttpRequest, public_url: &PublicUrl) -> AppResult<()> {
    let allowed = is_same_origin(req.headers(), public_url.origin());
    if allowed { Ok(()) } else { Err(AppError::with_code(Kind::Forbidden, "cross_site")) }
}

/// Whether a link, a form or a redirect of another site led here, as far as the browser says: nobody's own wish, even where
/// the rule asks nothing because nothing is changed.
#[must_use]
pub fn is_led_by_others(req: &HttpRequest) -> bool {
    let own = |value: &[u8]| value == b"same-origin" || value == b"none";
    req.headers().get_all("sec-fetch-site").any(|value| !own(value.as_bytes()))
}

fn has_bearer(headers: &HeaderMap) -> bool {
    let scheme = |value: &[u8]| value.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"bearer "));
    headers.get(AUTHORIZATION).is_some_and(|value| scheme(value.as_bytes()))
}

fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let all = |name: &str| headers.get_all(name).map(|value| value.as_bytes().to_vec()).collect::<Vec<_>>();
    match all("sec-fetch-site").as_slice() {
        [] => matches!(all(ORIGIN.as_str()).as_slice(), [only] if only.as_slice() == origin.as_bytes()),
        [only] => only.as_slice() == b"same-origin",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn l05_whoever_led_a_browser_here_is_told_apart() {
        let led = |values: &[&str]| {
            let request = values
                .iter()
                .fold(TestRequest::get(), |request, value| request.append_header(("Sec-Fetch-Site", *value)));
            is_led_by_others(&request.to_http_request())
        };
        assert!(!led(&[]) && !led(&["none"]) && !led(&["same-origin"]));
        assert!(
            led(&["cross-site"]) && led(&["same-site"]) && led(&["none", "cross-site"]) && led(&[""]) && led(&["NONE"])
        );
    }

    #[test]
    fn k01_only_our_own_pages_may_write() {
        let ours = PublicUrl::parse("https://app.test").unwrap();
        let rows: &[(&[(&str, &str)], bool)] = &[
            (&[("Sec-Fetch-Site", "same-origin")], true),
            (&[("Sec-Fetch-Site", "same-site"), ("Origin", "https://app.test")], false),
            (&[("Sec-Fetch-Site", "cross-site")], false),
            (&[("Sec-Fetch-Site", "none")], false),
            (&[("Origin", "https://app.test")], true),
            (&[("Origin", "https://evil.test")], false),
            (&[("Origin", "http://app.test")], false),
            (&[("Origin", "https://app.test:8443")], false),
            (&[("Origin", "null")], false),
            (&[("Origin", "https://app.test"), ("Origin", "https://app.test")], false),
            (&[("Referer", "https://app.test/")], false),
            (&[], false),
        ];
        for (headers, allowed) in rows {
            let mut request = TestRequest::post().uri("/logout");
            for header in *headers {
                request = request.append_header(*header);
            }
            assert_eq!(allows(&request.to_http_request(), &ours), *allowed, "{headers:?}");
        }
    }

    #[test]
    fn a_bearer_speaks_for_itself_under_api_alone() {
        let ours = PublicUrl::parse("https://app.test").unwrap();
        for (path, allowed) in [("/api/me", true), ("/logout", false), ("/apix", false)] {
            let request = TestRequest::post().uri(path).append_header(("Authorization", "bearer x")).to_http_request();
            assert_eq!(allows(&request, &ours), allowed, "{path}");
        }
    }
}
