//! Q09: what a real Chromium asks for on all pages. Nobody else hears of a visit but the provider one goes to and the hosts of
//! pictures, and none of them is told where one came from or what stood in the address of a callback.

use std::time::Instant;

use crate::kit::chromium::{Asked, Chromium, Demo, GLANCE, PATIENCE, chromium_that_logs, demo};
use crate::kit::people;

const SIGNED_OUT: [&str; 5] = ["/", "/login", "/login?next=%2Fprofile", "/logout/done", "/nowhere"];

const OWN: [&str; 6] = [
    "/profile",
    "/profile/sessions",
    "/profile/sessions/revoke-others",
    "/profile/identities",
    "/profile/delete",
    "/admin",
];

const ADMINS: [&str; 7] = [
    "/admin",
    "/admin/users",
    "/admin/users?q=%EA%B8%B8%EB%8F%99&provider=kakao",
    "/admin/audit",
    "/admin/audit?actor=system",
    "/admin/outbox",
    "/profile/sessions",
];

const ACTS: [&str; 5] = ["", "/ban", "/role", "/end-sessions", "/delete"];

async fn walk(browser: &Chromium, demo: &Demo, pages: &[&str]) {
    for page in pages {
        browser.page.goto(&format!("{}{page}", demo.site)).await.unwrap();
        // Also what a page asks for late: its pictures.
        let begun = Instant::now();
        let done = "return [...document.images].every(i => i.complete)";
        while browser.page.execute(done, vec![]).await.ok() != Some(true.into()) {
            assert!(begun.elapsed() < PATIENCE, "{page} is never whole");
            tokio::time::sleep(GLANCE).await;
        }
    }
}

/// Somebody starts, changes their mind at the provider, and looks at the page that says so.
async fn cancel(browser: &Chromium, demo: &Demo) {
    browser.page.goto(&format!("{}/login", demo.site)).await.unwrap();
    browser.press("a[href^='/login/kakao']").await;
    browser.press(&format!("[name=person][value='{}']", people::NO_EMAIL)).await;
    browser.press("[name=decision][value=cancel]").await;
    browser.at("/login/kakao/callback").await;
    browser.page.refresh().await.unwrap();
    browser.at("/login/kakao/callback").await;
    assert!(browser.page.current_url().await.unwrap().query().is_some_and(|query| query.contains("state=")));
}

fn judge(demo: &Demo, asked: &[Asked]) {
    let site = url::Url::parse(&demo.site).unwrap().origin();
    let practice = url::Url::parse(&demo.practice).unwrap().origin();
    for Asked { url, page, kind, referrer } in asked {
        let origin = url.origin();
        // The practice provider's own pages are its own matter, but they are no way to anybody else either.
        let of_ours = page.starts_with(&demo.site);
        let one_goes_there = kind == "Document" || kind == "Image" || !of_ours;
        assert!(origin == site || origin == practice && one_goes_there, "{kind} of {url} for {page}");
        let told = referrer.as_deref().filter(|_| origin != site).is_some_and(|from| from.starts_with(&demo.site));
        assert!(!told, "{url} was told {referrer:?}");
        let carried =
            origin != site && kind != "Document" && ["code=", "state="].iter().any(|word| url.as_str().contains(word));
        assert!(!carried, "{kind} {url}");
    }
    let from_callback = |asked: &&Asked| asked.page.starts_with(&format!("{}/login/kakao/callback?", demo.site));
    assert!(asked.iter().filter(from_callback).any(|asked| asked.kind == "Stylesheet"), "the callback's page was seen");
    assert!(asked.iter().any(|asked| asked.referrer.is_some()), "the log has referrers");
    let some = |kind: &str, origin| asked.iter().any(|asked| asked.kind == kind && asked.url.origin() == origin);
    assert!(some("Stylesheet", site.clone()) && some("Document", site), "the log sees what pages ask for");
    assert!(some("Image", practice.clone()) && some("Document", practice), "and what is asked of others");
}

#[actix_web::test]
async fn q09_no_page_asks_anybody_else_and_no_address_of_a_callback_is_told() {
    let (demo, browser) = (demo().await, chromium_that_logs("ko-KR", 1200).await);
    let mut asked = Vec::new();
    walk(&browser, &demo, &SIGNED_OUT).await;
    cancel(&browser, &demo).await;
    asked.extend(browser.network().await);
    browser.log_in(&demo, people::ORDINARY).await;
    walk(&browser, &demo, &OWN).await;
    browser.page.goto(&format!("{}/profile", demo.site)).await.unwrap();
    browser.log_out().await;
    asked.extend(browser.network().await);
    browser.log_in(&demo, people::ADMIN).await;
    walk(&browser, &demo, &ADMINS).await;
    let somebody = demo.inspect().lines("select user_id as s from identities where subject = '3900000101'").remove(0);
    let acts = ACTS.map(|act| format!("/admin/users/{somebody}{act}"));
    walk(&browser, &demo, &acts.each_ref().map(String::as_str)).await;
    asked.extend(browser.network().await);
    judge(&demo, &asked);
    browser.page.clone().close().await.unwrap();
}
