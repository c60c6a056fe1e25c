//! The history as admins read it.

use diesel::connection::SimpleConnection as _;
use fiiiiilm::upkeep;
use time::Duration;

use crate::kit::{Answer, Browser, TestApp, people};

async fn id_of(browser: &mut Browser) -> String {
    let me: serde_json::Value = serde_json::from_str(&browser.me().await.body).unwrap();
    me["id"].as_str().unwrap().to_owned()
}

/// How many lines a page shows.
fn shown(answer: &Answer) -> usize {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body.split("<tbody").nth(1).map_or(0, |body| body.matches("<tr role=\"row\">").count())
}

fn older(answer: &Answer) -> Option<String> {
    let tag = answer.body.split("<a ").find(|tag| tag.contains("rel=\"next\""))?;
    Some(tag.split("href=\"").nth(1)?.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
}

/// Lines of long ago, as many as wanted: every second by the program, the others by `actor`, one in a thousand a ban.
fn fill(app: &TestApp, count: u32, actor: &str) {
    let mut rows = Vec::new();
    for number in 0..count {
        let id = format!("{:08x}-0000-7000-8000-{number:012x}", 0x0190_0000 + number);
        let by = if number % 2 == 0 { "system" } else { actor };
        let action = if number % 1_000 == 1 { "user.ban" } else { "login.refused" };
        rows.push(format!("('{id}', '2026-01-01 00:00:00', '{action}', '{by}', null, 'banned', '', '')"));
    }
    for part in rows.chunks(5_000) {
        let values = part.join(", ");
        let insert = format!(
            "insert into audit_events (id, happened_at, action, actor, user_id, details, request_id, address) values {values}"
        );
        app.inspect().conn().batch_execute(&insert).unwrap();
    }
}

on_both! {
    async fn filters_find_what_they_say_and_nothing_else(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let (id, own) = (id_of(&mut user).await, id_of(&mut admin).await);
        admin.post(&format!("/admin/users/{id}/ban"), &[]).await;
        let refused = user.log_in(people::ORDINARY).await;
        let request = refused.header("x-request-id").unwrap().to_owned();
        for (query, lines) in [
            (format!("q={id}"), 3),
            (format!("q=kakao%3A{}", people::ORDINARY), 3),
            (format!("q={id}&action=user.ban"), 1),
            (format!("q={id}&action=user.ban&actor={own}"), 1),
            (format!("q={id}&actor=system"), 1),
            (format!("actor={own}&action=user.ban"), 1),
            (format!("actor=kakao%3A{}&action=user.ban", people::ADMIN), 1),
            ("actor=cli".into(), 0),
            ("action=login.refused".into(), 1),
            (format!("q={request}"), 1),
            ("q=nobody".into(), 0),
            ("actor=nobody".into(), 0),
        ] {
            assert_eq!(shown(&admin.get(&format!("/admin/audit?{query}")).await), lines, "{query}");
        }
        let page = admin.get("/admin/audit?action=user.ban").await;
        assert!(page.body.contains("이용 정지") && page.body.contains("127.0.0.0") && page.body.contains("관리자"), "{}", page.body);
        let read = app.inspect().lines("select details as s from audit_events where action = 'audit.read' order by id");
        assert_eq!(read[0], "q");
        assert!(read.iter().all(|line| !line.contains("kakao")), "{read:?}");
    }

    async fn l07_l08_forged_queries_are_refused(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let long = format!("q={}", "a".repeat(321));
        for query in ["after=x", "after=1%27", "action=drop+table", "action=LOGIN.OK", "q=1&q=2", "q=%00", "actor=%ff", &long] {
            assert_eq!(admin.get(&format!("/admin/audit?{query}")).await.status, 400, "{query}");
        }
        for query in ["q=%27+or+1%3D1--", "actor=%27%3B", "limit=1000000000&offset=-1&sort=x", "q=%25"] {
            assert!(shown(&admin.get(&format!("/admin/audit?{query}")).await) <= 50, "{query}");
        }
    }

    async fn paging_walks_every_line_once_whatever_the_filters(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let own = id_of(&mut admin).await;
        fill(&app, 12_000, &own);
        let mut searched = 0;
        for (query, expected) in [("actor=system&action=login.refused", 6_000), ("action=user.ban", 12), ("", 12_000)] {
            let mut path = format!("/admin/audit?{query}");
            let (mut seen, mut pages) = (0, 0);
            loop {
                let page = admin.get(&path).await;
                seen += shown(&page);
                pages += 1;
                match older(&page) {
                    Some(next) => path = next,
                    None => break,
                }
            }
            // The login wrote lines, and so did each page of a search.
            let own_lines = if query.is_empty() { seen - expected } else { 0 };
            assert!(seen == expected + own_lines && own_lines < 400, "{query}: {seen} in {pages} pages");
            searched += if query.is_empty() { 0 } else { pages };
            let read = "select count(*) as n from audit_events where action = 'audit.read'";
            assert_eq!(app.inspect().number(read), searched, "each page of a search, and none of everything");
        }
        let many = admin.get("/admin/audit").await;
        assert!(many.body.contains("10,000건이 넘어요"), "a count that stops says so");
        // Few of many: the slice ends before the page is full, says so, and goes on.
        let first = admin.get(&format!("/admin/audit?actor={own}&action=user.ban")).await;
        assert!(shown(&first) < 12 && older(&first).is_some(), "{}", first.body);
        assert!(!first.body.contains("12건"), "nobody counted");
    }

    async fn what_is_older_than_the_settings_allow_is_swept(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        assert!(shown(&admin.get("/admin/audit").await) >= 1);
        app.clock.advance(Duration::days(729));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        let kept = app.inspect().number("select count(*) as n from audit_events where action like 'login.%'");
        assert!(kept >= 1, "729 days are not 730");
        app.clock.advance(Duration::days(2));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(app.inspect().number("select count(*) as n from audit_events where action like 'login.%'"), 0);
    }
}
