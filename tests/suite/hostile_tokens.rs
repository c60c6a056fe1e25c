//! Section G for our own access tokens: made by other people's code with a key that is really ours, each wrong in one way,
//! and none of them speaks for anybody.

use fiiiiilm::config::demo;
use serde_json::{Value, json};

use crate::kit::{TestApp, people};
use crate::signing_keys::openssl_key;
use crate::verifiers::{ask, place};

/// What a header of a request cannot hold at all is refused before any token is looked at.
fn refused(status: u16) -> bool {
    matches!(status, 401 | 400 | 431)
}

on_both! {
    async fn g01_g02_g03_g04_g05_g06_g07_g08_g09_g10_g11_g12_g13_g15_g20_none_is_taken(app: TestApp) {
        let pem = openssl_key();
        let (rotation, how) =
            (app.running.app().rotation.clone(), fiiiiilm::audit::Circumstances::cli(app.clock.now()));
        let kid = fiiiiilm::tokens::import(app.inspect().conn(), &rotation, &pem, &how).unwrap();
        fiiiiilm::tokens::rotate(app.inspect().conn(), &rotation, &how).unwrap();
        app.running.app().reload_keys().await.unwrap();
        let browser = app.logged_in(people::ORDINARY).await;
        let token = browser.cookie("access").unwrap();
        let payload = data_encoding::BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
        let claims: Value = serde_json::from_slice(&payload).unwrap();
        let asked = json!({
            "private": String::from_utf8(pem).unwrap(),
            "kid": kid,
            "claims": claims,
            "client_id": demo::CLIENT_ID,
            "other": "0199aaaa-0000-7000-8000-000000000000",
            "jku": format!("{}/.well-known/jwks.json", app.simulator.origin()),
        });
        let place = place();
        let (well, said) = ask(place.join("python/bin/python"), place.join("forge.py"), &asked);
        assert!(well, "{said}");
        let made: Vec<(String, String)> = serde_json::from_str(&said).expect("a list");
        assert!(made.len() > 150, "{} kinds", made.len());
        let before = (app.inspect().rows(), app.simulator.state().requests().len());
        for (name, token) in &made {
            let value = format!("Bearer {token}");
            let answer = app.browser().get_with("/api/me", &[("Authorization", &value)]).await;
            let cookie = format!("__Host-access={token}");
            let by_cookie = app.browser().get_with("/api/me", &[("Cookie", &cookie)]).await;
            if name == "good" {
                assert_eq!((answer.status, by_cookie.status), (200, 200), "the forging works: {}", answer.body);
            } else {
                assert!(refused(answer.status), "{name}: {}", answer.status);
                assert!(refused(by_cookie.status), "{name} as a cookie: {}", by_cookie.status);
                assert!(by_cookie.set_cookies().is_empty(), "{name}: nothing is cleared for a foreign string");
            }
        }
        assert_eq!((app.inspect().rows(), app.simulator.state().requests().len()), before, "G03: nothing was fetched");
    }
}
