//! A newcomer's first minutes in a real Chromium: the program started with nothing set but free ports, the button
//! pressed, the profile seen, logged out; the admin sees the list. In both languages.
//!
//! With `FIIIIILM_TEST_SCREENSHOTS=folder` the pages on the way are kept as pictures: the README's are made so.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

/// Ends with the test, whatever becomes of it.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The demo, as `cargo run` starts it.
struct Demo {
    site: String,
    _server: Process,
    _folder: tempfile::TempDir,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn demo() -> Demo {
    demo_with(&[]).await
}

async fn demo_with(settings: &[(&str, &str)]) -> Demo {
    let folder = tempfile::tempdir().unwrap();
    let (site, practice) = (free_port(), free_port());
    let server = Command::new(env!("CARGO_BIN_EXE_fiiiiilm"))
        .current_dir(folder.path())
        .env_clear()
        .env("FIIIIILM_SERVER__BIND", format!("127.0.0.1:{site}"))
        .env("FIIIIILM_SERVER__PUBLIC_URL", format!("http://localhost:{site}"))
        .env("FIIIIILM_SIMULATOR__BIND", format!("127.0.0.1:{practice}"))
        .envs(settings.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Process(server);
    let site = format!("http://localhost:{site}");
    let begun = Instant::now();
    while reqwest::get(format!("{site}/readyz")).await.map_or(true, |answer| answer.status() != 200) {
        assert!(begun.elapsed() < Duration::from_secs(30), "the demo does not start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Demo { site, _server: server, _folder: folder }
}

/// A Chromium of its own; both processes end with it.
struct Chromium {
    page: Client,
    _driver: Process,
    _profile: tempfile::TempDir,
}

fn find(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.exists());
    found.unwrap_or_else(|| panic!("{names:?} is not installed: run `scripts/test`, which says how to get it"))
}

async fn chromium(language: &str, width: u32) -> Chromium {
    let profile = tempfile::tempdir().unwrap();
    let driver = Command::new(find(&["chromedriver"]))
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut driver = Process(driver);
    let lines = BufReader::new(driver.0.stdout.take().unwrap()).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| {
            line.split("started successfully on port ").nth(1).map(|rest| rest.trim_end_matches('.').to_owned())
        })
        .expect("chromedriver names its port");
    let options = json!({
        "binary": find(&["chromium", "chromium-browser", "google-chrome"]),
        "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-background-timer-throttling",
            "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            format!("--window-size={width},960"), format!("--lang={language}"),
            format!("--user-data-dir={}", profile.path().display())],
        "prefs": { "intl.accept_languages": language },
    });
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("goog:chromeOptions".into(), options);
    capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    let page = ClientBuilder::new(hyper_connector())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await;
    Chromium { page: page.expect("a session"), _driver: driver, _profile: profile }
}

impl Chromium {
    async fn text(&self) -> String {
        self.page.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    async fn press(&self, css: &str) {
        self.page
            .wait()
            .at_most(Duration::from_secs(10))
            .for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|_| panic!("no {css}"))
            .click()
            .await
            .unwrap();
    }

    async fn at(&self, path: &str) {
        let begun = Instant::now();
        while self.page.current_url().await.unwrap().path() != path {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "at {} instead of {path}: {}",
                self.page.current_url().await.unwrap(),
                self.text().await
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("FIIIIILM_TEST_SCREENSHOTS") {
            tokio::time::sleep(Duration::from_millis(200)).await;
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), self.page.screenshot().await.unwrap())
                .unwrap();
        }
    }

    /// From the front page to the profile as this person of the simulator.
    async fn log_in(&self, demo: &Demo, person: &str) {
        self.page.goto(&format!("{}/login", demo.site)).await.unwrap();
        self.press("a[href^='/login/kakao']").await;
        self.press(&format!("[name=person][value='{person}']")).await;
        self.press("[name=decision][value=agree]").await;
        self.at("/profile").await;
    }

    async fn log_out(&self) {
        self.press("form[action='/logout'] button").await;
        self.at("/logout/done").await;
    }
}

fn hyper_connector() -> impl hyper_util::client::legacy::connect::Connect + Clone + Send + Sync + 'static + Unpin {
    hyper_util::client::legacy::connect::HttpConnector::new()
}

async fn journey(language: &str, suffix: &str, words: &[(&str, &str)]) {
    let (demo, browser) = (demo().await, chromium(language, 1200).await);
    let word = |name: &str| words.iter().find(|(n, _)| *n == name).unwrap().1;
    browser.page.goto(&demo.site).await.unwrap();
    browser.picture(&format!("home-{suffix}")).await;
    browser.page.goto(&format!("{}/login", demo.site)).await.unwrap();
    assert!(browser.text().await.contains(word("button")), "{}", browser.text().await);
    browser.picture(&format!("login-{suffix}")).await;
    browser.press("a[href^='/login/kakao']").await;
    browser.page.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css("[name=person]")).await.unwrap();
    browser.picture(&format!("simulator-people-{suffix}")).await;
    browser.press("[name=person][value='3900000101']").await;
    browser.page.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css("[name=decision]")).await.unwrap();
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
                assert!(begun.elapsed() < Duration::from_secs(10), "round {round}: the tab does not load");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            assert_eq!(page.current_url().await.unwrap().path(), "/profile", "round {round}: logged out");
            let heading = page.find(Locator::Css("h1")).await.unwrap().text().await.unwrap();
            assert_eq!(heading, "내 프로필", "round {round}");
        }
        renewed.insert(page.get_named_cookie("refresh").await.unwrap().value().to_owned());
    }
    assert!(renewed.len() >= 90, "only {} of 100 rounds renewed anything", renewed.len());
    browser.page.clone().close().await.unwrap();
}
