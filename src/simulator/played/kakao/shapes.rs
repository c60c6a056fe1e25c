//! A person in the shapes of kapi, cut to what they agreed to.

use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;

use super::super::super::grants::Grant;
use super::super::super::jose::object;
use super::super::super::people::{Oddity, Person};
use super::super::super::state::Link;
use super::MANNERS;
use crate::clock;

/// Address of a person's picture; Kakao's sides are 110 and 640 pixels. It stays `http` even for
/// `secure_resource=true`: the practice provider serves it itself, on loopback, where there is no TLS.
pub(in super::super::super) fn picture(origin: &str, person: &Person, side: u32) -> String {
    let name: String = match person.default_picture {
        true => "default".to_owned(),
        false => url::form_urlencoded::byte_serialize(person.id.as_bytes()).collect(),
    };
    format!("{origin}/pictures/{name}_{side}x{side}.svg")
}

/// The member number.
pub(super) fn number(person: &Person) -> i64 {
    person.id.parse().unwrap_or_default()
}

/// What an ID token says beyond who it is about: an e-mail only when it is valid and verified.
pub(super) fn in_id_token(grant: &Grant, link: &Link, origin: &str) -> Vec<(&'static str, Value)> {
    let person = grant.person;
    let agreed = |scope: &str| !person.is(Oddity::Bare) && link.agreed.contains(scope);
    let mut claims = vec![("auth_time", json!(grant.auth_time))];
    if agreed("profile_nickname") {
        claims.push(("nickname", json!(person.name)));
    }
    if agreed("profile_image") {
        claims.push(("picture", json!(picture(origin, person, 110))));
    }
    if let Some(email) = person.trusted_email().filter(|_| agreed("account_email")) {
        claims.push(("email", json!(email)));
    }
    claims
}

/// `/v2/user/me`. Flags are there for the items that are set up.
pub(super) fn me(person: &Person, link: &Link, origin: &str) -> Value {
    let configured = |scope: &str| MANNERS.items.iter().any(|item| item.scope == scope);
    let connected_at = clock::from_unix_seconds(link.connected_at).assume_utc().format(&Rfc3339).unwrap_or_default();
    let mut me = object(json!({"id": number(person), "connected_at": connected_at}));
    if person.is(Oddity::Bare) {
        return Value::Object(me);
    }
    let agreed = |scope: &str| link.agreed.contains(scope);
    let mut account = Map::new();
    for scope in ["profile_nickname", "profile_image"].into_iter().filter(|scope| configured(scope)) {
        account.insert(format!("{scope}_needs_agreement"), json!(!agreed(scope)));
    }
    let (mut profile, mut properties) = (Map::new(), Map::new());
    if agreed("profile_nickname") {
        profile.extend(object(json!({"nickname": person.name, "is_default_nickname": false})));
        properties.insert("nickname".into(), json!(person.name));
    }
    if agreed("profile_image") {
        let (small, large) = (picture(origin, person, 110), picture(origin, person, 640));
        let image = json!({"thumbnail_image_url": small, "profile_image_url": large, "is_default_image": person.default_picture});
        profile.extend(object(image));
        properties.extend(object(json!({"profile_image": large, "thumbnail_image": small})));
    }
    if !profile.is_empty() {
        account.insert("profile".into(), Value::Object(profile));
    }
    if configured("account_email") {
        account.extend(email(person, agreed("account_email")));
    }
    me.insert("properties".into(), Value::Object(properties));
    me.insert("kakao_account".into(), Value::Object(account));
    Value::Object(me)
}

fn email(person: &Person, agreed: bool) -> Map<String, Value> {
    let mut email = object(json!({"has_email": person.mailbox.is_some(), "email_needs_agreement": !agreed}));
    if let Some(mailbox) = person.mailbox.filter(|_| agreed) {
        let known =
            json!({"is_email_valid": mailbox.valid, "is_email_verified": mailbox.verified, "email": mailbox.address});
        email.extend(object(known));
    }
    email
}

/// `/v1/oidc/userinfo`.
pub(super) fn userinfo(person: &Person, link: &Link, origin: &str) -> Value {
    let mut info = object(json!({"sub": person.id}));
    let agreed = |scope: &str| !person.is(Oddity::Bare) && link.agreed.contains(scope);
    if agreed("profile_nickname") {
        info.insert("nickname".into(), json!(person.name));
    }
    if agreed("profile_image") {
        info.insert("picture".into(), json!(picture(origin, person, 110)));
    }
    if let Some(mailbox) = person.mailbox.filter(|_| agreed("account_email")) {
        let verified = person.trusted_email().is_some();
        info.extend(object(json!({"email": mailbox.address, "email_verified": verified})));
    }
    Value::Object(info)
}

/// Only what `property_keys` names: `kakao_account.email` with its companions, `kakao_account.` with everything below.
pub(super) fn only(mut me: Value, keys: &[String]) -> Value {
    for group in ["kakao_account", "properties"] {
        let Some(Value::Object(fields)) = me.get_mut(group) else { continue };
        fields.retain(|field, _| keys.iter().any(|key| names(key, group, field)));
        if fields.is_empty()
            && let Value::Object(me) = &mut me
        {
            me.remove(group);
        }
    }
    me
}

fn names(key: &str, group: &str, field: &str) -> bool {
    let Some(wanted) = key.strip_prefix(group).and_then(|rest| rest.strip_prefix('.')) else { return false };
    match wanted.trim_end_matches('.') {
        "" => true,
        "email" => field.contains("email"),
        "profile" if group == "kakao_account" => field.starts_with("profile"),
        wanted => wanted == field,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::people;
    use super::super::super::super::provider::Provider;
    use super::*;

    const ORIGIN: &str = "http://127.0.0.1:8081";

    fn linked(agreed: &[&str]) -> Link {
        Link { agreed: agreed.iter().map(|scope| (*scope).to_owned()).collect(), ..Link::new(1_767_582_245) }
    }

    fn of(person: &str, agreed: &[&str]) -> Value {
        me(Provider::Kakao.person(person).unwrap(), &linked(agreed), ORIGIN)
    }

    #[test]
    fn an_email_is_in_the_id_token_only_when_agreed_valid_and_verified() {
        for (id, agreed, expected) in [
            (people::HONG, "account_email", true),
            (people::HONG, "profile_nickname", false),
            (people::UNVERIFIED, "account_email", false),
            (people::MASKED, "account_email", false),
            (people::NO_EMAIL, "account_email", false),
            (people::BARE, "account_email", false),
        ] {
            let grant = Grant {
                provider: Provider::Kakao,
                person: Provider::Kakao.person(id).unwrap(),
                client_id: "rest".into(),
                scope: std::collections::BTreeSet::new(),
                openid: true,
                nonce: None,
                auth_time: 7,
                first: false,
                offline: true,
            };
            let claims = in_id_token(&grant, &linked(&[agreed]), ORIGIN);
            assert_eq!(claims.iter().any(|(name, _)| *name == "email"), expected, "{id}");
        }
    }

    #[test]
    fn an_ordinary_person_looks_like_kakaos_sample() {
        let small = "http://127.0.0.1:8081/pictures/3900000101_110x110.svg";
        let large = "http://127.0.0.1:8081/pictures/3900000101_640x640.svg";
        let expected = json!({
            "id": 3_900_000_101_i64,
            "connected_at": "2026-01-05T03:04:05Z",
            "properties": {"nickname": "홍길동", "profile_image": large, "thumbnail_image": small},
            "kakao_account": {
                "profile_nickname_needs_agreement": false,
                "profile_image_needs_agreement": false,
                "profile": {
                    "nickname": "홍길동", "thumbnail_image_url": small, "profile_image_url": large,
                    "is_default_image": false, "is_default_nickname": false,
                },
                "has_email": true, "email_needs_agreement": false,
                "is_email_valid": true, "is_email_verified": true, "email": "hong@example.com",
            },
        });
        assert_eq!(of(people::HONG, &["profile_nickname", "profile_image", "account_email"]), expected);
    }

    #[test]
    fn what_was_not_agreed_to_is_not_there() {
        let account = &of(people::HONG, &["profile_nickname"])["kakao_account"];
        assert_eq!(account["profile"], json!({"nickname": "홍길동", "is_default_nickname": false}));
        assert_eq!(
            (&account["profile_image_needs_agreement"], &account["email_needs_agreement"]),
            (&json!(true), &json!(true))
        );
        assert!(account.get("email").is_none() && account.get("is_email_valid").is_none());
    }

    #[test]
    fn awkward_people_are_awkward_in_their_own_way() {
        let account = |person| of(person, &["account_email"])["kakao_account"].clone();
        assert_eq!(account(people::NO_EMAIL)["has_email"], json!(false));
        assert!(account(people::NO_EMAIL).get("email").is_none());
        assert_eq!(account(people::UNVERIFIED)["is_email_verified"], json!(false));
        assert_eq!(account(people::MASKED)["is_email_valid"], json!(false));
        assert!(account(people::MASKED)["email"].as_str().unwrap().contains("***"));
        let bare = of(people::BARE, &["profile_nickname", "account_email"]);
        assert_eq!(bare.as_object().unwrap().keys().collect::<Vec<_>>(), ["connected_at", "id"]);
        assert_eq!(of(people::LONG_ID, &[])["id"].to_string(), "1376016924429759228");
    }

    #[test]
    fn property_keys_choose() {
        let full = of(people::HONG, &["profile_nickname", "profile_image", "account_email"]);
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let email = only(full.clone(), &keys(&["kakao_account.email"]));
        assert_eq!(email["kakao_account"].as_object().unwrap().len(), 5);
        assert!(email.get("properties").is_none());
        assert_eq!(only(full.clone(), &keys(&["kakao_account.", "properties."])), full);
        assert_eq!(only(full, &keys(&["properties.nickname"]))["properties"], json!({"nickname": "홍길동"}));
    }
}
