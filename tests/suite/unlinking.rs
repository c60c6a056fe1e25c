//! Every provider is told when a link ends, each in its own way, with what was kept of its person's login for that.

use fiiiiilm::simulator::{Place, Provider, Trouble};

use crate::fresh_login::{onward, until_callback};
use crate::kit::{Browser, CONTRACTS, Contract, TestApp, every_provider, people};
use crate::outbox::until;

/// Those that can be told. An issuer of one's own has no standard way.
pub(crate) fn tellable() -> impl Iterator<Item = &'static Contract> {
    CONTRACTS.iter().filter(|contract| contract.provider != Provider::Oidc)
}

async fn logged_in(app: &TestApp, contract: &Contract) -> Browser {
    let mut browser = app.browser();
    let answer = browser.come_in_at(contract.name(), contract.without_email).await;
    assert_eq!(answer.status, 303, "{}: {}", contract.name(), answer.body);
    browser
}

/// Types what the page asks to be typed, where it does.
async fn leave(browser: &mut Browser) {
    let page = browser.get("/profile/delete").await;
    let typed = page.body.split("id=\"confirm-hint\"><bdi>").nth(1).and_then(|rest| rest.split("</bdi>").next());
    let gone = browser.post("/profile/delete", &[("confirm", typed.unwrap_or_default())]).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
}

/// Links one more account.
pub(crate) async fn link(browser: &mut Browser, contract: &Contract) {
    let page = browser.post(&format!("/profile/identities/{}/link", contract.name()), &[]).await;
    let callback = browser.consent(&onward(&page), contract.without_email, "agree").await;
    let done = browser.get(&callback).await;
    assert_eq!(
        (done.status, done.location()),
        (303, "/profile/identities?done=linked"),
        "{}: {}",
        contract.name(),
        done.body
    );
}

/// Logs in with Kakao, and proves there anew who that is.
pub(crate) async fn afresh(browser: &mut Browser) {
    assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
    let callback = until_callback(browser, "%2Fprofile", people::ORDINARY).await;
    let back = browser.get(&callback).await;
    assert_eq!((back.status, back.location()), (303, "/profile"), "{}", back.body);
}

fn linked(app: &TestApp, contract: &Contract) -> bool {
    app.simulator.state().is_linked(contract.provider, contract.without_email)
}

fn failures(app: &TestApp) -> Vec<String> {
    app.inspect().lines("select topic || ': ' || coalesce(last_failure, '') as s from outbox where tries > 0")
}

async fn all_told(app: &TestApp, how_many: i64) {
    until("everything is told", || {
        app.inspect().number("select count(*) as n from outbox where state = 'done'") == how_many
    })
    .await;
}

on_both! {
    with every_provider;

    async fn q07_every_provider_hears_that_its_link_has_ended(app: TestApp) {
        for (place, contract) in (1..).zip(tellable()) {
            let mut browser = logged_in(&app, contract).await;
            assert!(linked(&app, contract), "{}", contract.name());
            let kept = format!(
                "select count(*) as n from identities where provider = '{}' and length(tokens_sealed) > 40", contract.name()
            );
            let by_token = i64::from(contract.provider != Provider::Kakao);
            assert_eq!(app.inspect().number(&kept), by_token, "{}", contract.name());
            let page = browser.get("/profile/delete").await;
            assert!(page.body.contains("에도 연결이 끝났다고 알려요"), "{}: {}", contract.name(), page.body);
            leave(&mut browser).await;
            until(contract.name(), || !linked(&app, contract)).await;
            all_told(&app, place).await;
        }
        assert_eq!(failures(&app), [""; 0]);
        let left = "select count(*) as n from outbox where payload is not null";
        assert_eq!((app.inspect().rows().0, app.inspect().number(left)), (0, 0), "and nothing is kept of it");
    }

    async fn f10_a_link_that_has_ended_there_already_is_as_good_where_the_provider_says_so(app: TestApp) {
        for (place, contract) in (1..).zip(tellable()) {
            let mut browser = logged_in(&app, contract).await;
            app.simulator.state().unlink(contract.provider, contract.without_email);
            leave(&mut browser).await;
            let over = || app.inspect().number("select count(*) as n from outbox where state <> 'waiting' and payload is null");
            until("each comes to an end at once", || over() == place).await;
        }
        let ended = |state: &str| {
            app.inspect().lines(&format!("select topic as s from outbox where state = '{state}' order by topic"))
        };
        assert_eq!(ended("done"), ["apple", "kakao", "naver"]);
        // These only say that they do not know the token, which may as well be too old.
        assert_eq!(ended("given_up"), ["github", "google", "line"]);
        let failures = failures(&app);
        assert!(failures.len() == 3 && failures.iter().all(|why| why.contains("does not know the token")), "{failures:?}");
        let mut audit = app.inspect().lines("select details as s from audit_events where action = 'outbox.given_up'");
        audit.sort();
        assert_eq!(audit, ["github", "google", "line"].map(|topic| format!("unlink {topic} after 1 try")));
    }

    async fn q07_a_token_that_runs_out_before_its_provider_can_be_told_is_given_up_at_once(app: TestApp) {
        let line = tellable().find(|contract| contract.provider == Provider::Line).expect("LINE");
        let mut browser = app.logged_in(people::ORDINARY).await;
        link(&mut browser, line).await;
        app.clock.advance(time::Duration::days(90) - time::Duration::minutes(5));
        afresh(&mut browser).await;
        app.simulator.state().set_trouble_at(Provider::Line, Place::Token, Some(Trouble::Status(503)));
        assert_eq!(browser.post("/profile/delete", &[]).await.status, 200);
        until("a first try", || failures(&app) == ["line: http-503: the provider answered with an error (HTTP 503)"]).await;
        app.simulator.state().set_trouble_at(Provider::Line, Place::Token, None);
        app.clock.advance(time::Duration::minutes(5));
        let given_up = "select count(*) as n from outbox where topic = 'line' and state = 'given_up' and payload is null";
        until("given up", || app.inspect().number(given_up) == 1).await;
        assert!(failures(&app)[0].contains("line: token-expired: "), "{:?}", failures(&app));
        let audit = app.inspect().lines("select details as s from audit_events where action = 'outbox.given_up'");
        assert_eq!(audit, ["unlink line after 2 tries"]);
        assert!(linked(&app, line), "nobody says that it ended");
    }

    async fn f10_q07_providers_that_are_down_for_an_hour_are_told_afterwards_each(app: TestApp) {
        for contract in tellable() {
            app.simulator.state().set_trouble_at(contract.provider, Place::Revoke, Some(Trouble::Status(500)));
            leave(&mut logged_in(&app, contract).await).await;
        }
        // LINE has done it at the first try, whose answer was lost: its token is dead, which is as good.
        let fewest = || app.inspect().number("select min(tries) as n from outbox where state = 'waiting'");
        for before in 0..7 {
            until("each was tried", || fewest() > before).await;
            let kept = "select count(*) as n from outbox where state = 'waiting' and payload is not null or topic = 'line'";
            assert_eq!(app.inspect().number(kept), 6, "none is lost");
            app.clock.advance(time::Duration::minutes(10));
        }
        // What was asked for may be done there already, and only the answer lost.
        for contract in tellable() {
            app.simulator.state().set_trouble_at(contract.provider, Place::Revoke, None);
        }
        app.clock.advance(time::Duration::hours(1));
        all_told(&app, 6).await;
        assert!(tellable().all(|contract| !linked(&app, contract)));
    }

    async fn who_cannot_be_told_has_a_page_where_their_person_ends_it(app: TestApp) {
        for (contract, page) in tellable().filter_map(|contract| Some((contract, page_of(contract.provider)?))) {
            let mut browser = logged_in(&app, contract).await;
            app.inspect().execute("update identities set tokens_sealed = null");
            let asked = browser.get("/profile/delete").await;
            assert!(asked.body.contains(page), "{}: {}", contract.name(), asked.body);
            assert!(!asked.body.contains("에도 연결이 끝났다고 알려요"), "{}", contract.name());
            leave(&mut browser).await;
        }
        assert_eq!(app.inspect().number("select count(*) as n from outbox"), 0, "nothing is promised that cannot be kept");
    }

    async fn q05_what_is_kept_is_sealed_for_its_account_and_grows_with_no_login(app: TestApp) {
        let github = CONTRACTS.iter().find(|contract| contract.provider == Provider::Github).expect("GitHub");
        let sealed = || app.inspect().lines("select tokens_sealed as s from identities");
        logged_in(&app, github).await;
        let first = sealed();
        logged_in(&app, github).await;
        let second = sealed();
        assert_eq!((first.len(), second.len()), (1, 1));
        assert_ne!(first, second, "the latest token");
        let tokens = app.simulator.state().requests().into_iter().filter(|request| request.path == "/github/user");
        for token in tokens.filter_map(|request| Some(request.header("authorization")?.replace("Bearer ", ""))) {
            let traces = crate::leaving::traces(&app);
            assert!(token.len() > 10 && !crate::leaving::holds(&traces, &token), "a token lies open");
        }
    }
}

/// Where a person ends the link themselves.
fn page_of(provider: Provider) -> Option<&'static str> {
    match provider {
        Provider::Naver => Some("https://nid.naver.com/internalToken/view/tokenList/pc/ko"),
        Provider::Google => Some("https://myaccount.google.com/connections"),
        Provider::Github => Some("https://github.com/settings/connections/applications/"),
        Provider::Apple => Some("https://account.apple.com/"),
        _ => None,
    }
}
