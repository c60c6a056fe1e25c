//! The dashboard's numbers.

use fiiiiilm::counts;
use fiiiiilm::server::Running;
use fiiiiilm::upkeep;
use time::Duration;

use crate::kit::{Answer, TestApp, people};

/// The numbers of a day's row: logins, sign-ups, failures.
fn row(page: &Answer, day: &str) -> Vec<i64> {
    assert_eq!(page.status, 200, "{}", page.body);
    let row = page
        .body
        .split(&format!("<th scope=\"row\">{day}</th>"))
        .nth(1)
        .unwrap_or_else(|| panic!("no {day}: {}", page.body));
    let cells = row.split("</tr>").next().unwrap().split("<td>").skip(1);
    cells.map(|cell| cell.split('<').next().unwrap().replace(',', "").parse().unwrap()).collect()
}

/// The tiles in their order: today's logins, sign-ups, failures, and devices in use.
fn tiles(page: &Answer) -> Vec<String> {
    let tiles = page.body.split("<dl class=\"tiles\">").nth(1).unwrap().split("</dl>").next().unwrap();
    tiles.split("<dd>").skip(1).map(|tile| tile.split('<').next().unwrap().to_owned()).collect()
}

fn today(app: &TestApp) -> String {
    counts::day_of(&app.running.app().site.time_zone, app.clock.now())
}

async fn count(app: &TestApp) {
    app.clock.advance(counts::LAG + Duration::seconds(1));
    upkeep::count(app.running.app()).await;
}

async fn stop(running: Running) {
    running.stop(Some(std::time::Duration::ZERO)).await;
}

on_both! {
    async fn what_happens_is_counted_once_whoever_counts(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut user = app.logged_in(people::ORDINARY).await;
        user.log_in(people::ORDINARY).await;
        let mut other = app.browser();
        let authorize = other.get("/login/kakao").await.location().to_owned();
        let cancelled = other.consent(&authorize, people::NO_EMAIL, "cancel").await;
        assert_eq!(other.get(&cancelled).await.status, 200);
        other.get(&cancelled).await;
        other.get("/login/kakao/callback?code=a&state=forged").await;
        let day = today(&app);
        assert_eq!(row(&admin.get("/admin").await, &day), [0, 0, 0], "not yet");
        count(&app).await;
        upkeep::count(app.running.app()).await;
        let second = app.second().await;
        let (here, there) = (upkeep::count(app.running.app()), upkeep::count(second.app()));
        futures_util::future::join(here, there).await;
        let page = admin.get("/admin").await;
        assert_eq!(row(&page, &today(&app)), [3, 2, 2], "three logins of two new people; cancelled once, whoever reloads, and forged once");
        assert!(page.body.contains("로그인을 취소했어요") && page.body.contains("카카오"));
        user.log_in(people::ORDINARY).await;
        count(&app).await;
        assert_eq!(row(&admin.get("/admin").await, &today(&app)), [4, 2, 2]);
        stop(second).await;
        let total = app.inspect().number("select count(*) as n from daily_counts");
        assert!(total <= 4, "a few rows, however much happens: {total}");
    }

    async fn devices_in_use_are_those_of_the_last_minutes(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let _user = app.logged_in(people::ORDINARY).await;
        assert_eq!(tiles(&admin.get("/admin").await)[3], "2", "this process knows at once");
        let second = app.second().await;
        let mut visitor = app.browser();
        visitor.at(second.address);
        visitor.log_in(people::NO_EMAIL).await;
        upkeep::count(second.app()).await;
        assert_eq!(tiles(&admin.get("/admin").await)[3], "3", "of all processes");
        stop(second).await;
        app.clock.advance(Duration::minutes(6));
        admin.get("/profile").await;
        upkeep::count(app.running.app()).await;
        assert_eq!(tiles(&admin.get("/admin").await)[3], "1", "the others have gone quiet, and so has the other process");
        upkeep::sweep_once(app.running.app()).await.unwrap();
        app.clock.advance(Duration::minutes(11));
        upkeep::sweep_once(app.running.app()).await.unwrap();
        assert_eq!(app.inspect().number("select count(*) as n from active_devices"), 0);
    }

    async fn a_day_is_a_day_where_the_site_is_and_ninety_are_shown(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let (before, first) = (today(&app), app.clock.now());
        count(&app).await;
        app.clock.advance(Duration::days(1));
        admin.log_in(people::ADMIN).await;
        count(&app).await;
        let page = admin.get("/admin").await;
        assert_eq!((row(&page, &before)[0], row(&page, &today(&app))[0]), (1, 1));
        assert_eq!(page.body.matches("<th scope=\"row\">20").count(), 90);
        let seoul = first.assume_utc() + Duration::hours(9);
        assert_eq!(before, seoul.date().to_string());
        app.clock.advance(Duration::days(90));
        admin.log_in(people::ADMIN).await;
        let page = admin.get("/admin").await;
        assert!(!page.body.contains(&format!(">{before}<")), "ninety days and no more");
    }

    async fn what_could_not_be_written_down_is_counted_later(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        admin.get("/login/kakao/callback?code=a&state=forged").await;
        app.inspect().execute("alter table daily_counts rename to elsewhere");
        upkeep::count(app.running.app()).await;
        app.inspect().execute("alter table elsewhere rename to daily_counts");
        count(&app).await;
        assert_eq!(row(&admin.get("/admin").await, &today(&app)), [1, 1, 1]);
    }
}
