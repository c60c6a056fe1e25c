//! Where somebody is logged in: the page, the API, and that ending a session works at once (group F).

use reqwest::Method;
use serde_json::Value;
use time::Duration;

use crate::kit::{Browser, TestApp, people};
use crate::token_api::{read, refresh_of};

const OURS: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];

async fn devices(browser: &mut Browser) -> Vec<Value> {
    let answer = browser.get("/api/sessions").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    read(&answer).as_array().unwrap().clone()
}

fn id(device: &Value) -> String {
    device["id"].as_str().unwrap().to_owned()
}

on_both! {
    async fn f13_the_list_says_what_is_stored_and_marks_the_present_one(app: TestApp) {
        let mut here = app.logged_in(people::ORDINARY).await;
        app.logged_in(people::ORDINARY).await;
        app.logged_in(people::NO_EMAIL).await;
        let list = devices(&mut here).await;
        assert_eq!(list.len(), 2, "one's own, and no stranger's");
        let current: Vec<&Value> = list.iter().filter(|device| device["current"] == true).collect();
        assert_eq!(current.len(), 1);
        assert_eq!(current[0]["provider"], "kakao");
        assert_eq!(current[0]["address"], "127.0.0.0", "shortened");
        let page = here.get("/profile/sessions").await;
        assert!(page.body.contains("지금 이 기기") && page.body.contains("127.0.0.0"), "{}", page.body);
        assert_eq!(page.body.matches("/revoke\"").count(), 1);
    }

    async fn f05_a_strangers_session_is_as_unknown_as_none(app: TestApp) {
        let mut mine = app.logged_in(people::ORDINARY).await;
        let mut theirs = app.logged_in(people::NO_EMAIL).await;
        let foreign = id(&devices(&mut theirs).await[0]);
        let unknown = "00000000-0000-7000-8000-000000000000";
        let mut answers = Vec::new();
        for id in [foreign.as_str(), unknown, "1", "x"] {
            let answer = mine.json(Method::DELETE, &format!("/api/sessions/{id}"), &OURS, None).await;
            let mut problem = read(&answer);
            problem["request_id"] = Value::Null;
            answers.push((answer.status, problem.to_string()));
            let page = mine.post(&format!("/profile/sessions/{id}/revoke"), &[]).await;
            assert_eq!(page.status, 404);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 404), "{answers:?}");
        assert_eq!(theirs.me().await.status, 200);
    }

    async fn f04_all_others_end_at_once_and_nobody_elses(app: TestApp) {
        let mut here = app.logged_in(people::ORDINARY).await;
        let mut others = Vec::new();
        for _ in 0..4 {
            others.push(app.logged_in(people::ORDINARY).await);
        }
        let mut stranger = app.logged_in(people::NO_EMAIL).await;
        let ask = here.get("/profile/sessions/revoke-others").await;
        assert_eq!(ask.status, 200);
        for other in &mut others {
            assert_eq!(other.me().await.status, 200, "asking ends nothing");
        }
        let done = here.post("/profile/sessions/revoke-others", &[]).await;
        assert_eq!((done.status, done.location()), (303, "/profile/sessions?done=others"));
        assert!(here.get(done.location()).await.body.contains("모두 로그아웃했어요"));
        for other in &mut others {
            assert_eq!(other.me().await.status, 401);
            assert_eq!(other.get("/profile").await.status, 303);
        }
        assert_eq!((here.me().await.status, stranger.me().await.status), (200, 200));
        let again = here.json(Method::DELETE, "/api/sessions", &OURS, None).await;
        assert_eq!((again.status, again.body.as_str()), (200, "{\"ended\":0}"));
    }

    async fn one_device_is_logged_out_by_page_and_by_program(app: TestApp) {
        let mut here = app.logged_in(people::ORDINARY).await;
        let mut there = app.logged_in(people::ORDINARY).await;
        let target = devices(&mut there).await.iter().find(|device| device["current"] == true).map(id).unwrap();
        let done = here.post(&format!("/profile/sessions/{target}/revoke"), &[]).await;
        assert_eq!((done.status, done.location()), (303, "/profile/sessions?done=one"));
        assert_eq!(there.me().await.status, 401, "its access token is refused at the next request");
        let refused = there.json(Method::POST, "/api/token/refresh", &OURS, None).await;
        assert_eq!(refused.status, 401);
        let own = id(&devices(&mut here).await[0]);
        let gone = here.json(Method::DELETE, &format!("/api/sessions/{own}"), &OURS, None).await;
        assert_eq!((gone.status, gone.cookie("__Host-access").as_deref()), (204, Some("")), "the present one: a log-out");
        assert_eq!(here.get("/profile").await.status, 303);
        let ended = app.inspect().number("select count(*) as n from audit_events where action = 'session.revoked'");
        assert_eq!(ended, 2);
    }

    async fn k01_no_other_site_ends_a_session_by_cookie_and_a_bearer_may(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let own = id(&devices(&mut browser).await[0]);
        for headers in [&[("Sec-Fetch-Site", "cross-site")][..], &[("Origin", "https://evil.test")], &[]] {
            for path in [format!("/api/sessions/{own}"), "/api/sessions".into()] {
                assert_eq!(browser.json(Method::DELETE, &path, headers, None).await.status, 403, "{headers:?}");
            }
        }
        assert_eq!(browser.me().await.status, 200);
        let bearer = format!("Bearer {}", browser.cookie("access").unwrap());
        let ended = app.browser().json(Method::DELETE, &format!("/api/sessions/{own}"), &[("Authorization", &bearer)], None).await;
        assert_eq!(ended.status, 204);
        assert_eq!(browser.me().await.status, 401);
    }

    async fn being_there_is_written_down_once_a_minute(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let seen = |app: &TestApp| app.inspect().lines("select cast(last_seen_at as text) as s from sessions");
        let before = seen(&app);
        browser.get("/profile").await;
        fiiiiilm::upkeep::mark_seen(app.running.app()).await;
        assert_eq!(seen(&app), before, "the login is not a minute ago");
        app.clock.advance(Duration::seconds(61));
        browser.get("/profile").await;
        fiiiiilm::upkeep::mark_seen(app.running.app()).await;
        assert_ne!(seen(&app), before);
        let marked = seen(&app);
        browser.get("/profile").await;
        fiiiiilm::upkeep::mark_seen(app.running.app()).await;
        assert_eq!(seen(&app), marked);
    }

    async fn f06_r14_what_happens_in_another_process_shows_within_a_second(app: TestApp) {
        let second = app.second().await;
        for round in 0..5 {
            let mut here = app.logged_in(people::ORDINARY).await;
            let mut there = here.twin();
            there.at(second.address);
            assert_eq!(there.me().await.status, 200, "remembered by the second process, round {round}");
            assert_eq!(here.post("/logout", &[]).await.status, 303);
            let begun = std::time::Instant::now();
            while there.me().await.status == 200 {
                assert!(begun.elapsed() < std::time::Duration::from_secs(5), "R-14");
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
        second.stop(Some(std::time::Duration::ZERO)).await;
    }

    async fn e06_e13_two_processes_refresh_and_log_out_as_one(app: TestApp) {
        let second = app.second().await;
        let mut token = refresh_of(&app.logged_in(people::ORDINARY).await);
        for _ in 0..crate::kit::size(5, 100) {
            let body = serde_json::json!({ "refresh": token });
            let body = &body;
            let calls = (0..40).map(|n| {
                let mut browser = app.browser();
                browser.at(if n % 2 == 0 { app.running.address } else { second.address });
                async move { browser.json(Method::POST, "/api/token/refresh", &[], Some(body)).await }
            });
            let answers = futures_util::future::join_all(calls).await;
            let next: std::collections::HashSet<String> = answers.iter().map(|answer| {
                assert_eq!(answer.status, 200, "{}", answer.body);
                read(answer)["refresh"].as_str().unwrap().to_owned()
            }).collect();
            assert_eq!(next.len(), 1);
            token = next.into_iter().next().unwrap();
        }
        second.stop(Some(std::time::Duration::ZERO)).await;
    }
}
