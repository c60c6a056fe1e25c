//! Group C: who somebody is, and who they are not.

use crate::kit::{TestApp, people};

async fn id_of(browser: &mut crate::kit::Browser) -> String {
    let me: serde_json::Value = serde_json::from_str(&browser.me().await.body).unwrap();
    me["id"].as_str().unwrap().to_owned()
}

on_both! {
    async fn c01_the_same_subject_of_another_provider_is_another_person(app: TestApp) {
        let mut inspect = app.inspect();
        let mut first = app.logged_in(people::ORDINARY).await;
        let id = id_of(&mut first).await;
        // The identity is another provider's now: the same number at Kakao belongs to nobody.
        inspect.execute("update identities set provider = 'naver'");
        let mut second = app.browser();
        second.log_in_apart(people::ORDINARY).await;
        assert_ne!(id_of(&mut second).await, id);
        assert_eq!(inspect.number("select count(*) as n from users"), 2);
        let twice = "insert into identities (id, user_id, provider, subject, linked_at, last_login_at) \
                     select 'x', user_id, provider, subject, linked_at, last_login_at from identities where provider = 'kakao'";
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| app.inspect().execute(twice)));
        assert!(refused.is_err(), "the database itself holds (provider, subject) unique");
    }

    async fn c02_everything_about_a_person_may_change_but_the_subject(app: TestApp) {
        let mut browser = app.logged_in(people::ORDINARY).await;
        let id = id_of(&mut browser).await;
        app.inspect().execute("update identities set email = 'old@example.com', email_key = 'old@example.com', nickname = 'old'");
        browser.log_in(people::ORDINARY).await;
        assert_eq!(id_of(&mut browser).await, id, "the same person with another e-mail and name");
        let mut inspect = app.inspect();
        inspect.execute("update identities set subject = '1'");
        let mut taker = app.browser();
        taker.log_in_apart(people::ORDINARY).await;
        assert_ne!(id_of(&mut taker).await, id, "another subject with the same e-mail is another person");
        assert_eq!(inspect.number("select count(distinct user_id) as n from identities where email_verified"), 2);
    }

    async fn c03_c06_c18_an_email_is_never_unique_and_never_lets_anybody_in(app: TestApp) {
        let mut victim = app.logged_in(people::ORDINARY).await;
        let id = id_of(&mut victim).await;
        app.inspect().execute("update identities set subject = '42', email = upper(email)");
        let before = app.inspect().rows();
        let mut other = app.browser();
        let offered = other.log_in(people::ORDINARY).await;
        assert_eq!((offered.status, offered.location()), (303, "/welcome"), "asked, not let in");
        assert_eq!(other.me().await.status, 401);
        assert_eq!(app.inspect().rows(), before, "nothing is stored before they have said a word");
        assert_eq!(other.post("/welcome", &[("choice", "apart")]).await.status, 303);
        assert_ne!(id_of(&mut other).await, id);
        assert_eq!(app.inspect().number("select count(*) as n from users"), 2);
        assert_eq!(app.inspect().number("select count(distinct email_key) as n from identities"), 1, "one canonical form");
    }
    async fn c17_neither_an_email_nor_being_first_makes_an_admin(app: TestApp) {
        let nobody = "select count(*) as n from users where role = 'admin'";
        // The crowd at the simulator, all at once on an empty database.
        let first: Vec<_> = (0..8).map(|place| { let app = &app; async move { app.logged_in(&format!("391000000{place}")).await } }).collect();
        futures_util::future::join_all(first).await;
        assert_eq!((app.inspect().number("select count(*) as n from users"), app.inspect().number(nobody)), (8, 0));
        let mut admin = app.logged_in(people::ADMIN).await;
        assert_eq!(app.inspect().number(nobody), 1, "the one the settings name");
        // Their own address, vouched for, at somebody else's account.
        let address = |answer: &mut serde_json::Value| answer["kakao_account"]["email"] = serde_json::json!("admin@example.com");
        app.simulator.state().twist_answers("/v2/user/me", Some(address));
        app.browser().log_in_apart("3910000009").await;
        let same = "select count(*) as n from identities where email_key = 'admin@example.com' and email_verified";
        assert_eq!((app.inspect().number(same), app.inspect().number(nobody)), (2, 1));
        app.simulator.state().twist_answers("/v2/user/me", None::<fn(&mut serde_json::Value)>);
        // Demoted, they stay so, whatever they log in with.
        app.inspect().execute("update users set role = 'user', version = version + 1");
        admin.log_in(people::ADMIN).await;
        assert_eq!(app.inspect().number(nobody), 0);
    }

    async fn o13_a_hundred_first_logins_at_once_never_collide(app: TestApp) {
        let subjects = (0..50).map(|place| format!("39100000{place:02}")).chain(std::iter::repeat_n(people::ORDINARY.to_owned(), 50));
        let mut pairs = Vec::new();
        for subject in subjects {
            let mut browser = app.browser();
            let callback = browser.until_callback("/login/kakao", &subject).await;
            pairs.push((browser, callback));
        }
        let answers = futures_util::future::join_all(pairs.iter_mut().map(|(browser, callback)| browser.get(callback))).await;
        let came_in = answers.iter().filter(|answer| answer.status == 303).count();
        // A machine that is too slow for a hundred at once says so, and nothing else.
        for answer in answers.iter().filter(|answer| answer.status != 303) {
            assert_eq!(answer.status, 503, "{}", answer.body);
        }
        let (users, identities, sessions) = app.inspect().rows();
        assert_eq!(users, identities);
        assert_eq!(app.inspect().number("select count(distinct subject) as n from identities"), identities);
        assert_eq!(usize::try_from(sessions).unwrap(), came_in);
        assert!(users <= 51 && came_in > 20, "{users} {came_in}");
    }
}
