//! Several accounts of one person: linked on purpose, by whoever proves both, and never by an e-mail alone.

use futures_util::future::join_all;
use time::Duration;

use crate::fresh_login::onward;
use crate::kit::{Answer, Browser, TestApp, people};

const LINK: &str = "/profile/identities/kakao/link";

async fn id_of(browser: &mut Browser) -> String {
    let me: serde_json::Value = serde_json::from_str(&browser.me().await.body).unwrap();
    me["id"].as_str().unwrap().to_owned()
}

/// As far as the callback of a link, not opened yet.
async fn until_linked(browser: &mut Browser, subject: &str) -> String {
    let page = browser.post(LINK, &[]).await;
    browser.consent(&onward(&page), subject, "agree").await
}

fn accounts(app: &TestApp) -> Vec<String> {
    app.inspect()
        .lines("select user_id || ' ' || subject as s from identities where unlinked_at is null order by subject")
}

/// Somebody is here with the e-mail of the ordinary person, by an account with another number, and that person comes.
async fn offered(app: &TestApp) -> (String, Browser) {
    let mut here = app.logged_in(people::ORDINARY).await;
    let id = id_of(&mut here).await;
    app.inspect().execute("update identities set subject = '42'");
    let mut new = app.browser();
    let callback = new.until_callback("/login/kakao?next=%2Fprofile%2Fsessions", people::ORDINARY).await;
    let answer = new.get(&callback).await;
    assert_eq!((answer.status, answer.location()), (303, "/welcome"), "{}", answer.body);
    let page = new.get("/welcome").await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("이미 카카오로 가입하셨어요") && page.body.contains("hong@example.com"),
        "{}",
        page.body
    );
    (id, new)
}

/// The account with the other number logs in at the provider: it is the ordinary person's again for a moment.
async fn come_in_as(app: &TestApp, browser: &mut Browser, subject: &str) -> Answer {
    let page = browser.post("/welcome", &[("choice", "join")]).await;
    let callback = browser.consent(&onward(&page), subject, "agree").await;
    app.inspect().execute(&format!("update identities set subject = '{subject}' where subject = '42'"));
    browser.get(&callback).await
}

on_both! {
    async fn a_second_account_opens_the_same_door(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let id = id_of(&mut browser).await;
        let callback = until_linked(&mut browser, people::NO_EMAIL).await;
        let done = browser.get(&callback).await;
        assert_eq!((done.status, done.location()), (303, "/profile/identities?done=linked"), "{}", done.body);
        assert_eq!(browser.get(&callback).await.status, 303, "a reload says the same");
        let page = browser.get("/profile/identities?done=linked").await;
        assert!(page.body.contains("계정을 연결했어요") && page.body.contains("심청"), "{}", page.body);
        assert_eq!(accounts(&app).len(), 2);
        let mut other = app.logged_in(people::NO_EMAIL).await;
        assert_eq!(id_of(&mut other).await, id);
        assert_eq!(app.inspect().number("select count(*) as n from users"), 1);
        assert_eq!(app.inspect().number("select count(*) as n from audit_events where action = 'identity.link'"), 1);
        let again = until_linked(&mut browser, people::NO_EMAIL).await;
        assert_eq!(browser.get(&again).await.status, 303, "once more changes nothing");
        assert_eq!(accounts(&app).len(), 2);
    }

    async fn c12_an_account_of_somebody_else_stays_theirs(app: TestApp) {
        app.logged_in(people::NO_EMAIL).await;
        let mut browser = app.logged_in(people::ORDINARY).await;
        let before = accounts(&app);
        let callback = until_linked(&mut browser, people::NO_EMAIL).await;
        let refused = browser.get(&callback).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert!(refused.body.contains("identity_of_another") && !refused.body.contains("심청"), "{}", refused.body);
        assert!(refused.body.contains("href=\"/profile/identities\""), "and where to go: {}", refused.body);
        assert_eq!(accounts(&app), before);
        assert_eq!(browser.me().await.status, 200);
    }

    async fn a07_c09_only_a_fresh_person_on_our_own_page_begins_a_link(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        assert_eq!(browser.get(LINK).await.status, 405);
        for headers in [&[("Origin", "https://evil.test"), ("Sec-Fetch-Site", "cross-site")][..], &[("Sec-Fetch-Site", "none")]] {
            let foreign = browser.send(reqwest::Method::POST, LINK, headers, Some(&[])).await;
            assert_eq!(foreign.status, 403);
            assert!(foreign.cookie("__Host-flow").is_none() && !foreign.body.contains("/oauth/authorize"));
        }
        assert_eq!(browser.post("/profile/identities/nobody/link", &[]).await.status, 404);
        app.clock.advance(Duration::minutes(11));
        let stale = browser.post(LINK, &[]).await;
        assert!(stale.cookie("__Host-flow").is_none(), "no attempt is begun");
        let again = onward(&stale);
        assert_eq!(again, "/login/again?next=%2Fprofile%2Fidentities", "back to the page with the form");
        let page = browser.get(&again).await;
        let callback = browser.consent(&onward(&page), people::ORDINARY, "agree").await;
        assert_eq!(browser.get(&callback).await.location(), "/profile/identities");
        assert!(onward(&browser.post(LINK, &[]).await).contains("/oauth/authorize"), "fresh now");
        let stranger = app.browser().post(LINK, &[]).await;
        assert_eq!((stranger.status, stranger.location()), (303, "/login"));
    }

    async fn c10_c11_a_link_is_worth_nothing_elsewhere_or_later(app: TestApp) {
        let mut attacker = app.logged_in(people::NO_EMAIL).await;
        let callback = until_linked(&mut attacker, people::LONG_ID).await;
        let mut victim = app.logged_in(people::ORDINARY).await;
        let before = accounts(&app);
        assert_eq!(victim.get(&callback).await.status, 400, "C10: begun in another browser");
        let callback = until_linked(&mut attacker, people::BARE).await;
        attacker.log_in(people::MASKED_EMAIL).await;
        assert_eq!(attacker.get(&callback).await.status, 400, "C11: begun in another session");
        assert!(accounts(&app).iter().all(|account| before.contains(account) || account.ends_with(people::MASKED_EMAIL)));
    }

    async fn c13_of_two_who_link_one_account_at_once_one_gets_it(app: TestApp) {
        let mut first = app.logged_in(people::ORDINARY).await;
        let mut second = app.logged_in(people::NO_EMAIL).await;
        let elsewhere = app.second().await;
        for subject in [people::LONG_ID, people::BARE, people::EMOJI, people::UNVERIFIED_EMAIL] {
            let one = until_linked(&mut first, subject).await;
            let two = until_linked(&mut second.twin(), subject).await;
            second.at(elsewhere.address);
            let (a, b) = futures_util::future::join(first.get(&one), second.get(&two)).await;
            second.at(app.running.address);
            let mut statuses = [a.status, b.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [303, 409], "{subject}: {:?} {:?} {}", a.headers.get("location"), b.headers.get("location"), a.body + &b.body);
        }
        assert_eq!(accounts(&app).len(), 6);
        elsewhere.stop(Some(std::time::Duration::ZERO)).await;
    }

    async fn who_has_an_account_comes_in_with_it_and_links_the_new_one(app: TestApp) {
        let (id, mut new) = offered(&app).await;
        let done = come_in_as(&app, &mut new, people::NO_EMAIL).await;
        assert_eq!((done.status, done.location()), (303, "/profile/sessions"), "{}", done.body);
        assert_eq!(id_of(&mut new).await, id);
        assert_eq!(done.cookie("__Host-signup").as_deref(), Some(""), "nothing waits any more");
        let both = accounts(&app);
        assert!(both.len() == 2 && both.iter().all(|account| account.starts_with(&id)), "{both:?}");
        assert_eq!(id_of(&mut app.logged_in(people::ORDINARY).await).await, id, "either opens the door");
    }

    async fn an_offer_is_for_the_person_whose_email_it_is(app: TestApp) {
        let (_, mut new) = offered(&app).await;
        app.logged_in(people::LONG_ID).await;
        let before = accounts(&app);
        let page = new.post("/welcome", &[("choice", "join")]).await;
        let callback = new.consent(&onward(&page), people::LONG_ID, "agree").await;
        let refused = new.get(&callback).await;
        assert_eq!(refused.status, 403, "{}", refused.body);
        assert!(refused.body.contains("href=\"/welcome\""), "{}", refused.body);
        assert_eq!(accounts(&app), before, "nothing is linked to somebody else");
        assert_eq!(new.me().await.status, 401);
    }

    async fn who_begins_apart_does_so_once_and_a_word_is_worth_nothing_elsewhere(app: TestApp) {
        let (id, mut new) = offered(&app).await;
        let mut thief = app.browser();
        thief.get("/login").await;
        thief.set_cookie("signup", new.cookie("signup").unwrap());
        assert_eq!(thief.post("/welcome", &[("choice", "apart")]).await.location(), "/login");
        assert_eq!(new.post("/welcome", &[("choice", "else")]).await.status, 400);
        let mut late = new.twin();
        let mut tabs: Vec<Browser> = (0..4).map(|_| new.twin()).collect();
        let answers = join_all(tabs.iter_mut().map(|tab| tab.post("/welcome", &[("choice", "apart")]))).await;
        assert!(answers.iter().all(|answer| answer.status == 303 && answer.location() == "/profile/sessions"));
        assert_ne!(id_of(&mut tabs[0]).await, id);
        assert_eq!(app.inspect().rows(), (2, 2, 2), "one person, one session, however often it is said");
        tabs[0].post("/logout", &[]).await;
        let replayed = late.post("/welcome", &[("choice", "apart")]).await;
        assert_eq!(replayed.status, 400, "usable once: {}", replayed.body);
        app.clock.advance(Duration::minutes(31));
        let (_, location) = { let page = late.get("/welcome").await; (page.status, page.location().to_owned()) };
        assert_eq!(location, "/login", "half an hour");
    }
}
