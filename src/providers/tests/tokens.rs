//! ID tokens, good and bad.

use data_encoding::BASE64URL_NOPAD;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use serde_json::{Value, json};

use super::rig::{ISSUER, Rig};
use super::{CLIENT_ID, NONCE, SigningKey, jwks, with};
use crate::clock::unix_seconds;

#[tokio::test]
async fn a_good_token_says_who_and_when() {
    let key = SigningKey::new("k1");
    let rig = Rig::new(jwks(&[&key])).await;
    let claims = rig.verify(&key.sign(&rig.claims())).await.unwrap();
    assert_eq!(claims.subject, "3912345678");
    assert_eq!(claims.auth_time.map(unix_seconds), Some(rig.claims()["auth_time"].as_i64().unwrap()));
    let aud = with(&rig.claims(), &json!({"aud": ["other", CLIENT_ID], "azp": CLIENT_ID, "auth_time": null}));
    assert_eq!(rig.verify(&key.sign(&aud)).await.unwrap().auth_time, None);
    let hash = with(&rig.claims(), &json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}));
    assert!(rig.verify(&key.sign(&hash)).await.is_ok());
    assert_eq!(rig.fake.requests().len(), 1, "the keys are kept");
}

#[tokio::test]
async fn g01_g02_only_rs256_is_taken() {
    let key = SigningKey::new("k1");
    let rig = Rig::new(jwks(&[&key])).await;
    let payload = BASE64URL_NOPAD.encode(rig.claims().to_string().as_bytes());
    for alg in
        [json!("none"), json!("None"), json!("nOnE"), json!(""), Value::Null, json!(0), json!("RS384"), json!("ES256")]
    {
        let header = BASE64URL_NOPAD.encode(json!({"alg": alg, "typ": "JWT", "kid": "k1"}).to_string().as_bytes());
        assert_eq!(rig.refusal(&format!("{header}.{payload}.")).await, "id-token-alg");
        assert_eq!(rig.refusal(&format!("{header}.{payload}.AAAA")).await, "id-token-alg");
    }
    let header = BASE64URL_NOPAD.encode(br#"{"alg":"RS256","kid":"k1"}"#);
    assert_eq!(rig.refusal(&format!("{header}.{payload}.")).await, "id-token-signature");
    let rsa = key.key.rsa().unwrap();
    let secrets = [
        rsa.public_key_to_pem().unwrap(),
        rsa.public_key_to_der().unwrap(),
        key.jwk().to_string().into(),
        rsa.n().to_vec(),
    ];
    for alg in ["HS256", "HS384", "HS512"] {
        for secret in &secrets {
            let header = BASE64URL_NOPAD.encode(json!({"alg": alg, "kid": "k1"}).to_string().as_bytes());
            let mut signer = Signer::new(MessageDigest::sha256(), &PKey::hmac(secret).unwrap()).unwrap();
            let mac = signer.sign_oneshot_to_vec(format!("{header}.{payload}").as_bytes()).unwrap();
            let token = format!("{header}.{payload}.{}", BASE64URL_NOPAD.encode(&mac));
            assert_eq!(rig.refusal(&token).await, "id-token-alg");
        }
    }
}

#[tokio::test]
async fn g03_g05_g09_a_header_that_asks_for_more_is_refused() {
    let (key, other) = (SigningKey::new("k1"), SigningKey::new("k1"));
    let rig = Rig::new(jwks(&[&key])).await;
    let payload = rig.claims().to_string();
    for (more, code) in [
        (json!({"crit": ["x"]}), "crit"),
        (json!({"crit": ["b64"], "b64": false}), "crit"),
        (json!({"crit": []}), "crit"),
        (json!({"crit": "x"}), "crit"),
        (json!({"zip": "DEF"}), "crit"),
        (json!({"typ": "secevent+jwt"}), "typ"),
        (json!({"typ": "at+jwt"}), "typ"),
        (json!({"typ": "rt+jwt"}), "typ"),
        (json!({"typ": 1}), "typ"),
        (json!({"kid": 1}), "kid"),
    ] {
        let header = with(&json!({"alg": "RS256", "typ": "JWT", "kid": "k1"}), &more);
        assert_eq!(rig.refusal(&key.sign_text(&header.to_string(), &payload)).await, format!("id-token-{code}"));
    }
    let carried =
        json!({"alg": "RS256", "kid": "k1", "jwk": other.jwk(), "jku": rig.fake.origin, "x5u": rig.fake.origin});
    assert_eq!(rig.refusal(&other.sign_text(&carried.to_string(), &payload)).await, "id-token-signature");
    assert_eq!(rig.fake.count("/"), 1, "only the provider's own keys are ever fetched");
    assert!(rig.verify(&key.sign_text(r#"{"alg":"RS256","kid":"k1"}"#, &payload)).await.is_ok(), "typ may be absent");
}

#[tokio::test]
async fn g06_g07_g08_g13_g14_every_claim_is_checked_with_its_type() {
    let key = SigningKey::new("k1");
    let rig = Rig::new(jwks(&[&key])).await;
    let now = rig.now();
    for (change, code) in [
        (json!({"iss": null}), "iss"),
        (json!({"iss": [ISSUER]}), "iss"),
        (json!({"iss": "https://kauth.kakao.com/"}), "iss"),
        (json!({"iss": "https://KAUTH.kakao.com"}), "iss"),
        (json!({"aud": null}), "aud"),
        (json!({"aud": 1}), "aud"),
        (json!({"aud": []}), "aud"),
        (json!({"aud": "other"}), "aud"),
        (json!({"aud": ["other"], "azp": CLIENT_ID}), "aud"),
        (json!({"aud": [CLIENT_ID, "other"]}), "aud"),
        (json!({"aud": [CLIENT_ID, 1], "azp": CLIENT_ID}), "aud"),
        (json!({"aud": CLIENT_ID, "azp": "other"}), "aud"),
        (json!({"aud": CLIENT_ID, "azp": 1}), "azp"),
        (json!({"exp": null}), "exp"),
        (json!({"exp": (now + 100).to_string()}), "exp"),
        (json!({"exp": (now + 100) as f64 + 0.5}), "exp"),
        (json!({"exp": 1e300}), "exp"),
        (json!({"exp": [now + 100]}), "exp"),
        (json!({"exp": -1}), "exp"),
        (json!({"exp": 0}), "exp"),
        (json!({"exp": now - 31}), "exp"),
        (json!({"iat": null}), "iat"),
        (json!({"iat": now.to_string()}), "iat"),
        (json!({"iat": now + 310}), "iat"),
        (json!({"nbf": now + 40}), "nbf"),
        (json!({"nbf": now.to_string()}), "nbf"),
        (json!({"auth_time": "now"}), "auth_time"),
        (json!({"auth_time": now + 10_000}), "auth_time"),
        (json!({"nonce": null}), "nonce"),
        (json!({"nonce": ""}), "nonce"),
        (json!({"nonce": [NONCE]}), "nonce"),
        (json!({"nonce": "nonce-of-another-login"}), "nonce"),
        (json!({"sub": null}), "sub"),
        (json!({"sub": ""}), "sub"),
        (json!({"sub": 3_912_345_678_i64}), "sub"),
        (json!({"sub": "x".repeat(256)}), "sub"),
        (json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RA"}), "at_hash"),
        (json!({"at_hash": 1}), "at_hash"),
        (json!({"events": {}}), "events"),
    ] {
        let token = key.sign(&with(&rig.claims(), &change));
        assert_eq!(rig.refusal(&token).await, format!("id-token-{code}"), "{change}");
    }
    for fine in [json!({"exp": now - 25}), json!({"iat": now + 290}), json!({"nbf": now + 25}), json!({"extra": [1]})] {
        assert!(rig.verify(&key.sign(&with(&rig.claims(), &fine))).await.is_ok(), "{fine}");
    }
}

#[tokio::test]
async fn g10_g11_g12_a_token_changed_anywhere_is_refused() {
    let (key, other) = (SigningKey::new("k1"), SigningKey::new("k1"));
    let rig = Rig::new(jwks(&[&key])).await;
    let token = key.sign(&rig.claims());
    rig.refusal(&other.sign(&rig.claims())).await;
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert!(rig.verify(&String::from_utf8(bytes).unwrap()).await.is_err(), "byte {at}");
    }
    let parts: Vec<&str> = token.split('.').collect();
    for odd in [
        format!("{}.{}", parts[0], parts[1]),
        format!("{token}.x"),
        format!("{token}.x.y"),
        format!(" {token}"),
        format!("{token}="),
        format!("{token}\n"),
        String::new(),
        "a".repeat(1 << 20),
    ] {
        assert!(rig.verify(&odd).await.is_err());
    }
    let header = r#"{"alg":"RS256","kid":"k1"}"#;
    let twice = rig.claims().to_string().replacen('{', r#"{"sub":"1","#, 1);
    assert_eq!(rig.refusal(&key.sign_text(header, &twice)).await, "id-token-malformed");
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(rig.refusal(&key.sign_text(header, &deep)).await, "id-token-malformed");
}
