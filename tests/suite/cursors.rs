//! L07: a place in a listing is good for that listing alone, in every process, for as long as the key is.

use std::time::Duration;

use crate::kit::{Answer, Browser, TestApp, people};
use crate::paging::{crowd, ids, link, walk};

/// Listings of which each has more than one page, among the crowd.
const LISTS: [&str; 9] = [
    "sort=newest",
    "sort=last_seen",
    "sort=name",
    "q=%EC%9D%B4%EB%A6%84",
    "q=%EC%9D%B4",
    "role=user",
    "status=active",
    "provider=naver&sort=name",
    "email=none&joined_from=2000-01-01&sort=last_seen",
];

/// The part of an address that says where its page begins: `after=…`, `before=…`.
fn place(address: &str) -> (&str, &str) {
    let last = address.rsplit(['&', '?']).next().unwrap();
    last.split_once('=').unwrap()
}

/// What is on the page, without what differs from one request to the next.
fn shown(page: &Answer) -> (Vec<String>, Option<String>, Option<String>) {
    assert_eq!(page.status, 200, "{}", page.body);
    (ids(page), link(page, "prev"), link(page, "next"))
}

async fn refused(admin: &mut Browser, address: &str) {
    let answer = admin.get(address).await;
    assert_eq!(answer.status, 400, "{address}");
    assert!(!answer.body.contains("class=\"cell-id\""), "{address}");
}

on_both! {
    async fn l07_a_place_in_one_list_is_none_in_another(app: TestApp) {
        crowd(&app, 120);
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut places = Vec::new();
        for list in LISTS {
            let first = admin.get(&format!("/admin/users?{list}")).await;
            let next = link(&first, "next").unwrap_or_else(|| panic!("{list} has a second page"));
            let second = admin.get(&next).await;
            let back = link(&second, "prev").unwrap();
            assert!(!ids(&second).is_empty() && place(&next).0 == "after" && place(&back).0 == "before", "{list}");
            places.push((list, [next, back]));
        }
        for (list, own) in &places {
            for (name, value) in own.iter().map(|address| place(address)) {
                for (other, _) in places.iter().filter(|(other, _)| other != list) {
                    refused(&mut admin, &format!("/admin/users?{other}&{name}={value}")).await;
                }
                for (more, wanted) in [("q", "%EA%B9%80"), ("status", "banned"), ("role", "admin"), ("seen_to", "2100-01-01")] {
                    if !list.contains(&format!("{more}=")) {
                        refused(&mut admin, &format!("/admin/users?{list}&{more}={wanted}&{name}={value}")).await;
                    }
                }
                refused(&mut admin, &format!("/admin/audit?after={value}")).await;
                refused(&mut admin, &format!("/admin/outbox?after={value}")).await;
                refused(&mut admin, &format!("/admin/users.csv?reason=x&status=banned&{name}={value}")).await;
            }
        }
        // The same list, spelt in another way.
        let (_, [next, _]) = &places[0];
        let (name, value) = place(next);
        for spelling in ["", "sort=newest&", "q=&status=&role=&sort=&", "q=+&"] {
            let page = admin.get(&format!("/admin/users?{spelling}{name}={value}")).await;
            assert_eq!(ids(&page), ids(&admin.get(next).await), "{spelling}");
        }
    }

    async fn l07_a_place_that_was_touched_is_refused(app: TestApp) {
        crowd(&app, 60);
        let mut admin = app.logged_in(people::ADMIN).await;
        for list in ["sort=newest", "sort=name", "q=%EC%9D%B4%EB%A6%84"] {
            let next = link(&admin.get(&format!("/admin/users?{list}")).await, "next").unwrap();
            let (name, value) = place(&next);
            for at in 0..value.len() {
                let other = if value.as_bytes()[at] == b'A' { "B" } else { "A" };
                let touched = format!("{}{other}{}", &value[..at], &value[at + 1..]);
                refused(&mut admin, &format!("/admin/users?{list}&{name}={touched}")).await;
            }
            for touched in [&value[1..], &value[..value.len() - 1], &value.to_lowercase(), "", "%00", "A", &value.repeat(40)] {
                refused(&mut admin, &format!("/admin/users?{list}&{name}={touched}")).await;
            }
            refused(&mut admin, &format!("{next}&{name}={value}")).await;
            refused(&mut admin, &format!("{next}&before={value}")).await;
        }
    }

    async fn l07_links_hold_in_every_process_and_after_a_restart(app: TestApp) {
        crowd(&app, 120);
        let mut admin = app.logged_in(people::ADMIN).await;
        let mut links = vec!["/admin/users".to_owned()];
        for list in LISTS {
            let next = link(&admin.get(&format!("/admin/users?{list}")).await, "next").unwrap();
            links.push(link(&admin.get(&next).await, "prev").unwrap());
            links.push(next);
        }
        let mut before = Vec::new();
        for address in &links {
            before.push(shown(&admin.get(address).await));
        }
        let second = app.second().await;
        let mut elsewhere = admin.twin();
        elsewhere.at(second.address);
        for (address, page) in links.iter().zip(&before) {
            assert_eq!(shown(&elsewhere.get(address).await), *page, "{address}, in another process");
        }
        second.stop(Some(Duration::ZERO)).await;
        let app = app.restart().await;
        admin.at(app.running.address);
        for (address, page) in links.iter().zip(&before) {
            assert_eq!(shown(&admin.get(address).await), *page, "{address}, after a restart");
        }
    }

    async fn l07_a_search_is_walked_both_ways(app: TestApp) {
        crowd(&app, 420);
        let mut admin = app.logged_in(people::ADMIN).await;
        for (query, among) in [
            ("q=%EC%9D%B4%EB%A6%84", "name like '이름%'"),
            ("q=%EC%9D%B4%EB%A6%841&role=user", "name like '이름1%'"),
            ("q=%E3%85%87%E3%84%B9&provider=naver", "name like '이름%' and exists (select 1 from identities i where i.user_id = users.id and i.provider = 'naver')"),
        ] {
            let wanted = app.inspect().lines(&format!("select id as s from users where {among} order by seq desc"));
            assert!(wanted.len() > 50, "{query}: {}", wanted.len());
            let (there, back) = walk(&mut admin, query).await;
            assert_eq!((there.concat(), back.concat()), (wanted.clone(), wanted), "{query}");
        }
    }

    async fn l07_a_place_in_the_history_is_good_for_its_search_alone(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let values: Vec<String> = (0..120)
            .map(|at| format!("('0190{at:04x}-0000-7000-8000-000000000000', '2026-01-01 00:00:00', 'login.refused', 'system', null, 'banned', '', '')"))
            .collect();
        let insert = "insert into audit_events (id, happened_at, action, actor, user_id, details, request_id, address) values";
        app.inspect().execute(&format!("{insert} {}", values.join(", ")));
        let searches = ["", "action=login.refused", "actor=system", "actor=system&action=login.refused"];
        let mut places = Vec::new();
        for search in searches {
            let next = link(&admin.get(&format!("/admin/audit?{search}")).await, "next").unwrap();
            assert_eq!(admin.get(&next).await.status, 200);
            places.push((search, place(&next).1.to_owned()));
        }
        for (search, value) in &places {
            for other in searches.iter().filter(|other| *other != search) {
                refused(&mut admin, &format!("/admin/audit?{other}&after={value}")).await;
            }
            refused(&mut admin, &format!("/admin/audit?{search}&q=cli&after={value}")).await;
            refused(&mut admin, &format!("/admin/users?after={value}")).await;
            refused(&mut admin, &format!("/admin/audit?{search}&after={}", value.to_uppercase())).await;
        }
        let line = app.inspect().lines("select id as s from audit_events order by id").remove(0);
        refused(&mut admin, &format!("/admin/audit?after={line}")).await;
    }
}
