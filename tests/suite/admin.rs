//! The admin's list.

use fiiiiilm::seed;
use jiff::tz::TimeZone;

use crate::kit::{TestApp, people};

fn rows(body: &str) -> usize {
    body.matches("class=\"cell-id\"").count()
}

fn link(body: &str, rel: &str) -> Option<String> {
    let tag = body.split("<a ").find(|tag| tag.contains(&format!("rel=\"{rel}\"")))?;
    Some(tag.split("href=\"").nth(1)?.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
}

on_both! {
    async fn l01_the_list_is_for_admins(app: TestApp) {
        for path in ["/admin", "/admin/users"] {
            assert_eq!(app.browser().get(path).await.status, 303, "{path}");
            assert_eq!(app.logged_in(people::ORDINARY).await.get(path).await.status, 403, "{path}");
        }
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(admin.get("/admin").await.status, 200);
        assert_eq!(rows(&admin.get("/admin/users").await.body), 2);
    }

    async fn l04_no_spelling_of_the_path_gets_past_the_guard(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        for path in ["/admin/", "//admin", "/ADMIN", "/%61dmin/users", "/admin%2fusers", "/admin;x", "/admin/users/", "/admin%00"] {
            let answer = user.get_with(path, &[("X-Original-URL", "/admin/users"), ("X-Rewrite-URL", "/admin/users")]).await;
            assert!([400, 403, 404].contains(&answer.status), "{path}: {}", answer.status);
        }
    }

    async fn paging_walks_every_user_once_in_both_directions(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let plan = seed::Plan { users: 130, seed: 7 };
        seed::run(app.inspect().conn(), &plan, &TimeZone::UTC, app.clock.now(), &mut |_| {}).unwrap();
        let mut path = "/admin/users".to_owned();
        let (mut sizes, mut pages) = (Vec::new(), Vec::new());
        loop {
            let page = admin.get(&path).await;
            assert_eq!(page.status, 200);
            sizes.push(rows(&page.body));
            pages.push(page.body.clone());
            match link(&page.body, "next") {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!(sizes, [50, 50, 31]);
        let back = admin.get(&link(&pages[2], "prev").unwrap()).await;
        let ids = |body: &str| body.split("class=\"cell-id\" title=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(ids(&back.body), ids(&pages[1]));
        let first = admin.get(&link(&back.body, "prev").unwrap()).await;
        assert_eq!(ids(&first.body), ids(&pages[0]));
        assert_eq!(link(&first.body, "prev"), None, "nothing is newer than the newest");
        let all: std::collections::HashSet<String> = pages.iter().flat_map(|page| ids(page)).collect();
        assert_eq!(all.len(), 131);
    }

    async fn a_search_leaves_a_line_for_each_page_and_plain_reading_none(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let plan = seed::Plan { users: 200, seed: 7 };
        seed::run(app.inspect().conn(), &plan, &TimeZone::UTC, app.clock.now(), &mut |_| {}).unwrap();
        let mut searched = 0;
        for first in ["/admin/users", "/admin/users?sort=name", "/admin/users?status=active&sort=last_seen"] {
            let mut page = admin.get(first).await;
            let mut steps = 0;
            while let Some(next) = link(&page.body, "next") {
                page = admin.get(&next).await;
                steps += 1;
            }
            assert!(steps >= 2, "{first}: {steps}");
            page = admin.get(&link(&page.body, "prev").unwrap()).await;
            assert!(page.status == 200 && rows(&page.body) == 50, "{first}");
            searched = steps + 2;
        }
        let lines = app.inspect().lines("select details as s from audit_events where action = 'users.search'");
        assert_eq!(lines, vec!["status sort"; searched]);
    }

    async fn search_finds_by_exact_name_email_id_and_subject(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let me: serde_json::Value = serde_json::from_str(&user.me().await.body).unwrap();
        let mut admin = app.logged_in(people::ADMIN).await;
        let email = me["email"].as_str().unwrap().to_uppercase();
        let subject = format!("kakao:{}", people::ORDINARY);
        for q in [me["name"].as_str().unwrap(), &email, me["id"].as_str().unwrap(), &subject] {
            let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
            let page = admin.get(&format!("/admin/users?q={q}")).await;
            assert_eq!(rows(&page.body), 1, "{q}");
            assert!(page.body.contains(me["id"].as_str().unwrap()), "{q}");
        }
        for q in ["nobody", "kakao:1", "x@example.invalid", "%25", "%27+or+1%3D1--", "a%00"] {
            let page = admin.get(&format!("/admin/users?q={q}")).await;
            assert!(page.status == 400 || rows(&page.body) == 0, "{q}");
        }
    }

    async fn l07_l08_forged_cursors_are_refused(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        for query in ["sort=;drop", "status=nope", "joined_from=1e9", "provider=A%27", "after=1785000000000000", "after=x", "after=1e9", "before=", "after=1&before=2", "after=1&after=2", "after=99999999999999999999", "after=1;drop"] {
            assert_eq!(admin.get(&format!("/admin/users?{query}")).await.status, 400, "{query}");
        }
        assert_eq!(admin.get("/admin/users?limit=1000000&offset=-1").await.status, 200);
    }

    async fn k10_a_hostile_name_is_shown_as_text(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        for name in ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "</title><script>", "' onfocus='x"] {
            assert_eq!(user.post("/profile", &[("display_name", name)]).await.status, 303, "{name}");
            for body in [user.get("/profile").await.body, user.get("/").await.body, admin.get("/admin/users").await.body] {
                assert!(!body.contains("<script>") && !body.contains("<img src=x") && !body.contains("</title><"), "{name}");
            }
        }
    }
}
