//! A provider for every test: what each path answers, and the small helpers the files of the providers share.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::provider::{Proof, Provider};
use super::{Fake, NONCE, Reaction, answer, attempt};
use crate::clock::Clock;
use crate::clock::unix_seconds;

/// Answers of a fake, by method and path: `POST /token`. The origin stands for `{origin}` in texts.
pub(super) type Answers = Vec<(&'static str, u16, Value)>;

/// A fake that answers so, and is silent about everything else.
pub(super) async fn fake(answers: Answers) -> Fake {
    Fake::start(move |request| {
        let found = answers.iter().find(|(place, ..)| {
            let rest = request.strip_prefix(place);
            rest.is_some_and(|rest| rest.starts_with([' ', '?']))
        });
        let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        match found {
            Some((_, status, body)) => {
                let text = body.to_string().replace("{origin}", &format!("http://{host}"));
                answer(*status, &serde_json::from_str(&text).unwrap())
            }
            None => Reaction::Silence,
        }
    })
    .await
}

/// A token answer, with an ID token or without.
pub(super) fn tokens(id_token: Option<&str>) -> Value {
    json!({"access_token": "ACCESS", "token_type": "Bearer", "expires_in": 3_600, "id_token": id_token})
}

pub(super) fn now() -> i64 {
    unix_seconds(Clock::system().now())
}

/// The claims of an ID token of now.
pub(super) fn claims(issuer: &str, client_id: &str, subject: &str) -> Value {
    json!({"iss": issuer, "aud": client_id, "sub": subject, "iat": now(), "exp": now() + 300, "nonce": NONCE})
}

pub(super) async fn prove(provider: &Provider) -> Result<Proof, Fault> {
    provider.prove("C0DE", &attempt()).await
}

/// The form that the request to this path carried.
pub(super) fn form(fake: &Fake, place: &str) -> BTreeMap<String, String> {
    let request = fake.requests().into_iter().find(|request| request.starts_with(place)).unwrap();
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// The query of an authorize address, without what every one has.
pub(super) fn query(address: &str) -> BTreeMap<String, String> {
    let mut query: BTreeMap<String, String> = url::Url::parse(address).unwrap().query_pairs().into_owned().collect();
    for (name, value) in [
        ("response_type", "code"),
        ("state", "STATE"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", "http://localhost:8080/login/kakao/callback"),
    ] {
        assert_eq!(query.remove(name).as_deref(), Some(value), "{name} in {address}");
    }
    query
}

/// Pairs as [`query`] and [`form`] give them.
pub(super) fn pairs(of: &[(&str, &str)]) -> BTreeMap<String, String> {
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
