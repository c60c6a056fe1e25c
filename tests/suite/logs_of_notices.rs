//! Groups H and Q: what ending links, telling the operator's programs and hearing notices leave in the log. Everything that proves
//! something on the way, in or out, was seen outside, and none of it is in a line, though every line there is is written.

use fiiiiilm::config::demo;
use fiiiiilm::simulator::notices::{Delivery, Notice, Variation};
use fiiiiilm::simulator::{Place, Trouble};

use crate::kit::{Backend, CANARY, CONTRACTS, Contract, Program, Receiver, SECRET, every_provider, people};
use crate::logs::{Secrets, json_log};
use crate::outbox::until;
use crate::unlinking::tellable;

/// Form fields and parameters that open something.
const OPENING: [&str; 8] = [
    "access_token",
    "refresh_token",
    "token",
    "client_secret",
    "client_assertion",
    "code",
    "accessToken",
    "userAccessToken",
];

/// Whatever the settings keep to themselves.
fn of_settings(secrets: &mut Secrets) {
    for known in [demo::ADMIN_KEY, demo::CLIENT_SECRET, CANARY, SECRET, SECRET.trim_start_matches("whsec_")] {
        secrets.add(known);
    }
    for practice in [&demo::NAVER, &demo::GOOGLE, &demo::GITHUB, &demo::LINE] {
        secrets.add(practice.client_secret);
    }
    demo::APPLE_PRIVATE_KEY.lines().filter(|line| !line.contains("PRIVATE KEY")).for_each(|line| secrets.add(line));
}

/// The proof in a header: with the word before it, and without.
fn of_headers(secrets: &mut Secrets, headers: &[(String, String)]) {
    let proofs = ["authorization", "webhook-signature"];
    for (_, value) in headers.iter().filter(|(name, _)| proofs.contains(&name.to_ascii_lowercase().as_str())) {
        value.split([' ', ',']).filter(|part| part.len() > 8).for_each(|part| secrets.add(part));
    }
}

/// A notice that says nothing in the clear but who it is about: any long part of it is a signature, or what was signed.
fn of_notice(secrets: &mut Secrets, delivery: &Delivery) {
    of_headers(secrets, &delivery.headers);
    let query = delivery.path.split_once('?').map_or("", |(_, query)| query);
    for text in [query, &delivery.body] {
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_%".contains(c));
        parts.filter(|part| part.len() > 30).for_each(|part| secrets.add(part));
    }
}

fn of_outside(secrets: &mut Secrets, program: &Program, receiver: &Receiver) {
    for request in program.simulator.state().requests() {
        of_headers(secrets, &request.headers);
        for (_, value) in request.form.iter().chain(&request.query).filter(|(name, _)| OPENING.contains(&name.as_str()))
        {
            secrets.add(value);
        }
    }
    receiver.asked().iter().for_each(|told| of_headers(secrets, &told.headers));
}

/// Every provider is told of the end of a link, or is disturbed just then.
async fn come_and_leave(program: &Program, person: impl Fn(&Contract) -> &'static str) {
    for contract in tellable() {
        let mut browser = program.browser();
        let came = browser.come_in_at(contract.name(), person(contract)).await;
        assert_eq!(came.status, 303, "{}: {}", contract.name(), came.body);
        let page = browser.get("/profile/delete").await;
        let typed = page.body.split("id=\"confirm-hint\"><bdi>").nth(1).and_then(|rest| rest.split("</bdi>").next());
        let gone = browser.post("/profile/delete", &[("confirm", typed.unwrap_or_default())]).await;
        assert_eq!(gone.status, 200, "{}", gone.body);
    }
}

/// Each notice of each provider, right and forged.
async fn every_notice(program: &Program, secrets: &mut Secrets) {
    for contract in &CONTRACTS {
        for notice in Notice::of(contract.provider) {
            for variation in Variation::of(notice) {
                let delivery = program.simulator.state().notice(notice, contract.ordinary, variation).unwrap();
                of_notice(secrets, &delivery);
                program.browser().deliver(&delivery).await;
            }
        }
    }
}

/// The right key in all the wrong places, and half of it in the right one.
async fn misplaced_keys(program: &Program) {
    let (key, id) = (demo::ADMIN_KEY, people::ORDINARY);
    let path = format!("/webhooks/kakao/unlink?app_id={}&user_id={id}", demo::APP_ID);
    let places = [
        (format!("{path}&Authorization=KakaoAK%20{key}"), String::new()),
        (format!("{path}&key={key}"), format!("Bearer {key}")),
        (format!("/webhooks/{key}"), key.to_owned()),
        (path.clone(), format!("KakaoAK {key}{key}")),
        (path.replace("user_id=", &format!("user_id={key}")), format!("KakaoAK {key}")),
    ];
    for (path, authorization) in places {
        let answer = program.browser().get_with(&path, &[("Authorization", authorization.as_str())]).await;
        assert!([400, 401, 404].contains(&answer.status), "{}", answer.status);
    }
}

on_each! {
    async fn h04_no_key_signature_or_token_of_a_notice_or_a_call_is_logged(backend: Backend) {
        let receiver = Receiver::start();
        let program = Program::start(backend, &[json_log(), receiver.settings(), every_provider()].concat()).await;
        let mut secrets = Secrets::default();
        of_settings(&mut secrets);
        let waiting = || program.inspect().number("select count(*) as n from outbox where state = 'waiting'");
        come_and_leave(&program, |contract| contract.ordinary).await;
        until("all told", || waiting() == 0).await;
        receiver.answers(500);
        program.simulator.state().set_trouble(Place::Revoke, Some(Trouble::Status(500)));
        come_and_leave(&program, |contract| contract.without_email).await;
        let tried = "select count(*) as n from outbox where state = 'waiting' and tries = 0";
        until("all tried", || waiting() > 0 && program.inspect().number(tried) == 0).await;
        assert_eq!(program.browser().log_in(people::ORDINARY).await.status, 303);
        every_notice(&program, &mut secrets).await;
        misplaced_keys(&program).await;
        of_outside(&mut secrets, &program, &receiver);
        assert!(secrets.count() > 150, "{} were seen", secrets.count());
        let log = program.settled_log().await;
        secrets.assert_absent(&log);
        assert!(log.contains("security event") && log.contains("outbox"), "{log}");
    }
}
