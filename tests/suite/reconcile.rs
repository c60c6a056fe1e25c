//! The comparison with Kakao's own list: who is closed, who comes back, who is erased, and when nothing happens at all.

use fiiiiilm::audit::{Actor, Circumstances};
use fiiiiilm::config::demo;
use fiiiiilm::db::{IdentityId, UserId};
use fiiiiilm::reconcile::{Outcome, Reconciler, Refusal, Report, Stopped, Wish};
use fiiiiilm::simulator::Provider;
use fiiiiilm::upkeep;
use fiiiiilm::users;
use serde_json::{Value, json};
use time::Duration;

use crate::kit::{Setting, TestApp, people};
use crate::leaving::id_of;

pub(crate) const LIST: &str = "/v1/user/ids";
pub(crate) const NAMED: &str = "/v2/app/users";

pub(crate) fn believing() -> Vec<Setting> {
    vec![
        ("FIIIIILM_PROVIDERS__KAKAO__APP_ID", demo::APP_ID.to_string()),
        ("FIIIIILM_RECONCILE__MAX_PERCENT", "50".into()),
    ]
}

fn reconciler(app: &TestApp) -> Reconciler {
    let own = app.running.app();
    Reconciler::new(app.config.reconcile, own.db.clone(), own.registry.clone(), app.clock.clone())
}

pub(crate) async fn attempt(app: &TestApp, wish: Wish) -> Result<Report, Stopped> {
    match reconciler(app).run("kakao", wish, Actor::Cli, &|_| {}).await? {
        Outcome::Ended(report) => Ok(*report),
        other => panic!("{other:?}"),
    }
}

async fn compare(app: &TestApp) -> Report {
    attempt(app, Wish::Command).await.unwrap()
}

async fn sweep(app: &TestApp) {
    upkeep::sweep_once(app.running.app()).await.unwrap();
}

/// Ends the link at Kakao without a word.
fn silently_unlink(app: &TestApp, subject: &str) {
    assert!(app.simulator.state().unlink(Provider::Kakao, subject));
}

/// Whatever is said of people here.
pub(crate) fn everybody(app: &TestApp) -> Vec<String> {
    app.inspect().lines(
        "select u.id || u.standing || u.version || coalesce(cast(u.erase_at as text), '-') || i.subject || \
         coalesce(cast(i.vanished_at as text), '-') || (select count(*) from sessions s where s.user_id = u.id and s.ended_at \
         is null) as s from users u join identities i on i.user_id = u.id order by i.subject",
    )
}

pub(crate) fn lines_of(app: &TestApp, action: &str) -> i64 {
    app.inspect().number(&format!("select count(*) as n from audit_events where action = '{action}'"))
}

/// A second account of somebody that Kakao knows nothing of.
fn second_account(app: &TestApp, user: &str, provider: &str, subject: &str) {
    let id = IdentityId::new();
    app.inspect().execute(&format!(
        "insert into identities (id, user_id, provider, subject, linked_at, last_login_at) select '{id}', user_id, \
         '{provider}', '{subject}', linked_at, last_login_at from identities where user_id = '{user}'"
    ));
}

pub(crate) async fn three(app: &TestApp) -> String {
    app.logged_in(people::ADMIN).await;
    app.logged_in(people::NO_EMAIL).await;
    id_of(&mut app.logged_in(people::ORDINARY).await).await
}

fn refused(report: &Report) -> &'static str {
    report.refused.as_ref().map_or("believed", Refusal::code)
}

on_both! {
    with believing;
    async fn h12_whoever_vanished_is_closed_once_and_back_by_logging_in(app: TestApp) {
        let id = three(&app).await;
        let mut browser = app.logged_in(people::ORDINARY).await;
        silently_unlink(&app, people::ORDINARY);
        let report = compare(&app).await;
        assert_eq!((report.figures.listed, report.figures.linked, report.figures.missing), (2, 3, 1));
        assert_eq!((report.closed, report.marked, report.still_linked), (1, 0, 0));
        assert_eq!(browser.me().await.status, 401);
        assert_eq!(app.inspect().rows().0, 3, "nothing is erased");
        let again = compare(&app).await;
        assert_eq!((again.figures.linked, again.figures.missing, again.closed), (2, 0, 0));
        assert_eq!((lines_of(&app, "reconcile.close"), lines_of(&app, "reconcile.run")), (1, 2));
        app.clock.advance(Duration::days(6));
        sweep(&app).await;
        assert_eq!(id_of(&mut app.logged_in(people::ORDINARY).await).await, id);
        assert_eq!(app.inspect().number("select count(*) as n from identities where vanished_at is not null"), 0);
        app.clock.advance(Duration::days(30));
        sweep(&app).await;
        assert_eq!(app.inspect().rows().0, 3, "and stays");
        assert_eq!(app.inspect().number("select count(*) as n from listed_subjects"), 0);
    }

    async fn h12_whoever_does_not_come_back_is_erased(app: TestApp) {
        three(&app).await;
        silently_unlink(&app, people::ORDINARY);
        assert_eq!(compare(&app).await.closed, 1);
        app.clock.advance(Duration::days(8));
        sweep(&app).await;
        assert_eq!((app.inspect().rows().0, app.inspect().rows().1), (2, 2));
        assert_eq!(lines_of(&app, "user.erase"), 1);
    }

    async fn whoever_is_listed_again_is_back(app: TestApp) {
        three(&app).await;
        let (state, gone) = (app.simulator.state(), people::ORDINARY);
        let without = |answer: &mut Value| {
            answer["elements"].as_array_mut().unwrap().retain(|row| *row != json!(3_900_000_101_i64) && row["id"] != 3_900_000_101_i64);
        };
        state.twist_answers(LIST, Some(without));
        state.twist_answers(NAMED, Some(without));
        assert_eq!(compare(&app).await.closed, 1, "{gone}");
        state.twist_answers(LIST, None::<fn(&mut Value)>);
        assert_eq!(compare(&app).await.returned, 1);
        app.clock.advance(Duration::days(30));
        sweep(&app).await;
        assert_eq!(app.inspect().number("select count(*) as n from users where standing = 'active'"), 3);
    }

    async fn an_account_of_somebody_with_another_one_goes_alone(app: TestApp) {
        let id = three(&app).await;
        second_account(&app, &id, "naver", "other");
        silently_unlink(&app, people::ORDINARY);
        let report = compare(&app).await;
        assert_eq!((report.closed, report.marked), (0, 1));
        app.clock.advance(Duration::days(6));
        sweep(&app).await;
        assert_eq!(app.inspect().rows().1, 4);
        app.clock.advance(Duration::days(2));
        sweep(&app).await;
        let kept = app.inspect().lines(&format!("select provider as s from identities where user_id = '{id}'"));
        assert_eq!(kept, ["naver"]);
        assert_eq!(app.inspect().lines(&format!("select standing as s from users where id = '{id}'")), ["active"]);
        assert_eq!(lines_of(&app, "reconcile.remove"), 1);
    }

    async fn two_accounts_that_vanish_in_one_night_close_their_person(app: TestApp) {
        let id = three(&app).await;
        second_account(&app, &id, "kakao", "3900000999");
        silently_unlink(&app, people::ORDINARY);
        let report = compare(&app).await;
        assert_eq!((report.closed, report.marked), (1, 1));
    }

    async fn a_ban_outlives_the_account(app: TestApp) {
        let id: UserId = three(&app).await.parse().unwrap();
        let (post, how) = (app.running.app().post.clone(), Circumstances::cli(app.clock.now()));
        let whom = id.clone();
        app.running.app().db.write(move |conn| users::ban(conn, &whom, None, &post, &how)).await.unwrap();
        silently_unlink(&app, people::ORDINARY);
        assert_eq!(compare(&app).await.marked, 1);
        app.clock.advance(Duration::days(8));
        sweep(&app).await;
        let left = format!("select count(*) as n from identities where user_id = '{id}' and email is null and nickname is null");
        assert_eq!(app.inspect().number(&left), 1, "the number alone");
        assert_eq!(app.inspect().lines(&format!("select standing as s from users where id = '{id}'")), ["banned"]);
    }

    async fn whoever_is_linked_when_asked_by_name_stays(app: TestApp) {
        three(&app).await;
        let before = everybody(&app);
        let forgets = |answer: &mut Value| answer["elements"].as_array_mut().unwrap().retain(|id| *id != json!(3_900_000_101_i64));
        app.simulator.state().twist_answers(LIST, Some(forgets));
        let as_list = |answer: &mut Value| *answer = answer["elements"].take();
        app.simulator.state().twist_answers(NAMED, Some(as_list));
        let report = compare(&app).await;
        assert_eq!((report.figures.missing, report.still_linked, report.closed), (1, 1, 0));
        assert_eq!(everybody(&app), before);
    }

    async fn an_account_used_since_the_list_was_begun_stays(app: TestApp) {
        three(&app).await;
        let (before, began) = (everybody(&app), app.clock.now() - Duration::minutes(1));
        let how = Circumstances::cli(app.clock.now());
        let done = move |conn: &mut fiiiiilm::db::Conn| users::vanish(conn, ("kakao", people::ORDINARY), began, 7, &how);
        assert_eq!(app.running.app().db.write(done).await.unwrap(), None);
        assert_eq!(everybody(&app), before);
    }

    async fn a_dry_run_changes_nothing_and_says_who(app: TestApp) {
        let id = three(&app).await;
        silently_unlink(&app, people::ORDINARY);
        let (before, said) = (everybody(&app), app.inspect().number("select count(*) as n from audit_events"));
        let report = attempt(&app, Wish::DryRun).await.unwrap();
        assert_eq!(report.people.iter().map(ToString::to_string).collect::<Vec<_>>(), [id]);
        assert_eq!(everybody(&app), before);
        assert_eq!(app.inspect().number("select count(*) as n from audit_events"), said);
        assert_eq!(app.inspect().number("select count(*) as n from listed_subjects"), 0);
        assert_eq!(compare(&app).await.closed, 1, "and then in earnest");
    }

    async fn nothing_happens_when_the_list_is_empty_or_short(app: TestApp) {
        three(&app).await;
        silently_unlink(&app, people::ORDINARY);
        silently_unlink(&app, people::NO_EMAIL);
        let before = everybody(&app);
        assert_eq!(refused(&compare(&app).await), "list_short");
        app.simulator.state().twist_answers(LIST, Some(|answer: &mut Value| answer["elements"] = json!([])));
        assert_eq!(refused(&compare(&app).await), "list_empty");
        assert_eq!(everybody(&app), before);
        assert_eq!((lines_of(&app, "reconcile.refused"), lines_of(&app, "reconcile.run")), (2, 0));
    }

    async fn nothing_happens_in_another_realm_or_before_anybody_logged_in(app: TestApp) {
        assert_eq!(refused(&compare(&app).await), "realm_unbound");
        three(&app).await;
        silently_unlink(&app, people::ORDINARY);
        let before = everybody(&app);
        app.inspect().execute("update installation set value = 'another' where name = 'realm:kakao'");
        assert_eq!(refused(&compare(&app).await), "realm_differs");
        assert_eq!(everybody(&app), before);
        let asked = app.simulator.state().requests().into_iter().filter(|request| request.path == LIST).count();
        assert_eq!(asked, 0, "the list is not even asked for");
    }
}

mod without_app_id {
    use super::{attempt, refused, three};
    use crate::kit::TestApp;
    use fiiiiilm::reconcile::Wish;

    on_both! {
        async fn nothing_happens_while_the_app_is_not_known(app: TestApp) {
            three(&app).await;
            assert_eq!(refused(&attempt(&app, Wish::Command).await.unwrap()), "realm_unknown");
        }
    }
}

mod at_once {
    use super::{believing, compare, silently_unlink, sweep, three};
    use crate::kit::{Setting, TestApp, people};

    fn no_grace() -> Vec<Setting> {
        [believing(), vec![("FIIIIILM_RECONCILE__GRACE_DAYS", "0".into())]].concat()
    }

    on_both! {
        with no_grace;
        async fn without_days_of_grace_they_are_erased_by_the_next_sweep(app: TestApp) {
            three(&app).await;
            silently_unlink(&app, people::ORDINARY);
            assert_eq!(compare(&app).await.closed, 1);
            sweep(&app).await;
            assert_eq!(app.inspect().rows().0, 2);
        }
    }
}
