//! As a browser sees it.

use serde_json::json;

use super::super::people;
use super::{ALL_ITEMS, BACK, Practice, bearer, claims, hidden};
use crate::config::demo;

#[actix_web::test]
async fn a_login_gives_a_code_tokens_and_a_profile() {
    let mut practice = Practice::open().await;
    let page = practice.authorize("&state=a%2Bb%20c&nonce=n0").await;
    let chosen = practice.choose(&page, people::HONG).await;
    let done = practice.answer(&chosen, "agree", &ALL_ITEMS).await;
    assert!(done.location.as_deref().unwrap().ends_with("&state=a%2Bb%20c"));
    let tokens = practice.exchange(&done.back("code").unwrap(), ("", "")).await.json();
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!((&tokens["expires_in"], &tokens["refresh_token_expires_in"]), (&json!(21_599), &json!(5_183_999)));
    assert_eq!(tokens["scope"], "account_email profile_image profile_nickname openid");
    let claims = claims(&tokens["id_token"]);
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(practice.running.origin()), &json!(demo::CLIENT_ID)));
    assert_eq!((&claims["nonce"], &claims["email"]), (&json!("n0"), &json!("hong@example.com")));
    let me = practice.api("GET", "/v2/user/me?secure_resource=true", &bearer(&tokens)).await.json();
    assert_eq!(me["kakao_account"]["email"], "hong@example.com");
    let picture = me["kakao_account"]["profile"]["profile_image_url"].as_str().unwrap();
    let path = picture.strip_prefix(practice.running.origin()).unwrap().to_owned();
    assert!(practice.get(&path).await.body.starts_with("<svg"));
    let info = practice.api("GET", "/v1/user/access_token_info", &bearer(&tokens)).await.json();
    assert_eq!((&info["id"], &info["app_id"]), (&json!(3_900_000_101_i64), &json!(demo::APP_ID)));
    practice.running.stop().await;
}

#[actix_web::test]
async fn a_wrong_request_stays_on_a_page_of_the_providers_own() {
    let mut practice = Practice::open().await;
    let wrong = practice.authorize("&scope=openid,phone_number,%3Cb%3E").await;
    assert_eq!((wrong.status, wrong.location.as_deref()), (400, None));
    assert!(wrong.body.contains("(KOE205)") && wrong.body.contains("phone_number, &#60;b&#62;"), "{}", wrong.body);
    let unknown = practice.get("/oauth/authorize?client_id=0&response_type=code&redirect_uri=http://evil.test/").await;
    assert_eq!((unknown.status, unknown.location.as_deref()), (400, None));
    assert!(unknown.body.contains("(KOE101)"));
    let stale = practice.post("/oauth/authorize/consent", &[("request", "x"), ("decision", "agree")]).await;
    assert_eq!((stale.status, stale.location), (400, None));
}

#[actix_web::test]
async fn saying_no_and_being_too_young_go_back_with_an_error() {
    let mut practice = Practice::open().await;
    let page = practice.authorize("&state=s").await;
    let chosen = practice.choose(&page, people::HONG).await;
    let no = practice.answer(&chosen, "cancel", &[]).await;
    assert_eq!(
        no.location.unwrap(),
        format!("{BACK}?error=access_denied&error_description=User%20denied%20access&state=s")
    );
    let young = practice.choose(&page, people::UNDER_14).await;
    assert_eq!(young.back("error_description").unwrap(), "Not allowed under age 14");
}

#[actix_web::test]
async fn a_second_login_asks_only_for_what_is_new() {
    let mut practice = Practice::open().await;
    practice.code(people::HONG, &["profile_image"]).await;
    let page = practice.authorize("").await;
    assert!(practice.choose(&page, people::HONG).await.back("code").is_some());
    let page = practice.authorize("&scope=openid%20account_email").await;
    let asked = practice.choose(&page, people::HONG).await;
    let question = practice.get(asked.location.as_deref().unwrap()).await;
    assert!(question.body.contains("value=\"account_email\"") && !question.body.contains("value=\"profile_image\""));
    assert!(practice.answer(&asked, "agree", &["account_email"]).await.back("code").is_some());
}

#[actix_web::test]
async fn prompt_none_never_asks() {
    let mut practice = Practice::open().await;
    assert_eq!(practice.authorize("&prompt=none").await.back("error").unwrap(), "login_required");
    practice.code(people::HONG, &[]).await;
    assert!(practice.authorize("&prompt=none").await.back("code").is_some());
    let more = practice.authorize("&prompt=none&scope=account_email").await;
    assert_eq!(more.back("error_description").unwrap(), "user consent required.");
}

#[actix_web::test]
async fn prompt_login_is_a_new_proof() {
    let mut practice = Practice::open().await;
    let first = practice.tokens(people::HONG).await;
    practice.clock.advance(time::Duration::minutes(5));
    let mut again = Vec::new();
    for prompt in ["", "&prompt=login"] {
        let page = practice.authorize(prompt).await;
        let code = practice.choose(&page, people::HONG).await.back("code").unwrap();
        let tokens = practice.exchange(&code, ("", "")).await.json();
        again.push(claims(&tokens["id_token"])["auth_time"].as_i64().unwrap());
    }
    let proved = claims(&first["id_token"])["auth_time"].as_i64().unwrap();
    assert_eq!(again[0], proved);
    assert!(again[1] >= proved + 300);
}

#[actix_web::test]
async fn logging_out_with_the_account_forgets_the_browser() {
    let mut practice = Practice::open().await;
    practice.code(people::HONG, &[]).await;
    let done = "http://localhost:8080/logout/done";
    let ask = |uri: &str| format!("/oauth/logout?client_id={}&logout_redirect_uri={uri}&state=x%20y", demo::CLIENT_ID);
    assert!(practice.get(&ask("http://evil.test/")).await.body.contains("(KOE007)"));
    for (decision, error) in [("service", None), ("account", Some("login_required"))] {
        let page = practice.get(&ask(done)).await;
        let state = hidden(&page.body, "state");
        let fields =
            [("client_id", demo::CLIENT_ID), ("logout_redirect_uri", done), ("state", &state), ("decision", decision)];
        let left = practice.post("/oauth/logout", &fields).await;
        assert_eq!((left.status, left.location.unwrap()), (302, format!("{done}?state=x%20y")));
        assert_eq!(practice.authorize("&prompt=none").await.back("error").as_deref(), error);
    }
}

#[actix_web::test]
async fn pages_speak_both_languages_and_never_hold_u_0000() {
    let mut practice = Practice::open().await;
    let korean = practice.get("/").await.body;
    let english = practice.get("/?lang=en").await.body;
    assert!(
        korean.contains("연습용 로그인 제공자 — 실제 로그인이 아닙니다")
            && english.contains("this is not a real login")
    );
    let people = practice.authorize("").await;
    let chosen = practice.choose(&people, people::EMOJI).await;
    let consent = practice.get(chosen.location.as_deref().unwrap()).await;
    for page in [&korean, &english, &people.body, &consent.body] {
        assert_eq!(page.matches("<h1").count(), 1);
        assert!(!page.contains('\0') && !page.contains("sim-") && !page.contains("<script"), "{page}");
    }
    assert!(people.body.contains("연습용 카카오 — 실제 로그인이 아닙니다"));
    assert!(consent.body.contains("필름\\0토끼"));
}
