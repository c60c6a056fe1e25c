//! The main job: every person of the simulator logs in, sees the profile, logs out.

use fiiiiilm::simulator;
use fiiiiilm::simulator::people::{Oddity, Person};
use serde_json::Value;

use crate::kit::{Answer, TestApp, people};

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.body))
}

on_both! {
    async fn an_ordinary_person_sees_name_picture_and_verified_email(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let me = json(&browser.me().await);
        assert_eq!(me["email_verified"], true);
        assert_eq!(me["role"], "user");
        assert_eq!(me["identities"][0]["provider"], "kakao");
        let page = browser.get("/profile").await;
        assert_eq!(page.status, 200);
        let name = me["name"].as_str().unwrap();
        let picture = me["picture"].as_str().unwrap();
        assert!(page.body.contains(name) && page.body.contains(picture), "{}", page.body);
        assert!(page.body.contains(me["email"].as_str().unwrap()));
        assert!(page.header("content-security-policy").unwrap().contains(&app.simulator.origin().to_owned()), "its pictures may be shown");
    }

    async fn every_person_of_the_simulator_has_a_login_of_their_own(app: TestApp) {
        let welcome = |person: &&Person| !person.oddities.iter().any(|oddity| matches!(oddity, Oddity::TurnedAway(..)));
        for person in simulator::people::ALL.iter().filter(welcome) {
            let mut browser = app.logged_in(person.id).await;
            let page = browser.get("/profile").await;
            assert_eq!(page.status, 200, "{}", person.id);
            let me = json(&browser.me().await);
            let bare = person.is(Oddity::Bare);
            let readable: String = person.name.unwrap().chars().filter(|c| !c.is_control()).collect();
            assert_eq!(me["name"].as_str(), Some(readable.as_str()).filter(|_| !bare), "{}", person.id);
            assert_eq!(me["picture"].is_string(), !bare && !person.default_picture, "{}", person.id);
            let email = person.mailbox.filter(|mailbox| mailbox.valid && !bare);
            assert_eq!(me["email"].as_str(), email.map(|mailbox| mailbox.address), "{}", person.id);
            assert_eq!(me["email_verified"], email.is_some_and(|mailbox| mailbox.verified), "{}", person.id);
        }
        let (users, identities, _) = app.inspect().rows();
        assert_eq!((users, identities), (11, 11));
    }

    async fn people_without_an_email_are_ordinary_people(app: TestApp) {
        for person in [people::NO_EMAIL, people::MASKED_EMAIL, people::BARE] {
            let mut browser = app.logged_in(person).await;
            let me = json(&browser.me().await);
            assert_eq!(me["email"], Value::Null, "{person}");
            assert_eq!(browser.get("/profile").await.status, 200, "{person}");
        }
        assert_eq!(app.inspect().number("select count(*) as n from identities where email is not null"), 0, "a masked one is never stored");
    }

    async fn c04_an_unverified_email_is_stored_as_such(app: TestApp) {
        let mut browser = app.logged_in(people::UNVERIFIED_EMAIL).await;
        let me = json(&browser.me().await);
        assert!(me["email"].is_string());
        assert_eq!(me["email_verified"], false);
    }

    async fn b27_nineteen_digits_are_stored_exactly(app: TestApp) {
        app.logged_in(people::LONG_ID).await;
        assert_eq!(app.inspect().lines("select subject as s from identities"), [people::LONG_ID]);
        assert_eq!(people::LONG_ID.len(), 19);
    }

    async fn t18_m05_emoji_and_nul_in_a_name_are_no_trouble_on_either_database(app: TestApp) {
        let mut browser = app.logged_in(people::EMOJI).await;
        let name = json(&browser.me().await)["name"].as_str().unwrap().to_owned();
        assert!(!name.contains('\0') && name.chars().any(|c| c as u32 > 0x1F000), "{name:?}");
        assert!(browser.get("/profile").await.body.contains(&name));
    }

    async fn one_of_the_simulators_people_is_the_admin_once(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(json(&admin.me().await)["role"], "admin");
        assert_eq!(admin.get("/admin/users").await.status, 200);
        let mut inspect = app.inspect();
        inspect.execute("update users set role = 'user', version = version + 1");
        let mut again = app.logged_in(people::ADMIN).await;
        assert_eq!(json(&again.me().await)["role"], "user", "a later demotion stands");
    }

    async fn logging_out_is_idempotent_and_ends_the_session_at_once(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let mut thief = browser.twin();
        let out = browser.post("/logout", &[]).await;
        assert_eq!((out.status, out.location()), (303, "/logout/done"));
        assert_eq!(out.header("clear-site-data"), Some("\"cache\""));
        for name in ["__Host-access", "__Host-refresh", "__Host-flow"] {
            assert!(out.set_cookies().iter().any(|line| line.starts_with(&format!("{name}=;")) && line.contains("Max-Age=0")), "{name}");
        }
        assert_eq!(thief.me().await.status, 401, "a copy of the cookies is worth nothing");
        assert_eq!(thief.get("/profile").await.location(), "/login?next=%2Fprofile");
        let done = browser.get("/logout/done").await;
        assert_eq!(done.status, 200);
        assert!(done.body.contains("/oauth/logout"), "after Kakao it offers Kakao's log-out: {}", done.body);
        assert_eq!(browser.post("/logout", &[]).await.location(), "/logout/done");
        assert_eq!(app.browser().post("/logout", &[]).await.status, 303);
        assert_eq!(browser.get("/login").await.status, 200);
    }

    async fn a_signed_out_visitor_is_led_to_the_login_and_back(app: TestApp) {
        let mut browser = app.browser();
        let sent = browser.get("/admin/users?q=x").await;
        assert_eq!((sent.status, sent.location()), (303, "/login?next=%2Fadmin%2Fusers%3Fq%3Dx"));
        let login = browser.get(sent.location()).await;
        assert!(login.body.contains("/login/kakao?next=%2Fadmin%2Fusers%3Fq%3Dx"), "{}", login.body);
        let callback = browser.until_callback("/login/kakao?next=%2Fadmin%2Fusers%3Fq%3Dx", people::ADMIN).await;
        assert_eq!(browser.get(&callback).await.location(), "/admin/users?q=x");
    }

    async fn the_last_used_provider_is_marked_and_language_and_theme_are_kept(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        browser.post("/logout", &[]).await;
        assert!(browser.get("/login").await.body.contains("최근 로그인"));
        let saved = browser.post("/preferences", &[("locale", "en"), ("next", "/login")]).await;
        assert_eq!((saved.status, saved.location()), (303, "/login"));
        let page = browser.get("/login").await;
        assert!(page.body.contains("lang=\"en\"") && page.body.contains("Login with Kakao"), "{}", page.body);
        browser.post("/preferences", &[("theme", "darkroom"), ("next", "https://evil.test/")]).await;
        assert!(browser.get("/login").await.body.contains("darkroom"));
        assert!(browser.post("/preferences", &[("next", "//evil.test")]).await.location() == "/");
    }

    async fn a_chosen_name_stays_and_a_providers_name_stays_fresh(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let given = json(&browser.me().await)["name"].as_str().unwrap().to_owned();
        let saved = browser.post("/profile", &[("display_name", "  필름 수집가 <b> ")]).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        assert_eq!(json(&browser.me().await)["name"], "필름 수집가 <b>", "it shows on the next request");
        let page = browser.get("/profile").await;
        assert!(page.body.contains("필름 수집가 &#60;b&#62;") && !page.body.contains("수집가 <b>"));
        browser.log_in(people::ORDINARY).await;
        assert_eq!(json(&browser.me().await)["name"], "필름 수집가 <b>", "C22: a chosen name survives a login");
        browser.post("/profile", &[("display_name", "")]).await;
        assert_eq!(json(&browser.me().await)["name"], given.as_str());
        app.inspect().execute("update users set name = 'old'");
        browser.log_in(people::ORDINARY).await;
        assert_eq!(json(&browser.me().await)["name"], given.as_str());
        assert_eq!(browser.post("/profile", &[("display_name", &"가".repeat(41))]).await.status, 422);
        assert_eq!(browser.post("/profile", &[]).await.status, 400);
    }

    async fn a_missing_email_never_erases_a_stored_one(app: TestApp) {
        let mut browser = app.logged_in(people::NO_EMAIL).await;
        app.inspect().execute("update identities set email = 'kept@example.com', email_key = 'kept@example.com', email_verified = true");
        browser.log_in(people::NO_EMAIL).await;
        assert_eq!(json(&browser.me().await)["email"], "kept@example.com");
    }

    async fn every_login_leaves_its_line_in_the_history(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        browser.log_in(people::ORDINARY).await;
        browser.post("/logout", &[]).await;
        let mut lines = app.inspect().lines("select action as s from audit_events order by happened_at, id");
        lines.retain(|line| line != "session.replaced");
        assert_eq!(lines, ["login.created", "login.ok", "logout"]);
        assert_eq!(app.inspect().number("select count(*) as n from audit_events where request_id = ''"), 0);
    }

    async fn sign_up_can_be_closed_and_known_people_still_come_in(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        let mut config = app.config.clone();
        config.signup.mode = fiiiiilm::config::SignupMode::Closed;
        let closed = fiiiiilm::server::Running::start(config, app.clock.clone()).await.unwrap();
        let mut known = app.browser();
        known.at(closed.address);
        assert_eq!(known.log_in(people::ORDINARY).await.status, 303);
        let mut stranger = app.browser();
        stranger.at(closed.address);
        let refused = stranger.log_in(people::NO_EMAIL).await;
        assert_eq!(refused.status, 403, "{}", refused.body);
        assert_eq!(stranger.me().await.status, 401);
        assert_eq!(app.inspect().number("select count(*) as n from users"), 1);
        closed.stop(Some(std::time::Duration::ZERO)).await;
    }

    async fn c19_a_banned_person_is_refused_and_their_tokens_end(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        app.inspect().execute("update users set standing = 'banned', version = version + 1");
        let refused = app.browser().log_in(people::ORDINARY).await;
        assert_eq!(refused.status, 403, "{}", refused.body);
        app.running.app().changes.mark_all();
        assert_eq!(browser.me().await.status, 401);
        assert_eq!(browser.get("/profile").await.status, 303);
    }

    async fn h_wrong_realm_signs_nobody_in(app: TestApp) {
        app.logged_in(people::ORDINARY).await;
        app.inspect().execute("update installation set value = '999' where name = 'realm:kakao'");
        let refused = app.browser().log_in(people::ORDINARY).await;
        assert_eq!(refused.status, 502, "{}", refused.body);
        assert_eq!(refused.cookie("__Host-access"), None);
    }
}
