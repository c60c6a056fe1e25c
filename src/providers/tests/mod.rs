//! A provider on a raw socket, and tokens signed by OpenSSL and put together by hand: nothing here shares code with what
//! is tested.

mod answers;
mod apple;
mod calls;
mod github;
mod google;
mod issuer;
mod keys;
mod line;
mod login;
mod naver;
mod rig;
mod tokens;

use std::sync::{Arc, Mutex};

use data_encoding::BASE64URL_NOPAD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::http::Http;
use super::kakao;
use super::provider::{AuthRequest, Provider};
use crate::clock::Clock;
use crate::config::Kakao as Settings;
use crate::secret::Secret;

const CLIENT_ID: &str = "0123456789abcdef0123456789abcdef";
const NONCE: &str = "nonce-nonce-nonce-nonce";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// What the fake provider does with a request.
enum Reaction {
    Say(Vec<u8>),
    Silence,
    Flood(usize),
}

/// A JSON answer.
fn answer(status: u16, body: &Value) -> Reaction {
    raw(status, "application/json;charset=UTF-8", &body.to_string())
}

fn raw(status: u16, kind: &str, body: &str) -> Reaction {
    let head = format!("HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
    Reaction::Say(format!("{head}{body}").into_bytes())
}

/// A provider on loopback which keeps every request it got.
struct Fake {
    origin: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    async fn start(react: impl Fn(&str) -> Reaction + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let (seen, react) = (log.clone(), Arc::new(react));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (seen, react) = (seen.clone(), react.clone());
                tokio::spawn(async move {
                    while let Some(request) = read(&mut socket).await {
                        let reaction = react(&request);
                        seen.lock().unwrap().push(request);
                        match reaction {
                            Reaction::Say(bytes) => socket.write_all(&bytes).await.unwrap(),
                            Reaction::Silence => std::future::pending().await,
                            Reaction::Flood(size) => {
                                let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await;
                                for _ in 0..size / 65_536 {
                                    if socket.write_all(&[b' '; 65_536]).await.is_err() {
                                        break;
                                    }
                                }
                                return;
                            }
                        }
                    }
                });
            }
        });
        Self { origin, log }
    }

    /// The requests so far, head and body.
    fn requests(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// How many requests went to a path.
    fn count(&self, path: &str) -> usize {
        self.requests()
            .iter()
            .filter(|request| request.split(' ').nth(1).is_some_and(|at| at.starts_with(path)))
            .count()
    }

    fn settings(&self) -> Settings {
        Settings {
            admin_key: None,
            client_id: CLIENT_ID.into(),
            client_secret: Some(Secret::new("S3CR3T".into())),
            app_id: Some(7),
            scopes: Vec::new(),
            auth_base: self.origin.clone(),
            api_base: self.origin.clone(),
            issuer: self.origin.clone(),
            native_audiences: vec!["native-app-key".into()],
            native_redirect_uris: vec!["kakao0123://oauth".into()],
        }
    }

    fn kakao(&self) -> Provider {
        kakao::provider(&self.settings(), &Http::new().unwrap(), &Clock::system()).unwrap()
    }
}

/// One request: its head, and a body of the announced length.
async fn read(socket: &mut tokio::net::TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let mut chunk = [0; 4096];
        match socket.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(size) => bytes.extend_from_slice(&chunk[..size]),
        }
    }
}

fn attempt() -> AuthRequest {
    AuthRequest {
        redirect_uri: "http://localhost:8080/login/kakao/callback".into(),
        state: "STATE".into(),
        verifier: Secret::new(VERIFIER.into()),
        nonce: NONCE.into(),
        again: false,
        user: None,
    }
}

/// A signing key of the fake provider.
#[derive(Clone)]
struct SigningKey {
    id: String,
    key: PKey<Private>,
}

impl SigningKey {
    fn new(id: &str) -> Self {
        Self { id: id.into(), key: PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap() }
    }

    fn jwk(&self) -> Value {
        let rsa = self.key.rsa().unwrap();
        let part = |number: &openssl::bn::BigNumRef| BASE64URL_NOPAD.encode(&number.to_vec());
        json!({"kid": self.id, "kty": "RSA", "alg": "RS256", "use": "sig", "n": part(rsa.n()), "e": part(rsa.e())})
    }

    /// A compact JWS of exactly this header and payload text.
    fn sign_text(&self, header: &str, payload: &str) -> String {
        let message =
            format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(payload.as_bytes()));
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key).unwrap();
        let signature = signer.sign_oneshot_to_vec(message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64URL_NOPAD.encode(&signature))
    }

    fn sign(&self, payload: &Value) -> String {
        self.sign_text(&json!({"alg": "RS256", "typ": "JWT", "kid": self.id}).to_string(), &payload.to_string())
    }
}

fn jwks(keys: &[&SigningKey]) -> Value {
    json!({"keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>()})
}

/// `base` with the members of `change`; `null` takes one away.
fn with(base: &Value, change: &Value) -> Value {
    let mut result = base.as_object().unwrap().clone();
    for (name, value) in change.as_object().unwrap() {
        if value.is_null() {
            result.remove(name);
        } else {
            result.insert(name.clone(), value.clone());
        }
    }
    Value::Object(result)
}

/// Runs them all at once.
async fn join<T>(work: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut work: Vec<_> = work.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        work.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(result) => {
                done.push(result);
                false
            }
            std::task::Poll::Pending => true,
        });
        if work.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}
