//! The way to a provider that misbehaves.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::fault::{Answer, Fault, Step};
use super::super::http::Deadline;
use super::{Fake, Reaction, answer, attempt, join, raw};

const CODE: &str = "C0DE-canary";

/// The fault of a proof when the token endpoint reacts so; `limit` is the proof's deadline.
async fn fault(limit: Duration, react: impl Fn() -> Reaction + Send + Sync + 'static) -> Fault {
    let fake =
        Fake::start(
            move |request| {
                if request.starts_with("POST /oauth/token") { react() } else { answer(200, &json!({"id": 1})) }
            },
        )
        .await;
    let result = fake.kakao().prove_by(CODE, &attempt(), Deadline::within(limit)).await;
    let fault = result.expect_err("a proof");
    assert_eq!(fake.requests().len(), 1, "sent once, and nothing after it");
    assert_eq!(fault.step, Step::Token);
    for canary in [CODE, "S3CR3T", "127.0.0.1", "http:", "canary", "STATE"] {
        assert!(!format!("{fault} {fault:?}").contains(canary), "{fault:?}");
    }
    fault
}

const LONG: Duration = Duration::from_secs(5);

#[tokio::test]
async fn n02_silence_ends_at_the_deadline() {
    let start = Instant::now();
    let fault = fault(Duration::from_millis(300), || Reaction::Silence).await;
    assert_eq!((fault.code.as_str(), fault.answer), ("timeout", Answer::TryLater));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn n15_a_silent_provider_holds_so_many_connections_and_no_more() {
    let fake = Fake::start(|_| Reaction::Silence).await;
    let (kakao, attempt) = (fake.kakao(), attempt());
    let limit = Deadline::within(Duration::from_secs(1));
    for result in join((0..300).map(|_| kakao.prove_by(CODE, &attempt, limit))).await {
        assert_eq!(result.unwrap_err().code, "timeout");
    }
    assert!((1..=256).contains(&fake.requests().len()), "{}", fake.requests().len());
}

#[tokio::test]
async fn n04_a_huge_answer_is_cut() {
    assert_eq!(fault(LONG, || Reaction::Flood(10 << 20)).await.code, "too-large");
    assert_eq!(
        fault(LONG, || Reaction::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n".to_vec())).await.code,
        "too-large"
    );
}

#[tokio::test]
async fn n06_n07_what_is_no_json_object_is_a_fault_and_is_not_repeated() {
    for body in
        ["<html>canary</html>", "", "null", "[]", "\"canary\"", "{\"access_token\":\"canary\"", "{\"a\":1,\"a\":2}"]
    {
        let fault = fault(LONG, move || raw(200, "application/json", body)).await;
        assert_eq!((fault.code.as_str(), fault.answer), ("not-json", Answer::TryLater), "{body}");
    }
    assert_eq!(fault(LONG, || raw(502, "text/html", "<html>canary")).await.code, "http-502");
}

#[tokio::test]
async fn n09_a_redirect_is_not_followed() {
    let target = Fake::start(|_| answer(200, &json!({}))).await;
    let to = target.origin.clone();
    let react = move || {
        Reaction::Say(format!("HTTP/1.1 307 X\r\nLocation: {to}/internal\r\nContent-Length: 0\r\n\r\n").into_bytes())
    };
    assert_eq!(fault(LONG, react).await.code, "http-307");
    assert_eq!(target.requests().len(), 0);
}

#[tokio::test]
async fn n01_n10_a_broken_connection_is_no_panic() {
    let cut = fault(LONG, || Reaction::Say(b"HTTP/1.1 garbage\r\n\r\n".to_vec())).await;
    assert_eq!((cut.code.as_str(), cut.answer), ("broken", Answer::TryLater));
    let fake = Fake::start(|_| Reaction::Silence).await;
    let mut settings = fake.settings();
    settings.auth_base = "http://127.0.0.1:1".into();
    let http = super::super::http::Http::new().unwrap();
    let provider = super::super::kakao::provider(&settings, &http, &crate::clock::Clock::system()).unwrap();
    let refused = provider.prove(CODE, &attempt()).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.answer), ("connect", Answer::TryLater), "{refused}");
}

#[tokio::test]
async fn b26_an_error_is_an_error_whatever_its_status() {
    for status in [200, 400, 401] {
        let body = json!({"error": "invalid_grant", "error_code": "KOE320",
            "error_description": "authorization code not found for code=C0DE-canary"});
        let spent = fault(LONG, move || answer(status, &body)).await;
        assert_eq!((spent.code.as_str(), spent.answer, spent.code_spent), ("KOE320", Answer::StartOver, true));
    }
    for (status, body, code) in [
        (401, json!({"error": "invalid_client", "error_code": "KOE010"}), "KOE010"),
        (400, json!({"error": "misconfigured", "error_code": "KOE009"}), "KOE009"),
        (401, json!({"error": "invalid_client"}), "oauth-invalid_client"),
        (400, json!({"error": "canary!<script>", "error_code": "canary <b>"}), "oauth-unknown"),
    ] {
        let fault = fault(LONG, move || answer(status, &body)).await;
        assert_eq!(fault.code, code);
        assert!(matches!(fault.answer, Answer::OperatorMustFix { .. }), "{fault}");
    }
    for (status, body, code) in [
        (429, json!({"error": "invalid_request", "error_code": "KOE237"}), "KOE237"),
        (400, json!({"error": "invalid_request", "error_code": "KOE237"}), "KOE237"),
        (503, json!({"error": "x", "error_code": "KOE777"}), "KOE777"),
        (200, json!({"error_code": "KOE003"}), "KOE003"),
    ] {
        let fault = fault(LONG, move || answer(status, &body)).await;
        assert_eq!((fault.code.as_str(), fault.answer), (code, Answer::TryLater));
    }
}

#[tokio::test]
async fn b26_a_token_answer_without_a_usable_token_is_a_fault() {
    for body in [
        json!({}),
        json!({"access_token": "canary"}),
        json!({"token_type": "bearer"}),
        json!({"access_token": "canary", "token_type": "mac"}),
        json!({"access_token": "", "token_type": "bearer"}),
        json!({"access_token": 1, "token_type": "bearer"}),
        json!({"access_token": null, "token_type": "bearer"}),
        json!({"access_token": "can\nary", "token_type": "bearer"}),
        json!({"access_token": "canary", "token_type": "bearer", "id_token": 1}),
    ] {
        let fault = fault(LONG, move || answer(200, &body)).await;
        assert_eq!(fault.answer, Answer::TryLater, "{fault}");
    }
}
