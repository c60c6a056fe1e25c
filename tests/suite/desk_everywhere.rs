//! What an admin does in one process holds in every other, and no two of them together remove the last one. Two real
//! processes on one database; whatever is waited for is waited for patiently, and comes long before a token of ten minutes ends.

use std::time::Duration;

use futures_util::future::join;

use crate::kit::{Answer, Backend, Browser, Inspect, Process, Program, Setting, people, size};

/// Asks again until it is so, for as long as the slowest machine may take.
macro_rules! eventually {
    ($what:expr, $ask:expr) => {{
        let mut so = false;
        for _ in 0..600 {
            so = $ask;
            if so {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(so, "never: {}", $what);
    }};
}

fn id_of(inspect: &mut Inspect, subject: &str) -> String {
    let found = inspect
        .lines(&format!("select user_id as s from identities where subject = '{subject}' and unlinked_at is null"));
    found.into_iter().next().expect("somebody")
}

async fn act(admin: &mut Browser, id: &str, act: &str, form: &[(&str, &str)]) -> Answer {
    admin.post(&format!("/admin/users/{id}/{act}"), form).await
}

/// The same, which has to succeed.
async fn done(admin: &mut Browser, id: &str, what: &str, form: &[(&str, &str)]) {
    let answer = act(admin, id, what, form).await;
    assert!(
        answer.status == 303 && answer.location().ends_with(&format!("done={what}")),
        "{what}: {} {}",
        answer.status,
        answer.body
    );
}

/// Two processes; the admin is at the one, somebody at the other.
struct Two {
    one: Program,
    two: Process,
    admin: Browser,
}

impl Two {
    async fn start(backend: Backend, settings: &[Setting]) -> Self {
        let one = Program::start(backend, settings).await;
        let two = one.beside().await;
        let mut admin = one.browser();
        assert_eq!(admin.log_in(people::ADMIN).await.status, 303);
        Self { one, two, admin }
    }

    /// Somebody logged in at the second process, which remembers them.
    async fn somebody(&self) -> Browser {
        let mut browser = self.two.browser();
        assert_eq!(browser.log_in(people::ORDINARY).await.status, 303);
        assert_eq!(browser.me().await.status, 200);
        browser
    }
}

on_each! {
    async fn l05_each_act_holds_in_a_second_process_too(backend: Backend) {
        let mut there = Two::start(backend, &[("FIIIIILM_SIGNUP__MODE", "approval".into())]).await;
        let mut user = there.two.browser();
        assert_eq!(user.log_in(people::ORDINARY).await.status, 403, "waits");
        let id = id_of(&mut there.one.inspect(), people::ORDINARY);

        done(&mut there.admin, &id, "approve", &[]).await;
        let mut user = there.somebody().await;
        assert_eq!(user.get("/admin").await.status, 403);

        done(&mut there.admin, &id, "role", &[("role", "admin")]).await;
        eventually!("an admin in the other process", user.get("/admin").await.status == 200);
        done(&mut there.admin, &id, "role", &[("role", "user")]).await;
        eventually!("a user in the other process", user.get("/admin").await.status == 403);

        done(&mut there.admin, &id, "end-sessions", &[]).await;
        eventually!("logged out in the other process", user.me().await.status == 401);
        assert_eq!(user.get("/profile").await.status, 303, "and not renewed");

        let mut user = there.somebody().await;
        done(&mut there.admin, &id, "ban", &[("reason", "광고 글")]).await;
        let refused = there.two.browser().log_in(people::ORDINARY).await;
        assert!(refused.status == 403 && refused.body.contains("광고 글"), "the very next login: {}", refused.body);
        eventually!("shut out of the other process", user.me().await.status == 401);

        done(&mut there.admin, &id, "unban", &[]).await;
        assert_eq!(user.me().await.status, 401, "what was ended stays ended");
        let mut user = there.somebody().await;
        let name = there.one.inspect().lines(&format!("select name as s from users where id = '{id}'")).remove(0);
        done(&mut there.admin, &id, "delete", &[("confirm", &name)]).await;
        eventually!("unknown in the other process", user.me().await.status == 401);
        assert_eq!(there.two.browser().log_in(people::ORDINARY).await.status, 403, "somebody new, who waits");
        assert_ne!(id_of(&mut there.one.inspect(), people::ORDINARY), id);
    }

    async fn l06_two_admins_in_two_processes_leave_one_whatever_they_do(backend: Backend) {
        let there = Two::start(backend, &[]).await;
        let mut inspect = there.one.inspect();
        let acts = [("role", "role"), ("ban", "ban"), ("delete", "delete"), ("role", "ban"), ("ban", "delete"), ("delete", "role"), ("leave", "leave"), ("leave", "role")];
        for round in 0..size(1, 20) {
            for (left, right) in acts {
                let mut one = there.one.browser();
                let mut two = there.two.browser();
                // Whoever was banned or deleted is made anew.
                inspect.execute("update users set standing = 'active', standing_reason = null, version = version + 1");
                for (browser, subject) in [(&mut one, people::ADMIN), (&mut two, people::NO_EMAIL)] {
                    assert_eq!(browser.log_in(subject).await.status, 303);
                }
                inspect.execute("update users set role = 'admin', version = version + 1");
                let (first, second) = (id_of(&mut inspect, people::ADMIN), id_of(&mut inspect, people::NO_EMAIL));
                for (browser, subject) in [(&mut one, people::ADMIN), (&mut two, people::NO_EMAIL)] {
                    assert_eq!(browser.log_in(subject).await.status, 303);
                    assert_eq!(browser.get("/admin").await.status, 200);
                }
                let (to_second, to_first) = (deed(&mut inspect, left, &second), deed(&mut inspect, right, &first));
                let (this, that) = join(one.post(&to_second.0, &to_second.form()), two.post(&to_first.0, &to_first.form())).await;
                let statuses = (this.status, that.status);
                let left_over = inspect.number("select count(*) as n from users where role = 'admin' and standing = 'active'");
                assert_eq!(left_over, 1, "{left} and {right}, round {round}: {statuses:?}");
                let refused = [this, that].iter().filter(|answer| ![200, 303].contains(&answer.status)).count();
                assert!(refused <= 1 && statuses.0 < 500 && statuses.1 < 500, "{left} and {right}: {statuses:?}");
            }
        }
    }
}

/// The address and the form of an act on somebody; who leaves acts on themselves.
struct Deed(String, Vec<(&'static str, String)>);

impl Deed {
    fn form(&self) -> Vec<(&str, &str)> {
        self.1.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}

fn deed(inspect: &mut Inspect, what: &str, id: &str) -> Deed {
    if what == "leave" {
        return Deed("/profile/delete".into(), Vec::new());
    }
    let name = inspect.lines(&format!("select coalesce(name, id) as s from users where id = '{id}'")).remove(0);
    Deed(format!("/admin/users/{id}/{what}"), vec![("role", "user".into()), ("confirm", name)])
}

mod unheard {
    use super::{act, id_of};
    use crate::kit::{TestApp, people};

    on_both! {
        async fn l06_whoever_was_an_admin_a_moment_ago_acts_no_more(app: TestApp) {
            let mut first = app.logged_in(people::ADMIN).await;
            let mut user = app.logged_in(people::ORDINARY).await;
            let (own, id) = (id_of(&mut app.inspect(), people::ADMIN), id_of(&mut app.inspect(), people::ORDINARY));
            let row = || app.inspect().lines(&format!("select standing || role || version as s from users where id = '{id}'"));
            let before = row();
            // As another process changes it, of which this one has not heard yet.
            for change in ["role = 'user'", "standing = 'banned'"] {
                assert_eq!(first.get("/admin").await.status, 200);
                app.inspect().execute(&format!("update users set {change} where id = '{own}'"));
                for (what, form) in [("role", vec![("role", "admin")]), ("ban", vec![]), ("end-sessions", vec![]), ("delete", vec![("confirm", "x")]), ("approve", vec![]), ("unban", vec![])] {
                    let name = app.inspect().lines(&format!("select name as s from users where id = '{id}'")).remove(0);
                    let form = if what == "delete" { vec![("confirm", name.as_str())] } else { form };
                    assert_eq!(act(&mut first, &id, what, &form).await.status, 403, "{what} after {change}");
                }
                assert_eq!((row(), user.me().await.status), (before.clone(), 200), "{change}");
                app.inspect().execute(&format!("update users set role = 'admin', standing = 'active' where id = '{own}'"));
            }
        }
    }
}
