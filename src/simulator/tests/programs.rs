//! As a site's server sees it.

use std::time::Duration;

use reqwest::header::WWW_AUTHENTICATE;
use serde_json::{Value, json};

use super::super::{App, AuthorizationKind, Fault, people, start};
use super::{CHALLENGE, Practice, bearer, claims};
use crate::clock::Clock;
use crate::config::demo;

/// As a number.
fn hong() -> i64 {
    people::HONG.parse().unwrap()
}

#[actix_web::test]
async fn the_token_endpoint_refuses_in_kakaos_words() {
    let mut practice = Practice::open().await;
    let code = practice.code(people::HONG, &[]).await;
    for (change, status, error, koe) in [
        (("client_id", "x"), 401, "invalid_client", "KOE101"),
        (("client_secret", ""), 401, "invalid_client", "KOE010"),
        (("grant_type", "password"), 400, "unsupported_grant_type", "KOE310"),
        (("code", "x"), 400, "invalid_grant", "KOE320"),
        (("redirect_uri", "http://localhost:8080/"), 400, "invalid_grant", "KOE303"),
        (("code_verifier", CHALLENGE), 400, "invalid_grant", "KOE320"),
    ] {
        let refused = practice.exchange(&code, change).await;
        let body = refused.json();
        assert_eq!(
            (refused.status, &body["error"], &body["error_code"]),
            (status, &json!(error), &json!(koe)),
            "{change:?}"
        );
    }
    assert_eq!(practice.exchange(&code, ("", "")).await.status, 200);
    assert_eq!(practice.exchange(&code, ("", "")).await.json()["error_code"], "KOE320");
    let basic = practice.api("POST", "/oauth/token", "Basic Zm9vOmJhcg==").await;
    assert_eq!(basic.json()["error_description"], "Not exist client_id [null]");
    assert_eq!(practice.running.state().requests().pop().unwrap().authorization, AuthorizationKind::Basic);
}

#[actix_web::test]
async fn a_refresh_token_renews_and_dies_with_the_logout() {
    let mut practice = Practice::open().await;
    let tokens = practice.tokens(people::HONG).await;
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let renewed = practice.refresh(&refresh).await.json();
    assert!(renewed.get("refresh_token").is_none() && renewed.get("scope").is_none());
    assert!(claims(&renewed["id_token"]).get("nonce").is_none());
    practice.clock.advance(time::Duration::days(31));
    let replaced = practice.refresh(&refresh).await.json();
    assert_eq!(practice.refresh(&refresh).await.json()["error_code"], "KOE322");
    let old = practice.api("GET", "/v2/user/me", &bearer(&tokens)).await;
    assert_eq!((old.status, old.json()), (401, json!({"msg": "this access token is already expired", "code": -401})));
    let out = practice.api("POST", "/v1/user/logout", &bearer(&replaced)).await;
    assert_eq!(out.json(), json!({"id": hong()}));
    assert_eq!(
        practice.api("GET", "/v2/user/me", &bearer(&replaced)).await.json()["msg"],
        "this access token does not exist"
    );
    let replaced = replaced["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(practice.refresh(&replaced).await.json()["error_code"], "KOE322");
}

#[actix_web::test]
async fn unlinking_ends_tokens_and_consent_and_is_noticed_the_second_time() {
    let mut practice = Practice::open().await;
    let tokens = practice.tokens(people::HONG).await;
    assert_eq!(practice.api("POST", "/v1/user/unlink", &bearer(&tokens)).await.json(), json!({"id": hong()}));
    let again = practice.api("POST", "/v1/user/unlink", &bearer(&tokens)).await;
    assert_eq!((again.status, &again.json()["code"]), (401, &json!(-401)));
    let (key, target) =
        (format!("KakaoAK {}", demo::ADMIN_KEY), format!("target_id_type=user_id&target_id={}", people::HONG));
    let by_key = practice.api("POST", &format!("/v1/user/unlink?{target}"), &key).await;
    assert_eq!((by_key.status, &by_key.json()["code"]), (400, &json!(-101)));
    practice.tokens(people::HONG).await;
    assert_eq!(practice.api("GET", &format!("/v2/user/me?{target}"), &key).await.json()["id"], hong());
    assert_eq!(practice.api("POST", &format!("/v1/user/unlink?{target}"), &key).await.status, 200);
}

#[actix_web::test]
async fn kapi_without_a_key_says_so_in_the_header_too() {
    let practice = Practice::open().await;
    let response = practice.client.get(practice.at("/v2/user/me")).send().await.unwrap();
    assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer error=invalid_token");
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(body, json!({"msg": "no authentication key!", "code": -401}));
}

#[actix_web::test]
async fn what_it_says_about_itself_is_all_one_origin() {
    let mut practice = Practice::open().await;
    let document = practice.get("/.well-known/openid-configuration").await.json();
    let origin = practice.running.origin().to_owned();
    assert_eq!(document["issuer"], origin.as_str());
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        assert!(document[name].as_str().unwrap().starts_with(&format!("{origin}/")), "{name}");
    }
    let keys = practice.get("/.well-known/jwks.json").await.json();
    assert_eq!((&keys["keys"][0]["e"], &keys["keys"][0]["alg"]), (&json!("AQAB"), &json!("RS256")));
    let tokens = practice.tokens(people::HONG).await;
    let info = practice.api("GET", "/v1/oidc/userinfo", &bearer(&tokens)).await.json();
    assert_eq!((&info["sub"], &info["email_verified"]), (&json!("3900000101"), &json!(true)));
}

#[actix_web::test]
async fn tests_can_read_the_record_and_ask_for_faults() {
    let mut practice = Practice::open().await;
    let body = r#"{"msg":"temporary","code":-1}"#.to_owned();
    let fault = Fault { status: 400, content_type: "application/json", body: body.clone(), delay: Duration::ZERO };
    practice.running.state().fail_next("/v2/user/me", fault);
    assert_eq!(practice.api("GET", "/v2/user/me?a=1", "Bearer x").await.body, body);
    assert_eq!(practice.api("GET", "/v2/user/me", "Bearer x").await.status, 401);
    let requests = practice.running.state().requests();
    assert_eq!(requests.len(), 2);
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("GET", "/v2/user/me"));
    assert_eq!(requests[0].query, [("a".to_owned(), "1".to_owned())]);
    assert_eq!(requests[0].authorization, AuthorizationKind::Bearer);
    practice.running.state().forget_requests();
    assert!(practice.running.state().requests().is_empty());
}

#[actix_web::test]
async fn it_never_listens_where_others_can_reach_it() {
    let refused = start("0.0.0.0:0".parse().unwrap(), App::demo("http://localhost:8080"), Clock::system()).await;
    assert!(refused.unwrap_err().to_string().contains("loopback"));
}
