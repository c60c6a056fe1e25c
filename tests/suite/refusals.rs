//! Group L: what must not work, whoever asks.

use std::time::{Duration, Instant};

use reqwest::Method;

use crate::kit::{Answer, Backend, Browser, ORIGIN, Operator, TestApp, people, size};

async fn id_of(browser: &mut Browser) -> String {
    let me: serde_json::Value = serde_json::from_str(&browser.me().await.body).unwrap();
    me["id"].as_str().unwrap().to_owned()
}

/// An answer without what every answer has of its own.
fn face(answer: &Answer) -> (u16, String, Vec<String>) {
    let request = answer.header("x-request-id").unwrap_or("-").to_owned();
    let mut headers: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.retain(|line| !line.starts_with("date:") && !line.starts_with("x-request-id:"));
    headers.sort();
    (answer.status, answer.body.replace(&request, "-"), headers)
}

const NOBODY: &str = "0198c7a0-0000-7000-8000-000000000000";

on_both! {
    async fn l02_l10_what_belongs_to_another_looks_like_what_does_not_exist(app: TestApp) {
        let mut owner = app.logged_in(people::ORDINARY).await;
        let mut other = app.logged_in(people::NO_EMAIL).await;
        let owners = id_of(&mut owner).await;
        let session = app.inspect().lines(&format!("select id as s from sessions where user_id = '{owners}'")).remove(0);
        let same = [("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)];
        let revoke = |id: &str| format!("/profile/sessions/{id}/revoke");
        let (theirs, none) = (other.post(&revoke(&session), &[]).await, other.post(&revoke(NOBODY), &[]).await);
        assert_eq!(theirs.status, 404);
        assert_eq!(face(&theirs), face(&none));
        let by_api = |id: &str| format!("/api/sessions/{id}");
        let theirs = other.send(Method::DELETE, &by_api(&session), &same, None).await;
        let none = other.send(Method::DELETE, &by_api(NOBODY), &same, None).await;
        assert_eq!(theirs.status, 404);
        assert_eq!(face(&theirs), face(&none));
        for path in ["", "/ban", "/delete"] {
            let of = |id: &str| format!("/admin/users/{id}{path}");
            let (known, unknown) = (other.get(&of(&owners)).await, other.get(&of(NOBODY)).await);
            assert_eq!(known.status, 403);
            assert_eq!(face(&known).0, face(&unknown).0);
            assert_eq!(face(&known).1.replace(&owners, NOBODY), face(&unknown).1, "{path}: a user learns of nobody");
            let (known, unknown) = (app.browser().get(&of(&owners)).await, app.browser().get(&of(NOBODY)).await);
            assert_eq!((known.status, unknown.status), (303, 303), "{path}");
        }
        assert_eq!(owner.me().await.status, 200);
    }

    async fn l03_a_form_sets_what_it_has_a_field_for_and_nothing_else(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let id = id_of(&mut user).await;
        let row = || app.inspect().lines(&format!("select role || standing || version || created_at || id as s from users where id = '{id}'"));
        let before = row();
        let more = [
            ("role", "admin"), ("is_admin", "1"), ("id", NOBODY), ("standing", "active"), ("disabled", "0"), ("email_verified", "true"),
            ("created_at", "2000-01-01"), ("user[role]", "admin"), ("version", "99"), ("name_chosen", "0"),
        ];
        for (name, value) in more {
            let answer = user.post("/profile", &[("display_name", "새 이름"), (name, value)]).await;
            assert!([303, 400].contains(&answer.status), "{name}: {}", answer.status);
        }
        assert_eq!(user.post("/profile", &[("display_name", "a"), ("display_name", "b")]).await.status, 400);
        assert_eq!(row(), before);
        let mut admin = app.logged_in(people::ADMIN).await;
        for form in [&[("role", "owner")][..], &[("role", "")], &[], &[("role", "admin"), ("role", "user")]] {
            assert_eq!(admin.post(&format!("/admin/users/{id}/role"), form).await.status, 400, "{form:?}");
        }
        assert_eq!(row(), before);
    }

    async fn l04_no_spelling_of_a_path_gets_past_the_guard(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let id = id_of(&mut admin).await;
        let own = [("X-Original-URL", "/admin"), ("X-Rewrite-URL", "/admin"), ("X-Forwarded-Prefix", "/admin"), ("X-HTTP-Method-Override", "POST")];
        for path in ["/admin", "/admin/audit", &format!("/admin/users/{id}"), &format!("/admin/users/{id}/ban")] {
            let tail = &path["/admin".len()..];
            for spelling in [
                format!("{path}/"), format!("/{path}"), path.to_uppercase(), format!("/%61dmin{tail}"), format!("{path}%2f"),
                format!("{path};x"), format!("/.{path}"), format!("/x/..{path}"), format!("{path}%00"), format!("{path}?x=/profile"),
                format!("/profile/..{path}"), format!("{path}#/profile"),
            ] {
                let answer = user.get_with(&spelling, &own).await;
                assert!([400, 403, 404].contains(&answer.status), "{spelling}: {}", answer.status);
                assert!(!answer.body.contains("class=\"rail\""), "{spelling}");
            }
        }
        assert_eq!(user.get_with("/profile", &own).await.status, 200, "headers of proxies lead nowhere");
    }

    async fn l05_the_history_is_not_to_be_changed_and_other_sites_command_nothing(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let id = id_of(&mut user).await;
        let before = app.inspect().number("select count(*) as n from audit_events");
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for path in ["/admin/audit", "/admin/audit/1"] {
                let answer = admin.send(method.clone(), path, &[("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)], None).await;
                assert!([404, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
            }
        }
        for act in ["approve", "ban", "unban", "role", "end-sessions", "delete"] {
            let path = format!("/admin/users/{id}/{act}");
            for headers in [&[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.test")][..], &[("Sec-Fetch-Site", "same-site")], &[("Origin", "null")], &[]] {
                let answer = admin.send(Method::POST, &path, headers, Some(&[("role", "admin"), ("confirm", "x")])).await;
                assert_eq!(answer.status, 403, "{act} {headers:?}");
            }
        }
        assert_eq!(app.inspect().number("select count(*) as n from audit_events"), before);
        assert_eq!(user.me().await.status, 200);
    }

    async fn l07_hostile_values_are_values(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let id = id_of(&mut user).await;
        let before = app.inspect().rows();
        for hostile in ["'", "\"", "';--", "' or '1'='1", "1; drop table users", "\\", "%", "_", "') union select 1--", "$1", "?", "{{7*7}}", "\u{202E}", "0x27", "1e9", "-1"] {
            let encoded: String = url::form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
            for path in [
                format!("/admin/audit?q={encoded}"), format!("/admin/audit?actor={encoded}"), format!("/admin/audit?action={encoded}"),
                format!("/admin/audit?after={encoded}"), format!("/admin/users/{encoded}"), format!("/admin/users/{id}?done={encoded}"),
                format!("/admin/users?q={encoded}"), format!("/admin?x={encoded}"), format!("/login?next={encoded}"),
            ] {
                let answer = admin.get(&path).await;
                assert!(answer.status < 500 && !answer.body.contains("syntax error"), "{path}: {} {}", answer.status, answer.body);
            }
            let banned = admin.post(&format!("/admin/users/{id}/ban"), &[("reason", hostile)]).await;
            assert_eq!(banned.status, 303, "{hostile}");
            let kept = app.inspect().lines(&format!("select coalesce(standing_reason, '') as s from users where id = '{id}'")).remove(0);
            assert_eq!(kept, hostile);
            admin.post(&format!("/admin/users/{id}/unban"), &[]).await;
        }
        assert_eq!((app.inspect().rows().0, app.inspect().rows().1), (before.0, before.1));
    }

    async fn l11_a_fresh_install_has_nobody_in_it(app: TestApp) {
        assert_eq!(app.inspect().rows(), (0, 0, 0));
        for path in ["/debug", "/metrics", "/test/login", "/__debug", "/login/test", "/login/demo", "/login/simulator", "/api/debug", "/console"] {
            assert_eq!(app.browser().get(path).await.status, 404, "{path}");
        }
    }

    async fn r14_a_ban_a_demotion_and_a_log_out_hold_here_at_once_and_elsewhere_in_moments(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let second = app.second().await;
        let id = id_of(&mut app.logged_in(people::ORDINARY).await).await;
        let act = |what: &str| format!("/admin/users/{id}/{what}");
        for round in 0..size(3, 250) {
            for (what, form) in [("ban", &[][..]), ("end-sessions", &[]), ("role", &[("role", "user")])] {
                if what == "role" {
                    admin.post(&act("role"), &[("role", "admin")]).await;
                }
                let mut here = app.logged_in(people::ORDINARY).await;
                let mut there = here.twin();
                there.at(second.address);
                let page = if what == "role" { "/admin" } else { "/profile" };
                assert_eq!((here.get(page).await.status, there.get(page).await.status), (200, 200), "{what} {round}");
                assert_eq!(admin.post(&act(what), form).await.status, 303, "{what} {round}");
                assert_ne!(here.get(page).await.status, 200, "{what} {round}: at once");
                let begun = Instant::now();
                while there.get(page).await.status == 200 {
                    assert!(begun.elapsed() < Duration::from_secs(5), "{what} {round}: the other process does not hear of it");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                if what == "ban" {
                    admin.post(&act("unban"), &[]).await;
                }
            }
        }
        second.stop(Some(Duration::ZERO)).await;
    }
}

#[test]
fn l12_settings_that_make_no_sense_open_no_door() {
    let operator = Operator::new(Backend::Sqlite);
    operator.says(&["migrate"]);
    for (name, value) in [
        ("FIIIIILM_TOKEN__ALGORITHM", "none"),
        ("FIIIIILM_SECRET__KEY", "hex:00"),
        ("FIIIIILM_SIGNUP__MODE", "everybody"),
        ("FIIIIILM_ADMIN__IDENTITIES", "everybody"),
        ("FIIIIILM_ADMIN__IDENTITIES", "kakao:admin@example.com"),
        ("FIIIIILM_AUDIT__RETENTION_DAYS", "0"),
        ("FIIIIILM_TOKEN__ACCESS_MINUTES", "-1"),
        ("FIIIIILM_SERVER__TRUSTED_PROXIES", "all"),
        ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET", ""),
    ] {
        let mut env = operator.env.clone();
        env.retain(|(known, _)| known != name);
        env.push((name.into(), value.into()));
        let output = operator.run_with(&env, &["serve"]);
        let told = String::from_utf8_lossy(&output.stderr);
        let setting = name["FIIIIILM_".len()..].to_lowercase().replace("__", ".");
        assert!(!output.status.success() && told.contains(&setting), "{name}={value}: {told}");
    }
}

#[test]
fn l11_the_practice_provider_is_for_loopback_alone() {
    let operator = Operator::new(Backend::Sqlite);
    for (name, value) in [
        ("FIIIIILM_SERVER__PUBLIC_URL", "https://film.example"),
        ("FIIIIILM_SERVER__BIND", "0.0.0.0:0"),
        ("FIIIIILM_SIMULATOR__BIND", "0.0.0.0:0"),
    ] {
        let output = operator.run_with(&[(name.into(), value.into())], &["serve"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains("providers.kakao.client_id"), "{name}: {told}");
    }
}
