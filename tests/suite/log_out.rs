//! Logging out (group F): over everywhere at once, whatever the browser brings, and never promised in vain.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;

use crate::kit::{Answer, Browser, TestApp, people};
use crate::token_api::{call, read, refresh_of};

async fn bearer(app: &TestApp, token: &str) -> u16 {
    app.browser().get_with("/api/me", &[("Authorization", &format!("Bearer {token}"))]).await.status
}

fn assert_cleared(answer: &Answer) {
    for name in ["__Host-access", "__Host-refresh"] {
        let line = answer.set_cookies().into_iter().find(|line| line.starts_with(&format!("{name}=;")));
        let line = line.unwrap_or_else(|| panic!("{name} is not cleared: {:?}", answer.set_cookies()));
        for flag in ["Max-Age=0", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(line.contains(flag), "D13: {line}");
        }
    }
}

on_both! {
    async fn f01_what_was_kept_of_a_session_is_worth_nothing(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let mut thief = browser.twin();
        let (access, refresh) = (browser.cookie("access").unwrap().to_owned(), refresh_of(&browser));
        assert_eq!(bearer(&app, &access).await, 200);
        assert_cleared(&browser.post("/logout", &[]).await);
        assert_eq!(bearer(&app, &access).await, 401, "at once");
        assert_eq!(call(&app, "refresh", serde_json::json!({ "refresh": refresh })).await.status, 401);
        assert_eq!(thief.me().await.status, 401);
        let page = thief.get("/profile").await;
        assert_eq!((page.status, page.location()), (303, "/login?next=%2Fprofile"));
        let renewed = thief.json(Method::POST, "/api/token/refresh", &[("Sec-Fetch-Site", "same-origin")], None).await;
        assert_eq!(renewed.status, 401);
    }

    async fn f02_no_other_site_logs_anybody_out(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let image = browser.get_with("/logout", &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "image")]).await;
        assert_eq!(image.status, 405);
        for headers in [
            &[("Origin", "https://evil.test"), ("Sec-Fetch-Site", "cross-site")][..],
            &[("Origin", "https://sub.app.test"), ("Sec-Fetch-Site", "same-site")],
            &[("Origin", "null")],
            &[],
        ] {
            let forced = browser.send(Method::POST, "/logout", headers, Some(&[])).await;
            assert_eq!(forced.status, 403, "{headers:?}");
            assert!(forced.cookie("__Host-access").is_none());
        }
        assert_eq!(browser.me().await.status, 200);
    }

    async fn f03_logging_out_works_with_whatever_there_is(app: TestApp) {
        let mut stale = app.logged_in(people::ORDINARY).await;
        app.clock.advance(time::Duration::minutes(11));
        let mut garbage = app.logged_in(people::ORDINARY).await;
        garbage.set_cookie("access", "garbage");
        let mut only_refresh = app.logged_in(people::ORDINARY).await;
        only_refresh.forget_cookie("access");
        for browser in [&mut stale, &mut garbage, &mut only_refresh, &mut app.browser()] {
            for _ in 0..2 {
                let out = browser.post("/logout", &[]).await;
                assert_eq!((out.status, out.location()), (303, "/logout/done"));
                assert_cleared(&out);
            }
        }
        assert_eq!(app.inspect().rows().2, 0, "each of the three sessions is over");
        let browser = app.logged_in(people::ORDINARY).await;
        let mut tabs: Vec<Browser> = (0..20).map(|_| browser.twin()).collect();
        for out in join_all(tabs.iter_mut().map(|tab| tab.post("/logout", &[]))).await {
            assert_eq!(out.status, 303, "{}", out.body);
        }
        assert_eq!(app.inspect().number("select count(*) as n from audit_events where action = 'logout'"), 4);
    }

    async fn f08_a_login_that_was_begun_before_logs_nobody_in_after(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let callback = browser.until_callback("/login/kakao", people::NO_EMAIL).await;
        browser.post("/logout", &[]).await;
        let late = browser.get(&callback).await;
        assert_eq!(late.status, 400, "{}", late.body);
        assert_eq!(browser.me().await.status, 401);
    }

    async fn f09_f12_the_cache_is_cleared_and_nobody_comes_in_without_a_click(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let out = browser.post("/logout", &[]).await;
        assert_eq!(out.header("clear-site-data"), Some("\"cache\""));
        for path in ["/logout/done", "/login", "/login?next=%2Fprofile", "/"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.body.contains("http-equiv=\"refresh\"") && !page.body.contains("홍길동"), "{path}");
        }
        assert_eq!(browser.me().await.status, 401);
    }

    async fn e14_the_refresh_token_decides_and_not_the_access_token_beside_it(app: TestApp) {
        let mut mina = app.logged_in(people::ORDINARY).await;
        let juho = app.logged_in(people::NO_EMAIL).await;
        mina.set_cookie("refresh", &refresh_of(&juho));
        let renewed = mina.json(Method::POST, "/api/token/refresh", &[("Sec-Fetch-Site", "same-origin")], None).await;
        assert_eq!(renewed.status, 204);
        assert!(read(&mina.me().await)["name"] == "심청", "the tokens are those of the refresh token's person");
        assert_ne!(mina.cookie("refresh").unwrap(), refresh_of(&juho));
    }

    async fn f11_e17_without_the_database_nothing_is_promised_and_nothing_is_lost(app: TestApp) {
        let mut leaving = app.logged_in(people::ORDINARY).await;
        let mut staying = app.logged_in(people::NO_EMAIL).await;
        let (access, refresh) = (leaving.cookie("access").unwrap().to_owned(), refresh_of(&leaving));
        app.clock.advance(time::Duration::minutes(11));
        let mut other = app.inspect();
        other.execute(if app.is_sqlite() { "begin exclusive" } else { "begin" });
        if !app.is_sqlite() {
            other.execute("lock table sessions in access exclusive mode");
        }
        let out = leaving.post("/logout", &[]).await;
        assert_eq!(out.status, 503, "{}", out.body);
        assert_cleared(&out);
        assert!(out.body.contains("이 브라우저에서는 로그아웃했어요"), "{}", out.body);
        let before = refresh_of(&staying);
        let renewed = staying.json(Method::POST, "/api/token/refresh", &[("Sec-Fetch-Site", "same-origin")], None).await;
        assert_eq!(renewed.status, 503, "{}", renewed.body);
        assert!(renewed.header("retry-after").is_some() && renewed.set_cookies().is_empty(), "E17: cookies stay");
        other.execute("commit");
        assert_eq!(refresh_of(&staying), before);
        assert_eq!(staying.get("/profile").await.status, 200, "the same token is good later");
        let begun = Instant::now();
        while app.inspect().number("select count(*) as n from audit_events where action = 'logout'") == 0 {
            assert!(begun.elapsed() < Duration::from_secs(20), "it is told when it answers again");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(call(&app, "refresh", serde_json::json!({ "refresh": refresh })).await.status, 401);
        assert_eq!(bearer(&app, &access).await, 401);
    }
}
