//! Both ways of ending a link, in a real Chromium: whoever leaves is gone at the provider's page too, and whom the provider's
//! page unlinks is logged out here.

use std::time::Instant;

use fantoccini::Locator;

use crate::kit::chromium::{Chromium, Demo, GLANCE, PATIENCE, chromium, demo};

/// Somebody at each of two providers: one is told by the person's number, the other by a token that was kept.
const PEOPLE: [(&str, &str); 2] = [("kakao", "3900000101"), ("naver", "hK3vQ9-fRz0TqYw2mB7nLs5XcD1eJa8uGi4oPb6tWzE")];

async fn log_in(browser: &Chromium, demo: &Demo, provider: &str, person: &str) {
    browser.page.goto(&format!("{}/login", demo.site)).await.unwrap();
    browser.press(&format!("a[href^='/login/{provider}']")).await;
    browser.be(person).await;
    browser.at("/profile").await;
}

/// Looks at the simulator's front page until this person is, or is not, linked there.
async fn linked_there(browser: &Chromium, demo: &Demo, person: &str, linked: bool) {
    let button = format!("form[action='/unlink'] button[value='{person}']");
    let begun = Instant::now();
    loop {
        browser.page.goto(&demo.practice).await.unwrap();
        if browser.page.find(Locator::Css(&button)).await.is_ok() == linked {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "linked: {}: {}", !linked, browser.text().await);
        tokio::time::sleep(GLANCE).await;
    }
}

#[actix_web::test]
async fn who_leaves_is_gone_at_the_provider_too() {
    let (demo, browser) = (demo().await, chromium("ko-KR", 1200).await);
    for (provider, person) in PEOPLE {
        log_in(&browser, &demo, provider, person).await;
        linked_there(&browser, &demo, person, true).await;
        browser.page.goto(&format!("{}/profile", demo.site)).await.unwrap();
        browser.press("a[href='/profile/delete']").await;
        browser.at("/profile/delete").await;
        browser.picture(&format!("leave-{provider}-ko")).await;
        browser.press("form[action='/profile/delete'] button").await;
        let begun = Instant::now();
        while demo.inspect().number("select count(*) as n from users") != 0 {
            assert!(begun.elapsed() < PATIENCE, "{provider}: still here: {}", browser.text().await);
            tokio::time::sleep(GLANCE).await;
        }
        linked_there(&browser, &demo, person, false).await;
        browser.picture(&format!("left-{provider}-ko")).await;
        browser.page.goto(&format!("{}/profile", demo.site)).await.unwrap();
        browser.at("/login").await;
    }
    browser.page.clone().close().await.unwrap();
}

#[actix_web::test]
async fn whom_the_provider_unlinks_is_logged_out_here() {
    let (demo, browser) = (demo().await, chromium("ko-KR", 1200).await);
    for (provider, person) in PEOPLE {
        log_in(&browser, &demo, provider, person).await;
        browser.page.goto(&demo.practice).await.unwrap();
        browser.press(&format!("form[action='/unlink'] button[value='{person}']")).await;
        // Its page says what it sent and what the site answered.
        browser.at(&format!("/notices/{provider}")).await;
        browser.picture(&format!("unlinked-there-{provider}-ko")).await;
        browser.page.goto(&format!("{}/profile", demo.site)).await.unwrap();
        browser.at("/login").await;
        linked_there(&browser, &demo, person, false).await;
        let left = "select count(*) as n from sessions where ended_at is null";
        assert_eq!(demo.inspect().number(left), 0, "{provider}");
    }
    browser.page.clone().close().await.unwrap();
}
