//! Naver's own part.

use serde_json::{Value, json};

use super::super::dialect::Freshness;
use super::super::fault::{Answer, Step};
use super::super::http::Http;
use super::super::naver;
use super::super::profile::Trust;
use super::super::provider::Provider;
use super::answers::{Answers, claims, fake, form, pairs, prove, query, tokens};
use super::{CLIENT_ID, Fake, SigningKey, attempt, jwks};
use crate::clock::Clock;
use crate::config::Naver as Settings;
use crate::secret::Secret;

fn provider(fake: &Fake, oidc: bool) -> Provider {
    let settings = Settings {
        client_id: CLIENT_ID.into(),
        previous_client_secret: None,
        client_secret: Secret::new("S3CR3T".into()),
        scopes: Vec::new(),
        oidc,
        auth_base: fake.origin.clone(),
        api_base: fake.origin.clone(),
        issuer: "https://nid.test".into(),
    };
    naver::provider(&settings, &Http::new().unwrap(), &Clock::system()).unwrap()
}

fn me(response: Value) -> Value {
    json!({"resultcode": "00", "message": "success", "response": response})
}

fn healthy(response: Value) -> Answers {
    let token = json!({"access_token": "AAAA+/=", "refresh_token": "R", "token_type": "bearer", "expires_in": "3600"});
    vec![("POST /oauth2.0/token", 200, token), ("GET /v1/nid/me", 200, me(response))]
}

#[tokio::test]
async fn a_login_sends_the_state_twice_and_reads_what_is_wrapped() {
    let person = json!({"id": "32742776_-=", "nickname": "오픈", "email": "a@external.test",
                        "profile_image": "http://phinf.pstatic.net/x.jpg", "enc_id": "?"});
    let fake = fake(healthy(person)).await;
    let provider = provider(&fake, false);
    let address = provider.authorize_url(&attempt()).await.unwrap();
    assert!(address.starts_with(&format!("{}/oauth2.0/authorize?", fake.origin)));
    assert_eq!(query(&address), pairs(&[("client_id", CLIENT_ID)]));
    let proof = prove(&provider).await.unwrap();
    assert_eq!((proof.profile.subject.as_str(), proof.realm.as_deref()), ("32742776_-=", Some(CLIENT_ID)));
    assert_eq!(proof.profile.name.as_deref(), Some("오픈"));
    assert_eq!(proof.profile.picture.as_deref(), Some("https://phinf.pstatic.net/x.jpg"));
    assert_eq!(proof.profile.email.unwrap().trust, Trust::Unverified, "c04: Naver never says that it is verified");
    let sent = form(&fake, "POST /oauth2.0/token");
    assert_eq!((sent["state"].as_str(), sent["client_secret"].as_str()), ("STATE", "S3CR3T"));
    assert_eq!((proof.auth_time, provider.freshness()), (None, Freshness::Asked));
    let again = super::AuthRequest { again: true, ..attempt() };
    assert_eq!(query(&provider.authorize_url(&again).await.unwrap())["auth_type"], "reauthenticate");
}

#[tokio::test]
async fn b26_errors_come_with_200_and_say_whose_matter_they_are() {
    for (status, error, code, spent) in [
        (200, "invalid_request", "oauth-invalid_request", true),
        (200, "invalid_client", "oauth-invalid_client", false),
        (200, "unauthorized_client", "oauth-unauthorized_client", false),
        (503, "temporarily_unavailable", "oauth-temporarily_unavailable", false),
    ] {
        let body = json!({"error": error, "error_description": "no valid data in session"});
        let fake = fake(vec![("POST /oauth2.0/token", status, body)]).await;
        let fault = prove(&provider(&fake, false)).await.unwrap_err();
        assert_eq!((fault.step, fault.code.as_str(), fault.code_spent), (Step::Token, code, spent));
        assert_eq!(matches!(fault.answer, Answer::OperatorMustFix { .. }), error.contains("client"), "{error}");
        assert_eq!(fake.requests().len(), 1, "nothing is asked after it");
    }
}

#[tokio::test]
async fn a_profile_that_is_refused_keeps_its_code_whatever_the_status() {
    for (status, body, code, answer) in [
        (401, json!({"resultcode": "024", "message": "canary"}), "nid-024", Answer::StartOver),
        (200, json!({"resultcode": "024", "message": "canary"}), "nid-024", Answer::StartOver),
        (401, json!({"resultcode": "028"}), "nid-028", Answer::StartOver),
        (401, json!({"errorMessage": "canary", "errorCode": "024"}), "nid-024", Answer::StartOver),
        (429, json!({"errorMessage": "canary", "errorCode": "010"}), "nid-010", Answer::TryLater),
        (500, json!({}), "nid-500", Answer::TryLater),
    ] {
        let mut answers = healthy(json!({}));
        answers[1] = ("GET /v1/nid/me", status, body);
        let fault = prove(&provider(&fake(answers).await, false)).await.unwrap_err();
        assert_eq!((fault.code.as_str(), fault.answer), (code, answer));
        assert!(!fault.to_string().contains("canary"));
    }
    let mut forbidden = healthy(json!({}));
    forbidden[1] = ("GET /v1/nid/me", 403, json!({"resultcode": "x"}));
    let fault = prove(&provider(&fake(forbidden).await, false)).await.unwrap_err();
    assert!(matches!(fault.answer, Answer::OperatorMustFix { fix } if fix.contains("API 설정")));
}

#[tokio::test]
async fn b27_without_an_id_there_is_nobody() {
    for id in [json!(null), json!(""), json!(7), json!("x".repeat(256)), json!("a\u{0}b"), json!(["x"])] {
        let fault = prove(&provider(&fake(healthy(json!({"id": id}))).await, false)).await.unwrap_err();
        assert_eq!((fault.answer, fault.code.as_str()), (Answer::Refused, "no-id"));
    }
    let bare = prove(&provider(&fake(healthy(json!({"id": "x"}))).await, false)).await.unwrap().profile;
    assert!(bare.name.is_none() && bare.email.is_none() && bare.picture.is_none());
    let nobody = json!({"id": "x", "profile_image": "https://ssl.pstatic.net/static/pwe/address/nodata_33x33.gif"});
    assert_eq!(prove(&provider(&fake(healthy(nobody)).await, false)).await.unwrap().profile.picture, None);
}

#[tokio::test]
async fn b18_b19_with_openid_connect_the_id_token_must_be_there_and_name_the_same_person() {
    let key = SigningKey::new("k1");
    let token = key.sign(&claims("https://nid.test", CLIENT_ID, "X"));
    let answers = |id_token: Option<&str>, id: &str| {
        vec![
            ("POST /oauth2/token", 200, tokens(id_token)),
            ("GET /oauth2/jwks", 200, jwks(&[&key])),
            ("GET /v1/nid/me", 200, me(json!({"id": id}))),
        ]
    };
    let good = fake(answers(Some(&token), "X")).await;
    let provider_of = |fake: &Fake| provider(fake, true);
    let address = provider_of(&good).authorize_url(&attempt()).await.unwrap();
    assert_eq!(query(&address), pairs(&[("client_id", CLIENT_ID), ("nonce", super::NONCE), ("scope", "openid")]));
    assert_eq!(prove(&provider_of(&good)).await.unwrap().profile.subject, "X");
    let none = fake(answers(None, "X")).await;
    assert_eq!(prove(&provider_of(&none)).await.unwrap_err().code, "id-token-missing");
    assert_eq!(none.requests().len(), 1, "nothing is asked by a token that proves nothing");
    let other = fake(answers(Some(&token), "Y")).await;
    assert_eq!(prove(&provider_of(&other)).await.unwrap_err().code, "sub-mismatch");
}
