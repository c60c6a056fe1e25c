//! A newcomer's first minutes in a real Chromium: the button pressed, the profile seen, logged out; the admin sees the
//! list. In both languages.

use std::time::{Duration, Instant};

use fantoccini::Locator;

use crate::kit::chromium::{PATIENCE, chromium, demo, demo_with};

async fn journey(language: &str, suffix: &str, words: &[(&str, &str)]) {
    let (demo, browser) = (demo().await, chromium(language, 1200).await);
    let word = |name: &str| words.iter().find(|(n, _)| *n == name).unwrap().1;
    browser.page.goto(&demo.site).await.unwrap();
    browser.picture(&format!("home-{suffix}")).await;
    browser.page.goto(&format!("{}/login", demo.site)).await.unwrap();
    assert!(browser.text().await.contains(word("button")), "{}", browser.text().await);
    browser.picture(&format!("login-{suffix}")).await;
    browser.press("a[href^='/login/kakao']").await;
    browser.page.wait().at_most(PATIENCE).for_element(Locator::Css("[name=person]")).await.unwrap();
    browser.picture(&format!("simulator-people-{suffix}")).await;
    browser.press("[name=person][value='3900000101']").await;
    browser.page.wait().at_most(PATIENCE).for_element(Locator::Css("[name=decision]")).await.unwrap();
    browser.picture(&format!("simulator-consent-{suffix}")).await;
    browser.press("[name=decision][value=agree]").await;
    browser.at("/profile").await;
    let profile = browser.text().await;
    assert!(profile.contains(word("verified")) && profile.contains("Chrome"), "{profile}");
    let shown = browser.page.execute(
        "return [...document.images].every(i => i.complete && i.naturalWidth > 0) && document.images.length > 0",
        vec![],
    );
    assert_eq!(shown.await.unwrap(), true, "the picture is shown: no policy stops it");
    browser.picture(&format!("profile-{suffix}")).await;
    let seen = browser
        .page
        .execute("return document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)", vec![]);
    assert_eq!(seen.await.unwrap(), "{}{}", "D02: no script sees a cookie or a token");
    browser.page.goto(&format!("{}/admin/users", demo.site)).await.unwrap();
    assert!(browser.text().await.contains(word("forbidden")), "{}", browser.text().await);
    browser.picture(&format!("forbidden-{suffix}")).await;
    browser.page.goto(&format!("{}/profile", demo.site)).await.unwrap();
    browser.log_out().await;
    browser.picture(&format!("logged-out-{suffix}")).await;
    browser.page.back().await.unwrap();
    browser.page.refresh().await.unwrap();
    browser.at("/login").await;
    browser.log_in(&demo, "3900000001").await;
    browser.page.goto(&format!("{}/admin/users", demo.site)).await.unwrap();
    let list = browser.text().await;
    assert!(list.contains(word("users")) && list.contains("관리자"), "{list}");
    browser.picture(&format!("admin-users-{suffix}")).await;
    browser.page.goto(&format!("{}/nowhere", demo.site)).await.unwrap();
    browser.picture(&format!("not-found-{suffix}")).await;
    browser.page.clone().close().await.unwrap();
}

#[actix_web::test]
async fn k08_a_newcomer_logs_in_sees_the_profile_logs_out_and_the_admin_sees_the_list_in_korean() {
    let words = [("button", "카카오 로그인"), ("verified", "확인"), ("forbidden", "권한"), ("users", "사용자")];
    journey("ko-KR", "ko", &words).await;
}

#[actix_web::test]
async fn k08_a_newcomer_logs_in_sees_the_profile_logs_out_and_the_admin_sees_the_list_in_english() {
    let words = [("button", "Login with Kakao"), ("verified", "erified"), ("forbidden", "admin"), ("users", "sers")];
    journey("en-US", "en", &words).await;
}

#[actix_web::test]
async fn a_person_who_cancels_finds_a_way_to_start_again_and_the_back_button_harms_nothing() {
    let (demo, browser) = (demo().await, chromium("ko-KR", 390).await);
    browser.page.goto(&format!("{}/login?next=/profile", demo.site)).await.unwrap();
    browser.picture("login-phone-ko").await;
    browser.press("a[href^='/login/kakao']").await;
    browser.press("[name=person][value='3900000101']").await;
    browser.press("[name=decision][value=cancel]").await;
    browser.at("/login/kakao/callback").await;
    browser.picture("cancelled-phone-ko").await;
    browser.page.refresh().await.unwrap();
    browser.press("a[href^='/login/kakao']").await;
    browser.press("[name=person][value='3900000101']").await;
    browser.press("[name=decision][value=agree]").await;
    browser.at("/profile").await;
    browser.picture("profile-phone-ko").await;
    browser.page.back().await.unwrap();
    browser.page.goto(&format!("{}/profile", demo.site)).await.unwrap();
    browser.at("/profile").await;
    browser.page.clone().close().await.unwrap();
}

/// A browser drops an expired access cookie by itself: that it is gone is all a server ever sees of its age.
#[actix_web::test]
async fn e09_five_tabs_whose_access_token_has_expired_stay_logged_in() {
    // A hundred expiries in a minute are more than anybody has.
    let demo = demo_with(&[("FIIIIILM_LIMITS__REFRESH_SESSION", "100000")]).await;
    let browser = chromium("ko-KR", 1200).await;
    browser.log_in(&demo, "3900000101").await;
    let page = &browser.page;
    for _ in 0..4 {
        let tab = page.new_window(true).await.unwrap();
        page.switch_to_window(tab.handle).await.unwrap();
        page.goto(&format!("{}/profile", demo.site)).await.unwrap();
    }
    let tabs = page.windows().await.unwrap();
    assert_eq!(tabs.len(), 5);
    let mut renewed = std::collections::HashSet::new();
    for round in 0..100 {
        page.delete_cookie("access").await.unwrap();
        for tab in &tabs {
            page.switch_to_window(tab.clone()).await.unwrap();
            // All at the same instant, a moment from now.
            let script = "document.title = 'before'; const at = Math.ceil((Date.now() + 60) / 250) * 250; \
                          setTimeout(() => location.assign('/profile'), at - Date.now());";
            page.execute(script, vec![]).await.unwrap();
        }
        for tab in &tabs {
            page.switch_to_window(tab.clone()).await.unwrap();
            let begun = Instant::now();
            while page.title().await.unwrap() == "before" {
                assert!(begun.elapsed() < PATIENCE, "round {round}: the tab does not load");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            assert_eq!(page.current_url().await.unwrap().path(), "/profile", "round {round}: logged out");
            let heading = browser.text_of("h1").await;
            assert_eq!(heading, "내 프로필", "round {round}");
        }
        renewed.insert(page.get_named_cookie("refresh").await.unwrap().value().to_owned());
    }
    assert!(renewed.len() >= 90, "only {} of 100 rounds renewed anything", renewed.len());
    browser.page.clone().close().await.unwrap();
}
