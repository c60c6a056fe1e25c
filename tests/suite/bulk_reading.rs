//! L08: however much is asked for, a page is a page. With `scripts/soak` among a hundred thousand people, and quick.

use std::time::{Duration, Instant};

use fiiiiilm::seed;

use crate::kit::{TestApp, people, size};
use crate::paging::{ids, link};

/// Numbers nobody should be given as many people for.
const NUMBERS: [&str; 12] = [
    "1e9",
    "1000000000",
    "-1",
    "0",
    "NaN",
    "Infinity",
    "99999999999999999999",
    "0x7fffffff",
    "1.5",
    "%2B1",
    "null",
    "",
];

/// What other programs call the size of a page and its place.
const NAMES: [&str; 12] =
    ["limit", "offset", "page", "per_page", "page_size", "pageSize", "size", "count", "first", "max", "skip", "$top"];

on_both! {
    async fn l08_no_number_makes_a_page_longer_or_lost(app: TestApp) {
        let plan = seed::Plan { users: size(3_000, 100_000) as u64, seed: 8 };
        seed::run(app.inspect().conn(), &plan, &jiff::tz::TimeZone::UTC, app.clock.now(), &mut |_| {}).unwrap();
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut times = Vec::new();
        for list in ["", "sort=name", "sort=last_seen", "status=banned", "q=%EA%B9%80", "q=%E3%84%B1%E3%84%B4"] {
            let first = admin.get(&format!("/admin/users?{list}")).await;
            let (people, next) = (ids(&first), link(&first, "next"));
            assert!(!people.is_empty() && people.len() <= 50, "{list}: {}", people.len());
            for name in NAMES {
                for number in NUMBERS {
                    let begun = Instant::now();
                    let answer = admin.get(&format!("/admin/users?{list}&{name}={number}")).await;
                    times.push((begun.elapsed(), format!("{list}&{name}={number}")));
                    assert!(answer.status == 400 || ids(&answer) == people, "{list} {name}={number}: {}", answer.status);
                    assert!(answer.status == 400 || link(&answer, "next") == next, "{list} {name}={number}");
                }
            }
        }
        for list in ["/admin/audit?", "/admin/outbox?"] {
            for (name, number) in NAMES.iter().flat_map(|name| NUMBERS.iter().map(move |number| (name, number))) {
                let answer = admin.get(&format!("{list}{name}={number}")).await;
                let lines = answer.body.matches("<tr role=\"row\">").count();
                assert!(answer.status == 400 || answer.status == 200 && lines <= 51, "{list}{name}={number}: {} {lines}", answer.status);
            }
        }
        let slowest = times.iter().max().unwrap();
        // A matter of time only where nothing else runs.
        assert!(size(0, 1) == 0 || slowest.0 < Duration::from_millis(200), "{slowest:?}");
    }
}
