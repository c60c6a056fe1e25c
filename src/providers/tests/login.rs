//! Kakao's own part, end to end against the fake.

use serde_json::{Value, json};

use super::super::fault::{Answer, Fault, Step};
use super::super::kakao::{PICTURES, read as read_profile};
use super::super::pictures::Pictures;
use super::super::profile::Trust;
use super::super::provider::Proof;
use super::{CLIENT_ID, Fake, NONCE, Reaction, SigningKey, VERIFIER, answer, attempt, jwks, raw, with};
use crate::clock::Clock;
use crate::clock::unix_seconds;

/// A healthy Kakao whose `/v2/user/me` and ID token say so.
async fn healthy(me: Value, id_token: Option<Value>) -> Fake {
    let key = SigningKey::new("k1");
    Fake::start(move |request| {
        let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        if request.starts_with("POST /oauth/token") {
            let token = id_token.as_ref().map(|change| {
                let now = unix_seconds(Clock::system().now());
                let good = json!({"iss": format!("http://{host}"), "aud": CLIENT_ID, "sub": "3912345678", "iat": now,
                    "exp": now + 100, "auth_time": now - 5, "nonce": NONCE});
                key.sign(&with(&good, change))
            });
            return answer(
                200,
                &json!({"token_type": "bEaReR", "access_token": "ACCESS", "id_token": token, "expires_in": "21599",
                "refresh_token": "REFRESH", "refresh_token_expires_in": 5_183_999, "scope": "openid profile_nickname"}),
            );
        }
        if request.starts_with("GET /.well-known/jwks.json") {
            return answer(200, &jwks(&[&key]));
        }
        if request.starts_with("GET /v1/user/access_token_info") {
            return raw(200, "text/plain", r#"{"id":3912345678,"expires_in":1,"app_id":123456}"#);
        }
        if request.starts_with("GET /v2/user/me?secure_resource=true ") {
            return answer(200, &me);
        }
        Reaction::Silence
    })
    .await
}

fn pictures() -> Pictures {
    Pictures::new(PICTURES, "https://kapi.kakao.com")
}

async fn prove(fake: &Fake) -> Result<Proof, Fault> {
    fake.kakao().prove("C0DE&x=y", &attempt()).await
}

#[tokio::test]
async fn a_login_asks_exactly_what_is_needed() {
    let fake = healthy(json!({"id": 3_912_345_678_i64}), Some(json!({}))).await;
    let proof = prove(&fake).await.unwrap();
    assert_eq!((proof.profile.subject.as_str(), proof.realm.as_deref()), ("3912345678", Some("7")));
    assert!(proof.auth_time.is_some());
    let requests = fake.requests();
    let paths: Vec<&str> = requests.iter().map(|request| request.split(' ').nth(1).unwrap()).collect();
    assert_eq!(paths, ["/oauth/token", "/.well-known/jwks.json", "/v2/user/me?secure_resource=true"]);
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.contains("content-type: application/x-www-form-urlencoded") && head.contains("user-agent: fiiiiilm/"));
    for absent in ["authorization", "cookie", "referer"] {
        assert!(!head.contains(absent), "{head}");
    }
    let mut form: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    form.sort();
    let expected = [
        ("client_id", CLIENT_ID),
        ("client_secret", "S3CR3T"),
        ("code", "C0DE&x=y"),
        ("code_verifier", VERIFIER),
        ("grant_type", "authorization_code"),
        ("redirect_uri", "http://localhost:8080/login/kakao/callback"),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(requests[2].to_ascii_lowercase().contains("authorization: bearer access\r\n"));
}

#[tokio::test]
async fn the_authorize_address_has_these_parameters_and_no_scope_unless_configured() {
    let fake = Fake::start(|_| Reaction::Silence).await;
    let query = |address: &str| {
        let mut pairs: Vec<(String, String)> = url::Url::parse(address).unwrap().query_pairs().into_owned().collect();
        pairs.sort();
        pairs
    };
    let address = fake.kakao().authorize_url(&attempt()).await.unwrap();
    assert!(address.starts_with(&format!("{}/oauth/authorize?", fake.origin)));
    let mut expected = vec![
        ("client_id", CLIENT_ID),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("nonce", NONCE),
        ("redirect_uri", "http://localhost:8080/login/kakao/callback"),
        ("response_type", "code"),
        ("state", "STATE"),
    ];
    let owned =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
    assert_eq!(query(&address), owned(&expected));
    let mut settings = fake.settings();
    settings.scopes = vec!["openid".into(), "account_email".into()];
    let http = super::Http::new().unwrap();
    let scoped = super::kakao::provider(&settings, &http, &Clock::system()).unwrap();
    expected.insert(6, ("scope", "openid account_email"));
    assert_eq!(query(&scoped.authorize_url(&attempt()).await.unwrap()), owned(&expected));
    let mut short = attempt();
    short.verifier = crate::secret::Secret::new("too short".into());
    assert!(scoped.authorize_url(&short).await.unwrap().contains("code_challenge="), "no panic");
}

#[tokio::test]
async fn b17_a_bad_nonce_ends_everything_before_the_profile_is_asked() {
    for change in [json!({"nonce": "other"}), json!({"nonce": null}), json!({"aud": "other"})] {
        let fake = healthy(json!({"id": 3_912_345_678_i64}), Some(change)).await;
        let fault = prove(&fake).await.unwrap_err();
        assert_eq!((fault.answer, fault.step), (Answer::Refused, Step::IdToken));
        assert_eq!(fake.count("/v2/user/me"), 0);
    }
}

#[tokio::test]
async fn b19_two_people_in_one_proof_are_refused() {
    let fake = healthy(json!({"id": 1}), Some(json!({}))).await;
    let fault = prove(&fake).await.unwrap_err();
    assert_eq!((fault.answer, fault.code.as_str()), (Answer::Refused, "sub-mismatch"));
}

#[tokio::test]
async fn without_openid_the_profile_alone_is_the_proof_and_has_no_auth_time() {
    let fake = healthy(json!({"id": 3_912_345_678_i64}), None).await;
    assert_eq!(prove(&fake).await.unwrap().auth_time, None);
}

#[tokio::test]
async fn the_app_is_learned_once_when_it_is_not_configured() {
    let fake = healthy(json!({"id": 3_912_345_678_i64}), None).await;
    let mut settings = fake.settings();
    settings.app_id = None;
    let provider = super::kakao::provider(&settings, &super::Http::new().unwrap(), &Clock::system()).unwrap();
    assert_eq!(provider.realm(), None);
    for _ in 0..2 {
        assert_eq!(provider.prove("c", &attempt()).await.unwrap().realm.as_deref(), Some("123456"));
    }
    assert_eq!(fake.count("/v1/user/access_token_info"), 1);
}

#[tokio::test]
async fn b27_only_a_positive_whole_number_is_an_id() {
    for (id, subject) in [
        (json!(1_376_016_924_429_759_228_i64), "1376016924429759228"),
        (json!(9_007_199_254_740_993_i64), "9007199254740993"),
    ] {
        assert_eq!(prove(&healthy(json!({"id": id}), None).await).await.unwrap().profile.subject, subject);
    }
    for id in [
        json!("3912345678"),
        json!("007"),
        json!(1.0),
        json!(1e3),
        json!(-1),
        json!(0),
        json!(""),
        Value::Null,
        json!([1]),
        json!({}),
        json!(true),
        json!(u64::MAX),
        json!("x".repeat(10_000)),
    ] {
        let fault = prove(&healthy(json!({"id": id.clone()}), None).await).await.unwrap_err();
        assert_eq!((fault.answer, fault.code.as_str()), (Answer::Refused, "no-id"), "{id}");
    }
}

#[tokio::test]
async fn n12_an_error_of_kapi_keeps_its_code() {
    for (status, code, name) in [
        (400, -1, "kapi-1"),
        (400, -10, "kapi-10"),
        (503, -9798, "kapi-9798"),
        (401, -406, "kapi-406"),
        (401, -401, "kapi-401"),
    ] {
        let fake = Fake::start(move |request| {
            if request.starts_with("POST") {
                return answer(200, &json!({"token_type": "bearer", "access_token": "A"}));
            }
            answer(status, &json!({"code": code, "msg": "canary ACCESS"}))
        })
        .await;
        let fault = prove(&fake).await.unwrap_err();
        assert_eq!((fault.step, fault.code.as_str()), (Step::Profile, name));
        assert!(!fault.to_string().contains("canary"));
        assert_eq!(fault.answer == Answer::UnderAge, code == -406);
    }
}

#[test]
fn c04_c05_an_e_mail_is_what_its_two_flags_say() {
    let email = |account: Value| read_profile("1".into(), &json!({"kakao_account": account}), &pictures()).email;
    let with_flags = |valid: Value, verified: Value| {
        email(json!({"email": "hong@example.com", "is_email_valid": valid, "is_email_verified": verified}))
            .map(|email| email.trust)
    };
    assert_eq!(with_flags(json!(true), json!(true)), Some(Trust::Verified));
    assert_eq!(with_flags(json!(true), json!(false)), Some(Trust::Unverified));
    for odd in [json!("true"), json!(1), json!("1"), json!([true]), Value::Null] {
        assert_eq!(with_flags(json!(true), odd.clone()), Some(Trust::Unverified));
        assert_eq!(with_flags(odd, json!(true)), None);
    }
    assert_eq!(with_flags(json!(false), json!(true)), None);
    assert_eq!(email(json!({"email": "ka***@kakao.com", "is_email_valid": false, "is_email_verified": true})), None);
    assert_eq!(email(json!({"is_email_valid": true, "is_email_verified": true})), None);
}

#[test]
fn n13_n14_a_profile_takes_what_is_there_and_ignores_what_is_odd() {
    let read = |me: Value| read_profile("1".into(), &me, &pictures());
    let pictures = json!({"nickname": "홍길동", "thumbnail_image_url": "http://k.kakaocdn.net/t.jpg",
        "profile_image_url": "http://k.kakaocdn.net/p.jpg", "is_default_image": false});
    let full = read(json!({"kakao_account": {"profile": pictures}}));
    assert_eq!((full.name.as_deref(), full.picture.as_deref()), (Some("홍길동"), Some("https://k.kakaocdn.net/t.jpg")));
    let default = with(&pictures, &json!({"is_default_image": true}));
    assert_eq!(read(json!({"kakao_account": {"profile": default}})).picture, None);
    let old = read(json!({"properties": {"nickname": "길동", "profile_image": "http://k.kakaocdn.net/p.jpg"}}));
    assert_eq!((old.name.as_deref(), old.picture.as_deref()), (Some("길동"), Some("https://k.kakaocdn.net/p.jpg")));
    for odd in [
        json!({}),
        json!({"kakao_account": null, "properties": null}),
        json!({"kakao_account": "x", "properties": [1]}),
        json!({"kakao_account": {"profile": 1, "email": 1, "is_email_valid": true}}),
        json!({"kakao_account": {"profile": {"nickname": 1, "thumbnail_image_url": {}}, "email": null}}),
        json!({"role": "admin", "is_admin": true, "user_id": 1, "email_verified": true}),
    ] {
        let profile = read(odd);
        assert_eq!((profile.subject.as_str(), profile.name, profile.picture, profile.email), ("1", None, None, None));
    }
}

#[tokio::test]
async fn a_proof_can_run_as_a_task_of_its_own() {
    let fake = healthy(json!({"id": 3_912_345_678_i64}), Some(json!({}))).await;
    let provider = std::sync::Arc::new(fake.kakao());
    let task = tokio::spawn(async move { provider.prove("c", &attempt()).await });
    assert!(task.await.unwrap().is_ok());
}

#[tokio::test]
async fn pictures_and_the_way_out_are_kakaos_and_in_practice_also_the_simulators() {
    let fake = Fake::start(|_| Reaction::Silence).await;
    let provider = fake.kakao();
    assert_eq!(provider.dialect.pictures().sources(), ["https://*.kakaocdn.net".to_owned(), fake.origin.clone()]);
    let mut settings = fake.settings();
    settings.api_base = "https://kapi.kakao.com".into();
    let real = super::kakao::provider(&settings, &super::Http::new().unwrap(), &Clock::system()).unwrap();
    assert_eq!(real.dialect.pictures().sources(), ["https://*.kakaocdn.net"]);
    let out = provider.logout_url("http://localhost:8080/logout/done").unwrap();
    let query =
        "client_id=0123456789abcdef0123456789abcdef&logout_redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Flogout%2Fdone";
    assert_eq!(out, format!("{}/oauth/logout?{query}", fake.origin));
}
