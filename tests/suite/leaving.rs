//! Leaving and ending links: at once, everywhere, without a trace, and never the last way in or the last admin.

use std::process::Command;

use diesel::Connection as _;
use fiiiiilm::config::DatabaseUrl;
use fiiiiilm::simulator::{Place, Trouble};
use fiiiiilm::upkeep;
use fiiiiilm::users;

use crate::kit::{Answer, Browser, TestApp, people};
use crate::outbox::{unreachable, until};

/// Who somebody is, by their own word.
pub(crate) async fn id_of(browser: &mut Browser) -> String {
    let me: serde_json::Value = serde_json::from_str(&browser.me().await.body).unwrap();
    me["id"].as_str().unwrap_or_else(|| panic!("nobody: {me}")).to_owned()
}

/// One more linked account of this person, as if they had linked it. Its id.
pub(crate) fn link(app: &TestApp, user: &str, provider: &str, subject: &str) -> String {
    let (user, now) = (user.parse().unwrap(), app.clock.now());
    let new = users::NewIdentity { user_id: &user, provider, subject };
    let mut inspect = app.inspect();
    // The search index is locked within the transaction that changes it.
    let id = inspect.conn().transaction(|conn| users::insert_identity(conn, &new, now));
    id.unwrap().to_string()
}

fn linked_id(app: &TestApp, user: &str, provider: &str) -> String {
    let query = format!("select id as s from identities where user_id = '{user}' and provider = '{provider}'");
    app.inspect().lines(&query).concat()
}

async fn unlink(browser: &mut Browser, id: &str) -> Answer {
    browser.post(&format!("/profile/identities/{id}/unlink"), &[]).await
}

/// Everything the database could still give away, as bytes.
pub(crate) fn traces(app: &TestApp) -> Vec<u8> {
    match &app.config.database.url {
        DatabaseUrl::Sqlite(path) => {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let beside = ["", "-wal", "-journal", "-shm"].map(|ending| path.with_file_name(format!("{name}{ending}")));
            beside.iter().filter_map(|file| std::fs::read(file).ok()).flatten().collect()
        }
        DatabaseUrl::Postgres(url) => {
            let known = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
            let program = known.map(|version| version.path().join("bin/pg_dump")).find(|path| path.exists());
            let program = program.unwrap_or_else(|| "pg_dump".into());
            let dump = Command::new(program).arg(url.expose()).output().expect("pg_dump");
            assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
            dump.stdout
        }
    }
}

pub(crate) fn holds(haystack: &[u8], needle: &str) -> bool {
    memchr::memmem::find(haystack, needle.as_bytes()).is_some()
}

on_both! {
    async fn q05_who_leaves_leaves_no_trace(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        browser.post("/profile", &[("display_name", "카나리아 이름")]).await;
        let mut canaries = app.inspect().lines(
            "select subject as s from identities union all select email from identities where email is not null \
             union all select nickname from identities where nickname is not null \
             union all select picture from identities where picture is not null union all select name from users",
        );
        assert!(canaries.len() >= 5, "{canaries:?}");
        canaries.push(people::ORDINARY.to_owned());
        let before = traces(&app);
        assert!(canaries.iter().all(|canary| holds(&before, canary)), "the scan finds what is there");
        let gone = browser.post("/profile/delete", &[]).await;
        assert_eq!(gone.status, 200, "{}", gone.body);
        until("told", || app.inspect().number("select count(*) as n from outbox where state = 'waiting'") == 0).await;
        upkeep::sweep_once(app.running.app()).await.unwrap();
        let after = traces(&app);
        for canary in canaries {
            assert!(!holds(&after, &canary), "`{canary}` is still there");
        }
        let lines = "select details as s from audit_events where action = 'user.leave'";
        assert_eq!(app.inspect().lines(lines), ["erased"], "the history keeps a random id");
    }

    async fn q05_what_waits_to_be_told_gives_nobody_away(app: TestApp) {
        app.simulator.state().set_trouble(Place::Revoke, Some(Trouble::Status(503)));
        let mut browser = app.logged_in(people::ORDINARY).await;
        browser.post("/profile/delete", &[]).await;
        until("tried", || app.inspect().number("select tries as n from outbox") == 1).await;
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert!(!holds(&traces(&app), people::ORDINARY), "sealed until it is told");
    }

    async fn q06_nothing_they_hold_opens_anything(app: TestApp) {
        // Told, Kakao would end the login under way too.
        unreachable(&app, 5);
        let mut browser = app.logged_in(people::ORDINARY).await;
        let mut elsewhere = app.logged_in(people::ORDINARY).await;
        let callback = elsewhere.until_callback("/login/kakao", people::ORDINARY).await;
        let before = browser.twin();
        assert_eq!(browser.post("/profile/delete", &[]).await.status, 200);
        assert_eq!(browser.cookie("access"), None);
        for mut thief in [before, elsewhere.twin()] {
            assert_eq!(thief.me().await.status, 401);
            assert_eq!(thief.get("/profile").await.status, 303);
            assert_eq!(thief.json(reqwest::Method::POST, "/api/token/refresh", &[("Sec-Fetch-Site", "same-origin")], None).await.status, 401);
        }
        // A login under way is of somebody new.
        let mut inspect = app.inspect();
        let old = inspect.lines("select user_id as s from audit_events where action = 'user.leave'").concat();
        let new = elsewhere.get(&callback).await;
        assert_eq!(new.status, 303, "{}", new.body);
        assert_ne!(id_of(&mut elsewhere).await, old);
    }

    async fn c20_the_same_account_afterwards_is_somebody_new(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        browser.post("/profile", &[("display_name", "예전 이름")]).await;
        let old = id_of(&mut browser).await;
        let held = browser.twin();
        browser.post("/profile/delete", &[]).await;
        until("told", || app.inspect().number("select count(*) as n from outbox where state = 'waiting'") == 0).await;
        let mut back = app.logged_in(people::ORDINARY).await;
        assert_ne!(id_of(&mut back).await, old);
        assert!(!back.get("/profile").await.body.contains("예전 이름"));
        let mut held = held;
        assert_eq!(held.me().await.status, 401);
    }

    async fn c15_the_only_way_in_stays(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let user = id_of(&mut browser).await;
        let only = linked_id(&app, &user, "kakao");
        let asked = browser.get(&format!("/profile/identities/{only}/unlink")).await;
        assert!(asked.status == 200 && !asked.body.contains("method=\"post\" action=\"/profile/identities"), "{}", asked.body);
        let refused = unlink(&mut browser, &only).await;
        assert_eq!(refused.status, 409);
        assert!(refused.body.contains("last_identity"), "{}", refused.body);
        for round in 0..8 {
            let second = link(&app, &user, "naver", &format!("n{round}"));
            let mut twin = browser.twin();
            let (left, right) = tokio::join!(unlink(&mut browser, &second), unlink(&mut twin, &only));
            let mut statuses = [left.status, right.status];
            statuses.sort_unstable();
            assert!(statuses[0] == 200 && [303, 409].contains(&statuses[1]), "{statuses:?}");
            assert_eq!(app.inspect().number("select count(*) as n from identities"), 1, "one is left");
            if linked_id(&app, &user, "kakao").is_empty() {
                // The session began with it; the rest of the rounds would be somebody else's.
                return;
            }
        }
    }

    async fn c16_an_unlinked_account_opens_the_old_door_no_more(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let mut other = app.logged_in(people::ORDINARY).await;
        let user = id_of(&mut browser).await;
        link(&app, &user, "naver", "n1");
        let kakao = linked_id(&app, &user, "kakao");
        let asked = browser.get(&format!("/profile/identities/{kakao}/unlink")).await;
        assert!(asked.status == 200 && asked.body.contains("카카오에도"), "{}", asked.body);
        let done = unlink(&mut browser, &kakao).await;
        assert_eq!(done.status, 200, "{}", done.body);
        assert_eq!((browser.me().await.status, other.me().await.status), (401, 401), "sessions begun with it are over");
        // While Kakao is being told, it ends whatever login is under way there.
        until("told", || app.inspect().number("select count(*) as n from outbox where state = 'waiting'") == 0).await;
        let mut back = app.logged_in(people::ORDINARY).await;
        assert_ne!(id_of(&mut back).await, user, "somebody new");
        assert_eq!(app.inspect().number("select count(*) as n from users"), 2, "the old one is still there, with Naver");
        let events = "select count(*) as n from audit_events where action = 'identity.unlink'";
        assert_eq!(app.inspect().number(events), 1);
    }

    async fn links_of_others_are_nobodys(app: TestApp) {
        let mut mina = app.logged_in(people::ORDINARY).await;
        let mut juho = app.logged_in(people::NO_EMAIL).await;
        let (whose, user) = (id_of(&mut juho).await, id_of(&mut mina).await);
        link(&app, &whose, "naver", "n1");
        link(&app, &user, "naver", "n2");
        let theirs = linked_id(&app, &whose, "naver");
        for id in [theirs.as_str(), "nonsense", "00000000-0000-7000-8000-000000000000"] {
            assert_eq!(mina.get(&format!("/profile/identities/{id}/unlink")).await.status, 404, "{id}");
            assert_eq!(unlink(&mut mina, id).await.status, 404, "{id}");
        }
        assert_eq!(app.inspect().number("select count(*) as n from identities"), 4);
    }

    async fn l_the_last_admin_stays(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let refused = admin.post("/profile/delete", &[]).await;
        assert_eq!(refused.status, 409);
        assert!(refused.body.contains("last_admin"), "{}", refused.body);
        assert_eq!(admin.me().await.status, 200);
    }

    async fn leaving_asks_for_a_fresh_login(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        assert_eq!(browser.get("/profile/delete").await.status, 200);
        app.clock.advance(time::Duration::minutes(11));
        for path in ["/profile/delete", "/profile/export"] {
            let asked = browser.get(path).await;
            let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            assert_eq!((asked.status, asked.location()), (303, format!("/login/again?next={next}").as_str()));
        }
        let onward = browser.post("/profile/delete", &[]).await;
        assert!(onward.status == 200 && onward.body.contains("/login/again?next=%2Fprofile%2Fdelete"), "{}", onward.body);
        assert_eq!(app.inspect().rows().0, 1, "nobody is gone");
    }

    async fn q12_an_export_holds_everything_and_no_token(app: TestApp) {
        let mut other = app.logged_in(people::NO_EMAIL).await;
        let stranger = id_of(&mut other).await;
        let mut browser = app.logged_in(people::ORDINARY).await;
        let (access, refresh) = (browser.cookie("access").unwrap().to_owned(), browser.cookie("refresh").unwrap().to_owned());
        let export = browser.get("/profile/export").await;
        assert_eq!(export.status, 200);
        assert!(export.header("content-disposition").unwrap().starts_with("attachment"));
        assert_eq!(export.header("cache-control"), Some("no-store"));
        let held: serde_json::Value = serde_json::from_str(&export.body).unwrap();
        assert_eq!(held["linked_accounts"][0]["subject"], people::ORDINARY);
        assert_eq!(held["sessions"][0]["live"], true);
        assert!(held["history"].as_array().unwrap().iter().any(|line| line["action"] == "login.created"), "{held}");
        for canary in [&access, &refresh, &stranger] {
            assert!(!export.body.contains(canary.as_str()), "not theirs, or a token");
        }
        assert_eq!(app.inspect().number("select count(*) as n from audit_events where action = 'profile.export'"), 1);
    }
}
