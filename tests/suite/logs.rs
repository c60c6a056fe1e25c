//! Group Q: what the log holds, and what it must never hold. Read from the real program, in both of its formats.

use std::collections::BTreeSet;
use std::time::Duration;

use fiiiiilm::simulator::{Place, Trouble};
use serde_json::Value;

use crate::kit::{Backend, Browser, Program, Setting, exchange, people};

/// Values that were seen outside and belong in no log.
#[derive(Default)]
pub(crate) struct Secrets(BTreeSet<String>);

impl Secrets {
    pub(crate) fn add(&mut self, value: &str) {
        // Shorter ones are words.
        if value.len() >= 6 {
            self.0.insert(value.to_owned());
        }
    }

    fn of_address(&mut self, address: &str) {
        for (name, value) in url::Url::parse(address).unwrap().query_pairs() {
            if ["code", "state", "nonce", "code_challenge"].contains(&name.as_ref()) {
                self.add(&value);
            }
        }
    }

    fn of_browser(&mut self, browser: &Browser) {
        for name in ["access", "refresh", "flow"] {
            if let Some(value) = browser.cookie(name) {
                self.add(value);
                // A signature alone, or the claims alone, would be as bad.
                value.split('.').for_each(|part| {
                    if part.len() > 30 {
                        self.add(part)
                    }
                });
            }
        }
    }

    fn of_provider(&mut self, program: &Program) {
        for request in program.simulator.state().requests() {
            for (name, value) in request.form.iter().chain(&request.query) {
                if ["code", "code_verifier", "client_secret", "access_token", "state", "nonce"].contains(&name.as_str())
                {
                    self.add(value);
                }
            }
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn assert_absent(&self, log: &str) {
        for secret in &self.0 {
            assert!(!log.contains(secret.as_str()), "the log holds {secret}");
        }
    }
}

pub(crate) fn json_log() -> Vec<Setting> {
    vec![("FIIIIILM_LOG__FORMAT", "json".into()), ("RUST_LOG", "trace".into())]
}

fn records(log: &str) -> Vec<Value> {
    log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

on_each! {
    async fn q01_q02_no_secret_and_nothing_personal_is_logged_whatever_fails(backend: Backend) {
        let program = Program::start(backend, &json_log()).await;
        let weather = program.simulator.state();
        let mut secrets = Secrets::default();
        let mut troubles: Vec<Option<(Place, Trouble)>> = vec![None];
        for place in [Place::Token, Place::Profile, Place::Keys] {
            for trouble in [Trouble::Status(500), Trouble::Html, Trouble::Truncated, Trouble::WrongTypes, Trouble::Huge, Trouble::Redirect, Trouble::Closed, Trouble::Cut] {
                troubles.push(Some((place, trouble)));
            }
        }
        troubles.push(Some((Place::Token, Trouble::Koe("KOE320"))));
        troubles.push(Some((Place::Token, Trouble::Koe("KOE010"))));
        for trouble in troubles {
            if let Some((place, trouble)) = trouble {
                weather.set_trouble(place, Some(trouble));
            }
            let mut browser = program.browser();
            let started = browser.get("/login/kakao?next=/profile%3Fs3cr3tquery=1").await;
            secrets.of_address(started.location());
            secrets.of_browser(&browser);
            let callback = browser.consent(started.location(), people::ORDINARY, "agree").await;
            secrets.of_address(&callback);
            browser.get(&callback).await;
            secrets.of_browser(&browser);
            browser.get("/profile").await;
            browser.get(&callback).await;
            browser.get(&format!("{callback}&code=s3cr3ttwice")).await;
            browser.get("/login/kakao/callback?error=access_denied&error_description=s3cr3twords&state=s3cr3tstate").await;
            browser.get_with("/api/me", &[("Authorization", "Bearer s3cr3tbearer")]).await;
            browser.post("/profile", &[("display_name", "s3cr3tname")]).await;
            browser.post("/logout", &[]).await;
            if let Some((place, _)) = trouble {
                weather.set_trouble(place, None);
            }
        }
        secrets.of_provider(&program);
        assert!(secrets.0.len() > 100, "{} secrets were seen", secrets.0.len());
        for personal in ["hong@example.com", "홍길동", "s3cr3t", people::ORDINARY, "127.0.0.1:", fiiiiilm::config::demo::CLIENT_SECRET] {
            secrets.0.insert(personal.to_owned());
        }
        let log = program.settled_log().await;
        // The address it listens on is told at the start.
        let later: String = log.lines().filter(|line| !line.contains("listening")).collect();
        secrets.assert_absent(&later);
        assert!(!log.contains("panicked"), "{log}");
        assert!(records(&log).len() > 100);
    }

    async fn q03_no_visitor_writes_a_line_of_the_log(backend: Backend) {
        let json = Program::start(backend, &json_log()).await;
        let text = Program::start(backend, &[("FIIIIILM_LOG__FORMAT", "text".into())]).await;
        for program in [&json, &text] {
            let mut browser = program.browser();
            browser.get("/").await;
            let before = program.settled_log().await.lines().count();
            let long = "A".repeat(12 * 1024);
            let raw = b"GET /login HTTP/1.1\r\nHost: app.test\r\nUser-Agent: \x1b[31mred\r\n\r\n";
            exchange(program.address, raw, Duration::from_millis(300)).await;
            for agent in ["{\"level\":\"ERROR\"}", &long] {
                browser.get_with("/login", &[("User-Agent", agent), ("Referer", agent), ("X-Request-Id", agent)]).await;
            }
            browser.get("/login%0a%7B%22level%22:%22ERROR%22%7D%1b[31m").await;
            browser.get("/login/kakao/callback?error=x%0aERROR&state=y%1b[31m").await;
            let log = program.settled_log().await;
            let lines: Vec<&str> = log.lines().skip(before).collect();
            // Five requests, the probe, and at most a reason beside each.
            assert!(lines.len() <= 12, "{lines:?}");
            assert!(lines.iter().all(|line| !line.contains('\u{1b}') && line.len() < 2_000 && !line.contains("31m")), "{lines:?}");
            assert!(!log.lines().any(|line| line.starts_with("{\"level\":\"ERROR\"")));
        }
        records(&json.settled_log().await);
    }

    async fn q04_what_matters_leaves_one_record_each(backend: Backend) {
        let mut settings = json_log();
        settings.extend([("FIIIIILM_LIMITS__ENABLED", "true".into()), ("FIIIIILM_LIMITS__LOGIN", "4".into())]);
        let program = Program::start(backend, &settings).await;
        let mut browser = program.browser();
        let login = browser.log_in(people::ORDINARY).await;
        assert_eq!(login.status, 303);
        let user = program.inspect().lines("select id as s from users").remove(0);
        let logout = browser.post("/logout", &[]).await;
        let started = browser.get("/login/kakao").await;
        let cancelled = browser.consent(started.location(), people::NO_EMAIL, "cancel").await;
        let cancelled = browser.get(&cancelled).await;
        let mut limited = browser.get("/login/kakao").await;
        for _ in 0..10 {
            limited = browser.get("/login/kakao").await;
        }
        assert_eq!(limited.status, 429);
        let records = records(&program.settled_log().await);
        let of = |answer: &crate::kit::Answer| -> Vec<&Value> {
            let id = answer.header("x-request-id").unwrap();
            records.iter().filter(|record| record["request_id"] == id).collect()
        };
        for (what, answer) in [("login", &login), ("log-out", &logout), ("cancelled", &cancelled), ("limited", &limited)] {
            let found = of(answer);
            let request = found.iter().find(|record| record["target"] == "request").unwrap_or_else(|| panic!("{what}: {found:?}"));
            assert_eq!(request["status"], answer.status, "{what}");
            assert!(request["route"].is_string() && request["duration_ms"].is_number() && request["timestamp"].as_str().unwrap().ends_with('Z'));
            assert_eq!(found.iter().filter(|record| record["target"] == "request").count(), 1, "{what}");
        }
        let event = |answer, what: &str| -> Value {
            let found = of(answer);
            let event = found.iter().find(|record| record["outcome"].is_string());
            (*event.copied().unwrap_or_else(|| panic!("{what}: {found:?}"))).clone()
        };
        let (login, logout, cancelled) = (event(&login, "login"), event(&logout, "log-out"), event(&cancelled, "cancelled"));
        assert_eq!((login["provider"].as_str(), login["user_id"].as_str()), (Some("kakao"), Some(user.as_str())));
        assert_eq!(logout["user_id"].as_str(), Some(user.as_str()));
        assert_eq!(cancelled["provider"], "kakao");
        assert_ne!(login["outcome"], cancelled["outcome"]);
    }
}
