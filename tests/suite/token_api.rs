//! Tokens for programs: refresh, verify, blacklist (groups D, E, F and the JSON rows of K and M).

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use crate::kit::{Answer, Browser, Setting, TestApp, people};

const OURS: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];

/// A program: no cookies, no fetch metadata.
pub(crate) async fn call(app: &TestApp, what: &str, body: Value) -> Answer {
    app.browser().json(Method::POST, &format!("/api/token/{what}"), &[], Some(&body)).await
}

pub(crate) fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{} {}", answer.status, answer.body))
}

pub(crate) fn refresh_of(browser: &Browser) -> String {
    browser.cookie("refresh").unwrap().to_owned()
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}")).to_owned()
}

async fn refreshed(app: &TestApp, token: &str) -> (String, String) {
    let answer = call(app, "refresh", json!({ "refresh": token })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.set_cookies().is_empty(), "D02: tokens in the body, none in a cookie");
    let pair = read(&answer);
    (text(&pair, "access"), text(&pair, "refresh"))
}

async fn is_alive(app: &TestApp, access: &str) -> bool {
    app.browser().get_with("/api/me", &[("Authorization", &format!("Bearer {access}"))]).await.status == 200
}

fn limited() -> Vec<Setting> {
    vec![("FIIIIILM_LIMITS__ENABLED", "true".into()), ("FIIIIILM_LIMITS__REFRESH", "20".into())]
}

mod limits {
    use super::*;

    on_both! {
        with limited;

        async fn e15_r01_guessing_is_answered_401_and_then_429(app: TestApp) {
            let mut statuses = Vec::new();
            for n in 0..25 {
                let answer = call(&app, "refresh", json!({ "refresh": format!("guess-{n}") })).await;
                if answer.status == 429 {
                    assert!(answer.header("retry-after").is_some() && answer.set_cookies().is_empty());
                    assert_eq!(read(&answer)["code"], "too_many_requests");
                }
                statuses.push(answer.status);
            }
            assert!(statuses[..20].iter().all(|status| *status == 401), "{statuses:?}");
            assert!(statuses[21..].contains(&429), "{statuses:?}");
        }
    }
}

on_both! {
    async fn e01_each_refresh_gives_a_new_pair_and_the_old_one_is_spent(app: TestApp) {
        let first = refresh_of(&app.logged_in(people::ORDINARY).await);
        let mut token = first.clone();
        let mut seen = std::collections::HashSet::from([token.clone()]);
        for _ in 0..100 {
            let (access, next) = refreshed(&app, &token).await;
            assert!(seen.insert(next.clone()), "a refresh token came twice");
            assert!(is_alive(&app, &access).await);
            token = next;
        }
        assert_eq!(call(&app, "refresh", json!({ "refresh": first })).await.status, 401);
    }

    async fn e02_a_stolen_token_ends_its_session_and_no_other(app: TestApp) {
        let r1 = refresh_of(&app.logged_in(people::ORDINARY).await);
        let mut other = app.logged_in(people::ORDINARY).await;
        let (_, r2) = refreshed(&app, &r1).await;
        let (access, r3) = refreshed(&app, &r2).await;
        app.clock.advance(Duration::seconds(31));
        let refused = call(&app, "refresh", json!({ "refresh": r1 })).await;
        assert_eq!((refused.status, read(&refused)["code"].as_str()), (401, Some("token_not_valid")));
        assert_eq!(call(&app, "refresh", json!({ "refresh": r3 })).await.status, 401);
        assert!(!is_alive(&app, &access).await);
        assert_eq!(other.me().await.status, 200, "another session of the same person lives");
        let mut inspect = app.inspect();
        assert_eq!(inspect.number("select count(*) as n from audit_events where action = 'session.reuse'"), 1);
    }

    async fn e03_the_grace_is_for_the_parent_alone(app: TestApp) {
        let r1 = refresh_of(&app.logged_in(people::ORDINARY).await);
        let (_, r2) = refreshed(&app, &r1).await;
        refreshed(&app, &r2).await;
        assert_eq!(call(&app, "refresh", json!({ "refresh": r1 })).await.status, 401, "R3 exists");
        assert_eq!(app.inspect().lines("select end_reason as s from sessions"), ["reuse"]);
    }

    async fn e04_a_lost_answer_is_given_again(app: TestApp) {
        let r1 = refresh_of(&app.logged_in(people::ORDINARY).await);
        let (_, lost) = refreshed(&app, &r1).await;
        app.clock.advance(Duration::seconds(20));
        let (access, again) = refreshed(&app, &r1).await;
        assert_eq!(again, lost, "the same bytes");
        assert!(is_alive(&app, &access).await);
    }

    async fn e05_r4_a_hundred_at_once_get_one_successor(app: TestApp) {
        let mut token = refresh_of(&app.logged_in(people::ORDINARY).await);
        for round in 1..=crate::kit::size(10, 100) {
            let answers = join_all((0..100).map(|_| call(&app, "refresh", json!({ "refresh": token })))).await;
            let successors: std::collections::HashSet<String> = answers.iter().map(|answer| text(&read(answer), "refresh")).collect();
            assert_eq!(successors.len(), 1, "round {round}");
            token = successors.into_iter().next().unwrap();
        }
        assert_eq!(app.inspect().number("select count(*) as n from sessions where ended_at is null"), 1);
    }

    async fn e10_whoever_is_shut_out_refreshes_nothing(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let (token, access) = (refresh_of(&browser), browser.cookie("access").unwrap().to_owned());
        app.inspect().execute("update users set standing = 'banned', version = version + 1");
        app.running.app().changes.mark_all();
        let bearer = app.browser().get_with("/api/me", &[("Authorization", &format!("Bearer {access}"))]).await;
        assert_eq!((bearer.status, read(&bearer)["code"].as_str()), (401, Some("user_inactive")));
        let refused = call(&app, "refresh", json!({ "refresh": token })).await;
        assert_eq!((refused.status, read(&refused)["code"].as_str()), (401, Some("user_inactive")));
        assert_eq!(app.inspect().number("select count(*) as n from sessions where ended_at is null"), 0);
        let page = browser.get("/profile").await;
        assert!(page.status == 303 && page.cookie("__Host-refresh").is_some_and(|value| value.is_empty()));
    }

    async fn e10_a_demoted_admin_gets_the_new_role(app: TestApp) {
        let browser = app.logged_in(people::ADMIN).await;
        app.inspect().execute("update users set role = 'user', version = version + 1");
        app.running.app().changes.mark_all();
        let (access, _) = refreshed(&app, &refresh_of(&browser)).await;
        let me = app.browser().get_with("/api/me", &[("Authorization", &format!("Bearer {access}"))]).await;
        assert_eq!(read(&me)["role"], "user");
    }

    async fn e11_no_session_outlives_its_end(app: TestApp) {
        let mut token = refresh_of(&app.logged_in(people::ORDINARY).await);
        for _ in 0..6 {
            app.clock.advance(Duration::days(14) - Duration::minutes(1));
            token = refreshed(&app, &token).await.1;
        }
        app.clock.advance(Duration::days(6) + Duration::hours(1));
        assert_eq!(call(&app, "refresh", json!({ "refresh": token })).await.status, 401);
    }

    async fn e12_k01_another_site_renews_nothing(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let before = refresh_of(&browser);
        assert_eq!(browser.get("/api/token/refresh").await.status, 405);
        for headers in [
            &[("Origin", "https://evil.test")][..],
            &[("Origin", "null")],
            &[("Origin", "https://sub.app.test")],
            &[("Sec-Fetch-Site", "cross-site")],
            &[("Sec-Fetch-Site", "same-site"), ("Origin", "https://app.test")],
            &[],
        ] {
            for what in ["refresh", "verify", "blacklist"] {
                let answer = browser.json(Method::POST, &format!("/api/token/{what}"), headers, None).await;
                assert_eq!(answer.status, 403, "{what} {headers:?}");
                assert!(answer.set_cookies().is_empty());
            }
        }
        assert_eq!(app.inspect().number("select max(counter) as n from sessions"), 0);
        let own = browser.json(Method::POST, "/api/token/refresh", &OURS, None).await;
        assert_eq!((own.status, own.body.as_str()), (204, ""));
        assert_ne!(refresh_of(&browser), before);
        assert_eq!(browser.me().await.status, 200);
    }

    async fn e12_the_body_speaks_and_cookies_are_ignored(app: TestApp) {
        let mut a = app.logged_in(people::ORDINARY).await;
        let b = app.logged_in(people::NO_EMAIL).await;
        let body = json!({ "refresh": refresh_of(&b) });
        let answer = a.json(Method::POST, "/api/token/refresh/", &[("Origin", "https://app.example")], Some(&body)).await;
        assert_eq!(answer.status, 200, "E14: with a slash, from anywhere: {}", answer.body);
        assert!(answer.set_cookies().is_empty());
        let access = text(&read(&answer), "access");
        let me = app.browser().get_with("/api/me", &[("Authorization", &format!("Bearer {access}"))]).await;
        let mut own = b.twin();
        assert_eq!(read(&me)["id"], read(&own.me().await)["id"], "the refresh token decides whose it is");
    }

    async fn e13_log_out_wins_against_a_refresh_at_the_same_time(app: TestApp) {
        for _ in 0..crate::kit::size(20, 500) {
            let browser = app.logged_in(people::ORDINARY).await;
            let token = refresh_of(&browser);
            let mut leaving = browser.twin();
            let (refreshed, left) = futures_util::future::join(
                call(&app, "refresh", json!({ "refresh": token })),
                leaving.post("/logout", &[]),
            ).await;
            assert_eq!(left.status, 303);
            assert!([200, 401].contains(&refreshed.status), "{}", refreshed.body);
            if refreshed.status == 200 {
                let pair = read(&refreshed);
                assert!(!is_alive(&app, &text(&pair, "access")).await, "an access token outlived the log-out");
                assert_eq!(call(&app, "refresh", json!({ "refresh": pair["refresh"] })).await.status, 401);
            }
        }
    }

    async fn e16_a_clock_that_steps_logs_nobody_out(app: TestApp) {
        let mut token = refresh_of(&app.logged_in(people::ORDINARY).await);
        for step in [Duration::hours(-1), Duration::minutes(5), Duration::minutes(55), Duration::minutes(-5)] {
            app.clock.advance(step);
            let (access, next) = refreshed(&app, &token).await;
            assert!(is_alive(&app, &access).await, "{step}");
            token = next;
        }
    }

    async fn a_cookie_whose_session_is_over_is_cleared_and_a_foreign_string_is_not(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        app.inspect().execute("update sessions set ended_at = created_at, end_reason = 'test'");
        let answer = browser.json(Method::POST, "/api/token/refresh", &OURS, None).await;
        assert_eq!((answer.status, read(&answer)["code"].as_str()), (401, Some("token_not_valid")));
        assert_eq!(answer.cookie("__Host-refresh").as_deref(), Some(""));
        let mut other = app.browser();
        other.set_cookie("refresh", "x.y.z");
        let answer = other.json(Method::POST, "/api/token/refresh", &OURS, None).await;
        assert!(answer.status == 401 && answer.set_cookies().is_empty());
    }

    async fn a_token_is_verified_without_being_spent(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        let (access, refresh) = (browser.cookie("access").unwrap().to_owned(), refresh_of(&browser));
        for token in [&access, &refresh] {
            let answer = call(&app, "verify/", json!({ "token": token })).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
        }
        assert_eq!(app.inspect().number("select max(counter) as n from sessions"), 0);
        for wrong in ["", "x", "a.b.c"] {
            let answer = call(&app, "verify", json!({ "token": wrong })).await;
            assert_eq!(answer.status, if wrong.is_empty() { 400 } else { 401 });
        }
        assert_eq!(call(&app, "blacklist", json!({ "refresh": refresh })).await.status, 200);
        for token in [&access, &refresh] {
            let answer = call(&app, "verify", json!({ "token": token })).await;
            assert_eq!((answer.status, read(&answer)["code"].as_str()), (401, Some("token_not_valid")));
        }
        assert_eq!(call(&app, "blacklist", json!({ "refresh": refresh })).await.status, 401, "it is over already");
        assert!(!is_alive(&app, &access).await, "F01");
    }

    async fn m04_k04_a_bad_body_is_refused_in_one_shape(app: TestApp) {
        for (body, words) in [
            (json!({}), "This field is required."),
            (json!({ "refresh": null }), "This field may not be null."),
            (json!({ "refresh": "" }), "This field may not be blank."),
            (json!({ "refresh": 7 }), "Not a valid string."),
        ] {
            let answer = call(&app, "refresh", body).await;
            let problem = read(&answer);
            assert_eq!((answer.status, answer.header("content-type")), (400, Some("application/problem+json")));
            assert_eq!(problem["refresh"], json!([words]));
            assert_eq!(problem["code"], "bad_request");
            assert_eq!(problem["request_id"], answer.header("x-request-id").unwrap());
        }
        let form = app.browser().send(Method::POST, "/api/token/refresh", &[], Some(&[("refresh", "x")])).await;
        assert_eq!((form.status, read(&form)["code"].as_str()), (415, Some("unsupported_media_type")));
        for path in ["/api/nowhere", "/api/token", "/api/token/refresh/x", "/api/"] {
            let answer = app.browser().get(path).await;
            assert_eq!((answer.status, answer.header("content-type")), (404, Some("application/problem+json")), "{path}");
        }
    }

    async fn reuse_is_told_at_the_next_login_and_staleness_is_not(app: TestApp) {
        let r1 = refresh_of(&app.logged_in(people::ORDINARY).await);
        let (_, r2) = refreshed(&app, &r1).await;
        refreshed(&app, &r2).await;
        call(&app, "refresh", json!({ "refresh": r1 })).await;
        app.clock.advance(Duration::minutes(1));
        let mut browser = app.browser();
        let told = browser.log_in(people::ORDINARY).await;
        assert_eq!(told.status, 200, "a page that says so");
        assert!(told.body.contains("두 곳에서 쓰였어요") && told.body.contains("href=\"/profile\""), "{}", told.body);
        assert_eq!(browser.me().await.status, 200, "logged in all the same");
        app.clock.advance(Duration::minutes(1));
        assert_eq!(app.browser().log_in(people::ORDINARY).await.status, 303, "told once");
        let stale = refresh_of(&app.logged_in(people::NO_EMAIL).await);
        refreshed(&app, &stale).await;
        app.clock.advance(Duration::seconds(31));
        assert_eq!(call(&app, "refresh", json!({ "refresh": stale })).await.status, 401);
        app.clock.advance(Duration::minutes(1));
        assert_eq!(app.browser().log_in(people::NO_EMAIL).await.status, 303, "nothing to tell");
    }
}
