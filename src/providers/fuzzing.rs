//! A provider's answer as a fuzzer writes it.

use serde_json::Value;
use url::Url;

use super::http::Reply;
use super::jwks::{self, Keys};
use super::oidc::{self, Oidc};
use super::{kakao, kakao_codes, oauth};
use crate::clock::Clock;
use crate::json;

/// Reads the bytes as each kind of answer there is. What is taken from them is fit to be stored and shown.
pub(crate) fn read_answer(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        // As one part of an ID token, and as words of an error.
        let _header = oidc::part(text).and_then(|object| oidc::check_header(&object));
        let _turn = (kakao_codes::verdict(text, text), kakao_codes::denial(text, text));
    }
    let Some(object) = json::object(bytes) else { return };
    let _keys = jwks::read(&object);
    let clock = Clock::system();
    let keys = Keys::new("http://127.0.0.1:9/".into(), clock.clone());
    let oidc = Oidc { issuer: "https://issuer.test".into(), client_id: "client".into(), keys, clock };
    let _claims = (oidc::check_header(&object), oidc.check_addressee(&object, &[]), oidc.check_times(&object));
    let _tidied = oauth::tidy(&Reply { status: 200, body: object.clone() });
    let profile = kakao::read("1".into(), &Value::Object(object), None);
    if let Some(name) = &profile.name {
        assert!(name.chars().count() <= 60 && !name.chars().any(char::is_control) && !name.trim().is_empty());
    }
    if let Some(picture) = &profile.picture {
        let url = Url::parse(picture).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        assert!(
            picture.starts_with("https://") && (host == "kakaocdn.net" || host.ends_with(".kakaocdn.net")),
            "{picture}"
        );
        assert!(host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)), "{picture}");
        assert!(!picture.contains(['"', '<', '>', ' ', '\\']), "{picture}");
    }
}
