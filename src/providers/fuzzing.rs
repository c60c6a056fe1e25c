//! A provider's answer as a fuzzer writes it.

use jsonwebtoken::Algorithm;
use serde_json::Value;
use url::Url;

use super::addressee::{Addressee, Form};
use super::http::Reply;
use super::oidc::{self, Oidc};
use super::pictures::Pictures;
use super::profile::Profile;
use super::security_event;
use super::{
    NaverNotice, apple, discovery, generic, github, google, jwks, kakao, kakao_codes, line, naver, oauth, risc,
};
use crate::clock;
use crate::clock::Clock;
use crate::config;
use crate::json;
use crate::json::Object;
use crate::secret::Secret;

/// Reads the bytes as each kind of answer there is. What is taken from them is fit to be stored and shown.
pub(crate) fn read_answer(bytes: &[u8]) {
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::HS256];
    if let Ok(text) = std::str::from_utf8(bytes) {
        // As one part of an ID token, and as words of an error.
        let _header = oidc::part(text).and_then(|object| oidc::check_header(&object, &algorithms));
        let _turn = (kakao_codes::verdict(text, text), kakao_codes::denial(text, text));
    }
    if let Some(list) = json::list(bytes) {
        let places = Pictures::new(github::PICTURES, "");
        let user = serde_json::json!({ "id": 1 });
        check(github::read(&user, &list, &places), &places);
    }
    let Some(object) = json::object(bytes) else { return };
    let _keys = jwks::read(&object);
    let oidc = Oidc::new("https://issuer.test", "client", "http://127.0.0.1:9/".into(), &Clock::system());
    let _claims =
        (oidc::check_header(&object, &algorithms), oidc.check_addressee(&object, &[]), oidc.check_times(&object));
    let _document = discovery::read(&object, "https://issuer.test");
    let _tidied = oauth::tidy(&Reply { status: 200, body: object.clone() });
    read_profiles(&object);
}

/// Reads the bytes as a notice whose signature was right, and as the parts before it. Whom it is about can be looked for, and
/// nothing opens Naver's that was not signed with the secret.
pub(crate) fn read_notice(bytes: &[u8]) {
    let naver = config::Naver {
        client_id: "client".to_owned(),
        client_secret: Secret::new("secret".to_owned()),
        previous_client_secret: Some(Secret::new("before".to_owned())),
        scopes: Vec::new(),
        oidc: false,
        auth_base: String::new(),
        api_base: String::new(),
        issuer: String::new(),
    };
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    for notice in [NaverNotice::parse(text, b""), NaverNotice::parse("", bytes)].into_iter().flatten() {
        assert!(notice.open(&naver, Clock::system().now()).is_err(), "nobody signed it");
    }
    let Some(object) = json::object(bytes) else { return };
    assert!(risc::read(&object, "https://issuer.test/").is_none_or(|url| discovery::is_safe(&url)));
    for form in [Form::EventToken, Form::Apple] {
        let _kid = security_event::check_header(&object, form);
        let addressee = Addressee {
            issuer: "https://issuer.test",
            client_id: "client",
            audiences: &[],
            realm: Some("1".to_owned()),
            now: 1_800_000_000,
        };
        let Ok(event) = addressee.judge(&object, form) else { continue };
        assert!(object.get("iss").is_some_and(|iss| iss == "https://issuer.test") && object.contains_key("events"));
        assert!((1..=255).contains(&event.id.len()) && event.kinds.iter().all(|kind| kind.chars().count() <= 64));
        assert!(event.effects.iter().all(|(subject, _)| (1..=255).contains(&subject.len())));
        assert!(event.at <= clock::from_unix_seconds(1_800_000_300));
    }
}

/// Each provider's reader.
fn read_profiles(object: &Object) {
    let whole = Value::Object(object.clone());
    let subject = || "1".to_owned();
    let places = |hosts| Pictures::new(hosts, "");
    let (kakaos, navers) = (places(kakao::PICTURES), places(naver::PICTURES));
    check(Some(kakao::read(subject(), &whole, &kakaos)), &kakaos);
    check(naver::read(&whole, &navers), &navers);
    let (googles, githubs, lines) = (places(google::PICTURES), places(github::PICTURES), places(line::PICTURES));
    check(Some(google::read(subject(), object, &googles)), &googles);
    check(github::read(&whole, std::slice::from_ref(&whole), &githubs), &githubs);
    check(Some(line::read(subject(), object, &lines)), &lines);
    let none = places(&[]);
    check(Some(apple::read(subject(), object)), &none);
    check(Some(generic::read(subject(), &[object, object], true, &none)), &none);
    let name = apple::read_name(&whole["name"]);
    check(Some(Profile { subject: subject(), name, picture: None, email: None }), &none);
}

fn check(profile: Option<Profile>, places: &Pictures) {
    let Some(profile) = profile else { return };
    assert!(
        (1..=255).contains(&profile.subject.len()) && profile.subject.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    );
    if let Some(name) = &profile.name {
        assert!(name.chars().count() <= 60 && !name.chars().any(char::is_control) && !name.trim().is_empty());
    }
    if let Some(picture) = &profile.picture {
        let url = Url::parse(picture).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        let family = |source: &String| match source.strip_prefix("https://*") {
            Some(family) => host.ends_with(family),
            None => source.strip_prefix("https://") == Some(host),
        };
        assert!(picture.starts_with("https://") && places.sources().iter().any(family), "{picture}");
        assert!(host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)), "{picture}");
        assert!(!picture.contains(['"', '<', '>', ' ', '\\']), "{picture}");
    }
}
