//! The numbers: read from what was counted, never from people or the history.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::health::{self, Heard, Post};
use super::pages::Total;
use super::plot::{self, Bar};
use crate::counts;
use crate::counts::Count;
use crate::counts::Kind;
use crate::counts::NoticeCount;
use crate::error::AppResult;
use crate::outbox;
use crate::web::Admin;
use crate::web::App;
use crate::web::chrome;
use crate::web::page::Chrome;
use crate::web::page::render;

/// Days shown.
const DAYS: usize = 90;

/// `GET /admin`.
#[derive(Template)]
#[template(path = "admin/dashboard.html")]
struct DashboardPage {
    c: Chrome,
    /// Devices in use now.
    devices: i64,
    today: Day,
    days: Vec<Day>,
    logins: Plot,
    sign_ups: Plot,
    failed: Plot,
    providers: Vec<Part>,
    reasons: Vec<Part>,
    post: Post,
    heard: Vec<Heard>,
}

/// A day's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Day {
    day: String,
    logins: i64,
    sign_ups: i64,
    failures: i64,
}

/// A plot over all days.
#[derive(Clone, Debug)]
struct Plot {
    bars: Vec<Bar>,
    top: i64,
    sum: i64,
}

/// A part of a sum.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    /// Of which provider, or how it failed.
    name: String,
    number: i64,
    /// In hundredths of the largest part.
    width: f64,
}

impl DashboardPage {
    /// The last days first, as one reads a table.
    fn latest(&self) -> impl Iterator<Item = &Day> {
        self.days.iter().rev()
    }

    /// The zone whose days these are.
    fn zone(&self) -> &str {
        self.c.site.time_zone.iana_name().unwrap_or("UTC")
    }

    fn refusal(&self, code: &str) -> String {
        health::refusal(&self.c, code)
    }

    fn reason(&self, code: &str) -> String {
        let key = format!("outcome-{}-title", code.replace('_', "-"));
        let words = self.c.t(&key);
        if words == key { code.to_owned() } else { words.to_owned() }
    }
}

/// The numbers. Admins.
pub(super) async fn show(app: web::Data<App>, req: HttpRequest, admin: Admin) -> AppResult<HttpResponse> {
    let now = app.clock.now();
    let days = counts::last_days(&app.site.time_zone, now, DAYS);
    let first = days.first().cloned().unwrap_or_default();
    let process = app.devices.process().to_owned();
    let read = app.db.read(move |conn| {
        Ok(Read {
            counted: counts::counts_since(conn, &first)?,
            devices: counts::devices_now(conn, Some(&process), now)?,
            notices: counts::notices_since(conn, &first)?,
            outbox: outbox::health(conn, now)?,
        })
    });
    let mut read = read.await?;
    read.devices += app.devices.count(now);
    let senders = app.registry.iter().filter(|provider| provider.notifies()).map(|provider| provider.slug());
    let heard = health::heard(&read.notices, senders);
    Ok(render(StatusCode::OK, &page(chrome(&app, &req, Some(&admin.0)), days, &read, heard)))
}

/// What is read for the page, in one go.
struct Read {
    counted: Vec<Count>,
    devices: i64,
    notices: Vec<NoticeCount>,
    outbox: outbox::Health,
}

fn page(c: Chrome, days: Vec<String>, read: &Read, heard: Vec<Heard>) -> DashboardPage {
    let counted = &read.counted[..];
    let days = by_day(days, counted);
    let plot = |number: fn(&Day) -> i64| {
        let numbers: Vec<i64> = days.iter().map(number).collect();
        Plot { bars: plot::bars(&numbers), top: plot::top(&numbers), sum: numbers.iter().sum() }
    };
    DashboardPage {
        c,
        devices: read.devices,
        post: Post::new(&read.outbox),
        heard,
        today: days.last().cloned().unwrap_or_default(),
        logins: plot(|day| day.logins),
        sign_ups: plot(|day| day.sign_ups),
        failed: plot(|day| day.failures),
        providers: parts(counted, Kind::Login, |count| &count.provider),
        reasons: parts(counted, Kind::Failure, |count| &count.reason),
        days,
    }
}

fn by_day(days: Vec<String>, counted: &[Count]) -> Vec<Day> {
    let mut by_day: BTreeMap<String, Day> =
        days.into_iter().map(|day| (day.clone(), Day { day, ..Day::default() })).collect();
    for count in counted {
        let Some(day) = by_day.get_mut(&count.day) else { continue };
        *match count.kind {
            Kind::Login => &mut day.logins,
            Kind::SignUp => &mut day.sign_ups,
            Kind::Failure => &mut day.failures,
        } += count.number;
    }
    by_day.into_values().collect()
}

/// The parts of one kind, the largest first.
fn parts(counted: &[Count], kind: Kind, name: fn(&Count) -> &str) -> Vec<Part> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for count in counted.iter().filter(|count| count.kind == kind) {
        *sums.entry(name(count)).or_default() += count.number;
    }
    let highest = sums.values().copied().max().unwrap_or(0);
    let part = |(name, number): (&str, i64)| Part { name: name.to_owned(), number, width: plot::part(number, highest) };
    let mut parts: Vec<Part> = sums.into_iter().map(part).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.number));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(day: &str, kind: Kind, provider: &str, reason: &str, number: i64) -> Count {
        Count { day: day.into(), kind, provider: provider.into(), reason: reason.into(), number }
    }

    #[test]
    fn numbers_are_summed_by_day_and_by_part() {
        let counted = [
            count("2026-11-24", Kind::Login, "kakao", "", 3),
            count("2026-11-24", Kind::Login, "naver", "", 4),
            count("2026-11-25", Kind::Login, "kakao", "", 5),
            count("2026-11-25", Kind::SignUp, "kakao", "", 2),
            count("2026-11-25", Kind::Failure, "kakao", "expired", 1),
            count("2026-11-20", Kind::Login, "kakao", "", 100),
        ];
        let days = by_day(vec!["2026-11-24".into(), "2026-11-25".into()], &counted);
        let numbers: Vec<(i64, i64, i64)> = days.iter().map(|day| (day.logins, day.sign_ups, day.failures)).collect();
        assert_eq!(numbers, [(7, 0, 0), (5, 2, 1)], "what lies before the first day is not shown");
        let providers = parts(&counted[..5], Kind::Login, |count| &count.provider);
        assert_eq!(
            providers.iter().map(|part| (part.name.as_str(), part.number)).collect::<Vec<_>>(),
            [("kakao", 8), ("naver", 4)]
        );
        assert_eq!(providers[1].width, 50.0);
    }
}
