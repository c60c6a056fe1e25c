//! Other people's libraries look at what we give out: PyJWT and jose verify our tokens by the published keys, a linter reads
//! our OpenAPI description. `scripts/verifiers` brings them.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::kit::{Setting, TestApp, people};

pub(crate) fn place() -> PathBuf {
    let made = Command::new("scripts/verifiers").stderr(Stdio::inherit()).output().expect("scripts/verifiers");
    assert!(made.status.success(), "scripts/verifiers failed; `scripts/test` says what is missing");
    String::from_utf8(made.stdout).unwrap().trim().into()
}

/// What a program answers to this input.
pub(crate) fn ask(program: PathBuf, script: PathBuf, input: &Value) -> (bool, String) {
    let mut child = Command::new(&program)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{}: {e}", program.display()));
    child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

/// A good token, and what somebody who has none would try.
fn tries(good: &str, refresh: &str, other: &str) -> Vec<String> {
    let parts: Vec<&str> = good.split('.').collect();
    let others: Vec<&str> = other.split('.').collect();
    let flipped = |text: &str| {
        let middle = text.len() / 2;
        let mut bytes = text.as_bytes().to_vec();
        bytes[middle] = if bytes[middle] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let none = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"at+jwt"}"#);
    vec![
        good.to_owned(),
        format!("{}.{}.{}", parts[0], flipped(parts[1]), parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], flipped(parts[2])),
        format!("{}.{}.{}", parts[0], parts[1], others[2]),
        format!("{}.{}.{}", parts[0], others[1], parts[2]),
        format!("{none}.{}.", parts[1]),
        refresh.to_owned(),
    ]
}

async fn verified_elsewhere(app: &TestApp) {
    let place = place();
    let (browser, other) = (app.logged_in(people::ORDINARY).await, app.logged_in(people::NO_EMAIL).await);
    let jwks: Value = serde_json::from_str(&app.browser().get("/.well-known/jwks.json").await.body).unwrap();
    let tokens =
        tries(browser.cookie("access").unwrap(), browser.cookie("refresh").unwrap(), other.cookie("access").unwrap());
    let mut expected = vec![false; tokens.len()];
    expected[0] = true;
    let asked = json!({ "jwks": jwks, "issuer": "https://app.test", "audience": "https://app.test", "tokens": tokens });
    for (program, script) in [(place.join("python/bin/python"), "verify.py"), ("node".into(), "verify.js")] {
        let (well, said) = ask(program, place.join(script), &asked);
        assert!(well, "{script}: {said}");
        assert_eq!(serde_json::from_str::<Vec<bool>>(&said).expect(&said), expected, "{script}");
    }
}

fn eddsa() -> Vec<Setting> {
    vec![("FIIIIILM_TOKEN__ALGORITHM", "EdDSA".into())]
}

fn rs256() -> Vec<Setting> {
    vec![("FIIIIILM_TOKEN__ALGORITHM", "RS256".into())]
}

mod edwards {
    use super::*;
    on_both! {
        with eddsa;
        async fn pyjwt_and_jose_accept_ours_and_nothing_else(app: TestApp) {
            verified_elsewhere(&app).await;
        }
    }
}

mod rsa {
    use super::*;
    on_both! {
        with rs256;
        async fn pyjwt_and_jose_accept_ours_and_nothing_else(app: TestApp) {
            verified_elsewhere(&app).await;
        }
    }
}

on_both! {
    async fn pyjwt_and_jose_accept_ours_and_nothing_else(app: TestApp) {
        verified_elsewhere(&app).await;
    }

    async fn the_description_is_well_formed_and_names_every_route(app: TestApp) {
        let answer = app.browser().get("/api/openapi.json").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        let description: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
        let place = place();
        let (well, said) = ask(place.join("python/bin/python"), place.join("lint.py"), &description);
        assert!(well, "{said}");
        let mut routes: Vec<String> = Vec::new();
        for (path, operations) in description["paths"].as_object().unwrap() {
            routes.extend(operations.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
        }
        routes.sort();
        let expected = [
            "delete /api/sessions", "delete /api/sessions/{id}", "get /.well-known/jwks.json", "get /api/me",
            "get /api/openapi.json", "get /api/sessions", "post /api/login/{provider}", "post /api/token/blacklist", "post /api/token/refresh",
            "post /api/token/verify",
        ];
        assert_eq!(routes, expected);
        // Each of them is there, and each other method of its path is not.
        for route in routes {
            let (method, path) = route.split_once(' ').unwrap();
            let method = reqwest::Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
            let path = path.replace("{id}", "x").replace("{provider}", "kakao");
            let there = app.browser().json(method, &path, &[("Sec-Fetch-Site", "same-origin")], None).await;
            assert!(there.status != 405 && there.status < 500, "{route}: {}", there.status);
            let put = app.browser().json(reqwest::Method::PUT, &path, &[("Sec-Fetch-Site", "same-origin")], None).await;
            assert_eq!(put.status, 405, "{route}");
        }
    }
}
