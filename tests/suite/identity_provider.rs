//! An identity provider nobody here wrote, npm's `oidc-provider`, which is certified: started by the test, with its own pages
//! in a real Chromium, used through `kind = "oidc"`. `scripts/verifiers` brings it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::Locator;
use fiiiiilm::i18n::Locale;
use serde_json::json;

use crate::kit::chromium::{Chromium, Demo, GLANCE, PATIENCE, chromium, demo_with};
use crate::kit::port::free_port;
use crate::verifiers::place;

const CLIENT_ID: &str = "fiiiiilm:site";
const CLIENT_SECRET: &str = "a secret/with+signs%that have to be encoded";

/// Ends with the test.
struct Issuer(Child);

impl Drop for Issuer {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Issuer {
    /// Listening; each start makes new keys.
    fn start(port: u16, site: &Demo, wrong_nonce: bool) -> Self {
        let asked = json!({
            "port": port, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "wrong_nonce": wrong_nonce,
            "redirect_uri": format!("{}/login/company/callback", site.site),
        });
        let child = Command::new("node")
            .arg(place().join("identity_provider.js"))
            .arg(asked.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node");
        let mut issuer = Self(child);
        let said = BufReader::new(issuer.0.stdout.take().unwrap()).lines();
        assert!(said.map_while(Result::ok).any(|line| line == "ready"), "oidc-provider does not start");
        issuer
    }
}

/// The site, with this issuer and no other provider.
async fn site_of(issuer: &str) -> Demo {
    demo_with(&[
        ("FIIIIILM_PROVIDERS__COMPANY__KIND", "oidc"),
        ("FIIIIILM_PROVIDERS__COMPANY__DISPLAY_NAME", "Company"),
        ("FIIIIILM_PROVIDERS__COMPANY__ISSUER", issuer),
        ("FIIIIILM_PROVIDERS__COMPANY__CLIENT_ID", CLIENT_ID),
        ("FIIIIILM_PROVIDERS__COMPANY__CLIENT_SECRET", CLIENT_SECRET),
    ])
    .await
}

impl Chromium {
    /// From our login page to the issuer's.
    async fn leave(&self, site: &Demo) {
        self.page.goto(&format!("{}/login", site.site)).await.unwrap();
        self.press("a[href^='/login/company']").await;
    }

    /// Logs in at the issuer's own page.
    async fn prove(&self, name: &str) {
        self.type_in("input[name=login]", name).await;
        self.type_in("input[name=password]", "any").await;
        self.press("button[type=submit]").await;
        let begun = std::time::Instant::now();
        while self.page.find(Locator::Css("input[name=prompt][value=consent]")).await.is_err() {
            let url = self.page.current_url().await.unwrap();
            assert!(begun.elapsed() < PATIENCE, "no consent page at {url}: {}", self.text().await);
            tokio::time::sleep(GLANCE).await;
        }
    }

    async fn agree(&self) {
        self.press("form[action*='/interaction/'] button[type=submit], button[type=submit]").await;
    }

    /// Waits for a page of ours that says this.
    async fn reads(&self, key: &str) {
        let words = Locale::Ko.text(key);
        let begun = std::time::Instant::now();
        while !self.text().await.contains(words) {
            let url = self.page.current_url().await.unwrap();
            assert!(begun.elapsed() < PATIENCE, "no {words:?} at {url}: {}", self.text().await);
            tokio::time::sleep(GLANCE).await;
        }
    }
}

#[actix_web::test]
async fn a_certified_provider_logs_people_in_keeps_them_the_same_and_may_rotate_its_keys() {
    let port = free_port();
    let site = site_of(&format!("http://127.0.0.1:{port}")).await;
    let issuer = Issuer::start(port, &site, false);
    let browser = chromium("ko-KR", 1000).await;
    browser.leave(&site).await;
    browser.prove("mina").await;
    browser.agree().await;
    browser.at("/profile").await;
    assert!(browser.text().await.contains("Account mina"), "{}", browser.text().await);
    browser.picture("identity-provider-profile").await;
    browser.log_out().await;
    // Other keys under other names, from one moment to the next; it has forgotten its sessions, too.
    drop(issuer);
    let _issuer = Issuer::start(port, &site, false);
    browser.leave(&site).await;
    browser.prove("mina").await;
    browser.agree().await;
    browser.at("/profile").await;
    assert!(browser.text().await.contains("Account mina"));
}

#[actix_web::test]
async fn refusing_at_a_certified_provider_ends_on_a_kind_page_and_a_foreign_nonce_on_none() {
    let port = free_port();
    let site = site_of(&format!("http://127.0.0.1:{port}")).await;
    let issuer = Issuer::start(port, &site, false);
    let browser = chromium("ko-KR", 1000).await;
    browser.leave(&site).await;
    browser.prove("mina").await;
    browser.press("a[href$='/abort']").await;
    browser.reads("outcome-cancelled-title").await;
    drop(issuer);
    let _issuer = Issuer::start(port, &site, true);
    browser.leave(&site).await;
    browser.prove("mina").await;
    browser.agree().await;
    browser.reads("outcome-refused-title").await;
    assert!(browser.text().await.contains("id-token-nonce"), "{}", browser.text().await);
    browser.page.goto(&format!("{}/profile", site.site)).await.unwrap();
    browser.at("/login").await;
}

#[actix_web::test]
async fn a15_an_issuer_that_calls_itself_something_else_is_never_gone_to() {
    let port = free_port();
    // The same listener by another name: its own document says 127.0.0.1.
    let site = site_of(&format!("http://localhost:{port}")).await;
    let _issuer = Issuer::start(port, &site, false);
    let answer = reqwest::get(format!("{}/login/company", site.site)).await.unwrap();
    assert_eq!(answer.status(), 503, "nobody is sent there");
}
