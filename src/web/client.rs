//! Who is on the other end of the line: address and browser, as far as they can be believed.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, USER_AGENT};
use actix_web::{FromRequest, HttpRequest};
use ipnet::IpNet;

use super::app::App;
use crate::error::AppError;

/// Longest user agent kept, in characters.
const MAX_AGENT: usize = 400;

/// The client of a request.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its address; behind trusted proxies, the one they report.
    pub address: IpAddr,
    /// What it calls itself, without control characters, cut.
    pub user_agent: String,
}

impl Client {
    /// The client of this request.
    #[must_use]
    pub(super) fn of(app: &App, req: &HttpRequest) -> Self {
        Self::behind(req, &app.config.server.trusted_proxies)
    }

    fn behind(req: &HttpRequest, trusted: &[IpNet]) -> Self {
        let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let agent = req.headers().get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let user_agent = agent.unwrap_or_default().chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect();
        Self { address: address(peer, req.headers(), trusted), user_agent }
    }

    /// The address without the part that names one household: enough to recognise a place by.
    #[must_use]
    pub fn short_address(&self) -> String {
        match self.address {
            IpAddr::V4(ip) => {
                let [a, b, c, _] = ip.octets();
                Ipv4Addr::new(a, b, c, 0).to_string()
            }
            IpAddr::V6(ip) => {
                let [a, b, c, ..] = ip.segments();
                Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).to_string()
            }
        }
    }
}

impl FromRequest for Client {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(App::of(req).map_or_else(|| Self::behind(req, &[]), |app| Self::of(app, req))))
    }
}

/// `X-Forwarded-For` is read from the right: each trusted proxy vouches for the entry it added, and the first address
/// that is not a trusted proxy is the client. From anybody else the header is worth nothing.
pub(crate) fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    static WARNED: AtomicBool = AtomicBool::new(false);
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(&ip.to_canonical()));
    let peer = peer.to_canonical();
    let mut forwarded = headers.get_all("x-forwarded-for").peekable();
    if !is_trusted(&peer) {
        if forwarded.peek().is_some() && !WARNED.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "X-Forwarded-For came from an address that is not in server.trusted_proxies and was ignored; if a proxy \
                 of yours sent it, add its address there"
            );
        }
        return peer;
    }
    let hops: Vec<&str> =
        forwarded.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    let mut client = peer;
    for hop in hops.into_iter().rev() {
        let Ok(ip) = hop.trim().parse::<IpAddr>() else { break };
        client = ip.to_canonical();
        if !is_trusted(&client) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn seen(peer: &str, forwarded: &str, trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_str(forwarded).unwrap());
        address(peer.parse().unwrap(), &headers, &[trusted.parse().unwrap()]).to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_from_the_right_as_far_as_proxies_are_trusted() {
        assert_eq!(seen("203.0.113.9", "1.2.3.4", "10.0.0.0/8"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "1.2.3.4", "10.0.0.0/8"), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "10.0.0.0/8"), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", "1.2.3.4, garbage", "10.0.0.0/8"), "10.0.0.1");
        assert_eq!(seen("::ffff:10.0.0.1", "1.2.3.4", "10.0.0.0/8"), "1.2.3.4");
    }

    #[test]
    fn a_short_address_names_a_place_and_no_household() {
        let short = |ip: &str| Client { address: ip.parse().unwrap(), user_agent: String::new() }.short_address();
        assert_eq!(short("203.0.113.77"), "203.0.113.0");
        assert_eq!(short("2001:db8:1:2:3:4:5:6"), "2001:db8:1::");
    }
}
