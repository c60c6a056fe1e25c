//! every theft of a refresh token is noticed, and nobody who merely loses an answer is taken for a thief.

use serde_json::{Value, json};
use time::Duration;

use crate::kit::{TestApp, people, size};
use crate::token_api::{call, read, refresh_of};

async fn next(app: &TestApp, token: &str) -> Option<String> {
    let answer = call(app, "refresh", json!({ "refresh": token })).await;
    let pair: Value = read(&answer);
    (answer.status == 200).then(|| pair["refresh"].as_str().unwrap().to_owned())
}

fn ended(app: &TestApp, reason: &str) -> i64 {
    app.inspect().number(&format!("select count(*) as n from sessions where end_reason = '{reason}'"))
}

on_both! {
    async fn r05_e02_every_theft_is_noticed_and_ends_its_session_alone(app: TestApp) {
        let drills = size(20, 1_000);
        let bystander = refresh_of(&app.logged_in(people::NO_EMAIL).await);
        for drill in 0..drills {
            let mut browser = app.browser();
            let login = browser.log_in(people::ORDINARY).await;
            assert_eq!(login.status, if drill == 0 { 303 } else { 200 }, "whoever was robbed is told at the next login");
            let stolen = refresh_of(&browser);
            let mut honest = next(&app, &stolen).await.unwrap();
            // The owner goes on for a while, as often as owners do; then the thief comes.
            for _ in 0..drill % 4 {
                honest = next(&app, &honest).await.unwrap();
            }
            if drill % 4 == 0 {
                // The very next token was never used: only time tells a thief from a lost answer.
                honest = next(&app, &honest).await.unwrap();
            }
            app.clock.advance(Duration::seconds(31));
            assert_eq!(next(&app, &stolen).await, None, "drill {drill}: the thief gets nothing");
            assert_eq!(next(&app, &honest).await, None, "drill {drill}: and the session is over");
        }
        assert_eq!(ended(&app, "reuse"), i64::try_from(drills).unwrap());
        assert!(next(&app, &bystander).await.is_some(), "nobody else is touched");
    }

    async fn r05_whoever_loses_answers_stays_logged_in_and_raises_no_alarm(app: TestApp) {
        let mut tokens = Vec::new();
        for subject in [people::ORDINARY, people::NO_EMAIL, people::LONG_ID, people::BARE] {
            tokens.push(refresh_of(&app.logged_in(subject).await));
        }
        let rounds = size(400, 10_000);
        for round in 0..rounds {
            let slot = round % tokens.len();
            let fresh = next(&app, &tokens[slot]).await.unwrap_or_else(|| panic!("round {round}: logged out"));
            if round % 50 == 7 {
                // The answer is cut off on its way; the client asks again with what it has, a little later.
                app.clock.advance(Duration::seconds(i64::try_from(round % 29).unwrap()));
                let again = next(&app, &tokens[slot]).await.unwrap_or_else(|| panic!("round {round}: a lost answer"));
                assert_eq!(again, fresh, "the same successor");
            }
            tokens[slot] = fresh;
            app.clock.advance(Duration::seconds(60));
        }
        assert_eq!((ended(&app, "reuse"), ended(&app, "stale")), (0, 0), "no false alarm");
        assert_eq!(app.inspect().rows().2, 4, "and everybody is still there");
    }
}
