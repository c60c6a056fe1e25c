//! A real Chromium, and the demo it looks at: the program started with nothing set but free ports.
//!
//! With `FIIIIILM_TEST_SCREENSHOTS=folder` the pages on the way are kept as pictures: the README's are made so.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use fiiiiilm::config::DatabaseUrl;
use serde_json::{Value, json};
use url::Url;

use super::database::Inspect;
use super::port::free_port;

/// So long a page may take to come on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks at a page.
pub(crate) const GLANCE: Duration = Duration::from_millis(50);

/// Ends with the test, whatever becomes of it.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The demo, as `cargo run` starts it.
pub(crate) struct Demo {
    pub(crate) site: String,
    /// The simulator.
    pub(crate) practice: String,
    _server: Process,
    folder: tempfile::TempDir,
}

impl Demo {
    /// A look into its database from outside.
    pub(crate) fn inspect(&self) -> Inspect {
        Inspect::open(&DatabaseUrl::Sqlite(self.folder.path().join("data/demo.db")))
    }
}

pub(crate) async fn demo() -> Demo {
    demo_with(&[]).await
}

pub(crate) async fn demo_with(settings: &[(&str, &str)]) -> Demo {
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
    Demo { site, practice: format!("http://127.0.0.1:{practice}"), _server: server, folder }
}

/// A Chromium of its own; both processes end with it.
pub(crate) struct Chromium {
    pub(crate) page: Client,
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

pub(crate) async fn chromium(language: &str, width: u32) -> Chromium {
    chromium_that_says(language, width, None).await
}

/// The same, calling itself something else.
pub(crate) async fn chromium_that_says(language: &str, width: u32, agent: Option<&str>) -> Chromium {
    started(language, width, agent, json!({ "browser": "ALL" })).await
}

/// One that keeps a log of all it asks for: see [`Chromium::network`].
pub(crate) async fn chromium_that_logs(language: &str, width: u32) -> Chromium {
    started(language, width, None, json!({ "browser": "ALL", "performance": "ALL" })).await
}

async fn started(language: &str, width: u32, agent: Option<&str>, logs: Value) -> Chromium {
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
    let mut options = json!({
        "binary": find(&["chromium", "chromium-browser", "google-chrome"]),
        "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-background-timer-throttling",
            "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            format!("--window-size={width},960"), format!("--lang={language}"),
            format!("--user-data-dir={}", profile.path().display())],
        "prefs": { "intl.accept_languages": language },
    });
    if let Some(agent) = agent {
        options["args"].as_array_mut().unwrap().push(json!(format!("--user-agent={agent}")));
    }
    if width < 500 {
        // No window is narrower than that; a phone's screen is.
        let screen = json!({ "width": width, "height": 900, "pixelRatio": 1.0, "touch": false, "mobile": false });
        options["mobileEmulation"] = json!({ "deviceMetrics": screen });
    }
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("goog:chromeOptions".into(), options);
    capabilities.insert("goog:loggingPrefs".into(), logs);
    let page = ClientBuilder::new(hyper_connector())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await;
    Chromium { page: page.expect("a session"), _driver: driver, _profile: profile }
}

/// Something Chromium asked for, with whatever it asked it of.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) url: Url,
    /// The page for which; a page is asked for by itself.
    pub(crate) page: String,
    /// `Document`, `Stylesheet`, `Image`…
    pub(crate) kind: String,
    pub(crate) referrer: Option<String>,
}

/// Takes the network log out of chromedriver.
#[derive(Debug)]
struct TakeNetworkLog;

impl WebDriverCompatibleCommand for TakeNetworkLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "performance" }).to_string()))
    }
}

/// What of the log is a request over the network.
fn asked(entry: &Value) -> Option<Asked> {
    let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let (message, params) = (&message["message"], &message["message"]["params"]);
    if message["method"] != "Network.requestWillBeSent" {
        return None;
    }
    // Its own pages (`chrome:`) and what lies in the page itself (`data:`) go nowhere.
    let url = Url::parse(params["request"]["url"].as_str()?).ok()?;
    if !["http", "https", "ws", "wss"].contains(&url.scheme()) {
        return None;
    }
    let text = |name: &str| params[name].as_str().unwrap_or_default().to_owned();
    let referrer = params["request"]["headers"]["Referer"].as_str().map(str::to_owned);
    Some(Asked { url, page: text("documentURL"), kind: text("type"), referrer })
}

impl Chromium {
    /// What it has asked for since this was last called.
    pub(crate) async fn network(&self) -> Vec<Asked> {
        let log = self.page.issue_cmd(TakeNetworkLog).await.expect("the network log");
        log.as_array().expect("entries").iter().filter_map(asked).collect()
    }

    /// What the page says. While one page gives way to the next there is no body, or it has just gone: the next one is read.
    pub(crate) async fn text(&self) -> String {
        self.text_of("body").await
    }

    /// The same of a part of the page that is or will be there.
    pub(crate) async fn text_of(&self, css: &str) -> String {
        let begun = Instant::now();
        loop {
            let read = async { self.page.find(Locator::Css(css)).await?.text().await };
            match read.await {
                Ok(text) => return text,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "no {css} to read: {error}"),
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Presses what is or will be there. A page may give way between the look and the press, and then nothing was pressed.
    pub(crate) async fn press(&self, css: &str) {
        let begun = Instant::now();
        loop {
            let pressed = async { self.page.find(Locator::Css(css)).await?.click().await };
            let Err(error) = pressed.await else { return };
            if begun.elapsed() >= PATIENCE {
                panic!("{css} cannot be pressed: {error}; the page says {}", self.text().await);
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Types into what is or will be there.
    pub(crate) async fn type_in(&self, css: &str, text: &str) {
        let begun = Instant::now();
        loop {
            let typed = async {
                let field = self.page.find(Locator::Css(css)).await?;
                field.clear().await?;
                field.send_keys(text).await
            };
            let Err(error) = typed.await else { return };
            assert!(begun.elapsed() < PATIENCE, "nothing can be typed into {css}: {error}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    pub(crate) async fn at(&self, path: &str) {
        let begun = Instant::now();
        while self.page.current_url().await.unwrap().path() != path {
            assert!(
                begun.elapsed() < PATIENCE,
                "at {} instead of {path}: {}",
                self.page.current_url().await.unwrap(),
                self.text().await
            );
            tokio::time::sleep(GLANCE).await;
        }
    }

    pub(crate) async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("FIIIIILM_TEST_SCREENSHOTS") {
            tokio::time::sleep(Duration::from_millis(200)).await;
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), self.page.screenshot().await.unwrap())
                .unwrap();
        }
    }

    /// At the simulator's page: be this person, and agree if that is asked (at the first time).
    pub(crate) async fn be(&self, person: &str) {
        self.press(&format!("[name=person][value='{person}']")).await;
        let begun = Instant::now();
        while self.page.current_url().await.unwrap().host_str() == Some("127.0.0.1") {
            if let Ok(agree) = self.page.find(Locator::Css("[name=decision][value=agree]")).await {
                // Gone again: the page is on its way, look once more.
                if agree.click().await.is_ok() {
                    return;
                }
            }
            assert!(begun.elapsed() < PATIENCE, "{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// From the front page to the profile as this person of the simulator.
    pub(crate) async fn log_in(&self, demo: &Demo, person: &str) {
        self.page.goto(&format!("{}/login", demo.site)).await.unwrap();
        self.press("a[href^='/login/kakao']").await;
        self.be(person).await;
        self.at("/profile").await;
    }

    pub(crate) async fn log_out(&self) {
        self.press("form[action='/logout'] button").await;
        self.at("/logout/done").await;
    }
}

fn hyper_connector() -> impl hyper_util::client::legacy::connect::Connect + Clone + Send + Sync + 'static + Unpin {
    hyper_util::client::legacy::connect::HttpConnector::new()
}
