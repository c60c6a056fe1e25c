//! Group D: tokens and cookies.

use data_encoding::BASE64URL_NOPAD;
use reqwest::Method;
use serde_json::Value;
use time::Duration;

use crate::kit::{Answer, Browser, TestApp, people};

fn payload(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

fn header_of(token: &str) -> Value {
    let part = token.split('.').next().unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

async fn bearer(app: &TestApp, value: &str) -> Answer {
    app.browser().get_with("/api/me", &[("Authorization", value)]).await
}

/// Cookies of every answer along a login, a renewal and a log-out.
async fn all_cookies(app: &TestApp) -> Vec<String> {
    let mut browser = app.browser();
    let mut cookies = Vec::new();
    let started = browser.get("/login/kakao").await;
    cookies.extend(started.set_cookies());
    let callback = browser.consent(started.location(), people::ORDINARY, "agree").await;
    cookies.extend(browser.get(&callback).await.set_cookies());
    app.clock.advance(Duration::minutes(11));
    cookies.extend(browser.get("/profile").await.set_cookies());
    cookies.extend(browser.post("/preferences", &[("theme", "paper")]).await.set_cookies());
    cookies.extend(browser.post("/logout", &[]).await.set_cookies());
    cookies.extend(app.browser().get_with("/", &[("Host", "evil.test")]).await.set_cookies());
    cookies
}

async fn with_cookies(app: &TestApp, header: &[u8]) -> Answer {
    let value = unsafe_header(header);
    app.browser().get_with("/api/me", &[("Cookie", &value)]).await
}

/// The bytes as they are; a header may hold any but control bytes.
fn unsafe_header(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

on_both! {
    async fn d01_every_cookie_has_its_flags(app: TestApp) {
        let cookies = all_cookies(&app).await;
        let names: std::collections::BTreeSet<&str> = cookies.iter().map(|line| line.split('=').next().unwrap()).collect();
        assert_eq!(names, ["__Host-access", "__Host-flow", "__Host-host", "__Host-prefs", "__Host-refresh"].into());
        for line in &cookies {
            for flag in ["; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/"] {
                assert!(line.contains(flag), "{line}");
            }
            assert!(!line.contains("Domain") && line.split(';').next().unwrap().len() <= 4096, "{line}");
        }
    }

    async fn a08_the_flow_cookie_is_opaque_and_short_lived(app: TestApp) {
        let mut browser = app.browser();
        let started = browser.get("/login/kakao").await;
        let line = started.set_cookies().into_iter().find(|line| line.starts_with("__Host-flow=")).unwrap();
        assert!(line.contains("Max-Age=3600"), "{line}");
        let again = browser.get("/login/kakao").await;
        assert!(again.cookie("__Host-flow").is_some(), "sent again at each start");
        assert_ne!(again.cookie("__Host-flow"), started.cookie("__Host-flow"), "sealed anew");
    }

    async fn d02_d03_no_token_reaches_a_page_and_nothing_is_cached(app: TestApp) {
        let mut browser = app.logged_in(people::ADMIN).await;
        for path in ["/", "/profile", "/admin/users", "/api/me", "/login", "/logout/done", "/nowhere", "/api/nowhere"] {
            let answer = browser.get(path).await;
            assert!(!answer.body.contains("eyJ") && !answer.header("location").unwrap_or_default().contains("eyJ"), "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
    }

    async fn d04_an_access_token_is_short_lived(app: TestApp) {
        let mut browser = app.browser();
        let answer = browser.log_in(people::ORDINARY).await;
        let token = answer.cookie("__Host-access").unwrap();
        let claims = payload(&token);
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life, 600);
        let line = answer.set_cookies().into_iter().find(|line| line.starts_with("__Host-access=")).unwrap();
        let max_age: i64 = line.split("Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
        assert!(max_age <= life, "{max_age}");
        let header = format!("Bearer {token}");
        app.clock.advance(Duration::seconds(life + 28));
        assert_eq!(bearer(&app, &header).await.status, 200, "within the leeway");
        app.clock.advance(Duration::seconds(4));
        assert_eq!(bearer(&app, &header).await.status, 401);
    }

    async fn d05_the_access_token_says_nothing_personal(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        let token = browser.cookie("access").unwrap();
        assert!(token.len() <= 1024, "{} bytes", token.len());
        let claims = payload(token);
        let names: Vec<&String> = claims.as_object().unwrap().keys().collect();
        let expected = ["aud", "auth_time", "exp", "iat", "iss", "jti", "role", "sid", "sub", "token_type", "user_id", "ver"];
        assert_eq!(names, expected);
        assert_eq!(claims["iss"], "https://app.test");
        assert_eq!(claims["token_type"], "access");
        let header = header_of(token);
        assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some("at+jwt"), Some("ES256")));
        let refresh = browser.cookie("refresh").unwrap();
        assert_eq!(header_of(refresh)["typ"], "rt+jwt");
        assert_eq!(payload(refresh)["aud"], "https://app.test/api/token/refresh");
    }

    async fn d06_the_database_holds_no_token_and_no_open_key(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        browser.get("/profile").await;
        let mut inspect = app.inspect();
        let mut held = String::new();
        for table in ["installation", "users", "identities", "sessions", "signing_keys", "claims", "audit_events", "notices"] {
            held.push_str(&inspect.lines(&columns(table)).join("\n"));
        }
        assert!(held.contains("kakao"), "the dump is empty");
        for secret in [browser.cookie("access").unwrap(), browser.cookie("refresh").unwrap(), browser.cookie("flow").unwrap(), "PRIVATE KEY", "-----BEGIN"] {
            assert!(!held.contains(secret), "{secret}");
        }
    }

    async fn d07_b22_no_token_is_taken_for_another(app: TestApp) {
        let mut browser = app.browser();
        let callback = browser.until_callback("/login/kakao", people::ORDINARY).await;
        let state = url::Url::parse(&callback).unwrap().query_pairs().find(|(n, _)| n == "state").unwrap().1.into_owned();
        browser.get(&callback).await;
        let (access, refresh, flow) = (browser.cookie("access").unwrap().to_owned(), browser.cookie("refresh").unwrap().to_owned(), browser.cookie("flow").unwrap().to_owned());
        for (slot, wrong) in [("refresh", &access), ("access", &refresh), ("access", &state), ("refresh", &state), ("access", &flow), ("refresh", &flow)] {
            let mut other = app.browser();
            other.set_cookie(slot, wrong);
            assert_eq!(other.get("/profile").await.status, 303, "{slot}");
            assert_eq!(other.me().await.status, 401, "{slot}");
        }
        for wrong in [&refresh, &state, &flow] {
            assert_eq!(bearer(&app, &format!("Bearer {wrong}")).await.status, 401);
        }
        assert_eq!(browser.me().await.status, 200, "and the session lives on");
        assert_eq!(app.inspect().number("select count(*) as n from sessions where ended_at is not null"), 0);
    }

    async fn d08_t01_t02_a_tossed_cookie_never_wins(app: TestApp) {
        let victim = app.logged_in(people::ORDINARY).await;
        let evil = app.logged_in(people::NO_EMAIL).await;
        let (v, e) = (victim.cookie("access").unwrap(), evil.cookie("access").unwrap());
        let victim_me = bearer(&app, &format!("Bearer {v}")).await.body;
        for header in [
            format!("%5F%5FHost-access={e}; __Host-access={v}"),
            format!("__%48ost-access={e}; __Host-access={v}"),
            format!("\u{2000}__Host-access={e}; __Host-access={v}"),
            format!("__Host-access ={e}; __Host-access={v}"),
            format!("=__Host-access={e}; __Host-access={v}"),
            format!("__host-access={e}; __Host-access={v}"),
        ] {
            let answer = with_cookies(&app, header.as_bytes()).await;
            assert_eq!((answer.status, &answer.body), (200, &victim_me), "{}", &header[..30]);
        }
        for header in [
            format!("__%48ost-access={e}"),
            format!("\u{2000}__Host-access={e}"),
            format!("__Host-access={e}; __Host-access={v}"),
            format!("__Host-access={v}; __Host-access={e}"),
        ] {
            let answer = with_cookies(&app, header.as_bytes()).await;
            assert_eq!(answer.status, 401, "{}", &header[..30]);
            assert!(answer.set_cookies().is_empty(), "nothing is cleared for it");
        }
    }

    async fn d09_of_two_credentials_the_bearer_wins_and_two_bearers_are_none(app: TestApp) {
        let a = app.logged_in(people::ORDINARY).await;
        let mut b = app.logged_in(people::NO_EMAIL).await;
        let header = format!("Bearer {}", a.cookie("access").unwrap());
        let a_me = bearer(&app, &header).await.body;
        assert_eq!(b.get_with("/api/me", &[("Authorization", &header)]).await.body, a_me);
        assert_eq!(b.get_with("/api/me", &[("Authorization", "Bearer nonsense")]).await.status, 401, "a bad bearer is not saved by a cookie");
        let twice = b.get_with("/api/me", &[("Authorization", &header), ("Authorization", &header)]).await;
        assert_eq!(twice.status, 401);
    }

    async fn d10_d11_a_token_in_the_address_is_ignored_and_the_401_says_what_is_missing(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        let token = browser.cookie("access").unwrap();
        for path in [format!("/api/me?access_token={token}"), format!("/api/me?token={token}")] {
            let answer = app.browser().get(&path).await;
            assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")));
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        }
        let answer = bearer(&app, "Bearer x.y.z").await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer error=\"invalid_token\"")));
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(problem["code"], "token_not_valid");
        assert_eq!(problem["request_id"], answer.header("x-request-id").unwrap());
        assert_eq!(app.browser().get("/profile").await.status, 303, "a page leads to the login");
    }

    async fn d12_no_authorization_header_breaks_anything(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        let token = browser.cookie("access").unwrap().to_owned();
        for value in ["", "Bearer", "Bearer ", "Bearer  x", "bearer x", "Bearer %ZZ", "Bearer \u{fffd}", "Basic dTpw", "Bearer a b c", &"x".repeat(10_000)] {
            assert_eq!(bearer(&app, value).await.status, 401, "{}", &value.chars().take(20).collect::<String>());
        }
        assert_eq!(bearer(&app, &"x".repeat(100_000)).await.status, 431);
        assert_eq!(bearer(&app, &format!("bEaReR {token}")).await.status, 200, "the scheme's case does not matter");
    }

    async fn d15_a_rotated_key_goes_on_verifying_and_a_dropped_one_does_not(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        let old = format!("Bearer {}", browser.cookie("access").unwrap());
        let rotation = app.running.app().rotation.clone();
        let how = fiiiiilm::audit::Circumstances::cli(app.clock.now());
        fiiiiilm::tokens::rotate(app.inspect().conn(), &rotation, &how).unwrap();
        let app = app.restart().await;
        assert_eq!(bearer(&app, &old).await.status, 200);
        let new = app.logged_in(people::ORDINARY).await;
        let kid = header_of(new.cookie("access").unwrap())["kid"].clone();
        assert_ne!(kid, header_of(old.trim_start_matches("Bearer "))["kid"]);
        let jwks: Value = serde_json::from_str(&app.browser().get("/.well-known/jwks.json").await.body).unwrap();
        assert_eq!(jwks["keys"].as_array().unwrap().len(), 2);
        app.inspect().execute("update signing_keys set state = 'retired' where state = 'retiring'");
        let app = app.restart().await;
        assert_eq!(bearer(&app, &old).await.status, 401);
        let mut renewed = app.browser();
        renewed.set_cookie("refresh", browser.cookie("refresh").unwrap());
        assert_eq!(renewed.get("/profile").await.status, 200, "refresh tokens outlive signing keys");
    }

    async fn g19_the_published_keys_are_public_and_verify_our_tokens(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        let answer = app.browser().get("/.well-known/jwks.json").await;
        let jwks: jsonwebtoken::jwk::JwkSet = serde_json::from_str(&answer.body).unwrap();
        let raw: Value = serde_json::from_str(&answer.body).unwrap();
        for key in raw["keys"].as_array().unwrap() {
            assert!(["d", "p", "q", "k"].iter().all(|member| key.get(member).is_none()));
        }
        let token = browser.cookie("access").unwrap();
        let kid = header_of(token)["kid"].as_str().unwrap().to_owned();
        let key = jsonwebtoken::DecodingKey::from_jwk(jwks.find(&kid).unwrap()).unwrap();
        let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
        validation.set_audience(&["https://app.test"]);
        validation.set_issuer(&["https://app.test"]);
        assert!(jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok());
    }

    async fn d16_refresh_tokens_are_all_different(app: TestApp) {
        let mut seen = std::collections::HashSet::new();
        for _ in 0..20 {
            let browser = app.logged_in(people::ORDINARY).await;
            assert!(seen.insert(payload(browser.cookie("refresh").unwrap())["jti"].as_str().unwrap().to_owned()));
        }
    }

    async fn d17_g10_no_changed_token_is_accepted(app: TestApp) {
        let browser = app.logged_in(people::ORDINARY).await;
        let token = browser.cookie("access").unwrap().to_owned();
        for at in (0..token.len()).step_by(7).chain([token.len() - 1]) {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(bearer(&app, &format!("Bearer {changed}")).await.status, 401, "byte {at}");
        }
        for changed in [format!("{token}="), format!("{token}."), token.to_uppercase(), format!("{token}A"), token[..token.len() - 1].to_owned()] {
            assert_eq!(bearer(&app, &format!("Bearer {changed}")).await.status, 401);
        }
        let refresh = browser.cookie("refresh").unwrap();
        let mut other = app.browser();
        other.set_cookie("refresh", &refresh.to_uppercase());
        assert_eq!(other.get("/profile").await.status, 303);
    }

    async fn k01_k02_k03_only_our_own_pages_write(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let ours = ("Origin", "https://app.test");
        let rows: &[(&[(&str, &str)], u16)] = &[
            (&[("Sec-Fetch-Site", "cross-site")], 403),
            (&[("Sec-Fetch-Site", "same-site"), ours], 403),
            (&[("Sec-Fetch-Site", "none")], 403),
            (&[("Origin", "https://evil.test")], 403),
            (&[("Origin", "null")], 403),
            (&[("Origin", "http://app.test")], 403),
            (&[], 403),
            (&[ours], 303),
            (&[("Sec-Fetch-Site", "same-origin")], 303),
        ];
        for path in ["/profile", "/preferences", "/logout"] {
            for (headers, status) in rows {
                let mut tab: Browser = browser.twin();
                let form: &[(&str, &str)] = &[("display_name", "x"), ("theme", "paper")];
                if path == "/logout" && *status == 303 {
                    continue;
                }
                let answer = tab.send(Method::POST, path, headers, Some(form)).await;
                assert_eq!(answer.status, *status, "{path} {headers:?}");
            }
        }
        assert_eq!(browser.me().await.status, 200, "no log-out went through");
        for path in ["/logout", "/preferences"] {
            assert_eq!(browser.get(path).await.status, 405, "{path}");
            assert_eq!(browser.get_with(&format!("{path}?_method=POST"), &[("X-HTTP-Method-Override", "POST")]).await.status, 405);
        }
    }

    async fn k12_methods_no_route_knows_are_refused_and_nothing_is_echoed(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        for method in ["TRACE", "FOO"] {
            for path in ["/", "/login", "/login/kakao", "/profile", "/api/me", "/.well-known/jwks.json"] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let answer = browser.send(method, path, &[("X-Canary", "canary-7"), ("Sec-Fetch-Site", "same-origin")], None).await;
                assert_eq!(answer.status, 405, "{path}");
                assert!(answer.header("allow").is_some_and(|known| known.contains("GET")), "RFC 9110: {path}");
                assert!(!answer.body.contains("canary-7"));
            }
        }
        for path in ["/", "/login"] {
            assert_ne!(browser.send(Method::HEAD, path, &[], None).await.status, 405, "{path}: a monitor may ask with HEAD");
        }
    }

    async fn k07_every_answer_carries_the_headers(app: TestApp) {
        let mut browser = app.logged_in(people::ADMIN).await;
        let stylesheet = browser.get("/").await.body.split("href=\"").find(|part| part.starts_with("/static/app.")).unwrap().split('"').next().unwrap().to_owned();
        for (path, status) in [("/", 200), ("/profile", 200), ("/login", 303), ("/nowhere", 404), ("/logout", 405), ("/api/me", 200), ("/api/nowhere", 404), ("/healthz", 200), ("/admin/users?after=x", 400), (stylesheet.as_str(), 200)] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, status, "{path}");
            for (name, value) in [("x-content-type-options", "nosniff"), ("cross-origin-opener-policy", "same-origin"), ("strict-transport-security", "max-age=63072000")] {
                assert_eq!(answer.header(name), Some(value), "{path}");
            }
            let csp = answer.header("content-security-policy").unwrap();
            assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"), "{csp}");
            let referrer = if status == 303 { "no-referrer" } else { "same-origin" };
            assert_eq!(answer.header("referrer-policy"), Some(referrer), "{path}");
        }
        let asset = browser.get(&stylesheet).await;
        assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
}

fn columns(table: &str) -> String {
    let text = std::fs::read_to_string("src/db/schema.rs").unwrap();
    let block = text
        .split("diesel::table! {")
        .find(|block| block.trim_start().starts_with(&format!("{table} (")))
        .unwrap()
        .to_owned();
    let names: Vec<String> = block
        .lines()
        .filter(|line| !line.contains("joinable"))
        .filter_map(|line| {
            line.trim().split_once(" -> ").map(|(name, _)| format!("coalesce(cast({name} as text), '')"))
        })
        .collect();
    format!("select {} as s from {table}", names.join(" || '|' || "))
}
