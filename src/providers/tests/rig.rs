//! A verifier of ID tokens over a fake set of keys.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::super::fault::{Answer, Fault};
use super::super::http::{Deadline, Http};
use super::super::oidc::{Binding, Claims, Oidc};
use super::{CLIENT_ID, Fake, NONCE, Reaction, answer};
use crate::clock::Clock;
use crate::clock::unix_seconds;
use crate::secret::Secret;

pub(super) const ISSUER: &str = "https://kauth.kakao.com";
pub(super) const ACCESS: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";

/// The verifier; a test can change its keys and its clock.
pub(super) struct Rig {
    pub(super) fake: Fake,
    keys: Arc<Mutex<(u16, Value)>>,
    pub(super) clock: Clock,
    oidc: Oidc,
    http: Http,
}

impl Rig {
    pub(super) async fn new(keys: Value) -> Self {
        let keys = Arc::new(Mutex::new((200, keys)));
        let served = keys.clone();
        let fake = Fake::start(move |_| {
            let (status, body) = served.lock().unwrap().clone();
            if status == 0 { Reaction::Silence } else { answer(status, &body) }
        })
        .await;
        let clock = Clock::system();
        let url = format!("{}/.well-known/jwks.json", fake.origin);
        let oidc = Oidc::new(ISSUER, CLIENT_ID, url, &clock);
        Self { fake, keys, clock, oidc, http: Http::new().unwrap() }
    }

    /// With other algorithms, and a secret for HS256.
    pub(super) fn taking(mut self, algorithms: &[Algorithm], secret: Option<&str>) -> Self {
        self.oidc.algorithms = algorithms.to_vec();
        self.oidc.secret = secret.map(|secret| Secret::new(secret.to_owned()));
        self
    }

    pub(super) fn serve(&self, status: u16, keys: Value) {
        *self.keys.lock().unwrap() = (status, keys);
    }

    pub(super) async fn verify(&self, token: &str) -> Result<Claims, Fault> {
        let (token, access) = (Secret::new(token.to_owned()), Secret::new(ACCESS.to_owned()));
        let deadline = Deadline::within(Duration::from_secs(5));
        let binding = Binding { nonce: Some(NONCE), audiences: &[], access_token: Some(&access) };
        self.oidc.verify(&self.http, &token, &binding, deadline).await
    }

    /// The code of the refusal.
    pub(super) async fn refusal(&self, token: &str) -> String {
        let fault = self.verify(token).await.expect_err(token);
        assert_eq!(fault.answer, Answer::Refused, "{fault}");
        assert!(!fault.to_string().contains(NONCE), "{fault}");
        fault.code
    }

    pub(super) fn now(&self) -> i64 {
        unix_seconds(self.clock.now())
    }

    pub(super) fn claims(&self) -> Value {
        let now = self.now();
        json!({"iss": ISSUER, "aud": CLIENT_ID, "sub": "3912345678", "iat": now, "exp": now + 21_599,
               "auth_time": now - 5, "nonce": NONCE, "nickname": "홍길동"})
    }
}
