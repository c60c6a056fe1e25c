//! One contract for every provider: whoever logs in by whichever, the same holds. Walks the table of `kit::contract`.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use fiiiiilm::secret;
use serde_json::{Value, json};
use url::Url;

use crate::kit::{Answer, CONTRACTS, Contract, TestApp, every_provider};

fn me(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.body))
}

fn query(address: &str) -> Vec<(String, String)> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

fn get<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}

/// A page that lets nobody in, and nothing left behind.
async fn assert_nobody(app: &TestApp, contract: &Contract, callback: &str, before: (i64, i64, i64), what: &str) {
    let asked = app.token_requests_at(contract.provider);
    let mut browser = app.browser();
    let answer = browser.get(callback).await;
    assert!((400..500).contains(&answer.status), "{} {what}: {} {}", contract.name(), answer.status, answer.body);
    assert!(answer.cookie("__Host-access").is_none() && answer.cookie("__Host-refresh").is_none(), "{what}");
    assert_eq!(app.token_requests_at(contract.provider), asked, "{} {what}: the provider was asked", contract.name());
    assert_eq!(app.inspect().rows(), before, "{} {what}", contract.name());
}

on_both! {
    with every_provider;

    async fn an_ordinary_person_comes_in_and_is_the_same_the_second_time(app: TestApp) {
        let mut users = BTreeSet::new();
        for contract in &CONTRACTS {
            let mut browser = app.browser();
            let answer = browser.come_in_at(contract.name(), contract.ordinary).await;
            assert_eq!(answer.status, 303, "{}: {}", contract.name(), answer.body);
            let first = me(&browser.me().await);
            assert_eq!(first["identities"][0]["provider"], contract.name());
            assert!(first["email"].is_string(), "{}: {first}", contract.name());
            assert_eq!(first["email_verified"], contract.trusted, "{}: {first}", contract.name());
            assert!(first["name"].as_str().is_some_and(|name| !name.is_empty()), "{}: {first}", contract.name());
            assert_eq!(browser.get("/profile").await.status, 200, "{}", contract.name());
            let mut elsewhere = app.browser();
            assert_eq!(elsewhere.come_in_at(contract.name(), contract.ordinary).await.status, 303, "{}", contract.name());
            let second = me(&elsewhere.me().await);
            assert_eq!((&second["id"], &second["name"]), (&first["id"], &first["name"]), "{}", contract.name());
            users.insert(first["id"].to_string());
            let subjects = app.inspect().lines(&format!("select subject as s from identities where provider = '{}'", contract.name()));
            assert_eq!(subjects, [contract.ordinary], "to the letter");
        }
        assert_eq!(users.len(), CONTRACTS.len(), "C03: nobody was linked with anybody for an address");
    }

    async fn a02_a03_a05_b25_every_start_and_every_exchange_are_as_they_should_be(app: TestApp) {
        for contract in &CONTRACTS {
            app.simulator.state().forget_requests();
            let mut browser = app.browser();
            let start = browser.get(&contract.start()).await;
            assert_eq!(start.status, 303, "{}: {}", contract.name(), start.body);
            let asked = query(start.location());
            let names: BTreeSet<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names.len(), asked.len(), "{}: each once", contract.name());
            assert_eq!(get(&asked, "response_type"), Some("code"));
            assert_eq!(get(&asked, "code_challenge_method"), Some("S256"), "{}", contract.name());
            let state = get(&asked, "state").unwrap();
            assert!(state.len() >= 22 && state.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{}", contract.name());
            if contract.openid {
                let nonce = get(&asked, "nonce").unwrap_or_else(|| panic!("{}: no nonce", contract.name()));
                assert!(nonce.len() >= 22 && nonce != state);
            }
            let callback = browser.consent(start.location(), contract.ordinary, "agree").await;
            assert_eq!(browser.get(&callback).await.status, 303, "{}", contract.name());
            let paths = contract.provider.paths(fiiiiilm::simulator::Place::Token);
            let requests = app.simulator.state().requests();
            let exchange: Vec<_> = requests.iter().filter(|request| paths.contains(&request.path.as_str())).collect();
            let [exchange] = exchange.as_slice() else { panic!("{}: {exchange:?}", contract.name()) };
            assert_eq!((exchange.method.as_str(), exchange.query.len()), ("POST", 0), "{}", contract.name());
            assert!(exchange.header("accept").is_some_and(|accept| accept.contains("application/json")));
            assert!(exchange.header("cookie").is_none() && exchange.header("referer").is_none(), "{}", contract.name());
            let verifier = exchange.field("code_verifier").unwrap_or_else(|| panic!("{}: no verifier", contract.name()));
            assert!((43..=128).contains(&verifier.len()));
            let shown = BASE64URL_NOPAD.encode(&secret::sha256(verifier.as_bytes()));
            assert_eq!(get(&asked, "code_challenge"), Some(shown.as_str()), "{}", contract.name());
            assert_eq!(exchange.field("redirect_uri"), get(&asked, "redirect_uri"), "{}", contract.name());
        }
    }

    async fn cancelling_ends_on_a_kind_page(app: TestApp) {
        for contract in &CONTRACTS {
            let mut browser = app.browser();
            let start = browser.get(&contract.start()).await;
            let callback = browser.consent(start.location(), contract.ordinary, "cancel").await;
            let answer = browser.get(&callback).await;
            assert_eq!(answer.status, 200, "{}: {}", contract.name(), answer.body);
            let title = fiiiiilm::i18n::Locale::Ko.text("outcome-cancelled-title").to_owned();
            assert!(answer.body.contains(&title), "{}: {}", contract.name(), answer.body);
            assert_eq!(browser.me().await.status, 401);
            assert_eq!(app.token_requests_at(contract.provider), 0, "{}", contract.name());
        }
        assert_eq!(app.inspect().rows(), (0, 0, 0));
    }

    async fn b06_a_repeated_callback_is_one_login(app: TestApp) {
        for contract in &CONTRACTS {
            let mut browser = app.browser();
            let callback = browser.until_callback(&contract.start(), contract.ordinary).await;
            let first = browser.get(&callback).await;
            let second = browser.get(&callback).await;
            assert_eq!((first.status, second.status), (303, 303), "{}: {}", contract.name(), second.body);
            assert_eq!(second.cookie("__Host-refresh"), first.cookie("__Host-refresh"), "{}", contract.name());
            assert_eq!(app.token_requests_at(contract.provider), 1, "{}", contract.name());
            assert_eq!(app.inspect().rows(), (1, 1, 1), "{}", contract.name());
            // Each begins on a site where nobody has their e-mail.
            app.inspect().execute("delete from sessions; delete from identities; delete from users;");
        }
    }

    async fn b01_b02_b03_b04_wrong_and_foreign_states_open_nothing(app: TestApp) {
        for contract in &CONTRACTS {
            let mut stranger = app.browser();
            let stolen = stranger.until_callback(&contract.start(), contract.ordinary).await;
            let before = app.inspect().rows();
            let path = format!("/login/{}/callback", contract.name());
            let state = get(&query(&stolen), "state").map(str::to_owned);
            assert_nobody(&app, contract, &stolen, before, "somebody else's").await;
            for (what, address) in [
                ("without state", format!("{path}?code=x")),
                ("empty state", format!("{path}?code=x&state=")),
                ("of another make", format!("{path}?code=x&state=abcdefghijklmnopqrstuvwxyz")),
            ] {
                assert_nobody(&app, contract, &address, before, what).await;
            }
            if let Some(state) = state {
                let small = format!("{path}?code=x&state={}", state.to_lowercase());
                assert_nobody(&app, contract, &small, before, "in small letters").await;
                let cut = format!("{path}?code=x&state={}", &state[..state.len() - 1]);
                assert_nobody(&app, contract, &cut, before, "cut").await;
            }
            assert_eq!(stranger.get(&stolen).await.status, 303, "{}: the right browser still may", contract.name());
        }
    }

    async fn b08_an_answer_for_one_provider_is_none_for_another(app: TestApp) {
        for from in &CONTRACTS {
            let mut browser = app.browser();
            let callback = browser.until_callback(&from.start(), from.ordinary).await;
            let before = app.inspect().rows();
            for to in CONTRACTS.iter().filter(|to| to.provider != from.provider) {
                let confused = callback.replace(&format!("/login/{}/", from.name()), &format!("/login/{}/", to.name()));
                assert_ne!(confused, callback);
                let (asked, also) = (app.token_requests_at(from.provider), app.token_requests_at(to.provider));
                let answer = browser.get(&confused).await;
                assert!((400..500).contains(&answer.status), "{} to {}: {}", from.name(), to.name(), answer.status);
                assert_eq!(browser.me().await.status, 401, "{} to {}", from.name(), to.name());
                assert_eq!((app.token_requests_at(from.provider), app.token_requests_at(to.provider)), (asked, also));
            }
            assert_eq!(app.inspect().rows(), before, "{}", from.name());
        }
    }

    async fn b16_somebody_elses_code_in_ones_own_login_is_refused(app: TestApp) {
        for contract in &CONTRACTS {
            let (mut victim, mut attacker) = (app.browser(), app.browser());
            let theirs = victim.until_callback(&contract.start(), contract.ordinary).await;
            let own = attacker.until_callback(&contract.start(), contract.second).await;
            let before = app.inspect().rows();
            let (theirs, own_pairs) = (query(&theirs), query(&own));
            let Some((code, state)) = get(&theirs, "code").zip(get(&own_pairs, "state")) else {
                // Apple's fields travel sealed: the code cannot be taken out of a callback.
                assert!(contract.name() == "apple", "{}", contract.name());
                continue;
            };
            let mut forged = Url::parse(&own).unwrap();
            forged.set_query(None);
            forged.query_pairs_mut().append_pair("code", code).append_pair("state", state);
            if let Some(issuer) = get(&own_pairs, "iss") {
                forged.query_pairs_mut().append_pair("iss", issuer);
            }
            let answer = attacker.get(forged.as_str()).await;
            assert!((400..=503).contains(&answer.status), "{}: {}", contract.name(), answer.status);
            assert_eq!(attacker.me().await.status, 401, "{}", contract.name());
            assert_eq!(app.inspect().rows(), before, "{}", contract.name());
        }
    }

    async fn b26_an_error_dressed_as_success_lets_nobody_in(app: TestApp) {
        type Spoil = fn(&mut Value);
        let spoils: [(&str, Spoil); 6] = [
            ("an error with 200", |answer| *answer = json!({"error": "bad_verification_code", "error_description": "The code passed is incorrect or expired."})),
            ("no token", |answer| *answer = json!({"token_type": "bearer"})),
            ("an empty token", |answer| answer["access_token"] = json!("")),
            ("a number", |answer| answer["access_token"] = json!(7)),
            ("of a kind nobody knows", |answer| answer["token_type"] = json!("mac")),
            ("of no kind", |answer| answer["token_type"] = Value::Null),
        ];
        for contract in &CONTRACTS {
            let path = contract.provider.paths(fiiiiilm::simulator::Place::Token)[0];
            for (what, spoil) in spoils {
                app.simulator.state().twist_answers(path, Some(spoil));
                let before = app.inspect().rows();
                let mut browser = app.browser();
                let answer = browser.come_in_at(contract.name(), contract.ordinary).await;
                assert!((400..=503).contains(&answer.status), "{} {what}: {}", contract.name(), answer.status);
                assert_eq!(browser.me().await.status, 401, "{} {what}", contract.name());
                assert_eq!(app.inspect().rows(), before, "{} {what}", contract.name());
                if let Some((profile, _)) = contract.profile {
                    assert!(!app.simulator.state().requests().iter().any(|request| request.path == profile), "{} {what}", contract.name());
                }
            }
            for kind in ["Bearer", "bearer", "BEARER"] {
                app.simulator.state().twist_answers(path, Some(move |answer: &mut Value| answer["token_type"] = json!(kind)));
                assert_eq!(app.browser().come_in_at(contract.name(), contract.ordinary).await.status, 303, "{} {kind}", contract.name());
            }
            app.simulator.state().twist_answers(path, None::<fn(&mut Value)>);
        }
    }
}
