//! An issuer nobody wrote a file for: its document, its userinfo, its word about an address.

use serde_json::{Map, Value, json};

use super::super::discovery;
use super::super::fault::{Answer, Step};
use super::super::generic;
use super::super::http::Http;
use super::super::pictures::Pictures;
use super::super::profile::Trust;
use super::super::provider::Provider;
use super::answers::{claims, fake, form, pairs, prove, query, tokens};
use super::{CLIENT_ID, Fake, Reaction, SigningKey, answer, attempt, jwks, with};
use crate::clock::Clock;
use crate::config::Oidc as Settings;
use crate::secret::Secret;

fn settings(issuer: &str) -> Settings {
    Settings {
        name: "company".into(),
        display_name: "회사".into(),
        issuer: issuer.into(),
        client_id: CLIENT_ID.into(),
        client_secret: Secret::new("S3C R3T:+".into()),
        scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        email_authoritative: true,
    }
}

fn provider(issuer: &str, clock: &Clock) -> Provider {
    generic::provider(&settings(issuer), &Http::new().unwrap(), clock).unwrap()
}

fn document(origin: &str) -> Value {
    json!({
        "issuer": origin, "authorization_endpoint": format!("{origin}/authorize"), "jwks_uri": format!("{origin}/keys"),
        "token_endpoint": format!("{origin}/token"), "userinfo_endpoint": format!("{origin}/me"),
        "response_types_supported": ["code"], "id_token_signing_alg_values_supported": ["RS256", "none"],
    })
}

const WELL_KNOWN: &str = "GET /.well-known/openid-configuration";

/// An issuer whose document is changed so, and whose userinfo says this.
async fn issuer(change: Value, id_token: Value, me: (u16, Value)) -> Fake {
    let key = SigningKey::new("k1");
    Fake::start(move |request| {
        let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        let origin = format!("http://{host}");
        let path = request.split(' ').take(2).collect::<Vec<_>>().join(" ");
        match path.as_str() {
            WELL_KNOWN => answer(200, &with(&document(&origin), &change)),
            "POST /token" => {
                let token = key.sign(&with(&claims(&origin, CLIENT_ID, "S"), &id_token));
                answer(200, &tokens(Some(&token)))
            }
            "GET /keys" => answer(200, &jwks(&[&key])),
            "GET /me" => answer(me.0, &me.1),
            _ => Reaction::Silence,
        }
    })
    .await
}

#[tokio::test]
async fn a_login_follows_the_document_and_asks_for_it_once() {
    let me = json!({"sub": "S", "name": "민아", "email": "a@x.test", "email_verified": true});
    let fake = issuer(json!({}), json!({}), (200, me)).await;
    let provider = provider(&fake.origin, &Clock::system());
    let address = provider.authorize_url(&attempt()).await.unwrap();
    assert!(address.starts_with(&format!("{}/authorize?", fake.origin)));
    let expected = [("client_id", CLIENT_ID), ("nonce", super::NONCE), ("scope", "openid profile email")];
    assert_eq!(query(&address), pairs(&expected));
    for _ in 0..2 {
        let proof = prove(&provider).await.unwrap();
        let realm = format!("{} {CLIENT_ID}", fake.origin);
        assert_eq!((proof.profile.name.as_deref(), proof.realm), (Some("민아"), Some(realm)));
        assert_eq!(proof.profile.email.unwrap().trust, Trust::Verified);
    }
    assert_eq!((fake.count("/.well-known"), fake.count("/keys")), (1, 1));
    // Without a word about it, client_secret_basic is what is meant (Discovery section 3).
    let request = fake.requests().into_iter().find(|request| request.starts_with("POST /token")).unwrap();
    let id_and_secret = data_encoding::BASE64.encode(format!("{CLIENT_ID}:S3C+R3T%3A%2B").as_bytes());
    assert!(request.contains(&format!("uthorization: Basic {id_and_secret}")), "{request}");
    assert!(!form(&fake, "POST /token").contains_key("client_secret"));
}

#[tokio::test]
async fn the_secret_goes_into_the_body_where_nothing_else_is_taken() {
    let methods = |methods: Value| json!({"token_endpoint_auth_methods_supported": methods});
    let fake = issuer(methods(json!(["client_secret_post", "none"])), json!({}), (200, json!({"sub": "S"}))).await;
    prove(&provider(&fake.origin, &Clock::system())).await.unwrap();
    assert_eq!(form(&fake, "POST /token")["client_secret"], "S3C R3T:+");
    let jwt = issuer(methods(json!(["private_key_jwt"])), json!({}), (200, json!({}))).await;
    let fault = provider(&jwt.origin, &Clock::system()).authorize_url(&attempt()).await.unwrap_err();
    assert_eq!((fault.code.as_str(), fault.step), ("discovery-client-auth", Step::Discovery));
}

#[tokio::test]
async fn a15_a_document_of_another_issuer_is_nobodys() {
    for wrong in ["{origin}/", "HTTP://127.0.0.1", "https://issuer.test", ""] {
        let fake = fake(vec![(WELL_KNOWN, 200, with(&document("{origin}"), &json!({"issuer": wrong})))]).await;
        let provider = provider(&fake.origin, &Clock::system());
        for _ in 0..3 {
            let fault = provider.authorize_url(&attempt()).await.unwrap_err();
            assert_eq!(fault.code, "discovery-issuer");
            assert!(matches!(fault.answer, Answer::OperatorMustFix { .. }));
            assert_eq!(prove(&provider).await.unwrap_err().code, "discovery-issuer");
        }
        assert_eq!(fake.requests().len(), 1, "asked once in a while, and none of its addresses ever");
    }
}

#[tokio::test]
async fn a_document_is_kept_through_an_outage_for_a_day_and_no_longer() {
    let up = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let seen = up.clone();
    let fake = Fake::start(move |request| {
        let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        let up = seen.load(std::sync::atomic::Ordering::SeqCst);
        answer(if up { 200 } else { 503 }, &document(&format!("http://{host}")))
    })
    .await;
    let clock = Clock::system();
    let provider = provider(&fake.origin, &clock);
    assert!(provider.authorize_url(&attempt()).await.is_ok());
    up.store(false, std::sync::atomic::Ordering::SeqCst);
    clock.advance(time::Duration::hours(2));
    for _ in 0..3 {
        assert!(provider.authorize_url(&attempt()).await.is_ok());
    }
    assert_eq!(fake.requests().len(), 2, "a renewal that failed is not repeated at every login");
    clock.advance(time::Duration::hours(22));
    let fault = provider.authorize_url(&attempt()).await.unwrap_err();
    assert_eq!((fault.answer, fault.code.as_str()), (Answer::TryLater, "http-503"));
    up.store(true, std::sync::atomic::Ordering::SeqCst);
    clock.advance(time::Duration::seconds(4));
    assert!(provider.authorize_url(&attempt()).await.is_ok(), "it works again within seconds");
}

#[test]
fn a_document_without_safe_addresses_cannot_be_used() {
    let read = |change: Value| {
        let Value::Object(document) = with(&document("https://i.test"), &change) else { unreachable!() };
        let document: Map<String, Value> = document;
        discovery::read(&document, "https://i.test").map_err(|fault| fault.code)
    };
    assert!(read(json!({})).is_ok() && read(json!({"userinfo_endpoint": null})).is_ok());
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"] {
        for address in [
            json!("http://i.test/x"),
            json!("http://10.0.0.1/x"),
            json!("file:///etc/passwd"),
            json!("https://u:p@i.test/"),
            json!(1),
            json!(""),
        ] {
            assert_eq!(read(json!({name: address})), Err("discovery-address".to_owned()), "{name} {address}");
        }
    }
    assert_eq!(read(json!({"jwks_uri": null})), Err("discovery-address".to_owned()));
    let signed = |algorithms: Value| read(json!({"id_token_signing_alg_values_supported": algorithms}));
    assert!(signed(json!(["HS256", "EdDSA"])).is_ok());
    assert_eq!(signed(json!(["HS256", "none"])), Err("discovery-algorithm".to_owned()));
}

#[tokio::test]
async fn b09_iss_is_asked_for_where_the_document_promises_it() {
    for (promise, missing_is_fine) in
        [(json!(true), false), (json!(false), true), (json!("true"), true), (json!(null), true)]
    {
        let change = json!({"authorization_response_iss_parameter_supported": promise});
        let fake = issuer(change, json!({}), (200, json!({}))).await;
        let provider = provider(&fake.origin, &Clock::system());
        assert_eq!(provider.heard(None, true).await.is_ok(), missing_is_fine, "{promise}");
        assert!(provider.heard(Some(&fake.origin), true).await.is_ok());
        let almost = format!("{}/", fake.origin);
        assert_eq!(provider.heard(Some(&almost), true).await.unwrap_err().code, "callback-iss");
        assert_eq!(fake.count("/token"), 0);
    }
}

#[tokio::test]
async fn b19_the_userinfo_must_speak_of_the_same_person() {
    for me in [json!({"sub": "T"}), json!({}), json!({"sub": ["S"]}), json!({"id": "S"})] {
        let fake = issuer(json!({}), json!({}), (200, me)).await;
        let fault = prove(&provider(&fake.origin, &Clock::system())).await.unwrap_err();
        assert_eq!((fault.answer, fault.code.as_str()), (Answer::Refused, "sub-mismatch"));
    }
    let down = issuer(json!({}), json!({}), (500, json!({}))).await;
    assert_eq!(prove(&provider(&down.origin, &Clock::system())).await.unwrap_err().answer, Answer::TryLater);
    let without = issuer(json!({"userinfo_endpoint": null}), json!({"name": "홍"}), (500, json!({}))).await;
    let proof = prove(&provider(&without.origin, &Clock::system())).await.unwrap();
    assert_eq!((proof.profile.name.as_deref(), without.count("/me")), (Some("홍"), 0));
}

#[tokio::test]
async fn b17_a_bad_id_token_ends_everything_before_the_userinfo_is_asked() {
    for change in [json!({"nonce": "x"}), json!({"aud": "x"}), json!({"iss": "x"}), json!({"exp": 1})] {
        let fake = issuer(json!({}), change, (200, json!({"sub": "S"}))).await;
        let fault = prove(&provider(&fake.origin, &Clock::system())).await.unwrap_err();
        assert_eq!((fault.answer, fault.step, fake.count("/me")), (Answer::Refused, Step::IdToken, 0));
    }
}

#[test]
fn c04_c05_a_flag_speaks_only_of_the_address_beside_it_and_only_where_the_issuer_is_believed() {
    let object = |value: Value| value.as_object().unwrap().clone();
    let email = |first: Value, second: Value, believed: bool| {
        let (first, second) = (object(first), object(second));
        generic::read("1".into(), &[&first, &second], believed, &Pictures::new(&[], "")).email
    };
    let address = json!({"email": "a@x.test"});
    let flagged = json!({"email": "a@x.test", "email_verified": true});
    assert_eq!(email(flagged.clone(), json!({}), true).unwrap().trust, Trust::Verified);
    assert_eq!(email(flagged.clone(), json!({}), false).unwrap().trust, Trust::Unverified);
    assert_eq!(email(address.clone(), json!({"email_verified": true}), true).unwrap().trust, Trust::Unverified);
    let other = json!({"email": "b@x.test", "email_verified": true});
    let first = email(address, other, true).unwrap();
    assert_eq!((first.address.as_str(), first.trust), ("a@x.test", Trust::Unverified));
    for flag in [json!("true"), json!(1), json!("1"), json!([true]), json!(null)] {
        let said = with(&flagged, &json!({"email_verified": flag}));
        assert_eq!(email(said, json!({}), true).unwrap().trust, Trust::Unverified);
    }
}
