//! ID tokens a site must refuse, each by one change to one it must accept; and a few that look odd and are right.

use serde_json::{Value, json};

use super::super::jose::{By, Draft};

/// A change by its name, the i18n key of what it is, and whether a site must refuse the outcome.
pub struct NamedTwist {
    /// Its name in the form and in tests.
    pub name: &'static str,
    pub(in super::super) words: &'static str,
    /// Whether a site must refuse what comes out.
    pub wrong: bool,
    /// The change.
    pub change: fn(&mut Draft),
}

const fn wrong(name: &'static str, words: &'static str, change: fn(&mut Draft)) -> NamedTwist {
    NamedTwist { name, words, wrong: true, change }
}

/// The change of that name.
#[must_use]
pub fn twist(name: &str) -> Option<&'static NamedTwist> {
    TWISTS.iter().find(|twist| twist.name == name)
}

/// All of them.
pub static TWISTS: [NamedTwist; 22] = [
    wrong("nonce-wrong", "sim-twist-nonce-wrong", |draft| draft.claim("nonce", Some(json!("somebody-elses")))),
    wrong("nonce-missing", "sim-twist-nonce-missing", |draft| draft.claim("nonce", None)),
    wrong("iss-wrong", "sim-twist-iss-wrong", |draft| draft.claim("iss", Some(json!("https://issuer.example")))),
    wrong("iss-slash", "sim-twist-iss-slash", |draft| {
        let issuer = draft.claims.get("iss").and_then(Value::as_str).unwrap_or_default();
        draft.claim("iss", Some(json!(format!("{issuer}/"))));
    }),
    wrong("iss-missing", "sim-twist-iss-missing", |draft| draft.claim("iss", None)),
    wrong("aud-wrong", "sim-twist-aud-wrong", |draft| draft.claim("aud", Some(json!("somebody-else")))),
    wrong("aud-missing", "sim-twist-aud-missing", |draft| draft.claim("aud", None)),
    wrong("aud-two", "sim-twist-aud-two", |draft| {
        let ours = draft.claims.get("aud").cloned().unwrap_or_default();
        draft.claim("aud", Some(json!([ours, "somebody-else"])));
        draft.claim("azp", Some(json!("somebody-else")));
    }),
    wrong("sub-missing", "sim-twist-sub-missing", |draft| draft.claim("sub", None)),
    wrong("sub-empty", "sim-twist-sub-empty", |draft| draft.claim("sub", Some(json!("")))),
    wrong("expired", "sim-twist-expired", |draft| {
        let begun = draft.claims.get("iat").and_then(Value::as_i64).unwrap_or_default();
        draft.claim("iat", Some(json!(begun - 7_200)));
        draft.claim("exp", Some(json!(begun - 3_600)));
    }),
    wrong("exp-missing", "sim-twist-exp-missing", |draft| draft.claim("exp", None)),
    wrong("iat-missing", "sim-twist-iat-missing", |draft| draft.claim("iat", None)),
    wrong("iat-future", "sim-twist-iat-future", |draft| {
        let begun = draft.claims.get("iat").and_then(Value::as_i64).unwrap_or_default();
        draft.claim("iat", Some(json!(begun + 900)));
    }),
    wrong("alg-none", "sim-twist-alg-none", |draft| {
        draft.head("alg", Some(json!("none")));
        draft.by = By::Nobody;
    }),
    wrong("hs256-public-key", "sim-twist-public-key", |draft| {
        draft.head("alg", Some(json!("HS256")));
        draft.by = By::PublicKey;
    }),
    wrong("signature-stranger", "sim-twist-stranger", |draft| draft.by = By::Stranger),
    wrong("signature-missing", "sim-twist-no-signature", |draft| draft.by = By::Nobody),
    wrong("kid-unknown", "sim-twist-kid-unknown", |draft| {
        draft.head("alg", Some(json!("RS256")));
        draft.head("kid", Some(json!("nobody-has-this-key")));
        draft.by = By::Stranger;
    }),
    wrong("crit", "sim-twist-crit", |draft| draft.head("crit", Some(json!(["b64"])))),
    wrong("secevent", "sim-twist-secevent", |draft| {
        draft.head("typ", Some(json!("secevent+jwt")));
        draft.claim("events", Some(json!({"https://schemas.openid.net/secevent/risc/event-type/verification": {}})));
    }),
    NamedTwist {
        name: "aud-list",
        words: "sim-twist-aud-list",
        wrong: false,
        change: |draft| {
            let ours = draft.claims.get("aud").cloned().unwrap_or_default();
            draft.claim("aud", Some(json!([ours.clone()])));
            draft.claim("azp", Some(ours));
        },
    },
];
