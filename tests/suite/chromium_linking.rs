//! Several accounts of one person, in a real Chromium: linked from the profile, either opens the door; offered by a shared
//! e-mail, both ways; and every app's own browser finds the way out.

use crate::kit::chromium::{Chromium, Demo, GLANCE, PATIENCE, chromium, chromium_that_says, demo};

const KAKAO: &str = "3900000101";
const NAVER: &str = "hK3vQ9-fRz0TqYw2mB7nLs5XcD1eJa8uGi4oPb6tWzE";
/// At Google, with an e-mail that a Kakao account has too, vouched for by both.
const GOOGLE: &str = "110169484474386276336";

async fn log_in_by(browser: &Chromium, demo: &Demo, provider: &str, person: &str) {
    browser.page.goto(&format!("{}/login", demo.site)).await.unwrap();
    browser.press(&format!("a[href^='/login/{provider}']")).await;
    browser.be(person).await;
}

/// Who is logged in: nobody else is.
fn id(demo: &Demo) -> String {
    let ids = demo.inspect().lines("select user_id as s from sessions where ended_at is null");
    assert_eq!(ids.len(), 1, "{ids:?}");
    ids.concat()
}

#[actix_web::test]
async fn naver_is_linked_to_a_kakao_person_and_either_opens_the_door() {
    let (demo, browser) = (demo().await, chromium("ko-KR", 1200).await);
    browser.log_in(&demo, KAKAO).await;
    let who = id(&demo);
    browser.press("a[href='/profile/identities']").await;
    browser.at("/profile/identities").await;
    browser.press("form[action='/profile/identities/naver/link'] button").await;
    // A form's answer that left our origin by a redirect would be stopped by the policy (T17): the page goes on by itself.
    browser.be(NAVER).await;
    browser.at("/profile/identities").await;
    let text = browser.text().await;
    assert!(text.contains("계정을 연결했어요") && text.contains("네이버") && text.contains("카카오"), "{text}");
    browser.picture("identities-ko").await;
    for (provider, person) in [("kakao", KAKAO), ("naver", NAVER)] {
        browser.log_out().await;
        log_in_by(&browser, &demo, provider, person).await;
        browser.at("/profile").await;
        assert_eq!(id(&demo), who, "{provider}");
        assert!(browser.text().await.contains("홍길동"));
    }
    assert_eq!(demo.inspect().number("select count(*) as n from users"), 1);
    unlink_kakao(&browser, &demo).await;
    assert_eq!(id(&demo), who, "the login by Naver goes on");
    browser.log_out().await;
    log_in_by(&browser, &demo, "naver", NAVER).await;
    browser.at("/profile").await;
    assert_eq!(id(&demo), who);
    browser.log_out().await;
    log_in_by(&browser, &demo, "kakao", KAKAO).await;
    browser.at("/profile").await;
    assert_ne!(id(&demo), who, "Kakao opens another door now");
    browser.page.clone().close().await.unwrap();
}

/// From the list of linked accounts, by whoever has another one.
async fn unlink_kakao(browser: &Chromium, demo: &Demo) {
    let account = demo.inspect().lines("select id as s from identities where provider = 'kakao'").concat();
    browser.press("a[href='/profile/identities']").await;
    browser.press(&format!("#account-{account} a[href$='/unlink']")).await;
    browser.at(&format!("/profile/identities/{account}/unlink")).await;
    assert!(browser.text().await.contains("카카오"), "{}", browser.text().await);
    browser.picture("unlink-ko").await;
    browser.press("form[action$='/unlink'] button").await;
    let linked = "select count(*) as n from identities where provider = 'kakao' and unlinked_at is null";
    let begun = std::time::Instant::now();
    while demo.inspect().number(linked) != 0 {
        assert!(begun.elapsed() < PATIENCE, "it is still linked: {}", browser.text().await);
        tokio::time::sleep(GLANCE).await;
    }
    browser.page.goto(&format!("{}/profile/identities", demo.site)).await.unwrap();
    assert!(browser.text().await.contains("네이버"), "{}", browser.text().await);
    assert!(browser.page.find(fantoccini::Locator::Css("a[href$='/unlink']")).await.is_err(), "the last one stays");
}

#[actix_web::test]
async fn a_shared_email_is_offered_and_linked_by_who_has_both() {
    let (demo, browser) = (demo().await, chromium("ko-KR", 390).await);
    browser.log_in(&demo, KAKAO).await;
    let who = id(&demo);
    browser.log_out().await;
    log_in_by(&browser, &demo, "google", GOOGLE).await;
    browser.at("/welcome").await;
    let text = browser.text().await;
    assert!(text.contains("이미 카카오로 가입하셨어요") && text.contains("hong@example.com"), "{text}");
    browser.picture("offer-phone-ko").await;
    browser.press("button[value=join]").await;
    browser.be(KAKAO).await;
    browser.at("/profile").await;
    assert_eq!(id(&demo), who);
    browser.page.goto(&format!("{}/profile/identities", demo.site)).await.unwrap();
    assert!(browser.text().await.contains("Google"), "{}", browser.text().await);
    browser.log_out().await;
    log_in_by(&browser, &demo, "google", GOOGLE).await;
    browser.at("/profile").await;
    assert_eq!(id(&demo), who, "Google opens the same door now");
    browser.page.clone().close().await.unwrap();
}

#[actix_web::test]
async fn a_shared_email_is_offered_and_who_would_rather_begins_apart() {
    let (demo, browser) = (demo().await, chromium("en-US", 1200).await);
    browser.log_in(&demo, KAKAO).await;
    let who = id(&demo);
    browser.log_out().await;
    log_in_by(&browser, &demo, "google", GOOGLE).await;
    browser.at("/welcome").await;
    assert!(browser.text().await.contains("You already joined with Kakao"), "{}", browser.text().await);
    browser.picture("offer-en").await;
    browser.press("button[value=apart]").await;
    browser.at("/profile").await;
    assert_ne!(id(&demo), who);
    assert_eq!(demo.inspect().number("select count(*) as n from users"), 2);
    browser.page.clone().close().await.unwrap();
}

#[actix_web::test]
async fn in_every_apps_browser_google_gives_way_and_kakao_stays() {
    let demo = demo().await;
    for (app, agent) in [
        ("KakaoTalk", "Mozilla/5.0 (Linux; Android 15; wv) Chrome/140.0 Mobile Safari/537.36;KAKAOTALK 2510"),
        (
            "NAVER",
            "Mozilla/5.0 (Linux; Android 15; wv) Chrome/140.0 Mobile Safari/537.36 NAVER(inapp; search; 1100; 12.9.1)",
        ),
        ("Instagram", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Instagram 350.0"),
        ("Facebook", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]"),
        ("LINE", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari Line/15.1.0"),
    ] {
        let browser = chromium_that_says("ko-KR", 390, Some(agent)).await;
        browser.page.goto(&format!("{}/login?next=/profile/sessions", demo.site)).await.unwrap();
        let text = browser.text().await;
        assert!(
            text.contains(&format!("{app} 안에서는 쓸 수 없어요")) && text.contains("브라우저로 열기"),
            "{app}: {text}"
        );
        let script = "return document.querySelector('.way-out a').getAttribute('href')";
        let href = browser.page.execute(script, vec![]).await.unwrap();
        let href = href.as_str().unwrap().replace("%25", "%");
        assert!(href.contains("%2Fprofile%2Fsessions"), "{app}: the target goes along: {href}");
        browser.picture(&format!("login-in-{}", app.to_lowercase())).await;
        browser.press("a[href^='/login/kakao']").await;
        browser.be(KAKAO).await;
        browser.at("/profile/sessions").await;
        assert!(browser.text().await.contains(app), "the device is called by its app: {}", browser.text().await);
        browser.page.clone().close().await.unwrap();
    }
}
