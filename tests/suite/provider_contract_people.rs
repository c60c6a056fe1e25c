//! The contract's part about people: whoever a provider says somebody is, and whatever else it says of them. Group C.

use fiiiiilm::simulator::Provider;
use fiiiiilm::simulator::people::Oddity;
use fiiiiilm::simulator::{Draft, Fault};
use serde_json::{Value, json};

use crate::kit::{Answer, CONTRACTS, Contract, TestApp, every_provider};

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.body))
}

/// Puts a value where this provider says it in its profile or its ID tokens.
fn say(app: &TestApp, contract: &Contract, claim: &'static str, member: &'static [&'static str], value: &Value) {
    let state = app.simulator.state();
    let (claimed, told) = (value.clone(), value.clone());
    if contract.openid {
        state.twist_id_tokens(
            contract.provider,
            Some(move |draft: &mut Draft| draft.claim(claim, Some(claimed.clone()))),
        );
    }
    if let Some((path, _)) = contract.profile {
        let change = move |answer: &mut Value| {
            let place = member.iter().fold(answer, |place, name| &mut place[*name]);
            *place = told.clone();
        };
        state.twist_answers(path, Some(change));
    }
}

fn quiet(app: &TestApp, contract: &Contract) {
    let state = app.simulator.state();
    state.twist_id_tokens(contract.provider, None::<fn(&mut Draft)>);
    if let Some((path, _)) = contract.profile {
        state.twist_answers(path, None::<fn(&mut Value)>);
    }
}

on_both! {
    with every_provider;

    async fn every_person_of_every_provider_comes_in_or_is_told_why_not(app: TestApp) {
        for contract in &CONTRACTS {
            for person in contract.provider.people() {
                let stopped = person.oddities.iter().any(|oddity| matches!(oddity, Oddity::TurnedAway(..) | Oddity::WrongBrowser | Oddity::NotATester));
                if person.is(Oddity::NotATester) {
                    continue;
                }
                let mut browser = app.browser();
                let answer = browser.come_in_at(contract.name(), person.id).await;
                if stopped {
                    assert!((400..=503).contains(&answer.status), "{} {}: {}", contract.name(), person.id, answer.status);
                    assert_eq!(browser.me().await.status, 401);
                    continue;
                }
                // An address that somebody trusted has here, too, may first be asked about; then nobody is linked silently.
                let offered = answer.status == 200;
                assert!(answer.status == 303 || offered, "{} {}: {} {}", contract.name(), person.id, answer.status, answer.body);
                if !offered {
                    let me = json_of(&browser.me().await);
                    assert_eq!(me["identities"].as_array().unwrap().len(), 1, "{} {}", contract.name(), person.id);
                    assert_eq!(browser.get("/profile").await.status, 200, "{} {}", contract.name(), person.id);
                }
            }
        }
    }

    async fn n13_people_without_an_address_are_ordinary_people(app: TestApp) {
        for contract in CONTRACTS.iter().filter(|contract| contract.provider != Provider::Google) {
            let mut browser = app.browser();
            assert_eq!(browser.come_in_at(contract.name(), contract.without_email).await.status, 303, "{}", contract.name());
            assert_eq!(json_of(&browser.me().await)["email"], Value::Null, "{}", contract.name());
        }
    }

    async fn c04_an_unverified_address_is_never_trusted(app: TestApp) {
        for contract in &CONTRACTS {
            let Some(person) = contract.unverified else { continue };
            let mut browser = app.browser();
            assert_eq!(browser.come_in_at(contract.name(), person).await.status, 303, "{}", contract.name());
            assert_eq!(json_of(&browser.me().await)["email_verified"], false, "{}", contract.name());
        }
        assert_eq!(app.inspect().number("select count(*) as n from identities where email_verified"), 0);
    }

    async fn c05_only_true_counts_as_verified(app: TestApp) {
        for contract in CONTRACTS.iter().filter(|contract| contract.openid && contract.profile.is_none() && contract.trusted) {
            let claimed = [json!("true"), json!("false"), json!(1), json!("1"), json!([true]), Value::Null];
            for value in claimed {
                say(&app, contract, "email_verified", &[], &value);
                let mut browser = app.browser();
                assert_eq!(browser.come_in_at(contract.name(), contract.ordinary).await.status, 303, "{} {value}", contract.name());
                // Apple documents the text, and there alone it counts.
                let right = contract.provider == Provider::Apple && value == "true";
                assert_eq!(json_of(&browser.me().await)["email_verified"], right, "{} {value}", contract.name());
                app.inspect().execute("delete from sessions; delete from identities; delete from users;");
            }
            quiet(&app, contract);
        }
    }

    async fn c01_the_same_subject_of_two_providers_is_two_people(app: TestApp) {
        let mut seen = Vec::new();
        for contract in CONTRACTS.iter().filter(|contract| !matches!(contract.provider, Provider::Line | Provider::Apple)) {
            let (_, member) = contract.profile.unwrap_or(("", &[]));
            let number = matches!(contract.provider, Provider::Kakao | Provider::Github);
            let profile = if number { json!(42) } else { json!("42") };
            say(&app, contract, "sub", member, &json!("42"));
            if let Some((path, _)) = contract.profile {
                let change = move |answer: &mut Value| {
                    let place = member.iter().fold(answer, |place, name| &mut place[*name]);
                    *place = profile.clone();
                };
                app.simulator.state().twist_answers(path, Some(change));
            }
            if contract.provider == Provider::Kakao {
                app.simulator.state().twist_answers("/v1/user/access_token_info", Some(|answer: &mut Value| answer["id"] = json!(42)));
            }
            if contract.provider == Provider::Oidc {
                app.simulator.state().twist_answers("/oidc/userinfo", Some(|answer: &mut Value| answer["sub"] = json!("42")));
            }
            let mut browser = app.browser();
            let answer = browser.come_in_at(contract.name(), contract.without_email).await;
            assert_eq!(answer.status, 303, "{}: {}", contract.name(), answer.body);
            seen.push(json_of(&browser.me().await)["id"].to_string());
            quiet(&app, contract);
        }
        let subjects = app.inspect().lines("select distinct subject as s from identities");
        assert_eq!(subjects, ["42"]);
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all, "each is somebody else");
    }

    async fn b27_a_subject_of_another_type_is_refused_and_never_another_persons(app: TestApp) {
        for contract in &CONTRACTS {
            let Some((path, member)) = contract.profile else { continue };
            let before = app.inspect().rows();
            for value in [json!(-1), json!(0), json!(1.5), json!(1e3), json!(""), Value::Null, json!([1]), json!({"id": 1}), json!(true), json!("x".repeat(10_240))] {
                let told = value.clone();
                let change = move |answer: &mut Value| {
                    let place = member.iter().fold(answer, |place, name| &mut place[*name]);
                    *place = told.clone();
                };
                app.simulator.state().twist_answers(path, Some(change));
                let mut browser = app.browser();
                let answer = browser.come_in_at(contract.name(), contract.ordinary).await;
                assert!((400..=503).contains(&answer.status), "{} {value}: {}", contract.name(), answer.status);
                assert_eq!(browser.me().await.status, 401, "{} {value}", contract.name());
            }
            quiet(&app, contract);
            assert_eq!(app.inspect().rows(), before, "{}", contract.name());
        }
    }

    async fn c02_names_and_addresses_change_and_the_person_stays(app: TestApp) {
        for contract in CONTRACTS.iter().filter(|contract| contract.openid && contract.profile.is_none()) {
            let mut browser = app.browser();
            assert_eq!(browser.come_in_at(contract.name(), contract.ordinary).await.status, 303, "{}", contract.name());
            let before = json_of(&browser.me().await)["id"].clone();
            say(&app, contract, "email", &[], &json!("elsewhere@example.org"));
            assert_eq!(browser.come_in_at(contract.name(), contract.ordinary).await.status, 303, "{}", contract.name());
            assert_eq!(json_of(&browser.me().await)["id"], before, "{}", contract.name());
            quiet(&app, contract);
        }
    }

    async fn c21_n18_a_hostile_profile_changes_nothing_but_its_own_name(app: TestApp) {
        let hostile = format!("<script>alert(1)</script>{}\u{202e}\u{0}", "가".repeat(1_000));
        for contract in &CONTRACTS {
            let members: &'static [&'static str] = match contract.provider {
                Provider::Kakao => &["kakao_account", "profile", "nickname"],
                Provider::Naver => &["response", "nickname"],
                _ => &["name"],
            };
            say(&app, contract, "name", members, &json!(hostile));
            let mut browser = app.browser();
            assert_eq!(browser.come_in_at(contract.name(), contract.second).await.status, 303, "{}", contract.name());
            let me = json_of(&browser.me().await);
            assert_eq!(me["role"], "user", "{}", contract.name());
            assert!(me["name"].as_str().unwrap_or_default().chars().count() <= 100, "{}", contract.name());
            let page = browser.get("/profile").await;
            assert_eq!(page.status, 200);
            assert!(!page.body.contains("<script>alert") && !page.body.contains('\u{202e}'), "{}", contract.name());
            quiet(&app, contract);
        }
    }

    async fn n12_without_the_list_of_addresses_a_github_login_works(app: TestApp) {
        for status in [403, 404, 200] {
            let fault = Fault { status, content_type: "application/json", body: "[]".into(), delay: std::time::Duration::ZERO };
            app.simulator.state().fail_next("/github/user/emails", fault);
            let mut browser = app.browser();
            let answer = browser.come_in_at("github", "583231").await;
            assert_eq!(answer.status, 303, "{status}: {}", answer.body);
        }
    }

    async fn b19_a_userinfo_about_somebody_else_lets_nobody_in(app: TestApp) {
        for twist in [|answer: &mut Value| answer["sub"] = json!("somebody-else"), |answer: &mut Value| answer["sub"] = Value::Null] {
            app.simulator.state().twist_answers("/oidc/userinfo", Some(twist));
            let mut browser = app.browser();
            let answer = browser.come_in_at("oidc", "hong").await;
            assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.body);
            assert_eq!(browser.me().await.status, 401);
        }
        assert_eq!(app.inspect().rows(), (0, 0, 0));
    }

    async fn b09_a_provider_that_names_itself_has_to_be_the_right_one(app: TestApp) {
        for contract in CONTRACTS.iter().filter(|contract| matches!(contract.provider, Provider::Github | Provider::Oidc)) {
            for (what, issuer) in [("absent", ""), ("a slash more", "/"), ("another", "x"), ("twice", "twice")] {
                let mut browser = app.browser();
                let callback = browser.until_callback(&contract.start(), contract.ordinary).await;
                let mut url = url::Url::parse(&callback).unwrap();
                let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
                let right = pairs.iter().find(|(name, _)| name == "iss").expect("it names itself").1.clone();
                url.query_pairs_mut().clear().extend_pairs(pairs.iter().filter(|(name, _)| name != "iss"));
                match issuer {
                    "" => {}
                    "twice" => drop(url.query_pairs_mut().append_pair("iss", &right).append_pair("iss", &right)),
                    more => drop(url.query_pairs_mut().append_pair("iss", &format!("{right}{more}"))),
                }
                let answer = browser.get(url.as_str()).await;
                assert_eq!(answer.status, 400, "{} {what}: {}", contract.name(), answer.body);
                assert_eq!(browser.me().await.status, 401, "{} {what}", contract.name());
            }
            assert_eq!(app.token_requests_at(contract.provider), 0, "{}", contract.name());
        }
        assert_eq!(app.inspect().rows(), (0, 0, 0));
        app.simulator.state().set_habit(Provider::Oidc, fiiiiilm::simulator::Habit::CallbackIssuer, false);
        // What promised it goes on being held to its promise until its document is read anew: a site that starts now does that.
        let site = app.second().await;
        let mut browser = app.browser();
        browser.at(site.address);
        assert_eq!(browser.come_in_at("oidc", "hong").await.status, 303, "who promises nothing need not name itself");
        site.stop(Some(std::time::Duration::ZERO)).await;
    }
}
