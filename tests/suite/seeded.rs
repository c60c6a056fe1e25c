//! Very many made-up people: the indexes that are set aside meanwhile come back as they were, also after a run that broke off.

use std::collections::BTreeSet;
use std::process::Child;
use std::time::{Duration, Instant};

use fiiiiilm::clock::Clock;
use fiiiiilm::config::DatabaseUrl;
use fiiiiilm::counts;
use fiiiiilm::db;
use fiiiiilm::secret::Secret;
use fiiiiilm::seed;
use fiiiiilm::users;
use jiff::tz::TimeZone;

use crate::kit::{Backend, Inspect, Operator, TestApp, people};

/// Enough for indexes to be set aside.
const MANY: u64 = 5_000;

/// Everything that could be lacking, in the database's own words.
fn whole(inspect: &mut Inspect, backend: Backend) -> BTreeSet<String> {
    let question = match backend {
        Backend::Sqlite => "select sql as s from sqlite_master where sql is not null and name not like 'sqlite_stat%'",
        Backend::Postgres => {
            "select pg_get_indexdef(indexrelid) as s from pg_index where indrelid in (select oid from pg_class where \
             relnamespace = current_schema()::regnamespace) union all select conrelid::regclass || ' ' || \
             pg_get_constraintdef(oid) from pg_constraint where conrelid <> 0"
        }
    };
    inspect.lines(question).into_iter().collect()
}

fn database(operator: &Operator, backend: Backend) -> DatabaseUrl {
    match backend {
        Backend::Sqlite => DatabaseUrl::Sqlite(operator.folder.path().join("data/fiiiiilm.db")),
        Backend::Postgres => {
            let url = operator.env.iter().find(|(name, _)| name == "DATABASE_URL").expect("its address");
            DatabaseUrl::Postgres(Secret::new(url.1.clone()))
        }
    }
}

/// Counts logins and sign-ups one by one; `whole` where the latest are counted too.
fn assert_counted(inspect: &mut Inspect, first_day: &str, whole: bool) {
    for (kind, actions) in [("login", "'login.ok', 'login.created'"), ("sign_up", "'login.created'")] {
        let by_day = "substr(cast(happened_at as text), 1, 10)";
        let wanted = inspect.lines(&format!(
            "select {by_day} || ' ' || details || ' ' || count(*) as s from audit_events where action in ({actions}) \
             and {by_day} >= '{first_day}' group by {by_day}, details"
        ));
        let counted = inspect.lines(&format!(
            "select day || ' ' || provider || ' ' || number as s from daily_counts where kind = '{kind}' and \
             day >= '{first_day}'"
        ));
        let [wanted, counted] = [wanted, counted].map(BTreeSet::from_iter);
        assert!(wanted.len() > 20, "{wanted:?}");
        // What has just happened waits for the next count.
        let lacking: BTreeSet<&String> = wanted.difference(&counted).collect();
        assert!(if whole { lacking.is_empty() } else { lacking.len() <= 12 }, "{kind}: {lacking:?}");
    }
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

on_each! {
    async fn a_killed_run_leaves_no_database_without_its_indexes(backend: Backend) {
        let operator = Operator::new(backend);
        operator.says(&["migrate"]);
        let mut inspect = Inspect::open(&database(&operator, backend));
        let before = whole(&mut inspect, backend);
        let run = Killed(operator.command(&operator.env, &["seed", "--users", "1000000"]).spawn().unwrap());
        let begun = Instant::now();
        while !db::is_unfinished(inspect.conn()).unwrap() {
            assert!(begun.elapsed() < Duration::from_secs(120), "nothing is set aside");
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(run);
        assert_ne!(whole(&mut inspect, backend), before);
        for command in [&["serve"][..], &["migrate", "--check"]] {
            let complaint = operator.complains(command);
            assert!(complaint.contains("`fiiiiilm migrate`") && complaint.contains("`fiiiiilm seed`"), "{complaint}");
        }
        assert!(operator.says(&["migrate"]).contains("built"));
        assert!(!db::is_unfinished(inspect.conn()).unwrap());
        assert_eq!(whole(&mut inspect, backend), before);
        operator.says(&["migrate", "--check"]);
        operator.says(&["seed", "--users", "10"]);
    }

    async fn each_login_of_each_run_is_counted_once(backend: Backend) {
        let operator = Operator::new(backend);
        operator.says(&["migrate"]);
        let mut inspect = Inspect::open(&database(&operator, backend));
        let (zone, now) = (TimeZone::UTC, Clock::system().now());
        let counted = |inspect: &mut Inspect, now| while counts::roll_up(inspect.conn(), &zone, now).unwrap() {};
        let first_day = counts::last_days(&zone, now, 90).remove(0);
        // Into an empty history, then into one that is counted already, then while nobody has counted for an hour.
        for (number, users) in [(1, 300), (2, 200), (3, 100)] {
            let later = now + Duration::from_secs(3_600 * number);
            let plan = seed::Plan { users, seed: number };
            seed::run(inspect.conn(), &plan, &zone, later, &mut |_| {}).unwrap();
            assert_counted(&mut inspect, &first_day, false);
            if number != 2 {
                counted(&mut inspect, later + Duration::from_secs(60));
                assert_counted(&mut inspect, &first_day, true);
            }
        }
    }

    async fn nobody_is_told_of_the_end_of_people_who_were_made_up(backend: Backend) {
        let mut operator = Operator::new(backend);
        operator.env.push(("FIIIIILM_PROVIDERS__KAKAO__ADMIN_KEY".into(), "canary-admin-key".into()));
        operator.says(&["migrate"]);
        operator.says(&["seed", "--users", "30"]);
        let mut inspect = Inspect::open(&database(&operator, backend));
        let real = |subject: &str| format!("update identities set subject = '{subject}' where id = (select min(id) from identities where provider = 'kakao' and subject like 'seed-%')");
        inspect.execute(&real("3912345678"));
        let made_up = inspect.lines("select provider || ':' || subject as s from identities where provider = 'kakao' and subject like 'seed-%'");
        assert!(made_up.len() > 10);
        for who in made_up.iter().take(3) {
            operator.says(&["user", "delete", who, "--yes"]);
        }
        assert_eq!(inspect.number("select count(*) as n from outbox"), 0);
        operator.says(&["user", "delete", "kakao:3912345678", "--yes"]);
        assert_eq!(inspect.number("select count(*) as n from outbox where kind = 'unlink' and topic = 'kakao'"), 1);
    }

    async fn the_next_run_mends_what_another_broke(backend: Backend) {
        let operator = Operator::new(backend);
        operator.says(&["migrate"]);
        let mut inspect = Inspect::open(&database(&operator, backend));
        let before = whole(&mut inspect, backend);
        let aside = db::indexes(inspect.conn(), "users").unwrap();
        assert!(aside.len() >= 4, "{aside:?}");
        db::set_aside(inspect.conn(), &aside).unwrap();
        assert!(db::set_aside(inspect.conn(), &aside).is_err(), "twice");
        operator.says(&["seed", "--users", "10"]);
        assert_eq!(whole(&mut inspect, backend), before);
    }
}

mod with_a_server {
    use super::*;

    on_both! {
        async fn many_are_found_and_indexed_like_any_others(app: TestApp) {
            let backend = if app.is_sqlite() { Backend::Sqlite } else { Backend::Postgres };
            let before = whole(&mut app.inspect(), backend);
            for (number, users) in [(1, MANY), (2, 300)] {
                let plan = seed::Plan { users, seed: number };
                let report = seed::run(app.inspect().conn(), &plan, &TimeZone::UTC, app.clock.now(), &mut |_| {}).unwrap();
                assert_eq!(report.users, users);
                assert_eq!(whole(&mut app.inspect(), backend), before);
                users::is_true(app.inspect().conn()).unwrap().unwrap();
            }
            assert_eq!(app.inspect().number("select count(*) as n from users"), 5_300);
            for standing in ["active", "waiting", "banned", "closed"] {
                let of_it = format!("select count(*) as n from users where standing = '{standing}'");
                assert!(app.inspect().number(&of_it) > 0, "{standing}");
            }
            let kims = app.inspect().number("select count(*) as n from users where name like '김%'");
            assert!((500..1_400).contains(&kims), "{kims}");
            let mut admin = app.logged_in(people::ADMIN).await;
            let found = admin.get("/admin/users?q=%EA%B9%80").await;
            assert_eq!(found.status, 200);
            assert!(found.body.contains("김"), "{}", found.body);
        }
    }
}
