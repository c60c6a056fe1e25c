//! The one callback that is posted (Apple's): it comes from elsewhere, so nothing is decided by it; it waits, sealed, for
//! the GET to the same address. No provider is asked anything here.

use fiiiiilm::config::demo;
use reqwest::Method;
use time::Duration;

use crate::kit::{Answer, Browser, Setting, TestApp};

const CALLBACK: &str = "/login/apple/callback";

/// As a browser sends the form of Apple's page.
const FROM_APPLE: [(&str, &str); 2] = [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://appleid.apple.com")];

fn apple() -> Vec<Setting> {
    vec![
        ("FIIIIILM_PROVIDERS__APPLE__CLIENT_ID", demo::APPLE.client_id.into()),
        ("FIIIIILM_PROVIDERS__APPLE__TEAM_ID", demo::APPLE_TEAM_ID.into()),
        ("FIIIIILM_PROVIDERS__APPLE__KEY_ID", demo::APPLE_KEY_ID.into()),
        ("FIIIIILM_PROVIDERS__APPLE__PRIVATE_KEY", demo::APPLE_PRIVATE_KEY.into()),
    ]
}

/// Starts a login; answers its state.
async fn started(browser: &mut Browser) -> String {
    let answer = browser.get("/login/apple").await;
    let address = url::Url::parse(answer.location()).unwrap();
    assert_eq!(address.host_str(), Some("appleid.apple.com"));
    let query: std::collections::BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    assert_eq!(query["response_mode"], "form_post");
    query["state"].clone()
}

async fn posted(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.send(Method::POST, path, &FROM_APPLE, Some(fields)).await
}

fn cancelled(state: &str) -> [(&str, &str); 2] {
    [("error", "user_cancelled_authorize"), ("state", state)]
}

on_both! { with apple;
    async fn what_is_posted_waits_sealed_for_the_get(app: TestApp) {
        let mut browser = app.browser();
        let state = started(&mut browser).await;
        let answer = posted(&mut browser, CALLBACK, &cancelled(&state)).await;
        assert_eq!((answer.status, answer.location()), (303, CALLBACK), "{}", answer.body);
        let [cookie] = &answer.set_cookies()[..] else { panic!("{:?}", answer.set_cookies()) };
        for flag in ["__Host-apple=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=300"] {
            assert!(cookie.contains(flag), "{flag} in {cookie}");
        }
        assert!(cookie.len() < 4_096 && !cookie.contains(&state) && !cookie.contains("cancelled"), "{cookie}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        let end = browser.get(CALLBACK).await;
        assert!(end.status == 200 && end.body.contains("cancelled"), "{} {}", end.status, end.body);
        assert_eq!(browser.me().await.status, 401);
    }

    async fn b13_only_who_posts_may_post_and_posts_only(app: TestApp) {
        let mut browser = app.browser();
        let state = started(&mut browser).await;
        let refused = posted(&mut browser, "/login/kakao/callback", &cancelled(&state)).await;
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET")));
        assert_eq!(posted(&mut browser, "/login/nobody/callback", &cancelled(&state)).await.status, 404);
        let elsewhere = posted(&mut browser, "/login/apple", &cancelled(&state)).await;
        assert_eq!(elsewhere.status, 403, "no other address is posted to from elsewhere");
        let query = format!("{CALLBACK}?error=user_cancelled_authorize&state={state}");
        assert_eq!(browser.get(&query).await.status, 400, "an answer in the address was not asked for");
        assert_eq!(browser.get(CALLBACK).await.status, 400);
        let body = serde_json::json!({"code": "x", "state": state});
        let json = browser.json(Method::POST, CALLBACK, &FROM_APPLE, Some(&body)).await;
        assert_eq!((json.status, json.set_cookies().len()), (400, 0));
    }

    async fn b12_an_ambiguous_form_is_refused(app: TestApp) {
        let mut browser = app.browser();
        let state = started(&mut browser).await;
        let long = "x".repeat(5_000);
        for fields in [
            vec![("code", "a"), ("code", "b"), ("state", state.as_str())],
            vec![("code", "a"), ("state", state.as_str()), ("state", "bad")],
            vec![("code", "a\r\nb"), ("state", state.as_str())],
            vec![("code", long.as_str()), ("state", state.as_str())],
        ] {
            let answer = posted(&mut browser, CALLBACK, &fields).await;
            assert_eq!((answer.status, answer.set_cookies().len()), (400, 0), "{fields:?}");
        }
        let both = posted(&mut browser, &format!("{CALLBACK}?code=a"), &[("code", "b"), ("state", &state)]).await;
        assert_eq!((both.status, both.set_cookies().len()), (400, 0));
        let long_name = posted(&mut browser, CALLBACK, &[("code", "a"), ("state", &state), ("user", &long)]).await;
        assert_eq!(long_name.status, 303, "a name is worth no failed login");
        assert_eq!(posted(&mut browser, CALLBACK, &cancelled(&state)).await.status, 303, "the login still goes on");
        assert_eq!(browser.get(CALLBACK).await.status, 200);
    }

    async fn b04_what_somebody_else_began_is_not_finished_here_nor_what_came_long_ago(app: TestApp) {
        let (mut attacker, mut victim) = (app.browser(), app.browser());
        let theirs = started(&mut attacker).await;
        let own = started(&mut victim).await;
        posted(&mut victim, CALLBACK, &[("code", "C"), ("state", &theirs)]).await;
        let rows = app.inspect().rows();
        assert_eq!(victim.get(CALLBACK).await.status, 400);
        assert_eq!((app.inspect().rows(), victim.me().await.status), (rows, 401));
        posted(&mut victim, CALLBACK, &cancelled(&own)).await;
        app.clock.advance(Duration::seconds(301));
        assert_eq!(victim.get(CALLBACK).await.status, 400, "five minutes and no longer");
        let sealed = attacker.cookie("flow").unwrap().to_owned();
        victim.set_cookie("apple", &sealed);
        assert_eq!(victim.get(CALLBACK).await.status, 400, "another seal is none");
    }
}
