//! The doors to the outside as a fuzzer knocks at them. Each function takes any bytes and asserts what must hold whatever
//! they are; `fuzz/` runs them under cargo-fuzz (`scripts/soak`), and the test below replays every input that is kept.

#![expect(clippy::unwrap_used, reason = "an oracle that cannot be set up has failed")]

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::OnceLock;

use actix_web::http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue};
use time::Duration;
use url::Url;

use crate::clock::{Clock, Moment};
use crate::config;
use crate::config::{Config, Source};
use crate::db;
use crate::db::{AttemptId, IdentityId, SessionId, UserId};
use crate::login;
use crate::providers;
use crate::providers::{Email, Trust};
use crate::signin::{Answer, Attempt, BrowserKey, MAX_STATE_LEN, Purpose, Rejection, StateSealer};
use crate::tokens::{self, AccessIssuer, Keys, RefreshIssuer, Session, Subject};
use crate::web;
use crate::web::{Names, Next};

/// One of the functions below.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 10] = [
    ("callback_query", callback_query),
    ("cookies", cookies),
    ("state", state),
    ("access_token", access_token),
    ("refresh_token", refresh_token),
    ("provider_answer", provider_answer),
    ("webhook_body", webhook_body),
    ("next", next),
    ("forwarded", forwarded),
    ("email", email),
];

/// The query of a callback: what is taken from it stands in it exactly once, and no control byte gets through.
pub fn callback_query(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((state, answer)) = login::read_callback(text) else { return };
    let values = |name: &str| -> Vec<String> {
        let pairs = url::form_urlencoded::parse(text.as_bytes());
        pairs.filter(|(found, _)| found == name).map(|(_, value)| value.into_owned()).collect()
    };
    assert_eq!(values("state"), [state.as_str()]);
    assert!(!state.chars().any(char::is_control));
    match answer {
        Answer::Code(code) => {
            assert_eq!(values("code"), [code.as_str()]);
            assert!(!code.is_empty() && !code.chars().any(char::is_control));
            assert!(values("error").is_empty(), "an error wins");
        }
        Answer::Denied { error, .. } => assert_eq!(values("error"), [error]),
    }
}

/// The Cookie header: a cookie of ours is what an exact and only `name=value` says, and nothing else is kept.
pub fn cookies(data: &[u8]) {
    static NAMES: OnceLock<Names> = OnceLock::new();
    let names = NAMES.get_or_init(|| Names::new(true));
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        headers.append(COOKIE, value);
    }
    names.sieve(&mut headers);
    for name in ["__Host-access", "__Host-refresh", "__Host-flow", "__Host-prefs", "__Host-host"] {
        // Slowly, and by other means.
        let exact: Vec<&[u8]> = data
            .split(|byte| matches!(byte, b';' | b'\n'))
            .filter_map(|pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="))
            .collect();
        let found = web::cookie_value(&headers, name);
        match exact.as_slice() {
            [one] => assert!(found.is_none_or(|found| found.as_bytes() == *one)),
            _ => assert_eq!(found, None, "{name} {} times", exact.len()),
        }
    }
}

/// `state`: only what was sealed here opens, in exactly the letters it was sealed in.
pub fn state(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let world = world();
    match world.states.open(text, "kakao", Some(&world.browser), world.now) {
        Ok(attempt) => {
            assert_eq!(attempt, world.attempt);
            assert!(text == world.state && text.len() <= MAX_STATE_LEN);
        }
        Err(rejection) => assert_eq!(rejection, Rejection::Forged, "nobody else sealed anything"),
    }
}

/// An access token: only the one that was issued is accepted, and it says what it said.
pub fn access_token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let world = world();
    if let Some(claims) = world.access_issuer.verify(&world.keys, text, world.now) {
        assert_eq!(signed_part(text), signed_part(&world.access));
        assert_eq!(claims.sid, world.session.id.as_str());
    }
}

/// A refresh token: only the one that was issued is accepted.
pub fn refresh_token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let world = world();
    if let Some(claims) = world.refresh_issuer.verify(text, world.now) {
        assert_eq!(text, world.refresh);
        assert_eq!((claims.sid.as_str(), claims.counter), (world.session.id.as_str(), world.session.counter));
    }
}

/// A provider's answer of any kind.
pub fn provider_answer(data: &[u8]) {
    providers::fuzzing::read_answer(data);
}

/// A notice's body of any kind.
pub fn webhook_body(data: &[u8]) {
    providers::fuzzing::read_notice(data);
}

/// `next`: what is accepted stays on this site, for the parser that browsers' rules describe, and means itself.
pub fn next(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(next) = Next::parse(text) else { return };
    let (path, base) = (next.as_str(), Url::parse("https://app.test/login").unwrap());
    assert!(path.starts_with('/') && !path.starts_with("//") && path.is_ascii());
    assert!(!path.contains('\\') && !path.bytes().any(|byte| byte.is_ascii_control() || byte == b' '));
    let landed = base.join(path).unwrap();
    assert_eq!(landed.origin(), base.origin());
    assert_eq!(Next::parse(path).map(|again| again.as_str().to_owned()), Some(path.to_owned()));
}

/// `X-Forwarded-For` behind one trusted proxy: the client is an address that somebody named, or the proxy.
pub fn forwarded(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        headers.append(HeaderName::from_static("x-forwarded-for"), value);
    }
    let (peer, stranger): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [192, 0, 2, 1].into());
    let trusted = ["10.0.0.0/8".parse().unwrap()];
    assert_eq!(web::client_address(stranger, &headers, &trusted), stranger, "a stranger's word is worth nothing");
    let client = web::client_address(peer, &headers, &trusted);
    let text = String::from_utf8_lossy(data);
    let named = text.split([',', '\n']).filter_map(|hop| hop.trim().parse::<IpAddr>().ok());
    assert!(client == peer || named.map(|ip| ip.to_canonical()).any(|ip| ip == client));
}

/// An e-mail address: one plain ASCII address or none, and its canonical form is its own.
pub fn email(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(email) = Email::new(text, Trust::Verified) else { return };
    let canonical = email.canonical();
    assert!(canonical.is_ascii() && canonical.matches('@').count() == 1 && canonical.len() <= 254);
    assert!(!canonical.bytes().any(|byte| byte.is_ascii_control() || byte.is_ascii_whitespace()));
    assert_eq!(Email::new(&canonical, Trust::Verified).unwrap().canonical(), canonical);
    assert!(canonical.eq_ignore_ascii_case(text), "{text:?} became {canonical:?}");
}

fn signed_part(token: &str) -> Option<&str> {
    token.rsplit_once('.').map(|(signed, _)| signed)
}

/// One login, one session, its tokens, and what checks them.
struct World {
    now: Moment,
    states: StateSealer,
    browser: BrowserKey,
    attempt: Attempt,
    state: String,
    keys: Keys,
    access_issuer: AccessIssuer,
    access: String,
    refresh_issuer: RefreshIssuer,
    refresh: String,
    session: Session,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(World::new)
}

impl World {
    fn new() -> Self {
        let now = Clock::system().now();
        let folder = std::env::temp_dir().join(format!("fiiiiilm-fuzzing-{}", std::process::id()));
        let config = settings(&folder);
        let mut conn = db::open(&config.database.url).unwrap();
        db::migrate(&mut conn).unwrap();
        let sealer = config.secrets.sealer("signing-keys");
        tokens::ensure_active(&mut conn, &tokens::Rotation::new(&config.token, sealer.clone()), now).unwrap();
        let keys = tokens::load(&mut conn, &sealer).unwrap();
        drop(conn);
        fs::remove_dir_all(&folder).unwrap();
        let session = session(now);
        let access_issuer = AccessIssuer::new(&config.token);
        let subject = Subject { user_id: session.user_id.clone(), role: "user".into(), version: 1 };
        let (access, _) = access_issuer.issue(&keys, &subject, &session, now).unwrap();
        let refresh_issuer = RefreshIssuer::new(&config.token, &config.secrets);
        let refresh = refresh_issuer.issue(&session).unwrap();
        let states = StateSealer::new(&config.secrets);
        let browser = BrowserKey::new().unwrap();
        let started_at = now;
        let (id, purpose) = (AttemptId::new(), Purpose::Again(session.id.clone()));
        let attempt = Attempt { id, provider: "kakao".into(), purpose, target: "/profile".into(), started_at };
        let state = states.seal(&attempt, &browser).unwrap();
        Self { now, states, browser, attempt, state, keys, access_issuer, access, refresh_issuer, refresh, session }
    }
}

/// A site on a database of its own in this folder.
fn settings(folder: &Path) -> Config {
    fs::create_dir_all(folder).unwrap();
    let env = [
        ("FIIIIILM_SERVER__PUBLIC_URL", "https://app.test".to_owned()),
        ("FIIIIILM_DATABASE__URL", format!("sqlite://{}", folder.join("fuzzing.db").display())),
        ("FIIIIILM_SECRET__KEY", format!("hex:{}", "9d3c7be15fa0428e".repeat(4))),
        ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_ID", "0123456789abcdef0123456789abcdef".to_owned()),
        ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET", "0123456789abcdef0123456789abcdef".to_owned()),
    ];
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    config::load(&Source { file: None, env, dir: folder.to_owned() }).unwrap()
}

fn session(now: Moment) -> Session {
    Session {
        id: SessionId::new(),
        user_id: UserId::new(),
        identity_id: IdentityId::new(),
        provider: "kakao".into(),
        attempt_id: None,
        counter: 7,
        advanced_at: now,
        expires_at: now + Duration::days(14),
        ends_at: now + Duration::days(90),
        auth_time: now,
        user_agent: String::new(),
        address: String::new(),
        created_at: now,
        last_seen_at: now,
        ended_at: None,
        end_reason: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m12_every_input_that_is_kept_is_borne() {
        for (name, target) in TARGETS {
            let inputs = fs::read_dir(format!("fuzz/corpus/{name}")).unwrap();
            let count = inputs.map(|input| target(&fs::read(input.unwrap().path()).unwrap())).count();
            assert!(count >= 5, "{name} has {count} inputs");
            assert!(fs::exists(format!("fuzz/fuzz_targets/{name}.rs")).unwrap(), "{name} is not fuzzed");
        }
    }

    #[test]
    fn the_true_ones_are_accepted_and_nearly_true_ones_are_not() {
        let world = world();
        for (target, text) in
            [(state as Target, &world.state), (access_token, &world.access), (refresh_token, &world.refresh)]
        {
            target(text.as_bytes());
            for place in 0..text.len() {
                let mut bytes = text.clone().into_bytes();
                bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
                target(&bytes);
            }
        }
        assert!(world.states.open(&world.state, "kakao", Some(&world.browser), world.now).is_ok());
        assert!(world.access_issuer.verify(&world.keys, &world.access, world.now).is_some());
        assert!(world.refresh_issuer.verify(&world.refresh, world.now).is_some());
    }
}
