//! Proving again who one is: the same account of the same provider, in the same session, or a refusal.

use time::Duration;

use crate::kit::{Answer, Browser, TestApp, people};

/// The address a page goes on to by itself.
pub(crate) fn onward(page: &Answer) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let refresh = page.body.split("http-equiv=\"refresh\" content=\"0; url=").nth(1);
    let href = refresh.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("stays here: {}", page.body));
    assert!(page.body.contains(&format!("href=\"{href}\"")), "the way on is a link too: {}", page.body);
    href.replace("&amp;", "&").replace("&#38;", "&")
}

/// As far as the callback, not opened yet.
pub(crate) async fn until_callback(browser: &mut Browser, next: &str, subject: &str) -> String {
    let page = browser.get(&format!("/login/again?next={next}")).await;
    let authorize = onward(&page);
    browser.consent(&authorize, subject, "agree").await
}

fn auth_time(app: &TestApp) -> String {
    app.inspect().lines("select cast(auth_time as text) as s from sessions where ended_at is null").concat()
}

on_both! {
    async fn the_same_person_is_back_where_they_were_and_fresh(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let (before, sessions) = (auth_time(&app), app.inspect().rows().2);
        app.clock.advance(Duration::minutes(11));
        let callback = until_callback(&mut browser, "%2Fprofile%2Fsessions", people::ORDINARY).await;
        let done = browser.get(&callback).await;
        assert_eq!((done.status, done.location()), (303, "/profile/sessions"), "{}", done.body);
        assert_ne!(auth_time(&app), before);
        assert_eq!(app.inspect().rows().2, sessions, "no second session");
        let again = browser.get(&callback).await;
        assert_eq!((again.status, again.location()), (303, "/profile/sessions"), "a reload gets the same");
        assert_eq!(app.inspect().number("select count(*) as n from audit_events where action = 'login.again'"), 1);
        assert_eq!(browser.me().await.status, 200);
    }

    async fn another_person_proves_nothing_and_nobody_is_swapped(app: TestApp) {
        app.logged_in(people::NO_EMAIL).await;
        let mut browser = app.logged_in(people::ORDINARY).await;
        let before = (auth_time(&app), app.inspect().rows());
        for subject in [people::NO_EMAIL, people::LONG_ID] {
            let callback = until_callback(&mut browser, "%2Fprofile", subject).await;
            let refused = browser.get(&callback).await;
            assert_eq!(refused.status, 403, "{}", refused.body);
            assert!(refused.body.contains("other_person"), "{}", refused.body);
            assert!(refused.body.contains("/login/again?next=%2Fprofile"), "{}", refused.body);
        }
        assert_eq!((auth_time(&app), app.inspect().rows()), before);
        assert!(browser.me().await.body.contains("홍길동"));
    }

    async fn c11_an_attempt_is_worth_nothing_once_its_session_is_over(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let callback = until_callback(&mut browser, "%2Fprofile", people::ORDINARY).await;
        browser.log_in(people::NO_EMAIL).await;
        let replaced = browser.get(&callback).await;
        assert_eq!(replaced.status, 400, "{}", replaced.body);
        assert!(browser.me().await.body.contains("심청"), "whoever is logged in stays");
        let callback = until_callback(&mut browser, "%2Fprofile", people::NO_EMAIL).await;
        browser.post("/logout", &[]).await;
        let gone = browser.get(&callback).await;
        assert_eq!(gone.status, 400, "{}", gone.body);
        assert_eq!(browser.me().await.status, 401);
    }

    async fn only_somebody_can_prove_it_again(app: TestApp) {
        let answer = app.browser().get("/login/again?next=%2Fprofile").await;
        assert_eq!((answer.status, answer.location()), (303, "/login?next=%2Flogin%2Fagain%3Fnext%3D%252Fprofile"));
    }
}
