//! Tells the operator's program what happened, in the form of the Standard Webhooks: the body, its id and the time of sending
//! are signed together, so that neither can be changed nor an old one be sent again as a new one.

use std::error::Error;
use std::time::Duration;

use data_encoding::BASE64;

use crate::clock::Moment;
use crate::clock::unix_seconds;
use crate::config::EventSettings;
use crate::secret::Secret;
use crate::secret::hmac_sha256;

/// Longest wait for a connection, and for the whole answer.
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(10);

/// The program that is told.
pub struct Herald {
    client: reqwest::Client,
    url: Secret<String>,
    secret: Secret<Vec<u8>>,
}

impl std::fmt::Debug for Herald {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Herald")
    }
}

impl Herald {
    /// By the settings.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: &EventSettings) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .user_agent(concat!("fiiiiilm/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, url: settings.url.clone(), secret: settings.secret.clone() })
    }

    /// Tells it; any 2xx means that it was understood.
    pub(super) async fn tell(&self, id: &str, body: String, now: Moment) -> Result<(), String> {
        let at = unix_seconds(now);
        let request = self
            .client
            .post(self.url.expose())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signature(self.secret.expose(), id, at, &body))
            .body(body);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("events.url answered {}", answer.status().as_u16())),
            Err(error) => Err(words(error)),
        }
    }
}

/// Without the address, which may hold a secret of the operator's.
fn words(error: reqwest::Error) -> String {
    let what = if error.is_timeout() { "events.url did not answer in time" } else { "events.url cannot be reached" };
    let error = error.without_url();
    match error.source() {
        Some(cause) => format!("{what} ({cause})"),
        None => what.to_owned(),
    }
}

/// `v1,` and the base64 of HMAC-SHA-256 over id, time and body.
#[must_use]
pub fn signature(secret: &[u8], id: &str, at: i64, body: &str) -> String {
    format!("v1,{}", BASE64.encode(&hmac_sha256(secret, format!("{id}.{at}.{body}").as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks' own libraries.
    #[test]
    fn signs_as_the_standard_webhooks_do() {
        let secret = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
