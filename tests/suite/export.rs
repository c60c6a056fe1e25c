//! The list as a file.

use fiiiiilm::seed;
use jiff::tz::TimeZone;

use crate::kit::{TestApp, people};

const WANTED: &str = "/admin/users.csv?reason=%EC%A0%90%EA%B2%80";

on_both! {
    async fn l05_an_export_asks_for_a_fresh_login_and_a_reason_and_is_written_down(app: TestApp) {
        assert_eq!(app.browser().get(WANTED).await.status, 303);
        assert_eq!(app.logged_in(people::ORDINARY).await.get(WANTED).await.status, 403);
        let mut admin = app.logged_in(people::ADMIN).await;
        for query in ["", "?reason=", "?reason=%20", "?reason=x&sort=;drop", &format!("?reason={}", "a".repeat(301))] {
            assert_eq!(admin.get(&format!("/admin/users.csv{query}")).await.status, 400, "{query}");
        }
        assert_eq!(app.inspect().number("select count(*) as n from audit_events where action = 'users.export'"), 0);
        assert_eq!(admin.get(&format!("{WANTED}&role=admin&q=a%40b.c")).await.status, 200);
        let lines = app.inspect().lines("select details as s from audit_events where action = 'users.export'");
        assert_eq!(lines, ["점검 (q (e-mail) role)"]);
        app.clock.advance(time::Duration::minutes(11));
        let stale = admin.get(WANTED).await;
        assert_eq!(stale.status, 303);
        assert!(stale.location().starts_with("/login/again?next="), "{}", stale.location());
    }

    async fn l09_no_cell_is_a_formula_and_excel_reads_korean(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        for (name, cell) in [
            ("=1+1", "\"'=1+1\""), ("+82", "\"'+82\""), ("-1", "\"'-1\""), ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""), ("홍길동", "홍길동"),
        ] {
            assert_eq!(user.post("/profile", &[("display_name", name)]).await.status, 303, "{name}");
            let mut admin = app.logged_in(people::ADMIN).await;
            let answer = admin.get(&format!("{WANTED}&role=user")).await;
            assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename=\"users-"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
            assert_eq!(answer.header("content-length"), None);
            assert!(answer.body.starts_with("\u{FEFF}ID,사용자,상태,"), "{}", answer.body);
            assert!(answer.body.contains(&format!(",{cell},")), "{name}: {}", answer.body);
            assert!(answer.body.ends_with("\r\n") && answer.body.matches("\r\n").count() == 2, "{}", answer.body);
        }
    }

    async fn the_file_holds_everybody_on_the_list_once(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let plan = seed::Plan { users: 2_300, seed: 3 };
        seed::run(app.inspect().conn(), &plan, &TimeZone::UTC, app.clock.now(), &mut |_| {}).unwrap();
        let ids = |body: &str| body.split("\r\n").skip(1).filter_map(|line| line.split(',').next()).filter(|id| !id.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        for (query, wanted) in [
            ("", "select id as s from users order by seq desc"),
            ("&sort=last_seen", "select id as s from users order by coalesce(last_login_at, created_at) desc, seq desc"),
            ("&status=banned", "select id as s from users where standing = 'banned' order by seq desc"),
            ("&q=%EA%B9%80", "select id as s from users where name like '%김%' order by seq desc"),
            ("&provider=naver&sort=last_seen", "select u.id as s from users u where exists (select 1 from identities i where i.user_id = u.id and i.provider = 'naver') order by coalesce(last_login_at, created_at) desc, seq desc"),
        ] {
            let found = ids(&admin.get(&format!("{WANTED}{query}")).await.body);
            assert!(!found.is_empty());
            assert_eq!(found, app.inspect().lines(wanted), "{query}");
        }
        let mut by_name = ids(&admin.get(&format!("{WANTED}&sort=name")).await.body);
        assert_eq!(by_name.len(), 2_301);
        by_name.sort();
        by_name.dedup();
        assert_eq!(by_name.len(), 2_301);
    }
}
