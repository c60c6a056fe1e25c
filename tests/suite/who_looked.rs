//! L05: who looked at whom, for what and from where is in the history; what they looked for, whoever they are, and what they
//! came in by is not. It is kept as long as the settings say.

use fiiiiilm::upkeep;
use time::Duration;

use crate::kit::{Setting, TestApp, people};

fn thirty_days() -> Vec<Setting> {
    vec![("FIIIIILM_AUDIT__RETENTION_DAYS", "30".into()), ("FIIIIILM_SERVER__TRUSTED_PROXIES", "127.0.0.0/8".into())]
}

/// Everything in every line but the moment.
const ALL: &str = "select action || ' ' || actor || ' ' || coalesce(user_id, '') || ' ' || details || ' ' || request_id || ' ' || address as s from audit_events order by id";

on_both! {
    with thirty_days;
    async fn l05_who_looked_at_whom_is_known_and_nothing_that_is_nobodys_business(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut inspect = app.inspect();
        let mut of = |subject: &str, what: &str| inspect.lines(&format!("select {what} as s from identities i join users u on u.id = i.user_id where i.subject = '{subject}'")).remove(0);
        let (id, by, name, email) = (of(people::ORDINARY, "u.id"), of(people::ADMIN, "u.id"), of(people::ORDINARY, "u.name"), of(people::ORDINARY, "i.email"));
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        for address in ["203.0.113.77", "2001:db8:1:2:3:4:5:6"] {
            let from = [("X-Forwarded-For", address), ("Sec-Fetch-Site", "none"), ("User-Agent", "Agent-Zq9x")];
            for path in [
                format!("/admin/users/{id}"),
                format!("/admin/users?q={}", encoded(&email)),
                format!("/admin/users?q={}&status=active", encoded(&name)),
                format!("/admin/users?q=kakao%3A{}", people::ORDINARY),
                format!("/admin/audit?q={}", encoded(&email)),
                format!("/admin/audit?actor={}&action=user.ban", encoded(&email)),
                format!("/admin/users.csv?q={}&reason=%EC%A0%90%EA%B2%80", encoded(&email)),
            ] {
                assert_eq!(admin.get_with(&path, &from).await.status, 200, "{path}");
            }
        }
        let lines = app.inspect().lines(ALL);
        let looked: Vec<Vec<&str>> = lines.iter().map(|line| line.split(' ').collect()).filter(|line: &Vec<&str>| ["user.read", "users.search", "users.export", "audit.read"].contains(&line[0])).collect();
        assert_eq!(looked.len(), 14, "{lines:#?}");
        for line in &looked {
            assert_eq!(line[1], by, "by whom: {line:?}");
            assert_eq!(line[2] == id, line[0] == "user.read", "at whom: {line:?}");
            let (request, address) = (line[line.len() - 2], line[line.len() - 1]);
            assert!(request.len() == 16 && ["203.0.113.0", "2001:db8:1::"].contains(&address), "by which request, from where: {line:?}");
        }
        let details = |action: &str| app.inspect().lines(&format!("select details as s from audit_events where action = '{action}' order by id"));
        assert_eq!(details("users.search")[..3], ["q (e-mail)", "q (words) status", "q (identity)"]);
        assert_eq!(details("audit.read")[..2], ["q", "action actor"]);
        assert_eq!(details("users.export")[0], "점검 (q (e-mail))");

        let mut secrets = vec![name, email, "203.0.113.77".into(), "3:4:5:6".into(), "1:2:".into(), "Agent-Zq9x".into(), people::ORDINARY.into()];
        for browser in [&mut user, &mut admin] {
            for cookie in ["access", "refresh", "flow"] {
                let token = browser.cookie(cookie).unwrap_or_default();
                secrets.extend(token.split('.').filter(|part| part.len() > 8).map(str::to_owned));
            }
        }
        assert!(secrets.len() > 12);
        for line in &lines {
            for secret in &secrets {
                assert!(!line.contains(secret.as_str()), "{line} has {secret}");
            }
        }
        let shown = admin.get(&format!("/admin/audit?q={id}&action=user.read")).await;
        assert!(shown.body.contains("203.0.113.0") && !shown.body.contains("203.0.113.77"), "{}", shown.body);
    }

    async fn l05_the_history_is_kept_as_long_as_the_settings_say(app: TestApp) {
        app.logged_in(people::ADMIN).await;
        let logins = || app.inspect().number("select count(*) as n from audit_events where action like 'login.%'");
        app.clock.advance(Duration::days(29));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert!(logins() > 0, "29 days are not 30");
        app.clock.advance(Duration::days(2));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(logins(), 0);
    }
}
