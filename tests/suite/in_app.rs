//! Inside another app's browser Google logs nobody in: its button gives way to the phone's browser, and the target goes along.

use fiiiiilm::config::demo;

use crate::kit::{Setting, TestApp};

const AGENTS: [(&str, &str); 5] = [
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 KAKAOTALK 25.1",
        "kakaotalk://web/openExternal?url=",
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; wv) Chrome/140 Mobile Safari/537.36 NAVER(inapp; search; 1100)",
        "intent://app.test/login?next=",
    ),
    (
        "Mozilla/5.0 (Linux; Android 15; wv) Chrome/140 Mobile Safari/537.36 Instagram 350.0",
        "intent://app.test/login?next=",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]",
        "x-safari-https://app.test/login?next=",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari Line/15.1.0",
        "https://app.test/login?next=",
    ),
];

fn with_google() -> Vec<Setting> {
    vec![
        ("FIIIIILM_PROVIDERS__GOOGLE__CLIENT_ID", demo::GOOGLE.client_id.into()),
        ("FIIIIILM_PROVIDERS__GOOGLE__CLIENT_SECRET", demo::GOOGLE.client_secret.into()),
    ]
}

on_both! {
    with with_google;

    async fn google_gives_way_in_each_app_and_the_target_survives(app: TestApp) {
        let plain = app.browser().get("/login?next=%2Fprofile%2Fsessions").await;
        assert!(plain.body.contains("href=\"/login/google?next=") && plain.body.contains("href=\"/login/kakao?next="));
        for (agent, way) in AGENTS {
            let page = app.browser().get_with("/login?next=%2Fprofile%2Fsessions", &[("User-Agent", agent)]).await;
            assert!(!page.body.contains("href=\"/login/google"), "{agent}");
            assert!(page.body.contains("href=\"/login/kakao?next="), "{agent}: the others stay");
            let href = page.body.split("href=\"").find_map(|rest| rest.starts_with(way).then(|| rest.split('"').next().unwrap()));
            let href = href.unwrap_or_else(|| panic!("{agent}: no way out in {}", page.body));
            let decoded = href.replace("%25", "%").replace("%252F", "%2F");
            assert!(decoded.contains("%2Fprofile%2Fsessions"), "{agent}: {href}");
        }
        let mut browser = app.browser();
        browser.log_in("3900000101").await;
        let plain = browser.get("/profile/identities").await;
        assert!(plain.body.contains("action=\"/profile/identities/google/link\""));
        for (agent, way) in AGENTS {
            let page = browser.get_with("/profile/identities", &[("User-Agent", agent)]).await;
            assert!(!page.body.contains("action=\"/profile/identities/google/link\""), "{agent}: {}", page.body);
            assert!(page.body.contains("action=\"/profile/identities/kakao/link\""), "{agent}: the others stay");
            let way = way.split("login?").next().unwrap();
            let href = page.body.split("href=\"").find(|rest| rest.starts_with(way)).unwrap_or_default();
            assert!(href.split('"').next().unwrap().replace("%2F", "/").contains("/profile/identities"), "{agent}: {href}");
        }
        let hostile = app.browser().get_with("/login?next=%2F%2Fevil.test", &[("User-Agent", AGENTS[0].0)]).await;
        let mut links = hostile.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        assert!(links.all(|link| !link.contains("evil")), "{}", hostile.body);
    }
}
