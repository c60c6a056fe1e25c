//! The list's pages, forwards and back, in each order, among people who share names and moments.

use diesel::Connection as _;
use fiiiiilm::db::Conn;
use fiiiiilm::error::AppError;
use fiiiiilm::users;
use fiiiiilm::users::{NewIdentity, NewUser};

use crate::kit::{Answer, Browser, TestApp, people};

/// Signs up so many, all at the same moment, three to a name and every seventh without one.
pub(crate) fn crowd(app: &TestApp, size: usize) {
    let (mut inspect, now) = (app.inspect(), app.clock.now());
    let signed_up = inspect.conn().transaction(|conn| {
        for at in 0..size {
            let name = (at % 7 != 0).then(|| format!("이름{}", at % (size / 3)));
            let user = users::insert_user(conn, &NewUser { name, picture: None }, now)?;
            let provider = if at % 2 == 0 { "kakao" } else { "naver" };
            let subject = format!("crowd-{at}");
            users::insert_identity(conn, &NewIdentity { user_id: &user, provider, subject: &subject }, now)?;
            users::index_new(conn, &user)?;
        }
        Ok::<_, AppError>(())
    });
    signed_up.unwrap();
}

pub(crate) fn ids(page: &Answer) -> Vec<String> {
    let cells = page.body.split("class=\"cell-id\" title=\"").skip(1);
    cells.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

pub(crate) fn link(page: &Answer, rel: &str) -> Option<String> {
    let tag = page.body.split("<a ").find(|tag| tag.contains(&format!("rel=\"{rel}\"")))?;
    Some(tag.split("href=\"").nth(1)?.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&"))
}

/// Each page from the first to the last, and from there back to the first.
pub(crate) async fn walk(admin: &mut Browser, query: &str) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let mut page = admin.get(&format!("/admin/users?{query}")).await;
    let mut there = vec![ids(&page)];
    while let Some(next) = link(&page, "next") {
        page = admin.get(&next).await;
        assert_eq!(page.status, 200, "{next}");
        there.push(ids(&page));
    }
    let mut back = vec![ids(&page)];
    while let Some(prev) = link(&page, "prev") {
        page = admin.get(&prev).await;
        assert_eq!(page.status, 200, "{prev}");
        back.push(ids(&page));
    }
    back.reverse();
    (there, back)
}

on_both! {
    async fn every_order_goes_both_ways_through_what_is_alike(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        crowd(&app, 170);
        // By code point, as the index has it.
        let by_name = if matches!(app.inspect().conn(), Conn::Postgres(_)) { "coalesce(name, U&'\\+10FFFF') collate \"C\"" } else { "coalesce(name, char(1114111))" };
        let seen = "coalesce(last_login_at, created_at) desc, seq desc";
        // Days that hold everybody: few enough to be sorted instead of walked.
        let days = "&joined_from=2000-01-01&joined_to=2100-01-01";
        for (query, among, order) in [
            ("sort=newest", "", "seq desc".to_owned()),
            ("sort=last_seen", "", seen.to_owned()),
            ("sort=name", "", format!("{by_name}, seq")),
            (&format!("sort=last_seen{days}"), "", seen.to_owned()),
            (&format!("sort=name{days}"), "", format!("{by_name}, seq")),
            ("sort=name&provider=naver", "where exists (select 1 from identities i where i.user_id = users.id and provider = 'naver')", format!("{by_name}, seq")),
            (&format!("sort=name&provider=naver{days}"), "where exists (select 1 from identities i where i.user_id = users.id and provider = 'naver')", format!("{by_name}, seq")),
            ("sort=last_seen&seen_from=2000-01-01&seen_to=2100-01-01", "", seen.to_owned()),
        ] {
            let wanted = app.inspect().lines(&format!("select id as s from users {among} order by {order}"));
            let (there, back) = walk(&mut admin, query).await;
            assert_eq!(there.concat(), wanted, "{query}");
            assert!(there.len() >= 2 && there.iter().rev().skip(1).all(|page| page.len() == 50), "{query}");
            assert_eq!(back.concat(), wanted, "{query}, backwards");
        }
        assert!(admin.get("/admin/users?joined_from=2000-01-01&joined_to=2000-01-02&sort=name").await.body.contains("0명"));
    }
}
