//! Apple's own part.

use data_encoding::BASE64URL_NOPAD;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::pkey::PKey;
use openssl::sha::sha256;
use serde_json::{Map, Value, json};

use super::super::apple;
use super::super::dialect::Freshness;
use super::super::fault::Answer;
use super::super::http::Http;
use super::super::profile::Trust;
use super::super::provider::Provider;
use super::answers::{claims, fake, form, now, pairs, prove, query, tokens};
use super::{CLIENT_ID, Fake, SigningKey, attempt, jwks, with};
use crate::clock::Clock;
use crate::config::Apple as Settings;
use crate::config::demo;
use crate::secret::Secret;

const ISSUER: &str = "https://appleid.apple.com";
const SUBJECT: &str = "000000.0123456789abcdef0123456789abcdef.0000";

fn provider(fake: &Fake) -> Provider {
    let settings = Settings {
        client_id: CLIENT_ID.into(),
        team_id: "TEAM567890".into(),
        key_id: "KEY4567890".into(),
        private_key: Secret::new(demo::APPLE_PRIVATE_KEY.into()),
        scopes: ["name", "email"].map(str::to_owned).to_vec(),
        native_audiences: Vec::new(),
        native_redirect_uris: Vec::new(),
        auth_base: fake.origin.clone(),
        issuer: ISSUER.into(),
    };
    apple::provider(&settings, &Http::new().unwrap(), &Clock::system()).unwrap()
}

async fn healthy(change: &Value) -> Fake {
    let keys = ["k1", "k2", "k3"].map(SigningKey::new);
    let token = keys[2].sign(&with(&claims(ISSUER, CLIENT_ID, SUBJECT), change));
    let set = jwks(&keys.iter().collect::<Vec<_>>());
    fake(vec![("POST /auth/token", 200, tokens(Some(&token))), ("GET /auth/keys", 200, set)]).await
}

#[tokio::test]
async fn the_client_secret_is_a_token_of_ours_made_anew_each_time() {
    let fake = healthy(&json!({})).await;
    let provider = provider(&fake);
    let proof = prove(&provider).await.unwrap();
    assert_eq!((proof.profile.subject.as_str(), proof.realm.as_deref()), (SUBJECT, Some("TEAM567890")));
    let sent = form(&fake, "POST /auth/token");
    let parts: Vec<&str> = sent["client_secret"].split('.').collect();
    let part = |at: usize| BASE64URL_NOPAD.decode(parts[at].as_bytes()).unwrap();
    let header: Value = serde_json::from_slice(&part(0)).unwrap();
    assert_eq!((&header["alg"], &header["kid"]), (&json!("ES256"), &json!("KEY4567890")));
    let said: Value = serde_json::from_slice(&part(1)).unwrap();
    assert_eq!((&said["iss"], &said["aud"], &said["sub"]), (&json!("TEAM567890"), &json!(ISSUER), &json!(CLIENT_ID)));
    let (iat, exp) = (said["iat"].as_i64().unwrap(), said["exp"].as_i64().unwrap());
    assert!((now() - iat).abs() <= 5 && (1..=600).contains(&(exp - iat)));
    // By hand: r and s, 32 bytes each, under the public half.
    let signature = part(2);
    assert_eq!(signature.len(), 64);
    let number = |bytes: &[u8]| BigNum::from_slice(bytes).unwrap();
    let signature = EcdsaSig::from_private_components(number(&signature[..32]), number(&signature[32..])).unwrap();
    let key = PKey::private_key_from_pem(demo::APPLE_PRIVATE_KEY.as_bytes()).unwrap().ec_key().unwrap();
    assert!(signature.verify(&sha256(format!("{}.{}", parts[0], parts[1]).as_bytes()), &key).unwrap());
}

#[tokio::test]
async fn the_answer_is_asked_to_be_posted() {
    let fake = healthy(&json!({})).await;
    let provider = provider(&fake);
    assert!(provider.posts());
    let expected = pairs(&[
        ("client_id", CLIENT_ID),
        ("nonce", super::NONCE),
        ("response_mode", "form_post"),
        ("scope", "name email"),
    ]);
    assert_eq!(query(&provider.authorize_url(&attempt()).await.unwrap()), expected);
    let again = super::AuthRequest { again: true, ..attempt() };
    assert_eq!(query(&provider.authorize_url(&again).await.unwrap()), expected, "nothing can be asked for");
    assert_eq!(provider.freshness(), Freshness::None);
    assert_eq!(provider.denial("user_cancelled_authorize", ""), None);
    assert_eq!(provider.denial("access_denied", ""), None);
}

#[tokio::test]
async fn the_name_comes_once_beside_the_proof_and_nothing_else_of_it_is_taken() {
    let fake = healthy(&json!({})).await;
    let provider = provider(&fake);
    let user = |user: &str| super::AuthRequest { user: Some(user.to_owned()), ..attempt() };
    let told = r#"{"name":{"firstName":"길동","lastName":"홍"},"email":"victim@x.test","sub":"1","role":"admin"}"#;
    let proof = provider.prove("C", &user(told)).await.unwrap();
    assert_eq!(proof.profile.name.as_deref(), Some("홍길동"));
    assert_eq!(
        (proof.profile.email, proof.profile.subject.as_str()),
        (None, SUBJECT),
        "an unsigned address is nobody's"
    );
    for (told, name) in [
        (r#"{"name":{"firstName":"Ada","lastName":"Lovelace"}}"#, Some("Ada Lovelace")),
        (r#"{"name":{"firstName":"Ada"}}"#, Some("Ada")),
        (r#"{"name":{"firstName":"\u202egnp","lastName":"\u0000"}}"#, Some("gnp")),
        (r#"{"name":{"firstName":1,"lastName":[]}}"#, None),
        (r#"{"name":"Ada"}"#, None),
        (r#"{"name":{"firstName":"a","firstName":"b"}}"#, None),
        ("[]", None),
        ("", None),
    ] {
        assert_eq!(provider.prove("C", &user(told)).await.unwrap().profile.name.as_deref(), name, "{told}");
    }
}

#[tokio::test]
async fn errors_say_whose_matter_they_are() {
    for (error, fix, spent) in [
        ("invalid_client", true, false),
        ("unauthorized_client", true, false),
        ("invalid_grant", false, true),
        ("invalid_request", false, true),
    ] {
        let fake = fake(vec![("POST /auth/token", 400, json!({"error": error}))]).await;
        let fault = prove(&provider(&fake)).await.unwrap_err();
        assert_eq!(matches!(fault.answer, Answer::OperatorMustFix { .. }), fix, "{error}");
        assert_eq!(fault.code_spent, spent, "{error}");
    }
    let none = fake(vec![("POST /auth/token", 200, tokens(None))]).await;
    assert_eq!(prove(&provider(&none)).await.unwrap_err().code, "id-token-missing");
}

#[test]
fn c04_c05_an_address_is_what_its_flags_say_in_either_writing() {
    let trust = |claims: Value| {
        let Value::Object(claims) = claims else { unreachable!() };
        let claims: Map<String, Value> = claims;
        apple::read("1".into(), &claims).email.map(|email| email.trust)
    };
    let with_flag = |flag: Value| trust(json!({"email": "a@x.test", "email_verified": flag}));
    for yes in [json!(true), json!("true")] {
        assert_eq!(with_flag(yes), Some(Trust::Verified));
    }
    for no in [json!(false), json!("false"), json!("TRUE"), json!(1), json!("1"), json!([true]), Value::Null] {
        assert_eq!(with_flag(no), Some(Trust::Unverified));
    }
    let relay = json!({"email": "x@PrivateRelay.appleid.com", "email_verified": true});
    assert_eq!(trust(relay), Some(Trust::Unverified), "a relay matches nobody");
    let hidden = json!({"email": "a@x.test", "email_verified": "true", "is_private_email": "true"});
    assert_eq!(trust(hidden), Some(Trust::Unverified));
    assert_eq!(trust(json!({"email": "", "email_verified": true})), None);
}
