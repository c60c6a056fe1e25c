//! Forged notices: for every webhook, in every way that costs the site something to find out, as the practice provider and a
//! stranger's key make them.

use std::sync::atomic::{AtomicUsize, Ordering};

use data_encoding::BASE64URL_NOPAD;
use fiiiiilm::simulator::State;
use fiiiiilm::simulator::notices::{Delivery, Notice, Variation};

use crate::site::authority;

/// What is sent: five webhooks, each forged in two ways.
const KINDS: [(Notice, Variation); 10] = [
    (Notice::KakaoUnlink("UNLINK_FROM_APPS"), Variation::WrongKey),
    (Notice::KakaoUnlink("ACCOUNT_DELETE"), Variation::NoKey),
    (Notice::KakaoEvent("user-unlinked"), Variation::WrongKey),
    (Notice::KakaoEvent("sessions-revoked"), Variation::UnknownKid),
    (Notice::NaverUnlink, Variation::WrongKey),
    (Notice::NaverUnlink, Variation::Tampered),
    (Notice::GoogleEvent("account-disabled"), Variation::WrongKey),
    (Notice::GoogleEvent("sessions-revoked"), Variation::UnknownKid),
    (Notice::AppleEvent("account-delete"), Variation::WrongKey),
    (Notice::AppleEvent("consent-revoked"), Variation::UnknownKid),
];

/// Forged notices without end.
pub(crate) struct Forged {
    deliveries: Vec<(Delivery, Variation)>,
    sent: AtomicUsize,
}

impl Forged {
    pub(crate) fn new(provider: &State) -> Self {
        let forged = |(notice, variation)| (provider.notice(notice, "3900000101", variation).unwrap(), variation);
        Self { deliveries: KINDS.into_iter().map(forged).collect(), sent: AtomicUsize::new(0) }
    }

    /// The next request. Every unknown key is another one.
    pub(crate) fn next(&self) -> Vec<u8> {
        let turn = self.sent.fetch_add(1, Ordering::Relaxed);
        let (delivery, variation) = &self.deliveries[turn % self.deliveries.len()];
        let body = match variation {
            Variation::UnknownKid => with_kid(&delivery.body, turn),
            _ => delivery.body.clone(),
        };
        let headers: String = delivery.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            delivery.method,
            delivery.path,
            authority(),
            body.len()
        )
        .into_bytes()
    }
}

/// The token, or the JSON around it, with another key's name in its header.
fn with_kid(body: &str, number: usize) -> String {
    let begin = body.find("eyJ").unwrap();
    let end = begin + body[begin..].find('.').unwrap();
    let header = String::from_utf8(BASE64URL_NOPAD.decode(&body.as_bytes()[begin..end]).unwrap()).unwrap();
    let header = header.replace("nobody-has-this-key", &format!("nobody-has-key-{number}"));
    [&body[..begin], &BASE64URL_NOPAD.encode(header.as_bytes()), &body[end..]].concat()
}
