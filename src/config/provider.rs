//! `providers.*`, and identities as settings name them.

use std::net::SocketAddr;

use super::demo;
use super::keys;
use super::parse;
use super::settings::Settings;
use super::types::{Kakao, Providers};
use crate::secret::Secret;

/// Whether somebody means to use a real provider. A provider's address alone counts too: it is answered by what is
/// missing, not by a demo.
pub(super) fn any_given(s: &Settings) -> bool {
    let ours = keys::KEYS.iter().any(|key| key.name.starts_with("providers.") && s.is_given(key.name));
    ours || s.faults.iter().any(|fault| fault.name.starts_with("providers."))
}

/// Every provider that is on.
pub(super) fn read(s: &mut Settings) -> Option<Providers> {
    let kakao = kakao(s);
    Some(Providers { kakao: Some(kakao?) })
}

fn kakao(s: &mut Settings) -> Option<Kakao> {
    let client_id = s.parse("providers.kakao.client_id", parse::console_id);
    let client_secret = s.text("providers.kakao.client_secret").map(Secret::new);
    let scopes = s.parse_list("providers.kakao.scopes", scope);
    let native_audiences = s.parse_list("providers.kakao.native_audiences", parse::console_id);
    let native_redirect_uris = s.parse_list("providers.kakao.native_redirect_uris", parse::redirect_uri);
    let auth_base = s.parse("providers.kakao.auth_base", parse::base_url);
    let api_base = s.parse("providers.kakao.api_base", parse::base_url);
    let issuer = s.parse("providers.kakao.issuer", parse::issuer);
    halves(s);
    let app_id = s.number("providers.kakao.app_id");
    Some(Kakao {
        client_id: client_id?,
        client_secret,
        app_id,
        scopes: scopes?,
        native_audiences: native_audiences?,
        native_redirect_uris: native_redirect_uris?,
        auth_base: auth_base?,
        api_base: api_base?,
        issuer: issuer?,
    })
}

/// What only works together.
fn halves(s: &mut Settings) {
    let (id, secret) = ("providers.kakao.client_id", "providers.kakao.client_secret");
    let off = s.flag("providers.kakao.client_secret_off");
    let told = keys::KEYS.iter().find(|key| key.name.starts_with("providers.kakao.") && s.is_given(key.name));
    match (s.is_given(id), s.is_given(secret)) {
        (false, true) => s.fault(
            id,
            "is not set, but providers.kakao.client_secret is",
            "set it to the REST API key from Kakao's console, or remove the secret",
        ),
        (false, false) => {
            if let Some(other) = told {
                let problem = format!("is not set, but {} is", other.name);
                s.fault(id, problem, "set it to the REST API key from Kakao's console, or remove the other");
            }
        }
        (true, false) if off == Some(false) => s.fault(
            secret,
            "is not set, but providers.kakao.client_id is",
            "set it (or client_secret_file) from Kakao's console; only where the console has it switched off, set \
             providers.kakao.client_secret_off = true",
        ),
        (true, true) if off == Some(true) => s.fault(
            "providers.kakao.client_secret_off",
            "is true, but providers.kakao.client_secret is set",
            "remove one of them",
        ),
        (true, true | false) => {}
    }
}

/// `scope-token` of RFC 6749, appendix A.4.
fn scope(text: &str) -> Result<String, String> {
    let legal = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    text.bytes().all(legal).then(|| text.to_owned()).ok_or_else(|| "is not the id of a consent item".to_owned())
}

/// `kakao:3912345678`.
pub(super) fn identity(text: &str) -> Result<(String, String), String> {
    let Some((provider, subject)) = text.split_once(':') else {
        return Err("is not provider:subject, as in kakao:3912345678".to_owned());
    };
    if provider != "kakao" {
        return Err("names a provider this version does not have; kakao is the only one".to_owned());
    }
    if subject.is_empty() || subject.len() > 19 || !subject.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("must end in a Kakao user id, which is a number of at most 19 digits".to_owned());
    }
    Ok((provider.to_owned(), subject.to_owned()))
}

/// Kakao as the practice provider plays it: on an address, not on `localhost`, since cookies do not tell ports apart.
pub(super) fn practice(bind: SocketAddr) -> Kakao {
    let origin = format!("http://{bind}");
    Kakao {
        client_id: demo::CLIENT_ID.to_owned(),
        client_secret: Some(Secret::new(demo::CLIENT_SECRET.to_owned())),
        app_id: Some(demo::APP_ID),
        scopes: Vec::new(),
        native_audiences: Vec::new(),
        native_redirect_uris: Vec::new(),
        auth_base: origin.clone(),
        api_base: origin.clone(),
        issuer: origin,
    }
}
