//! How what runs beside the requests is doing, as the admin's first page, a person's page and `stats` tell it.

use fiiiiilm::config::DatabaseUrl;
use fiiiiilm::counts;
use fiiiiilm::secret::Secret;
use fiiiiilm::simulator::notices::{Notice, Variation};
use fiiiiilm::simulator::{Place, Trouble};
use fiiiiilm::upkeep;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use crate::kit::{Answer, Backend, Inspect, Operator, TestApp, people};
use crate::leaving::{id_of, link};
use crate::outbox::until;
use crate::webhooks::unlinked_there;

/// The cells of the row of a table whose head is this.
fn cells(page: &Answer, head: &str) -> Vec<String> {
    assert_eq!(page.status, 200, "{}", page.body);
    let row = page.body.split(&format!("<th scope=\"row\">{head}")).nth(1);
    let row = row.unwrap_or_else(|| panic!("no {head}: {}", page.body)).split("</tr>").next().unwrap();
    row.split("<td>").skip(1).map(|cell| cell.split("</td>").next().unwrap().to_owned()).collect()
}

fn tries(app: &TestApp) -> i64 {
    app.inspect().number("select coalesce(max(tries), 0) as n from outbox")
}

on_both! {
    async fn notices_are_counted_by_provider_and_by_why_they_were_refused(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let page = admin.get("/admin").await;
        assert_eq!(cells(&page, "카카오")[2], "아직 없음", "a provider that never told anything is there too");
        assert_eq!(unlinked_there(&app, "3999999999").await.status, 200);
        let path = "/webhooks/kakao/unlink";
        let form = [("app_id", "1"), ("user_id", "1")];
        let stranger = app.browser().send(Method::POST, path, &[("Authorization", "KakaoAK wrong")], Some(&form)).await;
        assert_eq!(stranger.status, 401);
        assert_eq!(app.browser().send(Method::PUT, path, &[], None).await.status, 405, "no notice at all");
        let forged = app.simulator.state().notice(Notice::KakaoEvent("user-unlinked"), "3999999999", Variation::WrongKey).unwrap();
        assert_eq!(app.browser().deliver(&forged).await.status, 400);
        app.browser().send(Method::POST, "/webhooks/apple/events", &[], None).await;
        app.clock.advance(counts::LAG + Duration::seconds(1));
        let second = app.second().await;
        futures_util::future::join(upkeep::count(app.running.app()), upkeep::count(second.app())).await;
        upkeep::count(app.running.app()).await;
        let page = admin.get("/admin").await;
        let kakao = cells(&page, "카카오<span class=\"small reason\">");
        assert_eq!((kakao[0].as_str(), kakao[1].as_str()), ("1", "2"), "{kakao:?}");
        assert!(kakao[2].contains("<time "), "{kakao:?}");
        assert!(page.body.contains("어드민 키나 앱 ID가 다름 1") && page.body.contains("서명이 맞지 않음 1"), "{}", page.body);
        assert!(!page.body.contains("Apple"), "whoever is not in use is not told of");
        // Told by whoever counts next, once.
        assert_eq!(unlinked_there(&app, "3999999999").await.status, 200);
        upkeep::count(app.running.app()).await;
        assert_eq!(cells(&admin.get("/admin").await, "카카오<span")[0], "2");
        let mut inspect = app.inspect();
        assert_eq!(inspect.number("select count(*) as n from daily_notices"), 3, "a few rows, however many come");
        second.stop(Some(std::time::Duration::ZERO)).await;
    }

    async fn notices_that_could_not_be_written_down_are_counted_later(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(unlinked_there(&app, "3999999999").await.status, 200);
        app.inspect().execute("alter table daily_notices rename to elsewhere");
        upkeep::count(app.running.app()).await;
        app.inspect().execute("alter table elsewhere rename to daily_notices");
        upkeep::count(app.running.app()).await;
        assert_eq!(cells(&admin.get("/admin").await, "카카오")[0], "1");
    }

    async fn the_outbox_tells_what_waits_what_fails_and_what_was_given_up(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(cells(&admin.get("/admin").await, "가장 오래 기다린 알림")[0], "–");
        app.simulator.state().set_trouble(Place::Revoke, Some(Trouble::Kapi(-401)));
        let mut leaver = app.logged_in(people::ORDINARY).await;
        assert_eq!(leaver.post("/profile/delete", &[]).await.status, 200);
        until("a first try", || tries(&app) == 1).await;
        let numbers = |page: &Answer| {
            ["기다리는 중", "실패해서 다시 해 보는 중", "최근 7일 동안 그만둠"].map(|head| cells(page, head)[0].clone())
        };
        let page = admin.get("/admin").await;
        assert_eq!(numbers(&page), ["1", "1", "0"]);
        assert!(cells(&page, "가장 오래 기다린 알림")[0].contains("<time "));
        app.clock.advance(Duration::days(8));
        until("given up", || app.inspect().number("select count(*) as n from outbox where state = 'given_up'") == 1).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(numbers(&admin.get("/admin").await), ["0", "0", "1"]);
        app.clock.advance(Duration::days(8));
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(numbers(&admin.get("/admin").await), ["0", "0", "0"], "a week later it is no news");
    }

    async fn a_persons_page_tells_which_providers_are_still_to_be_told(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut user = app.logged_in(people::ORDINARY).await;
        let id = id_of(&mut user).await;
        let page = format!("/admin/users/{id}");
        assert!(admin.get(&page).await.body.contains("알릴 것이 없어요"));
        app.simulator.state().set_trouble(Place::Revoke, Some(Trouble::Status(503)));
        link(&app, &id, "naver", "n1");
        let kakao = app.inspect().lines("select id as s from identities where provider = 'kakao' and subject = '3900000101'");
        let gone = user.post(&format!("/profile/identities/{}/unlink", kakao[0]), &[]).await;
        assert!(gone.status < 400, "{}", gone.body);
        until("a first try", || tries(&app) == 1).await;
        let shown = admin.get(&page).await;
        let card = shown.body.split("id=\"unlinks\"").nth(1).unwrap().split("</section>").next().unwrap();
        for words in ["카카오", "기다리는 중", "http-503", "<time "] {
            assert!(card.contains(words), "{words}: {card}");
        }
        assert!(!card.contains(people::ORDINARY), "whom it is about at the provider is sealed");
        app.simulator.state().set_trouble(Place::Revoke, None);
        app.clock.advance(Duration::minutes(2));
        until("told", || app.inspect().number("select count(*) as n from outbox where state = 'done'") == 1).await;
        assert!(admin.get(&page).await.body.split("id=\"unlinks\"").nth(1).unwrap().contains("tag-good"));
    }
}

/// Three errands and two providers, straight in the database.
fn lay_out(operator: &Operator) {
    let url = operator.env.iter().find(|(name, _)| name == "DATABASE_URL").map(|(_, url)| url.as_str());
    let file = operator.folder.path().join("data/fiiiiilm.db");
    let mut inspect =
        Inspect::open(&url.map_or(DatabaseUrl::Sqlite(file), |url| DatabaseUrl::Postgres(Secret::new(url.to_owned()))));
    for (id, state, tries, ended) in
        [("a", "waiting", 0, "null"), ("b", "waiting", 2, "null"), ("c", "given_up", 9, "now")]
    {
        let ended = if ended == "now" { "current_timestamp" } else { ended };
        inspect.execute(&format!(
            "insert into outbox (id, kind, topic, user_id, state, tries, due_at, created_at, give_up_at, ended_at) values \
             ('{id}', 'unlink', 'kakao', 'u', '{state}', {tries}, '2999-01-01 00:00:00', '2026-11-20 01:02:03', \
             '2999-01-01 00:00:00', {ended})"
        ));
    }
    for (provider, refusal, number) in [("kakao", "", 7), ("kakao", "invalid_key", 2), ("naver", "webhook_key", 3)] {
        inspect.execute(&format!(
            "insert into daily_notices (day, provider, refusal, number, last_at) values \
             ('2999-01-01', '{provider}', '{refusal}', {number}, '2026-11-20 04:05:06')"
        ));
    }
}

fn told_by_stats(backend: Backend) {
    let operator = Operator::new(backend);
    operator.says(&["migrate"]);
    let empty: Value = serde_json::from_str(&operator.says(&["stats", "--json"])).unwrap();
    // A provider that could send notices and has not is told of.
    let silent = json!([{"provider": "kakao", "received": 0, "refused_by_reason": {}, "last_received_at": null}]);
    assert_eq!((&empty["outbox"]["oldest_waiting_since"], &empty["notices"]), (&Value::Null, &silent));
    lay_out(&operator);
    let stats: Value = serde_json::from_str(&operator.says(&["stats", "--json"])).unwrap();
    let outbox = json!({
        "waiting": 2, "retrying": 1, "given_up_in_7_days": 1, "there_are_more": [],
        "oldest_waiting_since": "2026-11-20T01:02:03Z",
    });
    assert_eq!(stats["outbox"], outbox);
    let kakao = json!({
        "provider": "kakao", "received": 7, "refused_by_reason": {"invalid_key": 2},
        "last_received_at": "2026-11-20T04:05:06Z",
    });
    assert_eq!(stats["notices"][0], kakao);
    assert_eq!((&stats["notices"][1]["received"], &stats["notices"][1]["last_received_at"]), (&json!(0), &Value::Null));
    let table = operator.says(&["stats"]);
    for words in ["outbox, waiting", "notices from", "invalid_key 2", "webhook_key 3"] {
        assert!(table.contains(words), "{words}: {table}");
    }
}

#[test]
fn stats_tells_how_both_are_doing_sqlite() {
    told_by_stats(Backend::Sqlite);
}

#[test]
fn stats_tells_how_both_are_doing_postgres() {
    told_by_stats(Backend::Postgres);
}
