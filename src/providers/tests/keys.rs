//! The keys of ID tokens: new ones, unknown ones, and a provider that does not tell them.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::super::fault::Answer;
use super::super::http::{Deadline, Http};
use super::super::jwks::Keys;
use super::rig::Rig;
use super::{Fake, SigningKey, join, jwks, raw};
use crate::clock::Clock;

#[tokio::test]
async fn g04_g16_an_unknown_key_is_looked_for_once_a_minute_even_by_many_at_once() {
    let (old, new) = (SigningKey::new("old"), SigningKey::new("new"));
    let rig = Rig::new(jwks(&[&old])).await;
    assert!(rig.verify(&old.sign(&rig.claims())).await.is_ok());
    rig.serve(200, jwks(&[&old, &new]));
    assert!(rig.verify(&new.sign(&rig.claims())).await.is_ok(), "a key just published works at the first login");
    assert_eq!(rig.fake.requests().len(), 2);
    let stranger = SigningKey::new("../../../dev/null").sign(&rig.claims());
    let all = (0..20).map(|_| rig.verify(&stranger));
    for result in join(all).await {
        assert_eq!(result.unwrap_err().code, "id-token-kid");
    }
    assert_eq!(rig.fake.requests().len(), 2);
    rig.clock.advance(time::Duration::seconds(61));
    for result in join((0..20).map(|_| rig.verify(&stranger))).await {
        assert_eq!(result.unwrap_err().code, "id-token-kid");
    }
    assert_eq!(rig.fake.requests().len(), 3);
}

#[tokio::test]
async fn g18_without_a_key_id_there_must_be_one_key_only() {
    let (key, other) = (SigningKey::new("k1"), SigningKey::new("k2"));
    let one = Rig::new(jwks(&[&key])).await;
    let token = key.sign_text(r#"{"alg":"RS256"}"#, &one.claims().to_string());
    assert!(one.verify(&token).await.is_ok());
    let two = Rig::new(jwks(&[&key, &other])).await;
    assert_eq!(two.refusal(&token).await, "id-token-kid");
    assert_eq!(two.fake.requests().len(), 1);
}

#[tokio::test]
async fn g17_keys_outlive_an_outage_by_a_day_and_no_longer() {
    let key = SigningKey::new("k1");
    let rig = Rig::new(jwks(&[&key])).await;
    assert!(rig.verify(&key.sign(&rig.claims())).await.is_ok());
    rig.serve(500, json!({}));
    rig.clock.advance(time::Duration::hours(2));
    for _ in 0..3 {
        assert!(rig.verify(&key.sign(&rig.claims())).await.is_ok());
    }
    assert_eq!(rig.fake.requests().len(), 2, "a failed renewal is not repeated at every login");
    rig.clock.advance(time::Duration::hours(22));
    let fault = rig.verify(&key.sign(&rig.claims())).await.unwrap_err();
    assert_eq!((fault.answer, fault.code.as_str()), (Answer::TryLater, "http-500"));
    rig.serve(200, jwks(&[&key]));
    assert!(rig.verify(&key.sign(&rig.claims())).await.is_ok(), "it works again at once");
}

#[tokio::test]
async fn g17_without_keys_nothing_is_believed() {
    let key = SigningKey::new("k1");
    let mut wrong_use = key.jwk();
    wrong_use["use"] = json!("enc");
    let short = json!({"kid": "k1", "kty": "RSA", "n": BASE64URL_NOPAD.encode(&[0xFF; 128]), "e": "AQAB"});
    for keys in [
        json!({"keys": []}),
        json!({}),
        json!({"keys": "x"}),
        json!({"keys": [wrong_use]}),
        json!({"keys": [short]}),
        json!({"keys": vec![key.jwk(); 101]}),
        json!({"keys": [{"kty": "oct", "kid": "k1", "k": "AAAA"}]}),
    ] {
        let rig = Rig::new(keys).await;
        let fault = rig.verify(&key.sign(&rig.claims())).await.unwrap_err();
        assert_eq!((fault.answer, fault.code.as_str()), (Answer::TryLater, "keys-malformed"));
    }
    let html = Fake::start(|_| raw(200, "text/html", "<html>")).await;
    let keys = Keys::new(html.origin.clone(), Clock::system());
    let fault = keys
        .find(&Http::new().unwrap(), None, Algorithm::RS256, Deadline::within(Duration::from_secs(5)))
        .await
        .unwrap_err();
    assert_eq!(fault.code, "not-json");
}

#[tokio::test]
async fn g17_old_keys_serve_while_the_provider_is_silent() {
    let key = SigningKey::new("k1");
    let rig = Rig::new(jwks(&[&key])).await;
    assert!(rig.verify(&key.sign(&rig.claims())).await.is_ok());
    rig.serve(0, Value::Null);
    rig.clock.advance(time::Duration::hours(2));
    assert!(rig.verify(&key.sign(&rig.claims())).await.is_ok(), "a renewal waits for three of the ten seconds at most");
}
