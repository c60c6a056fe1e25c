//! Where a provider's pictures may come from: nothing else is shown, and nothing else is asked for (`img-src`).

use url::{Origin, Url};

use super::profile::is_domain;
use crate::config::is_loopback;

/// Longest picture address kept.
const PICTURE_MAX: usize = 1_024;

/// The places of one provider.
#[derive(Clone, Debug)]
pub(super) struct Pictures {
    /// Hosts; `*.` in front stands for all below.
    hosts: &'static [&'static str],
    /// The practice provider serves its people's pictures itself.
    practice: Option<Origin>,
}

impl Pictures {
    /// Of a provider with this base URL; on loopback the practice provider is meant.
    pub(super) fn new(hosts: &'static [&'static str], base: &str) -> Self {
        let base = Url::parse(base).ok().filter(|url| url.host().is_some_and(|host| is_loopback(&host)));
        Self { hosts, practice: base.map(|url| url.origin()) }
    }

    /// Sources for `img-src`.
    pub(super) fn sources(&self) -> Vec<String> {
        let practice = self.practice.as_ref().map(Origin::ascii_serialization);
        self.hosts.iter().map(|host| format!("https://{host}")).chain(practice).collect()
    }

    /// A picture's address when it is on one of the known places, over `https` (written `http` by some providers and put
    /// right here).
    pub(super) fn clean(&self, raw: &str) -> Option<String> {
        if raw.len() > PICTURE_MAX {
            return None;
        }
        let mut picture = Url::parse(raw).ok()?;
        if !picture.username().is_empty() || picture.password().is_some() {
            return None;
        }
        if self.practice.as_ref().is_some_and(|known| picture.origin() == *known) {
            return Some(picture.into());
        }
        if picture.scheme() == "http" && picture.port().is_none() {
            picture.set_scheme("https").ok()?;
        }
        // The URL standard lets more into a host than any name server knows.
        let host = picture.host_str().filter(|host| is_domain(host))?;
        let known = self.hosts.iter().any(|place| is_at(host, place));
        (picture.scheme() == "https" && picture.port().is_none() && known).then(|| picture.into())
    }
}

fn is_at(host: &str, place: &str) -> bool {
    match place.strip_prefix('*') {
        Some(family) => host.strip_suffix(family).is_some_and(|below| !below.is_empty()),
        None => host == place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_comes_from_a_known_place_over_https() {
        let pictures = Pictures::new(&["*.kakaocdn.net", "avatars.test"], "http://127.0.0.1:8081/kakao");
        let clean = |raw: &str| pictures.clean(raw);
        assert_eq!(clean("http://k.kakaocdn.net/dn/a.jpg").as_deref(), Some("https://k.kakaocdn.net/dn/a.jpg"));
        assert_eq!(clean("https://img1.kakaocdn.net/a").as_deref(), Some("https://img1.kakaocdn.net/a"));
        assert_eq!(clean("https://avatars.test/u/1?v=4").as_deref(), Some("https://avatars.test/u/1?v=4"));
        assert_eq!(clean("http://127.0.0.1:8081/p/1.svg").as_deref(), Some("http://127.0.0.1:8081/p/1.svg"));
        for bad in [
            "https://kakaocdn.net/a",
            "https://evilkakaocdn.net/a",
            "https://k.kakaocdn.net.evil.test/a",
            "https://x.avatars.test/a",
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
        let real = Pictures::new(&["*.kakaocdn.net"], "https://kapi.kakao.com");
        assert_eq!(real.clean("http://127.0.0.1:8081/p"), None);
        assert_eq!(real.sources(), ["https://*.kakaocdn.net"]);
        assert_eq!(pictures.sources(), ["https://*.kakaocdn.net", "https://avatars.test", "http://127.0.0.1:8081"]);
        assert_eq!(clean(&format!("https://k.kakaocdn.net/{}", "a".repeat(2_000))), None);
    }
}
