//! The admin's desk in a real Chromium, by keyboard alone: no pointer, and nothing but what a key does.

use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;

use crate::kit::chromium::{Chromium, Demo, PATIENCE, chromium, demo};

/// A keyboard in front of a page.
struct Keyboard<'a>(&'a Chromium);

impl Keyboard<'_> {
    async fn press(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".into());
        for key in keys {
            actions = actions.then(KeyAction::Down { value: *key }).then(KeyAction::Up { value: *key });
        }
        self.0.page.perform_actions(actions).await.unwrap();
    }

    async fn write(&self, text: &str) {
        self.press(&text.chars().collect::<Vec<_>>()).await;
    }

    /// What has the focus: its address, its name, or its words.
    async fn focused(&self) -> String {
        let script = "const e = document.activeElement; \
                      return (e.getAttribute('href') || e.getAttribute('name') || e.id || '') + ' ' + e.textContent.trim();";
        self.0.page.execute(script, vec![]).await.unwrap().as_str().unwrap_or_default().to_owned()
    }

    /// Presses Tab until the focus is where it should be, each stop visible on the way.
    async fn tab_to(&self, wanted: &str) {
        for _ in 0..80 {
            self.press(&[char::from(Key::Tab)]).await;
            if self.focused().await.contains(wanted) {
                let script = "const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect(); \
                              return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 3 && r.width > 0 && r.height > 0;";
                assert_eq!(self.0.page.execute(script, vec![]).await.unwrap(), true, "the focus on {wanted} is seen");
                return;
            }
        }
        panic!("no Tab leads to {wanted} on {}: {}", self.0.page.current_url().await.unwrap(), self.0.text().await);
    }

    async fn enter(&self) {
        self.press(&[char::from(Key::Enter)]).await;
    }
}

/// Waits until the page says something.
async fn says(browser: &Chromium, words: &str) {
    let begun = Instant::now();
    loop {
        let text = browser.text().await;
        if text.contains(words) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "no {words:?} on {}: {text}", browser.page.current_url().await.unwrap());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Somebody else in a browser of their own, which stays logged in.
async fn newcomer(demo: &Demo) -> Chromium {
    let browser = chromium("ko-KR", 1200).await;
    browser.log_in(demo, "3900000101").await;
    browser
}

/// In the browser of whoever was just banned the login is over at once; who tries again is kept out, and reads why.
async fn kept_out(browser: &Chromium, demo: &Demo, person: &str, reason: &str) {
    browser.page.goto(&format!("{}/profile", demo.site)).await.unwrap();
    browser.at("/login").await;
    browser.press("a[href^='/login/kakao']").await;
    browser.be(person).await;
    says(browser, "이용이 정지된 계정이에요").await;
    let told = browser.text_of("main").await;
    assert!(told.contains("정지된 까닭") && told.contains(reason), "{told}");
    browser.picture("banned-ko").await;
    browser.page.goto(&format!("{}/profile", demo.site)).await.unwrap();
    browser.at("/login").await;
}

/// The admin's own login, with no pointer either.
async fn log_in(keyboard: &Keyboard<'_>, demo: &Demo) {
    let browser = keyboard.0;
    browser.page.goto(&format!("{}/login", demo.site)).await.unwrap();
    keyboard.tab_to("/login/kakao").await;
    keyboard.enter().await;
    says(browser, "관리자").await;
    keyboard.tab_to("관리자").await;
    keyboard.enter().await;
    let begun = Instant::now();
    while browser.page.find(Locator::Css("[name=decision]")).await.is_err() {
        assert!(begun.elapsed() < PATIENCE, "{}", browser.text().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    keyboard.tab_to("decision").await;
    keyboard.enter().await;
    browser.at("/profile").await;
}

#[actix_web::test]
async fn an_admin_finds_bans_and_unbans_a_user_by_keyboard_alone() {
    let demo = demo().await;
    let theirs = newcomer(&demo).await;
    let browser = chromium("ko-KR", 1200).await;
    let keyboard = Keyboard(&browser);
    log_in(&keyboard, &demo).await;
    keyboard.tab_to("/admin 관리").await;
    keyboard.enter().await;
    browser.at("/admin").await;
    keyboard.tab_to("/admin/users 사용자").await;
    keyboard.enter().await;
    browser.at("/admin/users").await;
    // One key leads to the search.
    keyboard.write("/").await;
    keyboard.write("kakao:3900000101").await;
    keyboard.enter().await;
    let begun = Instant::now();
    while browser.page.find_all(Locator::Css(".users tbody tr")).await.unwrap().len() != 1 {
        assert!(begun.elapsed() < PATIENCE, "{}", browser.text().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    keyboard.tab_to("/admin/users/0").await;
    keyboard.enter().await;
    says(&browser, "이 사용자에 관한 기록").await;
    browser.picture("admin-user-ko").await;
    keyboard.tab_to("/ban ").await;
    keyboard.enter().await;
    says(&browser, "이용을 정지할까요?").await;
    browser.picture("admin-ban-ko").await;
    keyboard.tab_to("reason").await;
    keyboard.write("spam").await;
    // The way out comes before the act.
    keyboard.press(&[char::from(Key::Tab)]).await;
    assert!(keyboard.focused().await.contains("그만두기"), "{}", keyboard.focused().await);
    keyboard.press(&[char::from(Key::Tab)]).await;
    assert!(keyboard.focused().await.contains("이용 정지"), "{}", keyboard.focused().await);
    keyboard.enter().await;
    says(&browser, "이용을 정지했어요").await;
    says(&browser, "spam").await;
    kept_out(&theirs, &demo, "3900000101", "spam").await;
    keyboard.tab_to("/unban ").await;
    keyboard.enter().await;
    says(&browser, "정지를 풀까요?").await;
    keyboard.tab_to("정지 풀기").await;
    keyboard.enter().await;
    says(&browser, "정지를 풀었어요").await;
    // Whoever is let in again is let in by their next login.
    theirs.log_in(&demo, "3900000101").await;
    theirs.page.clone().close().await.unwrap();
    keyboard.tab_to("/admin/audit").await;
    keyboard.enter().await;
    browser.at("/admin/audit").await;
    says(&browser, "정지 풀기").await;
    browser.picture("admin-audit-ko").await;
    browser.page.clone().close().await.unwrap();
}
