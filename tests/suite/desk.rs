//! One user, and what an admin can do to them.

use crate::kit::{Answer, Browser, TestApp, people};

async fn id_of(browser: &mut Browser) -> String {
    let me: serde_json::Value = serde_json::from_str(&browser.me().await.body).unwrap();
    me["id"].as_str().unwrap().to_owned()
}

async fn act(admin: &mut Browser, id: &str, act: &str, form: &[(&str, &str)]) -> Answer {
    admin.post(&format!("/admin/users/{id}/{act}"), form).await
}

/// The lines of the history about somebody, oldest first: what, by whom, whether the place and the request are known.
fn lines(app: &TestApp, id: &str) -> Vec<String> {
    app.inspect().lines(&format!(
        "select action || ' ' || actor || ' ' || (case when address <> '' and request_id <> '' then 'whence' else '-' end) as s \
         from audit_events where user_id = '{id}' order by id"
    ))
}

on_both! {
    async fn l05_each_act_asks_first_and_leaves_a_line_with_actor_target_time_place_and_request(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let (id, by) = (id_of(&mut user).await, id_of(&mut admin).await);
        let page = admin.get(&format!("/admin/users/{id}")).await;
        assert_eq!(page.status, 200);
        for shown in ["role", "end-sessions", "ban", "delete"] {
            assert!(page.body.contains(&format!("/admin/users/{id}/{shown}\"")), "{shown}: {}", page.body);
        }
        assert!(!page.body.contains(&format!("/admin/users/{id}/unban")), "nobody is banned");
        for (what, form, line) in [
            ("role", vec![("role", "admin")], "role.change"),
            ("role", vec![("role", "user")], "role.change"),
            ("end-sessions", vec![], "sessions.ended"),
            ("ban", vec![("reason", "광고")], "user.ban"),
            ("unban", vec![], "user.unban"),
        ] {
            if what == "end-sessions" {
                user.log_in(people::ORDINARY).await;
            }
            let asked = admin.get(&format!("/admin/users/{id}/{what}")).await;
            assert_eq!(asked.status, 200, "{what}");
            let (cancel, button) = (asked.body.find(&format!("href=\"/admin/users/{id}\"")), asked.body.rfind("<button"));
            assert!(cancel.unwrap() < button.unwrap(), "{what}: the way out comes first");
            let done = act(&mut admin, &id, what, &form).await;
            assert_eq!(done.location(), format!("/admin/users/{id}?done={what}"));
            assert_eq!(lines(&app, &id).last().unwrap(), &format!("{line} {by} whence"), "{what}");
            let again = act(&mut admin, &id, what, &form).await;
            assert_eq!(again.location(), format!("/admin/users/{id}?done=already"), "{what} twice");
        }
        let read = app.inspect().number(&format!("select count(*) as n from audit_events where action = 'user.read' and user_id = '{id}' and actor = '{by}'"));
        assert_eq!(read, 1, "who looked at whom");
    }

    async fn c19_a_banned_person_is_told_why_and_gets_nothing(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let id = id_of(&mut user).await;
        assert_eq!(act(&mut admin, &id, "ban", &[("reason", " 광고 글 <b>여러 번</b> ")]).await.status, 303);
        assert_eq!(user.me().await.status, 401);
        assert_eq!(user.get("/profile").await.status, 303);
        let told = user.log_in(people::ORDINARY).await;
        assert_eq!(told.status, 403);
        assert!(told.body.contains("광고 글") && !told.body.contains("<b>여러"), "{}", told.body);
        assert!(told.cookie("__Host-access").is_none());
        assert_eq!(app.inspect().rows().2, 1, "only the admin's session lives");
        assert!(admin.get(&format!("/admin/users/{id}")).await.body.contains("광고 글"));
        let history = app.inspect().lines("select details as s from audit_events");
        assert!(history.iter().all(|line| !line.contains("광고")), "a reason may be about a person: {history:?}");
        act(&mut admin, &id, "unban", &[]).await;
        assert_eq!(user.log_in(people::ORDINARY).await.status, 303);
        assert_eq!(app.inspect().number("select count(*) as n from users where standing_reason is not null"), 0);
        let long = "가".repeat(301);
        let refused = act(&mut admin, &id, "ban", &[("reason", &long)]).await;
        assert!(refused.status == 422 && refused.field("reason") == long, "what was typed stays");
        assert_eq!(user.me().await.status, 200);
        act(&mut admin, &id, "ban", &[("reason", "  ")]).await;
        let told = user.log_in(people::ORDINARY).await;
        assert!(told.status == 403 && !told.body.contains("notice"), "no reason, no words about one");
    }

    async fn c19_whoever_repeats_the_callback_is_told_the_same_reason(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let id = id_of(&mut user).await;
        act(&mut admin, &id, "ban", &[("reason", "광고 글")]).await;
        let callback = user.until_callback("/login/kakao", people::ORDINARY).await;
        assert!(user.get(&callback).await.body.contains("광고 글"));
        let second = app.second().await;
        user.at(second.address);
        let again = user.get(&callback).await;
        assert!(again.status == 403 && again.body.contains("광고 글"), "{}", again.body);
        second.stop(Some(std::time::Duration::ZERO)).await;
    }

    async fn l06_the_last_admin_stays_and_nobody_acts_on_themselves(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut other = app.logged_in(people::ORDINARY).await;
        let (own, id) = (id_of(&mut admin).await, id_of(&mut other).await);
        for (what, form) in [("ban", vec![]), ("delete", vec![("confirm", "x")]), ("role", vec![("role", "user")]), ("end-sessions", vec![])] {
            let asked = admin.get(&format!("/admin/users/{own}/{what}")).await;
            let done = act(&mut admin, &own, what, &form).await;
            for refused in [asked, done] {
                assert_eq!(refused.status, 409, "{what}");
                assert!(refused.body.contains("<code>yourself</code>") && refused.body.contains("자기 계정"), "{}", refused.body);
            }
        }
        act(&mut admin, &id, "role", &[("role", "admin")]).await;
        assert_eq!(act(&mut other, &own, "ban", &[]).await.status, 303, "one of two may go");
        assert_eq!(admin.get("/admin/users").await.status, 303, "at once");
        let name = app.inspect().lines(&format!("select name as s from users where id = '{id}'")).remove(0);
        let mut third = app.logged_in(people::NO_EMAIL).await;
        let third_id = id_of(&mut third).await;
        act(&mut other, &third_id, "role", &[("role", "admin")]).await;
        act(&mut third, &id, "role", &[("role", "user")]).await;
        assert_eq!(other.get("/admin/users").await.status, 403);
        // The one who is left is the last; somebody who was an admin a moment ago cannot take them away, nor can they.
        app.inspect().execute(&format!("update users set role = 'admin', version = version + 1, standing = 'banned' where id = '{id}'"));
        assert_eq!(act(&mut third, &third_id, "delete", &[("confirm", &name)]).await.status, 409);
        assert_eq!(app.inspect().number("select count(*) as n from users where role = 'admin' and standing = 'active'"), 1);
    }

    async fn l06_a_banned_admin_is_not_the_last_one_and_does_not_come_back_as_one(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut other = app.logged_in(people::ORDINARY).await;
        let id = id_of(&mut other).await;
        act(&mut admin, &id, "role", &[("role", "admin")]).await;
        act(&mut admin, &id, "ban", &[]).await;
        let way = format!("/admin/users/{id}/role\"");
        assert!(admin.get(&format!("/admin/users/{id}")).await.body.contains(&way));
        assert_eq!(admin.get(&format!("/admin/users/{id}/role")).await.field("role"), "user");
        let done = act(&mut admin, &id, "role", &[("role", "user")]).await;
        assert_eq!(done.location(), format!("/admin/users/{id}?done=role"), "one admin who may come in is left");
        assert!(!admin.get(&format!("/admin/users/{id}")).await.body.contains(&way), "nobody banned is offered it");
        act(&mut admin, &id, "unban", &[]).await;
        other.log_in(people::ORDINARY).await;
        assert_eq!(other.get("/admin/users").await.status, 403);
        assert_eq!(admin.get("/admin/users").await.status, 200);
    }

    async fn l06_two_admins_who_demote_each_other_at_once_leave_one(app: TestApp) {
        let mut one = app.logged_in(people::ADMIN).await;
        let mut two = app.logged_in(people::ORDINARY).await;
        let (first, second) = (id_of(&mut one).await, id_of(&mut two).await);
        for _ in 0..5 {
            app.inspect().execute("update users set role = 'admin', version = version + 1");
            one.log_in(people::ADMIN).await;
            two.log_in(people::ORDINARY).await;
            let form = [("role", "user")];
            let both = futures_util::future::join(act(&mut one, &second, "role", &form), act(&mut two, &first, "role", &form)).await;
            // The slower one is no admin any more when its request is judged, is logged out by then, or meets the last one.
            let done = |answer: &Answer| answer.status == 303 && answer.location().ends_with("?done=role");
            assert!(done(&both.0) != done(&both.1), "{} {}", both.0.status, both.1.status);
            assert_eq!(app.inspect().number("select count(*) as n from users where role = 'admin'"), 1);
        }
    }

    async fn a_deletion_wants_the_name_typed_and_leaves_nothing_but_a_number(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let id = id_of(&mut user).await;
        let name = app.inspect().lines(&format!("select name as s from users where id = '{id}'")).remove(0);
        for typed in ["", "x", &id] {
            let refused = act(&mut admin, &id, "delete", &[("confirm", typed)]).await;
            assert_eq!(refused.status, 422, "{typed}");
        }
        assert_eq!(user.me().await.status, 200);
        let done = act(&mut admin, &id, "delete", &[("confirm", &format!(" {name} "))]).await;
        assert!(admin.get(done.location()).await.body.contains("계정을 삭제했어요"), "{}", done.body);
        assert_eq!(user.me().await.status, 401);
        for table in ["users where id", "identities where user_id", "sessions where user_id"] {
            assert_eq!(app.inspect().number(&format!("select count(*) as n from {table} = '{id}'")), 0, "{table}");
        }
        assert!(lines(&app, &id).last().unwrap().starts_with("user.delete "));
        assert_eq!(admin.get(&format!("/admin/users/{id}")).await.status, 404);
        let history = admin.get(&format!("/admin/audit?q={id}")).await;
        assert!(history.status == 200 && history.body.contains(&id) && !history.body.contains(&name), "{}", history.body);
    }

    async fn l05_what_cannot_be_taken_back_wants_a_fresh_login_and_the_way_back_shows_its_form(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let admin = app.logged_in(people::ADMIN).await;
        let id = id_of(&mut user).await;
        app.inspect().execute("update sessions set auth_time = '2026-01-01 00:00:00'");
        let mut admin = admin.twin();
        // What this process remembers of the session is older than the change.
        app.running.app().changes.mark_all();
        for what in ["ban", "role", "end-sessions", "delete"] {
            let path = format!("/admin/users/{id}/{what}");
            let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            let asked = admin.get(&path).await;
            assert_eq!(asked.location(), format!("/login/again?next={next}"));
            let done = act(&mut admin, &id, what, &[("role", "admin"), ("confirm", "x")]).await;
            assert!(done.status == 200 && done.body.contains("/login/again?next="), "{what}: {} {}", done.status, done.body);
        }
        assert_eq!(admin.get(&format!("/admin/users/{id}")).await.status, 200, "reading does not");
        assert_eq!(app.inspect().number(&format!("select count(*) as n from users where id = '{id}' and standing = 'active' and role = 'user'")), 1);
        assert_eq!(user.me().await.status, 200);
    }

    async fn l02_an_id_nobody_has_and_no_id_at_all_are_not_found_alike(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        for id in ["0198c7a0-0000-7000-8000-000000000000", "x", "1", "%27", "0198C7A0-0000-7000-8000-000000000000"] {
            for act in ["", "/ban", "/unban", "/approve", "/role", "/end-sessions", "/delete"] {
                let path = format!("/admin/users/{id}{act}");
                assert_eq!(admin.get(&path).await.status, 404, "{path}");
                if !act.is_empty() {
                    assert_eq!(admin.post(&path, &[("role", "admin")]).await.status, 404, "{path}");
                }
            }
            assert_eq!(admin.get(&format!("/admin/users/{id}/nothing")).await.status, 404);
        }
    }
}
