//! L01: every route, every method, every kind of person, held against the table in `who_may.md`, which people read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use fiiiiilm::web::paths;
use reqwest::Method;

use crate::kit::{Answer, Browser, ORIGIN, Setting, TestApp, people};

const TABLE: &str = "tests/suite/who_may.md";

const HEAD: &str = "# Who may do what\n\n\
    What each route answers to whom: the status, and where a redirect leads. What a path names belongs to the *user*; the \
    *other* is a user it does not belong to. The *banned* and the *expired* have the cookies of a login that was good. The \
    test `who_may` makes every row with every person and compares; `FIIIIILM_TEST_WRITE=1 cargo test who_may::sqlite` writes \
    this table anew, and whoever changes it says why. Methods that are not listed are refused with 405.\n\n";

/// The kinds of people, in the order of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Anonymous,
    User,
    Admin,
    Banned,
    Expired,
    Other,
}

impl Kind {
    const ALL: [Self; 6] = [Self::Anonymous, Self::User, Self::Admin, Self::Banned, Self::Expired, Self::Other];

    fn subject(self) -> Option<&'static str> {
        match self {
            Self::Anonymous => None,
            Self::User => Some(people::ORDINARY),
            Self::Admin => Some(people::ADMIN),
            Self::Banned => Some(people::UNVERIFIED_EMAIL),
            Self::Expired => Some(people::NO_EMAIL),
            Self::Other => Some(people::EMOJI),
        }
    }
}

/// The people, logged in as often as they have to be.
struct World<'a> {
    app: &'a TestApp,
    browsers: BTreeMap<Kind, Browser>,
    ids: BTreeMap<&'static str, String>,
}

impl<'a> World<'a> {
    async fn new(app: &'a TestApp) -> Self {
        // The first login of the admin makes the admin.
        app.logged_in(people::ADMIN).await;
        let mut world = Self { app, browsers: BTreeMap::new(), ids: BTreeMap::new() };
        world.anew().await;
        world
    }

    /// As if nothing had been done yet.
    async fn anew(&mut self) {
        let (admin, app) = (people::ADMIN, self.app);
        app.inspect().execute(&format!(
            "update users set standing = 'active', version = version + 1, role = case when id in \
             (select user_id from identities where subject = '{admin}') then 'admin' else 'user' end"
        ));
        app.running.app().changes.mark_all();
        for kind in Kind::ALL {
            let browser = match kind.subject() {
                Some(subject) => app.logged_in(subject).await,
                None => app.browser(),
            };
            self.browsers.insert(kind, browser);
        }
        let of = |subject: Option<&str>| {
            format!("(select user_id from identities where subject = '{}')", subject.unwrap_or_default())
        };
        let (banned, expired) = (of(Kind::Banned.subject()), of(Kind::Expired.subject()));
        let mut inspect = app.inspect();
        inspect.execute(&format!("update users set standing = 'banned', version = version + 1 where id in {banned}"));
        inspect.execute(&format!(
            "update sessions set expires_at = '2026-01-01 00:00:00', ends_at = '2026-01-01 00:00:00' where user_id in {expired}"
        ));
        app.running.app().changes.mark_all();
        let user = of(Kind::User.subject());
        let mut one = |query: String| inspect.lines(&query).into_iter().next().expect("a row");
        self.ids.insert("user", one(format!("select id as s from users where id in {user}")));
        // The oldest, not the one the browser has: to end one's own is something else.
        self.ids.insert(
            "session",
            one(format!("select id as s from sessions where ended_at is null and user_id in {user} order by id")),
        );
        self.ids.insert(
            "identity",
            one(format!("select id as s from identities where unlinked_at is null and user_id in {user}")),
        );
    }

    /// A path that names what is there.
    fn path(&self, pattern: &str) -> String {
        let id = match pattern {
            p if p.contains("/sessions/") => "session",
            p if p.contains("/identities/") => "identity",
            _ => "user",
        };
        let path =
            pattern.replace("{provider}", "kakao").replace("{id}", &self.ids[id]).replace("{file}", "nothing.css");
        assert!(!path.contains('{'), "{pattern}: say in `World::path` what stands there");
        path
    }

    async fn ask(&mut self, kind: Kind, method: &Method, pattern: &str) -> Answer {
        let path = self.path(pattern);
        let headers = [("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)];
        let form = [("display_name", "이름"), ("role", "user"), ("reason", ""), ("confirm", "x"), ("next", "/profile")];
        let program = ["/api/", "/webhooks/", "/.well-known/"].iter().any(|prefix| pattern.starts_with(prefix));
        let body = (*method == Method::POST && !program).then_some(&form[..]);
        let browser = self.browsers.get_mut(&kind).expect("everybody is there");
        browser.send(method.clone(), &path, &headers, body).await
    }
}

/// The status, and where a redirect leads, without what differs from run to run.
fn cell(answer: &Answer, ids: &BTreeMap<&'static str, String>) -> String {
    let Some(location) = answer.header("location") else { return answer.status.to_string() };
    let path = location.split('?').next().unwrap_or_default();
    let path = if path.starts_with('/') { path } else { "(elsewhere)" };
    let path = ids.values().fold(path.to_owned(), |path, id| path.replace(id, "{id}"));
    format!("{} {path}", answer.status)
}

async fn rows(app: &TestApp) -> String {
    let mut world = World::new(app).await;
    let mut text = HEAD.to_owned();
    text.push_str(
        "| method | path | anonymous | user | admin | banned | expired | other |\n|---|---|---|---|---|---|---|---|\n",
    );
    for (path, method) in paths::registered() {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        write!(text, "| {method} | `{path}` |").unwrap();
        for kind in Kind::ALL {
            let answer = world.ask(kind, &method, &path).await;
            assert!(answer.status < 500, "{method} {path} for {kind:?}: {} {}", answer.status, answer.body);
            write!(text, " {} |", cell(&answer, &world.ids)).unwrap();
            if method != Method::GET && method != Method::HEAD {
                world.anew().await;
            }
        }
        text.push('\n');
    }
    text
}

/// Who leaves in one row and logs in again for the next must not be unlinked at Kakao in between.
fn without_unlinking() -> Vec<Setting> {
    vec![("FIIIIILM_PROVIDERS__KAKAO__ADMIN_KEY", "another".into())]
}

on_both! {
    with without_unlinking;
    async fn l01_everybody_gets_what_the_table_says_and_every_route_is_in_it(app: TestApp) {
        let made = rows(&app).await;
        if app.is_sqlite() && std::env::var_os("FIIIIILM_TEST_WRITE").is_some() {
            std::fs::write(TABLE, &made).unwrap();
        }
        let table = std::fs::read_to_string(TABLE).unwrap_or_default();
        let (said, found): (BTreeSet<&str>, BTreeSet<&str>) = (table.lines().collect(), made.lines().collect());
        let differs: Vec<String> = said
            .difference(&found)
            .map(|line| format!("the table says  {line}"))
            .chain(found.difference(&said).map(|line| format!("the program does {line}")))
            .collect();
        assert!(differs.is_empty(), "{TABLE} and the program differ; its head says how to write it anew:\n{}", differs.join("\n"));
        assert!(found.len() > 60, "only {} rows were made", found.len());
    }

    async fn l01_a_method_that_is_not_in_the_table_is_refused(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        let registered = paths::registered();
        let known: BTreeSet<&str> = registered.iter().map(|(path, _)| path.as_str()).collect();
        for pattern in known {
            let path = pattern.replace("{provider}", "kakao").replace("{id}", "0198c7a0-0000-7000-8000-000000000000").replace("{file}", "x.css");
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
                if registered.contains(&(pattern.to_owned(), method.to_owned())) {
                    continue;
                }
                let headers = [("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)];
                let answer = admin.send(Method::from_bytes(method.as_bytes()).unwrap(), &path, &headers, None).await;
                assert!([404, 405, 501].contains(&answer.status), "{method} {path}: {}", answer.status);
            }
        }
    }
}

#[test]
fn l01_no_route_is_registered_past_the_table() {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let name = path.display().to_string();
                // The practice provider is a program of its own.
                let own = !name.starts_with("src/simulator") && !name.ends_with("web/paths.rs");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                if own && ["web::resource(", ".route(", "#[get(", "#[post("].iter().any(|way| code.contains(way)) {
                    found.push(name.clone());
                }
                assert!(
                    !own || code.matches("web::scope(").count() == code.matches("paths::under(").count(),
                    "{name}: a scope needs `paths::under`"
                );
            }
        }
    }
    let mut found = Vec::new();
    walk(std::path::Path::new("src"), &mut found);
    assert!(found.is_empty(), "{found:?} register routes past `web::paths`");
}
