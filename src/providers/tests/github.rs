//! GitHub's own part.

use serde_json::{Value, json};

use super::super::dialect::Freshness;
use super::super::fault::Answer;
use super::super::github::{self, PICTURES};
use super::super::http::Http;
use super::super::pictures::Pictures;
use super::super::profile::Trust;
use super::super::provider::Provider;
use super::answers::{Answers, fake, pairs, prove, query};
use super::{CLIENT_ID, Fake, attempt};
use crate::clock::Clock;
use crate::config::Github as Settings;
use crate::secret::Secret;

const ISSUER: &str = "https://github.com/login/oauth";

fn provider(fake: &Fake) -> Provider {
    let settings = Settings {
        client_id: CLIENT_ID.into(),
        client_secret: Secret::new("S3CR3T".into()),
        scopes: vec!["user:email".into()],
        native_redirect_uris: Vec::new(),
        auth_base: fake.origin.clone(),
        api_base: fake.origin.clone(),
        issuer: ISSUER.into(),
    };
    github::provider(&settings, &Http::new().unwrap(), &Clock::system()).unwrap()
}

fn healthy(user: Value, emails: (u16, Value)) -> Answers {
    vec![
        (
            "POST /login/oauth/access_token",
            200,
            json!({"access_token": "gho_A", "scope": "a,b", "token_type": "bearer"}),
        ),
        ("GET /user", 200, user),
        ("GET /user/emails", emails.0, emails.1),
    ]
}

fn mailbox(address: &str, primary: bool, verified: bool) -> Value {
    json!({"email": address, "primary": primary, "verified": verified, "visibility": null})
}

#[tokio::test]
async fn two_calls_tell_who_it_is() {
    let user = json!({"id": 9_007_199_254_740_993_i64, "login": "octocat", "name": null, "email": "public@x.test",
                      "avatar_url": "https://avatars.githubusercontent.com/u/1?v=4"});
    let emails = json!([mailbox("old@x.test", false, true), mailbox("main@x.test", true, true)]);
    let fake = fake(healthy(user, (200, emails))).await;
    let provider = provider(&fake);
    let address = provider.authorize_url(&attempt()).await.unwrap();
    assert_eq!(query(&address), pairs(&[("client_id", CLIENT_ID), ("scope", "user:email")]), "no ID token, no nonce");
    let proof = prove(&provider).await.unwrap();
    assert_eq!((proof.profile.subject.as_str(), proof.realm), ("9007199254740993", None));
    assert_eq!(proof.profile.name.as_deref(), Some("octocat"));
    let email = proof.profile.email.unwrap();
    assert_eq!((email.address.as_str(), email.trust), ("main@x.test", Trust::Verified));
    let requests = fake.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        let head = request.to_ascii_lowercase();
        assert!(head.contains("user-agent: fiiiiilm/") && head.contains("accept: application/json"), "{head}");
    }
    assert_eq!(provider.freshness(), Freshness::None);
}

#[tokio::test]
async fn addresses_that_may_not_be_seen_cost_no_login() {
    for (status, body) in [(404, json!({"message": "Not Found"})), (403, json!({})), (200, json!([]))] {
        let fake = fake(healthy(json!({"id": 1, "email": "public@x.test"}), (status, body))).await;
        assert_eq!(prove(&provider(&fake)).await.unwrap().profile.email, None, "{status}");
    }
    let fake = fake(healthy(json!({"id": 1}), (500, json!({})))).await;
    assert_eq!(prove(&provider(&fake)).await.unwrap_err().answer, Answer::TryLater, "an outage says nothing");
}

#[tokio::test]
async fn b26_errors_dressed_as_success_are_errors() {
    for (error, spent, fix) in [
        ("bad_verification_code", true, false),
        ("incorrect_client_credentials", false, true),
        ("redirect_uri_mismatch", false, true),
        ("unverified_user_email", false, false),
    ] {
        let body = json!({"error": error, "error_description": "canary", "error_uri": "https://docs.github.com/"});
        let fake = fake(vec![("POST /login/oauth/access_token", 200, body)]).await;
        let fault = prove(&provider(&fake)).await.unwrap_err();
        assert_eq!((fault.code.as_str(), fault.code_spent), (format!("oauth-{error}").as_str(), spent));
        assert_eq!(matches!(fault.answer, Answer::OperatorMustFix { .. }), fix, "{error}");
        assert!(!fault.to_string().contains("canary"));
        assert_eq!(fake.requests().len(), 1, "no call with a token that is none");
    }
    for (status, answer) in [(401, Answer::StartOver), (403, Answer::TryLater), (500, Answer::TryLater)] {
        let mut answers = healthy(json!({}), (200, json!([])));
        answers[1] = ("GET /user", status, json!({"message": "canary"}));
        let fault = prove(&provider(&fake(answers).await)).await.unwrap_err();
        assert_eq!((fault.answer, fault.code), (answer, format!("api-{status}")));
    }
}

#[tokio::test]
async fn b09_a_callback_must_say_that_it_is_githubs() {
    let fake = fake(Vec::new()).await;
    let provider = provider(&fake);
    assert!(provider.heard(Some(ISSUER), true).await.is_ok());
    for iss in
        [None, Some("https://github.com/login/oauth/"), Some("https://GITHUB.com/login/oauth"), Some(""), Some("x")]
    {
        let fault = provider.heard(iss, true).await.unwrap_err();
        assert_eq!((fault.answer, fault.code.as_str()), (Answer::Refused, "callback-iss"), "{iss:?}");
    }
    assert!(provider.heard(None, false).await.is_ok(), "a refusal opens nothing");
    assert!(provider.heard(Some("x"), false).await.is_err());
    assert!(fake.requests().is_empty());
    assert_eq!(provider.denial("access_denied", "The user has denied your application access."), None);
    assert!(matches!(provider.denial("application_suspended", ""), Some(Answer::OperatorMustFix { .. })));
}

#[test]
fn b27_c04_the_number_is_the_person_and_the_verified_primary_address_theirs() {
    let places = Pictures::new(PICTURES, "");
    let read = |user: Value, emails: &[Value]| github::read(&user, emails, &places);
    for id in [json!(null), json!("7"), json!(0), json!(-1), json!(1.5), json!([1])] {
        assert!(read(json!({"id": id, "login": "x"}), &[]).is_none());
    }
    let email = |emails: &[Value]| read(json!({"id": 1, "email": "public@x.test"}), emails).unwrap().email;
    assert_eq!(email(&[mailbox("a@x.test", true, false), mailbox("b@x.test", false, true)]), None);
    assert_eq!(email(&[json!({"email": "a@x.test", "primary": "true", "verified": true})]), None);
    assert_eq!(email(&[json!({"email": "a@x.test", "primary": true, "verified": 1}), json!(1), json!(null)]), None);
    assert_eq!(email(&[mailbox("1+octocat@users.noreply.github.com", true, true)]), None);
    let elsewhere = json!({"id": 1, "avatar_url": "https://raw.githubusercontent.com/x"});
    assert_eq!(read(elsewhere, &[]).unwrap().picture, None, "other hosts of the family serve what anybody wrote");
}
