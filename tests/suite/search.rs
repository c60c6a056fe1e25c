//! Finding people: what is found by what, in which order, how many, and whether the index says what the tables say.

use diesel::Connection as _;
use fiiiiilm::db::UserId;
use fiiiiilm::users;
use fiiiiilm::users::{IdentityFresh, NewIdentity, NewUser};

use crate::kit::{Browser, TestApp, people};

/// Signs somebody up as a login does.
fn join(app: &TestApp, name: Option<&str>, provider: &str, subject: &str, email: Option<(&str, bool)>) -> UserId {
    let mut inspect = app.inspect();
    let (conn, now) = (inspect.conn(), app.clock.now());
    let new = NewUser { name: name.map(str::to_owned), picture: None };
    let user = users::insert_user(conn, &new, now).unwrap();
    let identity = users::insert_identity(conn, &NewIdentity { user_id: &user, provider, subject }, now).unwrap();
    let email = email.map(|(address, verified)| (address.to_owned(), verified));
    let fresh = IdentityFresh { nickname: name.map(str::to_owned), picture: None, email, ..IdentityFresh::default() };
    conn.transaction(|conn| users::refresh_identity(conn, &identity, &fresh, now)).unwrap();
    users::index_new(conn, &user).unwrap();
    user
}

fn ids(body: &str) -> Vec<String> {
    body.split("class=\"cell-id\" title=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn listed(admin: &mut Browser, query: &str) -> Vec<String> {
    let page = admin.get(&format!("/admin/users?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.body);
    ids(&page.body)
}

fn is_true(app: &TestApp, after: &str) {
    let told = users::is_true(app.inspect().conn()).unwrap();
    assert_eq!(told, Ok(()), "after {after}");
}

on_both! {
    async fn parts_of_names_and_addresses_find_their_people_and_nobody_else(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let everybody = [
            join(&app, Some("홍길동"), "kakao", "11", Some(("Gil.Dong+film@example.com", true))),
            join(&app, Some("\u{1112}\u{1169}\u{11BC}\u{1100}\u{1175}\u{11AF}\u{1109}\u{116E}\u{11AB}"), "naver", "12", None),
            join(&app, Some("김 민수"), "google", "13", Some(("minsu.kim@example.org", false))),
            join(&app, Some("Minsu ＫＩＭ"), "kakao", "14", None),
            join(&app, Some("나가다가나가"), "kakao", "15", None),
            join(&app, Some("ㅋㅋ필름"), "kakao", "16", None),
            join(&app, None, "kakao", "17", Some(("x_100%\"'@example.net", true))),
        ];
        for (typed, found) in [
            ("홍", &[1, 0][..]), ("길동", &[0]), ("홍길", &[1, 0]), ("ㅎㄱ", &[1, 0]), ("ㅎㄱㄷ", &[0]), ("홍ㄱ동", &[0]),
            ("ㅎㄱㅅ", &[1]), ("\u{1112}\u{1169}\u{11BC}\u{1100}\u{1175}\u{11AF}\u{1103}\u{1169}\u{11BC}", &[0]),
            ("홍동", &[]), ("길홍", &[]), ("홍 길", &[1, 0]), ("김민", &[2]), ("민수 김", &[2]), ("kim", &[3, 2]),
            ("ｋｉＭ", &[3, 2]), ("minsu", &[3, 2]), ("minsu kim", &[3, 2]), ("insu.k", &[2]), ("가나가다", &[]),
            ("가다가", &[4]), ("ㅋㅋ", &[5]), ("필름", &[5]), ("gil.dong+film@example.com", &[0]), ("dong+f", &[0]),
            ("ple.net", &[6]), ("100%", &[6]), ("%\"'@", &[6]), ("100_", &[]), ("km", &[]), ("a", &[]), ("*", &[]),
            ("\"홍\"", &[]), ("홍 OR 김", &[]), ("홍*", &[]), ("naver:12", &[1]), ("naver:11", &[]), ("＃sactive", &[]),
        ] {
            let wanted: Vec<String> = found.iter().map(|at: &usize| everybody[*at].to_string()).collect();
            assert_eq!(listed(&mut admin, &format!("q={}", encoded(typed))).await, wanted, "{typed}");
        }
        let id = everybody[3].to_string();
        assert_eq!(listed(&mut admin, &format!("q={}", id.to_uppercase())).await, [id]);
        is_true(&app, "sign-ups");
    }

    async fn a_session_is_its_owners(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        let me: serde_json::Value = serde_json::from_str(&user.me().await.body).unwrap();
        let session = app.inspect().lines("select s.id as s from sessions s join identities i on i.id = s.identity_id where i.subject = '3900000101'");
        assert_eq!(listed(&mut admin, &format!("q={}", session[0])).await, [me["id"].as_str().unwrap()]);
    }

    async fn filters_narrow_and_are_counted(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let own = listed(&mut admin, "role=admin").await;
        assert_eq!(own.len(), 1);
        let some = [
            join(&app, Some("가가"), "kakao", "21", Some(("a@example.com", true))).to_string(),
            join(&app, Some("가나"), "naver", "22", Some(("b@example.com", false))).to_string(),
            join(&app, Some("가다"), "myissuer", "23", None).to_string(),
        ];
        let how = fiiiiilm::audit::Circumstances::cli(app.clock.now());
        let (id, post) = (some[1].parse().unwrap(), &app.running.app().post);
        app.inspect().conn().transaction(|conn| users::ban(conn, &id, None, post, &how)).unwrap();
        for (query, found) in [
            ("status=banned", &[1][..]), ("status=active&role=user", &[2, 0]), ("provider=naver", &[1]), ("provider=myissuer", &[2]),
            ("provider=unheard", &[]), ("email=none", &[2]), ("email=unverified", &[1]), ("q=%EA%B0%80&status=active", &[2, 0]),
            ("q=%E3%84%B1&provider=naver&email=unverified&status=banned&role=user", &[1]), ("q=%EA%B0%80&status=waiting", &[]),
            ("q=kakao%3A21&status=banned", &[]), ("q=kakao%3A21&status=active", &[0]),
        ] {
            let wanted: Vec<&String> = found.iter().map(|at: &usize| &some[*at]).collect();
            for sort in ["newest", "last_seen"] {
                let query = format!("{query}&sort={sort}");
                assert_eq!(listed(&mut admin, &query).await.iter().collect::<Vec<_>>(), wanted, "{query}");
            }
            let page = admin.get(&format!("/admin/users?{query}")).await;
            let told = if found.is_empty() { "0명".to_owned() } else { format!("{}명", found.len()) };
            assert!(page.body.split("id=\"total\">").nth(1).unwrap().split('<').next().unwrap().contains(&told), "{query}");
        }
        assert_eq!(listed(&mut admin, "q=%EA%B0%80&sort=name").await, [some[2].clone(), some[1].clone(), some[0].clone()], "a search is newest first");
        let mut by_name = listed(&mut admin, "sort=name").await;
        by_name.retain(|id| some.contains(id));
        assert_eq!(by_name, some);
        is_true(&app, "a ban");
    }

    async fn the_index_is_true_after_every_verb(app: TestApp) {
        let mut user = app.logged_in(people::ORDINARY).await;
        let mut admin = app.logged_in(people::ADMIN).await;
        is_true(&app, "logins");
        let me: serde_json::Value = serde_json::from_str(&user.me().await.body).unwrap();
        let id: UserId = me["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(user.post("/profile", &[("display_name", "새이름 New")]).await.status, 303);
        is_true(&app, "a name");
        assert_eq!(listed(&mut admin, "q=%EC%83%88%EC%9D%B4").await, [id.to_string()]);
        app.logged_in(people::ORDINARY).await;
        is_true(&app, "another login");
        let (mut inspect, how) = (app.inspect(), fiiiiilm::audit::Circumstances::cli(app.clock.now()));
        let conn = inspect.conn();
        conn.transaction(|conn| users::set_role(conn, &id, users::Role::Admin, &how)).unwrap();
        is_true(&app, "a role");
        conn.transaction(|conn| users::set_role(conn, &id, users::Role::User, &how)).unwrap();
        conn.transaction(|conn| users::ban(conn, &id, None, &app.running.app().post, &how)).unwrap();
        is_true(&app, "a ban");
        conn.transaction(|conn| users::unban(conn, &id, &how)).unwrap();
        let identity = users::find_identity(conn, "kakao", people::ORDINARY).unwrap().unwrap();
        let fresh = IdentityFresh { email: Some(("other@example.net".into(), false)), ..IdentityFresh::default() };
        conn.transaction(|conn| users::refresh_identity(conn, &identity.id, &fresh, app.clock.now())).unwrap();
        is_true(&app, "an e-mail");
        assert_eq!(listed(&mut admin, "q=r%40exa&email=unverified").await, [id.to_string()]);
        conn.transaction(|conn| users::delete(conn, &id, &app.running.app().post, &how)).unwrap();
        is_true(&app, "a deletion");
        assert!(listed(&mut admin, "q=%EC%83%88%EC%9D%B4").await.is_empty());
    }

    async fn whoever_came_without_the_index_is_found_after_the_broom(app: TestApp) {
        let mut inspect = app.inspect();
        let new = NewUser { name: Some("옛사람".into()), picture: None };
        let user = users::insert_user(inspect.conn(), &new, app.clock.now()).unwrap();
        let mut admin = app.logged_in(people::ADMIN).await;
        assert!(listed(&mut admin, "q=%EC%98%9B").await.is_empty());
        while users::index_some(inspect.conn(), 10).unwrap() > 0 {}
        assert_eq!(listed(&mut admin, "q=%EC%98%9B").await, [user.to_string()]);
        is_true(&app, "the broom");
    }

    async fn what_was_looked_for_is_in_the_history_without_its_words(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        admin.get("/admin/users?q=secret%40example.com&status=active").await;
        let lines = app.inspect().lines("select details || '|' || actor as s from audit_events where action = 'users.search'");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("q (e-mail) status|") && !lines[0].contains("secret"), "{lines:?}");
    }

    async fn the_start_of_a_name_is_marked(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        join(&app, Some("홍<b>길동"), "kakao", "31", Some(("hong@example.com", true)));
        let page = admin.get(&format!("/admin/users?q={}", encoded("ㅎ<b>"))).await.body;
        assert!(page.contains("<mark>홍&#60;b&#62;</mark>길동"), "{page}");
        assert!(admin.get("/admin/users?q=hon").await.body.contains("<mark>hon</mark>g@example.com"));
        assert!(!admin.get("/admin/users?q=ong").await.body.contains("<mark>"));
        assert!(admin.get("/admin/users?q=ho").await.body.contains("세 글자"));
    }
}
