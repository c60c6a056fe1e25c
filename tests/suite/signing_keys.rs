//! The life of signing keys, by hand and by time (D15, G19 and the commands).

use serde_json::Value;
use time::Duration;

use crate::kit::{Setting, TestApp, people};

fn kids(jwks: &str) -> Vec<String> {
    let jwks: Value = serde_json::from_str(jwks).unwrap();
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn published(app: &TestApp) -> Vec<String> {
    kids(&app.browser().get("/.well-known/jwks.json").await.body)
}

fn kid_of(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

async fn turn(app: &TestApp) {
    fiiiiilm::upkeep::sweep_once(app.running.app()).await.unwrap();
}

async fn status(app: &TestApp, token: &str) -> u16 {
    app.browser().get_with("/api/me", &[("Authorization", &format!("Bearer {token}"))]).await.status
}

fn eddsa() -> Vec<Setting> {
    vec![("FIIIIILM_TOKEN__ALGORITHM", "EdDSA".into())]
}

fn rs256() -> Vec<Setting> {
    vec![("FIIIIILM_TOKEN__ALGORITHM", "RS256".into())]
}

async fn signs_and_verifies(app: &TestApp, algorithm: &str) {
    let mut browser = app.logged_in(people::ORDINARY).await;
    let token = browser.cookie("access").unwrap().to_owned();
    assert_eq!(format!("{:?}", jsonwebtoken::decode_header(&token).unwrap().alg), algorithm);
    assert_eq!(browser.me().await.status, 200);
    assert!(token.len() < 2_000);
    let jwks: jsonwebtoken::jwk::JwkSet =
        serde_json::from_str(&app.browser().get("/.well-known/jwks.json").await.body).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(jwks.find(&kid_of(&token)).unwrap()).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::decode_header(&token).unwrap().alg);
    validation.set_audience(&["https://app.test"]);
    assert!(jsonwebtoken::decode::<Value>(&token, &key, &validation).is_ok());
}

mod edwards {
    use super::*;
    on_both! {
        with eddsa;
        async fn access_tokens_are_signed_with_ed25519(app: TestApp) {
            signs_and_verifies(&app, "EdDSA").await;
        }
    }
}

mod rsa {
    use super::*;
    on_both! {
        with rs256;
        async fn access_tokens_are_signed_with_rsa(app: TestApp) {
            signs_and_verifies(&app, "RS256").await;
        }
    }
}

on_both! {
    async fn a_key_is_published_a_day_before_it_signs_and_signs_for_thirty_days(app: TestApp) {
        let first = published(&app).await;
        assert_eq!(first.len(), 1);
        app.clock.advance(Duration::days(28));
        turn(&app).await;
        assert_eq!(published(&app).await, first, "too early");
        app.clock.advance(Duration::days(1) + Duration::minutes(1));
        turn(&app).await;
        let both = published(&app).await;
        assert_eq!(both.len(), 2);
        let before = app.logged_in(people::ORDINARY).await.cookie("access").unwrap().to_owned();
        assert_eq!(kid_of(&before), first[0], "the old one signs on");
        app.clock.advance(Duration::days(1));
        turn(&app).await;
        let token = app.logged_in(people::ORDINARY).await.cookie("access").unwrap().to_owned();
        assert_eq!(kid_of(&token), both[1]);
        let mut last = app.logged_in(people::NO_EMAIL).await;
        assert_eq!(published(&app).await.len(), 2, "the old one verifies what it signed");
        app.clock.advance(Duration::minutes(16));
        turn(&app).await;
        assert_eq!(published(&app).await, [both[1].clone()], "until that is over");
        let mut inspect = app.inspect();
        assert_eq!(inspect.number("select count(*) as n from signing_keys where state = 'retired' and private_sealed = ''"), 1);
        assert_eq!(last.get("/profile").await.status, 200, "sessions outlive keys");
    }

    async fn d15_rotating_by_hand_keeps_old_tokens_and_retiring_ends_them(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let old = browser.cookie("access").unwrap().to_owned();
        let rotation = app.running.app().rotation.clone();
        let how = fiiiiilm::audit::Circumstances::cli(app.clock.now());
        let kid = fiiiiilm::tokens::rotate(app.inspect().conn(), &rotation, &how).unwrap();
        let begun = std::time::Instant::now();
        while kid_of(app.logged_in(people::NO_EMAIL).await.cookie("access").unwrap()) != kid {
            assert!(begun.elapsed() < std::time::Duration::from_secs(5), "other processes follow within seconds");
        }
        assert_eq!(status(&app, &old).await, 200);
        fiiiiilm::tokens::retire(app.inspect().conn(), &rotation, &kid_of(&old), &how).unwrap();
        let begun = std::time::Instant::now();
        while status(&app, &old).await == 200 {
            assert!(begun.elapsed() < std::time::Duration::from_secs(5), "remembered tokens too");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(browser.get("/profile").await.status, 200, "refresh tokens live on");
        assert_eq!(published(&app).await, [kid]);
        assert!(fiiiiilm::tokens::retire(app.inspect().conn(), &rotation, "no such key", &how).is_err());
    }

    async fn retiring_the_active_key_makes_another_sign(app: TestApp) {
        let old = app.logged_in(people::ORDINARY).await.cookie("access").unwrap().to_owned();
        let rotation = app.running.app().rotation.clone();
        let how = fiiiiilm::audit::Circumstances::cli(app.clock.now());
        fiiiiilm::tokens::retire(app.inspect().conn(), &rotation, &kid_of(&old), &how).unwrap();
        app.running.app().reload_keys().await.unwrap();
        assert_eq!(status(&app, &old).await, 401);
        let new = app.logged_in(people::ORDINARY).await.cookie("access").unwrap().to_owned();
        assert_ne!(kid_of(&new), kid_of(&old));
        assert_eq!(status(&app, &new).await, 200);
    }

    async fn a_key_that_is_brought_in_signs_next(app: TestApp) {
        let pem = openssl_key();
        let rotation = app.running.app().rotation.clone();
        let how = fiiiiilm::audit::Circumstances::cli(app.clock.now());
        let kid = fiiiiilm::tokens::import(app.inspect().conn(), &rotation, &pem, &how).unwrap();
        app.running.app().reload_keys().await.unwrap();
        assert!(published(&app).await.contains(&kid));
        assert_ne!(kid_of(app.logged_in(people::ORDINARY).await.cookie("access").unwrap()), kid);
        let again = fiiiiilm::tokens::import(app.inspect().conn(), &rotation, &pem, &how).unwrap_err();
        assert_eq!(again.code(), "key_known");
        assert_eq!(fiiiiilm::tokens::rotate(app.inspect().conn(), &rotation, &how).unwrap(), kid);
        app.running.app().reload_keys().await.unwrap();
        assert_eq!(kid_of(app.logged_in(people::ORDINARY).await.cookie("access").unwrap()), kid);
    }
}

/// A P-256 key made by the command line of OpenSSL, as an operator would.
pub(crate) fn openssl_key() -> Vec<u8> {
    let made = std::process::Command::new("openssl")
        .args(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        .output()
        .expect("openssl");
    assert!(made.status.success());
    made.stdout
}
