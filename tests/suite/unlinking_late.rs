//! What was kept for ending a link dies sooner or later. Then nothing is promised that cannot be done: the person is shown where
//! they end it, or that one more login helps.

use fiiiiilm::simulator::Provider;
use time::Duration;

use crate::fresh_login::until_callback;
use crate::kit::{Browser, CONTRACTS, Setting, TestApp, every_provider, people};
use crate::unlinking::{afresh, link};

/// People who leave can come back for so many days, in which a token may die.
const GRACE: i64 = 30;

fn every_provider_with_grace() -> Vec<Setting> {
    let mut settings = every_provider();
    settings.push(("FIIIIILM_ACCOUNT__GRACE_DAYS", GRACE.to_string()));
    settings
}

const LINE_WORDS: &str = "LINE 앱의 설정 &#62; 계정 &#62; 연동된 앱";

/// The page for leaving, seen by somebody who has just logged in with Kakao: whom it says are told, and the page.
async fn promised(app: &TestApp, browser: &mut Browser) -> (usize, String) {
    afresh(browser).await;
    fiiiiilm::upkeep::sweep_once(app.running.app()).await.unwrap();
    let page = browser.get("/profile/delete").await;
    assert_eq!(page.status, 200, "{}", page.body);
    (page.body.matches("에도 연결이 끝났다고 알려요").count(), page.body)
}

on_both! {
    with every_provider_with_grace;

    async fn q07_whoever_was_last_here_longer_ago_than_a_token_lives_is_shown_where_they_end_it(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let lives = [(Provider::Line, 90), (Provider::Google, 180), (Provider::Naver, 365), (Provider::Github, 365)];
        let contract = |provider| CONTRACTS.iter().find(|contract| contract.provider == provider).expect("it");
        for (provider, _) in lives {
            link(&mut browser, contract(provider)).await;
        }
        let kept = |app: &TestApp| app.inspect().number("select count(*) as n from identities where tokens_sealed is not null");
        assert_eq!(kept(&app), 4);
        let mut day = 0;
        for (dies, told, tokens) in [(90, 5, 4), (180, 4, 3), (365, 3, 2)] {
            let last = dies - GRACE;
            app.clock.advance(Duration::days(last - day) - Duration::hours(1));
            assert_eq!(promised(&app, &mut browser).await.0, told, "an hour before {dies}");
            assert_eq!(kept(&app), tokens, "an hour before {dies}");
            app.clock.advance(Duration::hours(1) + Duration::seconds(1));
            day = last;
            let (now, page) = promised(&app, &mut browser).await;
            assert!(now < told, "{dies}: {now}");
            assert!(page.contains(LINE_WORDS) && page.contains("/login/line?next=/profile/delete"), "{page}");
            assert_eq!(page.contains("https://myaccount.google.com/connections"), dies > 90);
        }
        // Google's refresh token came with the first consent and is dead; a login of the last hour does as well.
        let google = contract(Provider::Google);
        assert_eq!(browser.log_in_at("google", google.without_email).await.status, 303);
        assert_eq!(kept(&app), 3);
        app.clock.advance(Duration::hours(1));
        afresh(&mut browser).await;
        fiiiiilm::upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(kept(&app), 2, "Naver's and GitHub's");
        // One more login, and LINE can be told; the token of the link that is left in peace dies with its time.
        let callback = browser.until_callback("/login/line?next=/profile/delete", contract(Provider::Line).without_email).await;
        let back = browser.get(&callback).await;
        assert_eq!((back.status, back.location()), (303, "/profile/delete"), "{}", back.body);
        let again = until_callback(&mut browser, "%2Fprofile%2Fdelete", contract(Provider::Line).without_email).await;
        assert_eq!(browser.get(&again).await.location(), "/profile/delete", "LINE had answered by itself");
        let page = browser.get("/profile/delete").await.body;
        assert_eq!(page.matches("에도 연결이 끝났다고 알려요").count(), 2, "Kakao and LINE: {page}");
        let gone = browser.post("/profile/delete", &[]).await;
        assert_eq!(gone.status, 200, "{}", gone.body);
        assert!(gone.body.contains("https://nid.naver.com/internalToken/view/tokenList/pc/ko"), "{}", gone.body);
        assert!(!gone.body.contains(LINE_WORDS) && !gone.body.contains("/login/"), "{}", gone.body);
        app.clock.advance(Duration::days(GRACE));
        fiiiiilm::upkeep::sweep_once(app.running.app()).await.unwrap();
        crate::outbox::until("both are told", || {
            app.inspect().lines("select topic as s from outbox where state = 'done' order by topic") == ["kakao", "line"]
        })
        .await;
        assert_eq!(app.inspect().number("select count(*) as n from outbox"), 2, "and nobody else was promised anything");
        assert_eq!(app.inspect().rows().0, 0);
    }
}
