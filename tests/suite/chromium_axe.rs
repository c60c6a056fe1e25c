//! axe-core finds nothing on the admin's pages, in both looks and both languages, wide and on a phone.

use fiiiiilm::counts;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::kit::chromium::{Chromium, Demo, chromium, demo};
use crate::verifiers;

/// Three months of numbers, so that the plots have something to show.
fn numbers(demo: &Demo) {
    let seoul = TimeZone::get("Asia/Seoul").unwrap();
    let days = counts::last_days(&seoul, fiiiiilm::clock::Clock::system().now(), 90);
    let mut rows = Vec::new();
    for (number, day) in days.iter().enumerate() {
        let wave = 40 + (number * 37) % 23 + number;
        rows.push(format!("('{day}', 'login', 'kakao', '', {})", wave * 12));
        rows.push(format!("('{day}', 'sign_up', 'kakao', '', {})", wave / 3));
        rows.push(format!("('{day}', 'failure', 'kakao', 'cancelled', {})", wave / 5));
        rows.push(format!("('{day}', 'failure', 'kakao', 'try_later', {})", number % 7));
    }
    demo.inspect().execute(&format!(
        "insert into daily_counts (day, kind, provider, reason, number) values {} \
         on conflict (day, kind, provider, reason) do update set number = excluded.number",
        rows.join(", ")
    ));
}

async fn choose(browser: &Chromium, name: &str, value: &str) {
    let script = "const f = document.createElement('form'); f.method = 'post'; f.action = '/preferences'; \
        for (const [n, v] of [[arguments[0], arguments[1]], ['next', '/admin']]) { \
            const i = document.createElement('input'); i.name = n; i.value = v; f.append(i); } \
        document.body.append(f); f.submit();";
    browser.page.execute(script, vec![json!(name), json!(value)]).await.unwrap();
    browser.at("/admin").await;
}

async fn complaints(browser: &Chromium, axe: &str) -> Vec<String> {
    browser.page.execute(axe, vec![]).await.unwrap();
    let run = "const done = arguments[arguments.length - 1]; axe.run(document).then(r => done({ passes: r.passes.length, \
               violations: r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + \
               n.failureSummary).join(' | ')) }), e => done({ passes: 0, violations: [String(e)] }));";
    let found: Value = browser.page.execute_async(run, vec![]).await.unwrap();
    assert!(found["passes"].as_u64().unwrap() > 20, "axe looked at nothing: {found}");
    found["violations"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

/// Nothing is wider than the screen: whoever zooms or holds a phone scrolls in one direction only.
async fn fits(browser: &Chromium, page: &str) {
    let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.page.execute(wider, vec![]).await.unwrap(), 0, "{page} is wider than the screen");
}

async fn tour(demo: &Demo, width: u32, axe: &str) {
    let browser = chromium("ko-KR", width).await;
    browser.log_in(demo, "3900000001").await;
    let id = demo.inspect().lines("select id as s from users where role = 'user'").remove(0);
    let person = format!("/admin/users/{id}");
    let pages = [
        ("dashboard", "/admin".to_owned()),
        ("users", "/admin/users".to_owned()),
        ("user", person.clone()),
        ("done", format!("{person}?done=role")),
        ("ban", format!("{person}/ban")),
        ("delete", format!("{person}/delete")),
        ("audit", "/admin/audit".to_owned()),
        ("audit-none", "/admin/audit?q=nobody&action=user.ban".to_owned()),
    ];
    for theme in ["paper", "darkroom"] {
        for locale in ["ko", "en"] {
            choose(&browser, "theme", theme).await;
            choose(&browser, "locale", locale).await;
            for (name, path) in &pages {
                browser.page.goto(&format!("{}{path}", demo.site)).await.unwrap();
                browser
                    .page
                    .execute("document.querySelectorAll('details').forEach(d => d.open = true)", vec![])
                    .await
                    .unwrap();
                let found = complaints(&browser, axe).await;
                assert!(found.is_empty(), "{name} in {theme}, {locale}, {width} wide: {found:#?}");
                fits(&browser, name).await;
                browser.picture(&format!("desk-{name}-{theme}-{locale}-{width}")).await;
            }
        }
    }
    browser.page.clone().close().await.unwrap();
}

#[actix_web::test]
async fn axe_finds_nothing_on_the_admins_pages_in_both_looks_and_languages() {
    let axe = std::fs::read_to_string(verifiers::place().join("node_modules/axe-core/axe.min.js")).unwrap();
    for width in [1200, 375] {
        let demo = demo().await;
        let newcomer = chromium("ko-KR", 1200).await;
        newcomer.log_in(&demo, "3900000101").await;
        newcomer.page.clone().close().await.unwrap();
        numbers(&demo);
        tour(&demo, width, &axe).await;
    }
}
