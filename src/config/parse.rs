//! Readers of single values. Their error completes the sentence "`value` …".

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use url::Url;

use super::types::is_loopback;

/// Longest name of a site, in characters.
const MAX_TITLE: usize = 60;

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`. Other names are refused: what they mean may change.
pub(super) fn socket(text: &str) -> Result<SocketAddr, String> {
    if let Some(port) = text.strip_prefix("localhost:").and_then(|port| port.parse().ok()) {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    text.parse().map_err(|_invalid| "is not an address with a port, as in 127.0.0.1:8080".to_owned())
}

/// `10.0.0.0/8`, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let alone = || text.parse::<IpAddr>().map(IpNet::from);
    let net = text.parse::<IpNet>().or_else(|_no_prefix| alone());
    net.map(|net| net.trunc()).map_err(|_invalid| "is not an address or a network, as in 10.0.0.0/8".to_owned())
}

/// What stands on every page.
pub(super) fn title(text: &str) -> Result<String, String> {
    if text.chars().count() > MAX_TITLE || text.chars().any(char::is_control) {
        return Err(format!("is not a name of at most {MAX_TITLE} characters on one line"));
    }
    Ok(text.to_owned())
}

/// The IANA name of a zone we have rules for, spelled as IANA does.
pub(super) fn time_zone(text: &str) -> Result<String, String> {
    let zone = jiff::tz::TimeZone::get(text).ok();
    let name = zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned);
    name.ok_or_else(|| "is not a time zone, as in Asia/Seoul".to_owned())
}

/// `iss` or `aud`: StringOrURI (RFC 7519 section 2), without spaces.
pub(super) fn token_name(text: &str) -> Result<String, String> {
    if text.len() > 255 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("is not a name or URL of at most 255 bytes without spaces".to_owned());
    }
    match Url::parse(text) {
        Err(_) if text.contains(':') => Err("has a colon, so it must be a URL (RFC 7519), and it is none".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

/// The base of a provider's addresses; clear text only to this machine. Slashes at the end are dropped.
pub(super) fn base_url(text: &str) -> Result<String, String> {
    checked_url(text)?;
    Ok(text.trim_end_matches('/').to_owned())
}

/// An origin, exactly as browsers write it: an address without path, query or a slash at the end.
pub(super) fn origin(text: &str) -> Result<String, String> {
    checked_url(text)?;
    let origin = Url::parse(text).map_err(|e| format!("is not a URL ({e})"))?.origin().ascii_serialization();
    if origin == text { Ok(origin) } else { Err(format!("is not an origin as browsers write it; is {origin} meant?")) }
}

/// A provider's issuer: compared to the letter, so kept to the letter.
pub(super) fn issuer(text: &str) -> Result<String, String> {
    checked_url(text)?;
    Ok(text.to_owned())
}

/// Where a program listens: kept to the letter, a slash at the end and a query too.
pub(super) fn webhook(text: &str) -> Result<String, String> {
    let url = located(text)?;
    if url.fragment().is_some() {
        return Err("must not contain a fragment".into());
    }
    Ok(text.to_owned())
}

fn checked_url(text: &str) -> Result<(), String> {
    let url = located(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not contain a query or fragment".into());
    }
    Ok(())
}

/// An address that nobody on the way can read or change, without a password in it.
fn located(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|e| format!("is not a URL ({e})"))?;
    let Some(host) = url.host() else { return Err("has no host".into()) };
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&host) => {}
        "http" => return Err("must be https:// (http:// only for a loopback host)".into()),
        _ => return Err("must be https://".into()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user name or password".into());
    }
    Ok(url)
}

/// Where a provider sends the browser back to; native apps have schemes of their own.
pub(super) fn redirect_uri(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|e| format!("is not a URI ({e})"))?;
    if url.fragment().is_some() {
        return Err("must not contain a fragment (RFC 6749 section 3.1.2)".to_owned());
    }
    Ok(text.to_owned())
}

/// A key or id a provider's console shows.
pub(super) fn console_id(text: &str) -> Result<String, String> {
    if text.len() > 255 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("is not what the console shows: no spaces, letters and digits only".to_owned());
    }
    Ok(text.to_owned())
}
