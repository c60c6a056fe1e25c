//! What it sends by itself. Another practice provider stands for the site: it has no such addresses, and keeps a record.

use serde_json::{Value, json};

use super::super::notices::{Notice, Variation};
use super::super::{App, Provider, Running, people, start};
use super::{Practice, claims};
use crate::clock::Clock;
use crate::config::demo;

async fn sender_and_site() -> (Running, Running) {
    let bind = "127.0.0.1:0".parse().unwrap();
    let site = start(bind, App::demo("http://localhost:8080"), Clock::system()).await.unwrap();
    let sender = start(bind, App::demo(site.origin()), Clock::system()).await.unwrap();
    (sender, site)
}

#[actix_web::test]
async fn kakaos_notices_carry_the_admin_key_or_a_signature() {
    let (sender, site) = sender_and_site().await;
    let unlink = Notice::KakaoUnlink("ACCOUNT_DELETE");
    let sent = sender.state().send_notice(unlink, people::HONG, Variation::Plain).await;
    assert_eq!(sent.status, Some(404), "{}", sent.answer);
    let heard = site.state().requests().pop().unwrap();
    assert_eq!((heard.method.as_str(), heard.path.as_str()), ("POST", "/webhooks/kakao/unlink"));
    assert_eq!(heard.header("authorization"), Some(format!("KakaoAK {}", demo::ADMIN_KEY).as_str()));
    assert_eq!((heard.field("user_id"), heard.field("referrer_type")), (Some(people::HONG), Some("ACCOUNT_DELETE")));
    sender.state().send_notice(unlink, people::HONG, Variation::ByGet).await;
    let heard = site.state().requests().pop().unwrap();
    assert_eq!((heard.method.as_str(), heard.parameter("app_id")), ("GET", Some("1117117")));
    sender.state().send_notice(Notice::KakaoEvent("account-disabled"), people::HONG, Variation::Plain).await;
    let first = site.state().requests().pop().unwrap();
    assert_eq!(first.header("content-type"), Some("application/secevent+jwt"));
    let set = claims(&Value::String(first.body.clone()));
    assert_eq!((&set["aud"], &set["sub"], set.get("exp")), (&json!(demo::CLIENT_ID), &json!(people::HONG), None));
    let event = &set["events"]["https://schemas.openid.net/secevent/risc/event-type/account-disabled"];
    assert_eq!(event["subject"]["sub"], people::HONG);
    sender.state().send_again().await.unwrap();
    assert_eq!(site.state().requests().pop().unwrap().body, first.body, "byte for byte");
}

#[actix_web::test]
async fn apples_notice_says_its_events_as_a_text_and_googles_issuer_ends_in_a_slash() {
    let (sender, _site) = sender_and_site().await;
    let state = sender.state();
    let apple = |variation| state.notice(Notice::AppleEvent("consent-revoked"), "000117.x", variation).unwrap().body;
    let events = |body: String| claims(&serde_json::from_str::<Value>(&body).unwrap()["payload"])["events"].clone();
    let text = events(apple(Variation::Plain));
    let event: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
    assert_eq!((&event["type"], &event["sub"]), (&json!("consent-revoked"), &json!("000117.x")));
    assert!(events(apple(Variation::EventsObject)).is_object());
    let google = state.notice(Notice::GoogleEvent("tokens-revoked"), "1", Variation::Plain).unwrap();
    let set = claims(&Value::String(google.body));
    assert_eq!(set["iss"], format!("{}/google/", sender.origin()));
    assert_eq!(set["aud"], demo::GOOGLE.client_id);
}

#[actix_web::test]
async fn every_notice_can_be_forged_and_each_forgery_differs_from_the_truth() {
    let (sender, _site) = sender_and_site().await;
    for provider in Provider::ALL {
        for notice in Notice::of(provider) {
            let variations = Variation::of(notice);
            assert!(variations.iter().filter(|variation| variation.is_forged()).count() >= 3, "{notice:?}");
            for variation in variations {
                sender.state().notice(notice, "1", variation).unwrap();
            }
        }
    }
}

#[actix_web::test]
async fn whoever_unlinks_at_the_provider_is_told_of_and_asked_anew() {
    let site =
        start("127.0.0.1:0".parse().unwrap(), App::demo("http://localhost:8080"), Clock::system()).await.unwrap();
    let mut practice = Practice::open_for(site.origin()).await;
    practice.tokens(people::HONG).await;
    assert!(practice.running.state().is_linked(Provider::Kakao, people::HONG));
    let done = practice.post("/unlink", &[("provider", "kakao"), ("person", people::HONG)]).await;
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/notices/kakao")));
    assert!(!practice.running.state().is_linked(Provider::Kakao, people::HONG));
    let paths: Vec<String> = site.state().requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/webhooks/kakao/unlink", "/webhooks/kakao/events"]);
    let page = practice.get("/notices/kakao").await.body;
    assert!(page.contains("UNLINK_FROM_APPS") && page.contains("404"), "{page}");
    assert!(!page.contains(demo::ADMIN_KEY), "keys are not shown");
}

#[actix_web::test]
async fn the_page_sends_what_its_form_says() {
    let (sender, site) = sender_and_site().await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    for provider in Provider::ALL {
        let page = client.get(format!("{}/notices/{}", sender.origin(), provider.name())).send().await.unwrap();
        let page = page.text().await.unwrap();
        assert_eq!(page.matches("<h1").count(), 1);
        assert_eq!(page.contains("name=\"variation\""), !Notice::of(provider).is_empty(), "{provider:?}");
    }
    let form = "person=32742776&notice=unlink&variation=tampered";
    let sent = client.post(format!("{}/notices/naver", sender.origin()));
    let sent = sent.header("content-type", "application/x-www-form-urlencoded").body(form).send().await.unwrap();
    assert_eq!(sent.status(), 303);
    assert_eq!(site.state().requests().pop().unwrap().path, "/webhooks/naver/unlink");
    assert_eq!(sender.state().sent().pop().unwrap().variation, Variation::Tampered);
}
