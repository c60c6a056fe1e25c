//! Native apps: each of Kakao's three proofs logs its person in, and none that was made for somebody else does.

use fiiiiilm::config::demo;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use crate::kit::{Answer, Setting, TestApp, people};
use crate::token_api::read;

/// As RFC 7636 appendix B has it.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) fn native() -> Vec<Setting> {
    let name = "FIIIIILM_PROVIDERS__KAKAO__NATIVE_REDIRECT_URIS";
    vec![(name, demo::NATIVE_REDIRECT_URI.into()), ("FIIIIILM_PROVIDERS__KAKAO__APP_ID", demo::APP_ID.to_string())]
}

/// A phone: its app asks the site with these members.
pub(crate) async fn hand_in(app: &TestApp, members: Value) -> Answer {
    app.browser().json(Method::POST, "/api/login/kakao", &[], Some(&members)).await
}

/// What Kakao's SDK does: log a person in and keep the code.
pub(crate) async fn code(app: &TestApp, redirect_uri: &str, nonce: &str) -> String {
    let query = [
        ("client_id", demo::CLIENT_ID),
        ("redirect_uri", redirect_uri),
        ("response_type", "code"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("nonce", nonce),
    ];
    let query = &query[..if nonce.is_empty() { 5 } else { 6 }];
    let authorize = format!("{}/oauth/authorize", app.simulator.origin());
    let authorize = Url::parse_with_params(&authorize, query).unwrap();
    let back = app.browser().consent(authorize.as_str(), people::ORDINARY, "agree").await;
    let back = Url::parse(&back).unwrap();
    back.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned()).unwrap()
}

/// What Kakao's SDK does next: trade it.
pub(crate) async fn tokens(app: &TestApp, nonce: &str) -> Value {
    let code = code(app, demo::NATIVE_REDIRECT_URI, nonce).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", demo::CLIENT_ID),
        ("client_secret", demo::CLIENT_SECRET),
        ("redirect_uri", demo::NATIVE_REDIRECT_URI),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let address = format!("{}/oauth/token", app.simulator.origin());
    read(&app.browser().send(Method::POST, &address, &[], Some(&form)).await)
}

pub(crate) fn code_proof(code: &str) -> Value {
    json!({ "code": code, "code_verifier": VERIFIER, "redirect_uri": demo::NATIVE_REDIRECT_URI })
}

/// Refused, in the same shape, with nothing stored.
async fn refused(app: &TestApp, members: Value, status: u16, code: &str) {
    let before = app.inspect().rows();
    let answer = hand_in(app, members.clone()).await;
    assert_eq!((answer.status, read(&answer)["code"].as_str()), (status, Some(code)), "{members}: {}", answer.body);
    assert!(answer.set_cookies().is_empty());
    assert_eq!(app.inspect().rows(), before, "{members}");
}

on_both! {
    with native;

    async fn each_of_three_proofs_logs_the_same_person_in(app: TestApp) {
        let code = code(&app, demo::NATIVE_REDIRECT_URI, "").await;
        let issued = tokens(&app, "n1").await;
        let proofs = [
            code_proof(&code),
            json!({ "access_token": issued["access_token"] }),
            json!({ "id_token": issued["id_token"], "nonce": "n1" }),
        ];
        let mut people = Vec::new();
        for proof in proofs {
            let answer = hand_in(&app, proof).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert!(answer.set_cookies().is_empty(), "D02: tokens in the body, none in a cookie");
            let body = read(&answer);
            assert_eq!(body["user"]["name"], "홍길동");
            assert_eq!(body["user"]["email_verified"], true);
            let bearer = format!("Bearer {}", body["access"].as_str().unwrap());
            let me = app.browser().get_with("/api/me", &[("Authorization", &bearer)]).await;
            assert_eq!((me.status, &read(&me)["id"]), (200, &body["user"]["id"]));
            let renewed = json!({ "refresh": body["refresh"] });
            let renewed = app.browser().json(Method::POST, "/api/token/refresh", &[], Some(&renewed)).await;
            assert_eq!(renewed.status, 200, "{}", renewed.body);
            people.push(body["user"]["id"].clone());
        }
        assert!(people.iter().all(|id| *id == people[0]), "{people:?}");
        assert_eq!(app.inspect().rows(), (1, 1, 3));
    }

    async fn an_id_token_is_good_once_for_its_nonce_and_until_it_expires(app: TestApp) {
        let issued = tokens(&app, "n1").await;
        let proof = |nonce: Option<&str>| json!({ "id_token": issued["id_token"], "nonce": nonce });
        let bare = json!({ "id_token": issued["id_token"] });
        refused(&app, bare, 401, "token_not_valid").await;
        refused(&app, proof(Some("n2")), 401, "token_not_valid").await;
        assert_eq!(hand_in(&app, proof(Some("n1"))).await.status, 200);
        refused(&app, proof(Some("n1")), 401, "token_not_valid").await;
        let without = tokens(&app, "").await;
        refused(&app, json!({ "id_token": without["id_token"], "nonce": "n1" }), 401, "token_not_valid").await;
        app.clock.advance(time::Duration::hours(7));
        refused(&app, json!({ "id_token": without["id_token"] }), 401, "token_not_valid").await;
    }

    async fn g02_a_proof_that_is_not_ours_or_was_changed_logs_nobody_in(app: TestApp) {
        let issued = tokens(&app, "").await;
        let (access, id) = (issued["access_token"].as_str().unwrap(), issued["id_token"].as_str().unwrap());
        let mut changed = id.to_owned();
        let middle = changed.len() / 2;
        let other = if changed.as_bytes()[middle] == b'A' { "B" } else { "A" };
        changed.replace_range(middle..=middle, other);
        let ours = app.logged_in(people::ORDINARY).await.cookie("access").unwrap().to_owned();
        for text in [changed.as_str(), access, &ours, "x", "a.b.c", &"x".repeat(9_000)] {
            refused(&app, json!({ "id_token": text }), 401, "token_not_valid").await;
        }
        for text in [id, &ours, "unknown", "한글"] {
            refused(&app, json!({ "access_token": text }), 401, "token_not_valid").await;
        }
        let once = code(&app, demo::NATIVE_REDIRECT_URI, "").await;
        let stolen = json!({ "code": once, "code_verifier": "x".repeat(43), "redirect_uri": demo::NATIVE_REDIRECT_URI });
        refused(&app, stolen, 401, "token_not_valid").await;
    }

    async fn the_web_logins_own_code_is_not_taken_from_an_app(app: TestApp) {
        let web = format!("{}/login/kakao/callback", crate::kit::ORIGIN);
        let code = code(&app, &web, "").await;
        let mut proof = code_proof(&code);
        refused(&app, proof.clone(), 401, "token_not_valid").await;
        proof["redirect_uri"] = json!(web);
        refused(&app, proof.clone(), 401, "token_not_valid").await;
        assert!(read(&hand_in(&app, proof).await)["detail"].as_str().unwrap().starts_with("redirect_uri"));
    }

    async fn what_is_handed_in_is_one_proof_with_all_that_belongs_to_it(app: TestApp) {
        for (members, field) in [
            (json!({}), None),
            (json!({ "code": "c", "access_token": "a" }), None),
            (json!({ "nonce": "n" }), None),
            (json!({ "code": "c", "redirect_uri": demo::NATIVE_REDIRECT_URI }), Some("code_verifier")),
            (json!({ "code": "c", "code_verifier": "short", "redirect_uri": "x" }), Some("code_verifier")),
            (json!({ "code": "c", "code_verifier": VERIFIER }), Some("redirect_uri")),
            (json!({ "access_token": 7 }), Some("access_token")),
            (json!({ "id_token": "x".repeat(20_000) }), Some("id_token")),
        ] {
            let answer = hand_in(&app, members.clone()).await;
            let problem = read(&answer);
            assert_eq!((answer.status, problem["code"].as_str()), (400, Some("bad_request")), "{members}: {problem}");
            if let Some(field) = field {
                assert!(problem[field][0].is_string(), "{members}: {problem}");
            }
        }
        for path in ["/api/login/naver-no-such", "/api/login/Kakao", "/api/login/"] {
            let answer = app.browser().json(Method::POST, path, &[], Some(&json!({ "code": "c" }))).await;
            assert_eq!(answer.status, 404, "{path}");
        }
        assert_eq!(app.browser().get("/api/login/kakao").await.status, 405);
    }

    async fn c19_a_banned_person_is_told_so_and_cookies_say_nothing(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        app.inspect().execute("update users set standing = 'banned', version = version + 1");
        let issued = tokens(&app, "").await;
        let proof = json!({ "access_token": issued["access_token"] });
        let answer = browser.json(Method::POST, "/api/login/kakao", &[], Some(&proof)).await;
        assert_eq!((answer.status, read(&answer)["code"].as_str()), (401, Some("user_inactive")), "{}", answer.body);
        assert!(answer.set_cookies().is_empty());
    }
}

mod other_app {
    use super::*;

    fn another() -> Vec<Setting> {
        vec![("FIIIIILM_PROVIDERS__KAKAO__APP_ID", "999".into())]
    }

    on_both! {
        with another;

        async fn n18_a_token_of_another_app_logs_nobody_in(app: TestApp) {
            let issued = tokens(&app, "").await;
            refused(&app, json!({ "access_token": issued["access_token"] }), 401, "token_not_valid").await;
        }
    }
}

mod unknown_app {
    use super::*;

    fn unset() -> Vec<Setting> {
        vec![("FIIIIILM_LIMITS__ENABLED", "true".into()), ("FIIIIILM_LIMITS__API_LOGIN", "4".into())]
    }

    on_both! {
        with unset;

        async fn a_token_never_teaches_which_app_is_ours_and_floods_wait(app: TestApp) {
            let issued = tokens(&app, "").await;
            let proof = json!({ "access_token": issued["access_token"] });
            refused(&app, proof.clone(), 502, "bad_gateway").await;
            app.logged_in(people::NO_EMAIL).await;
            assert_eq!(hand_in(&app, proof.clone()).await.status, 200, "the web login taught it");
            let mut statuses = Vec::new();
            for _ in 0..6 {
                let answer = hand_in(&app, proof.clone()).await;
                assert!(answer.status != 429 || answer.header("retry-after").is_some());
                statuses.push(answer.status);
            }
            assert!(statuses.contains(&429), "R01: {statuses:?}");
        }
    }
}
