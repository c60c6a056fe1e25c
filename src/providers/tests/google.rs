//! Google's own part.

use serde_json::{Map, Value, json};

use super::super::dialect::Freshness;
use super::super::fault::Answer;
use super::super::google::{self, PICTURES};
use super::super::http::Http;
use super::super::pictures::Pictures;
use super::super::profile::Trust;
use super::super::provider::Provider;
use super::answers::{claims, fake, pairs, prove, query, tokens};
use super::{CLIENT_ID, Fake, SigningKey, attempt, jwks, with};
use crate::clock::Clock;
use crate::config::Google as Settings;
use crate::secret::Secret;

const ISSUER: &str = "https://accounts.google.com";

fn provider(fake: &Fake) -> Provider {
    let settings = Settings {
        client_id: CLIENT_ID.into(),
        client_secret: Secret::new("S3CR3T".into()),
        scopes: ["openid", "email", "profile"].map(str::to_owned).to_vec(),
        native_audiences: Vec::new(),
        native_redirect_uris: Vec::new(),
        auth_base: fake.origin.clone(),
        token_base: fake.origin.clone(),
        keys_base: fake.origin.clone(),
        issuer: ISSUER.into(),
    };
    google::provider(&settings, &Http::new().unwrap(), &Clock::system()).unwrap()
}

async fn healthy(change: &Value) -> Fake {
    let (key, other) = (SigningKey::new("k1"), SigningKey::new("k2"));
    let token = other.sign(&with(&claims(ISSUER, CLIENT_ID, "10769150350006150715113082367"), change));
    fake(vec![("POST /token", 200, tokens(Some(&token))), ("GET /oauth2/v3/certs", 200, jwks(&[&key, &other]))]).await
}

#[tokio::test]
async fn everything_is_in_the_id_token_which_one_of_several_keys_signed() {
    let said = json!({"name": "홍길동", "picture": "https://lh3.googleusercontent.com/a/x=s96-c", "hd": "corp.test",
                      "email": "hong@corp.test", "email_verified": true, "azp": CLIENT_ID});
    let fake = healthy(&said).await;
    let provider = provider(&fake);
    let expected = [
        ("client_id", CLIENT_ID),
        ("access_type", "offline"),
        ("nonce", super::NONCE),
        ("scope", "openid email profile"),
    ];
    let address = provider.authorize_url(&attempt()).await.unwrap();
    assert_eq!(query(&address), pairs(&expected));
    assert!(address.contains("scope=openid%20email%20profile"), "a blank is written so that everybody reads it");
    let proof = prove(&provider).await.unwrap();
    assert_eq!((proof.profile.subject.as_str(), proof.realm), ("10769150350006150715113082367", None));
    assert_eq!(proof.profile.name.as_deref(), Some("홍길동"));
    assert!(proof.profile.picture.unwrap().starts_with("https://lh3.googleusercontent.com/"));
    assert_eq!(proof.profile.email.unwrap().trust, Trust::Verified);
    assert_eq!(fake.requests().len(), 2, "a token and the keys");
    assert_eq!(provider.freshness(), Freshness::None);
    let again = super::AuthRequest { again: true, ..attempt() };
    assert_eq!(query(&provider.authorize_url(&again).await.unwrap())["prompt"], "select_account");
}

#[tokio::test]
async fn b17_b18_g06_what_is_not_googles_word_is_refused_before_anything_else() {
    assert!(prove(&provider(&healthy(&json!({"iss": "accounts.google.com"})).await)).await.is_ok(), "old tokens");
    for (change, code) in [
        (json!({"iss": "https://accounts.google.com/"}), "id-token-iss"),
        (json!({"iss": "http://accounts.google.com"}), "id-token-iss"),
        (json!({"iss": "https://accounts.google.com.evil.test"}), "id-token-iss"),
        (json!({"nonce": "other"}), "id-token-nonce"),
        (json!({"nonce": null}), "id-token-nonce"),
        (json!({"aud": "other"}), "id-token-aud"),
        (json!({"aud": [CLIENT_ID, "other"]}), "id-token-aud"),
        (json!({"azp": "other"}), "id-token-aud"),
        (json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}), "id-token-at_hash"),
    ] {
        let fault = prove(&provider(&healthy(&change).await)).await.unwrap_err();
        assert_eq!((fault.answer, fault.code.as_str()), (Answer::Refused, code), "{change}");
    }
    let without = fake(vec![("POST /token", 200, tokens(None))]).await;
    assert_eq!(prove(&provider(&without)).await.unwrap_err().code, "id-token-missing");
}

#[tokio::test]
async fn errors_of_the_token_endpoint_say_whose_matter_they_are() {
    for (status, error, fix) in
        [(400, "invalid_grant", false), (401, "invalid_client", true), (400, "redirect_uri_mismatch", true)]
    {
        let body = json!({"error": error, "error_description": "Malformed auth code."});
        let fake = fake(vec![("POST /token", status, body)]).await;
        let fault = prove(&provider(&fake)).await.unwrap_err();
        assert_eq!(fault.code, format!("oauth-{error}"));
        assert_eq!(matches!(fault.answer, Answer::OperatorMustFix { .. }), fix, "{error}");
        assert_eq!(fault.code_spent, error == "invalid_grant");
    }
}

#[test]
fn c04_c05_an_address_is_trusted_where_google_runs_the_mailbox() {
    let trust = |claims: Value| {
        let Value::Object(claims) = claims else { unreachable!() };
        let claims: Map<String, Value> = claims;
        google::read("1".into(), &claims, &Pictures::new(PICTURES, "")).email.map(|email| email.trust)
    };
    let at = |address: &str, verified: Value, hd: Value| {
        trust(json!({"email": address, "email_verified": verified, "hd": hd}))
    };
    let (yes, none) = (json!(true), Value::Null);
    assert_eq!(at("a@gmail.com", yes.clone(), none.clone()), Some(Trust::Verified));
    assert_eq!(at("a@GMail.com", yes.clone(), none.clone()), Some(Trust::Verified));
    assert_eq!(at("a@corp.test", yes.clone(), json!("corp.test")), Some(Trust::Verified));
    for (address, hd) in [
        ("a@corp.test", none.clone()),
        ("a@corp.test", json!("other.test")),
        ("a@notgmail.com", none.clone()),
        ("a@gmail.com.evil.test", none.clone()),
        ("a@corp.test", json!(true)),
    ] {
        assert_eq!(at(address, yes.clone(), hd), Some(Trust::Unverified), "{address}");
    }
    for verified in [json!(false), json!("true"), json!(1), json!("1"), json!([true]), none.clone()] {
        assert_eq!(at("a@gmail.com", verified, none.clone()), Some(Trust::Unverified));
    }
    assert_eq!(trust(json!({"email_verified": true})), None);
}
