//! LINE's own part, and the ID tokens of every algorithm there is.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::Algorithm;
use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::sha::{sha256, sha512};
use openssl::sign::{RsaPssSaltlen, Signer};
use serde_json::{Value, json};

use super::super::dialect::Freshness;
use super::super::http::Http;
use super::super::line;
use super::super::profile::Trust;
use super::super::provider::Provider;
use super::answers::{claims, fake, form, now, pairs, prove, query, tokens};
use super::rig::{ACCESS, Rig};
use super::{CLIENT_ID, Fake, SigningKey, attempt, jwks, with};
use crate::clock::Clock;
use crate::config::Line as Settings;
use crate::secret::Secret;

const ISSUER: &str = "https://access.line.me";
const SECRET: &str = "fedcba9876543210fedcba9876543210";

fn provider(fake: &Fake) -> Provider {
    let settings = Settings {
        client_id: CLIENT_ID.into(),
        client_secret: Secret::new(SECRET.into()),
        scopes: ["openid", "profile"].map(str::to_owned).to_vec(),
        native_audiences: Vec::new(),
        native_redirect_uris: Vec::new(),
        auth_base: fake.origin.clone(),
        api_base: fake.origin.clone(),
        issuer: ISSUER.into(),
    };
    line::provider(&settings, &Http::new().unwrap(), &Clock::system()).unwrap()
}

fn encode(header: &Value, payload: &Value) -> String {
    [header, payload].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes())).join(".")
}

/// HS256 by hand.
fn mac(payload: &Value, secret: &str) -> String {
    let message = encode(&json!({"typ": "JWT", "alg": "HS256"}), payload);
    let mut signer = Signer::new(MessageDigest::sha256(), &PKey::hmac(secret.as_bytes()).unwrap()).unwrap();
    let tag = signer.sign_oneshot_to_vec(message.as_bytes()).unwrap();
    format!("{message}.{}", BASE64URL_NOPAD.encode(&tag))
}

/// A P-256 key and its public form.
struct Curve(EcKey<Private>);

impl Curve {
    fn new() -> Self {
        Self(EcKey::generate(&EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap()).unwrap())
    }

    fn jwk(&self) -> Value {
        let form = openssl::ec::PointConversionForm::UNCOMPRESSED;
        let point = self.0.public_key().to_bytes(self.0.group(), form, &mut BigNumContext::new().unwrap()).unwrap();
        let part = |range: std::ops::Range<usize>| BASE64URL_NOPAD.encode(&point[range]);
        json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "e1", "x": part(1..33), "y": part(33..65)})
    }

    fn sign(&self, payload: &Value) -> String {
        let message = encode(&json!({"alg": "ES256", "kid": "e1", "typ": "JWT"}), payload);
        let signature = EcdsaSig::sign(&sha256(message.as_bytes()), &self.0).unwrap();
        let mut bytes = signature.r().to_vec_padded(32).unwrap();
        bytes.extend(signature.s().to_vec_padded(32).unwrap());
        format!("{message}.{}", BASE64URL_NOPAD.encode(&bytes))
    }
}

async fn answering(token: &str, key: &Curve) -> Fake {
    let set = json!({"keys": [key.jwk()]});
    fake(vec![("POST /oauth2/v2.1/token", 200, tokens(Some(token))), ("GET /oauth2/v2.1/certs", 200, set)]).await
}

#[tokio::test]
async fn a_login_asks_for_a_key_and_takes_either_signature() {
    let key = Curve::new();
    let said =
        json!({"name": "민아", "picture": "https://profile.line-scdn.net/x", "email": "a@x.test", "amr": ["pwd"]});
    let payload = with(&claims(ISSUER, CLIENT_ID, "U1234567890abcdef1234567890abcdef"), &said);
    for token in [key.sign(&payload), mac(&payload, SECRET)] {
        let fake = answering(&token, &key).await;
        let provider = provider(&fake);
        let proof = prove(&provider).await.unwrap();
        assert_eq!((proof.profile.name.as_deref(), proof.realm.as_deref()), (Some("민아"), Some(CLIENT_ID)));
        assert_eq!(proof.profile.picture.as_deref(), Some("https://profile.line-scdn.net/x"));
        assert_eq!(proof.profile.email.unwrap().trust, Trust::Unverified, "c04: LINE never says that it is verified");
        assert_eq!(form(&fake, "POST /oauth2/v2.1/token")["id_token_key_type"], "JWK");
    }
    let fake = answering("", &key).await;
    let expected = pairs(&[("client_id", CLIENT_ID), ("nonce", super::NONCE), ("scope", "openid profile")]);
    assert_eq!(query(&provider(&fake).authorize_url(&attempt()).await.unwrap()), expected);
}

#[tokio::test]
async fn g02_neither_kind_of_key_is_ever_used_as_the_other() {
    let key = Curve::new();
    let payload = claims(ISSUER, CLIENT_ID, "U1");
    let jwk = key.jwk();
    let public = [jwk.to_string(), jwk["x"].as_str().unwrap().to_owned(), String::new(), CLIENT_ID.to_owned()];
    for secret in public.iter().filter(|secret| !secret.is_empty()) {
        let fake = answering(&mac(&payload, secret), &key).await;
        assert_eq!(prove(&provider(&fake)).await.unwrap_err().code, "id-token-signature");
    }
    let rsa = SigningKey::new("e1");
    let fake = answering(&rsa.sign(&payload), &key).await;
    assert_eq!(prove(&provider(&fake)).await.unwrap_err().code, "id-token-alg");
    let stranger = answering(&Curve::new().sign(&payload), &key).await;
    assert_eq!(prove(&provider(&stranger)).await.unwrap_err().code, "id-token-signature");
}

#[tokio::test]
async fn a_fresh_login_is_proven_by_auth_time_or_not_at_all() {
    let key = Curve::new();
    let again = super::AuthRequest { again: true, ..attempt() };
    let payload = claims(ISSUER, CLIENT_ID, "U1");
    let silent = answering(&key.sign(&payload), &key).await;
    let line = provider(&silent);
    assert_eq!(
        (line.freshness(), query(&line.authorize_url(&again).await.unwrap())["max_age"].as_str()),
        (Freshness::Proven, "0")
    );
    assert_eq!(line.prove("C", &again).await.unwrap_err().code, "id-token-auth_time");
    assert!(line.prove("C", &attempt()).await.is_ok(), "without the question there need be no answer");
    let saying = answering(&key.sign(&with(&payload, &json!({"auth_time": now() - 3}))), &key).await;
    assert!(provider(&saying).prove("C", &again).await.unwrap().auth_time.is_some());
}

#[tokio::test]
async fn g01_each_algorithm_is_checked_as_its_standard_says() {
    let (rsa, ec, ed) = (SigningKey::new("r1"), Curve::new(), PKey::generate_ed25519().unwrap());
    let raw = BASE64URL_NOPAD.encode(&ed.raw_public_key().unwrap());
    let octets = json!({"kty": "OKP", "crv": "Ed25519", "kid": "d1", "x": raw});
    let mut any_rsa = rsa.jwk();
    any_rsa.as_object_mut().unwrap().remove("alg");
    let set = json!({"keys": [any_rsa, ec.jwk(), octets]});
    let all = [Algorithm::RS256, Algorithm::ES256, Algorithm::PS256, Algorithm::EdDSA];
    let rig = Rig::new(set).await.taking(&all, None);
    let half = |hash: &[u8]| BASE64URL_NOPAD.encode(&hash[..hash.len() / 2]);
    let usual = with(&rig.claims(), &json!({"at_hash": half(&sha256(ACCESS.as_bytes()))}));
    let long = with(&rig.claims(), &json!({"at_hash": half(&sha512(ACCESS.as_bytes()))}));
    let pss = |payload: &Value| {
        let message = encode(&json!({"alg": "PS256", "kid": "r1"}), payload);
        let mut signer = Signer::new(MessageDigest::sha256(), &rsa.key).unwrap();
        signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
        format!("{message}.{}", BASE64URL_NOPAD.encode(&signer.sign_oneshot_to_vec(message.as_bytes()).unwrap()))
    };
    let eddsa = |payload: &Value| {
        let message = encode(&json!({"alg": "EdDSA", "kid": "d1"}), payload);
        let mut signer = Signer::new_without_digest(&ed).unwrap();
        format!("{message}.{}", BASE64URL_NOPAD.encode(&signer.sign_oneshot_to_vec(message.as_bytes()).unwrap()))
    };
    for token in [rsa.sign(&usual), ec.sign(&usual), pss(&usual), eddsa(&long)] {
        assert!(rig.verify(&token).await.is_ok(), "{token}");
    }
    assert_eq!(rig.refusal(&eddsa(&usual)).await, "id-token-at_hash");
    let swapped = rsa.sign_text(r#"{"alg":"PS256","kid":"r1"}"#, &usual.to_string());
    assert_eq!(rig.refusal(&swapped).await, "id-token-signature", "the padding of RS256 under the name of PS256");
    let crossed = rsa.sign_text(r#"{"alg":"RS256","kid":"e1"}"#, &usual.to_string());
    assert_eq!(rig.refusal(&crossed).await, "id-token-kid", "a key of another kind is none");
    assert_eq!(rig.refusal(&mac(&usual, SECRET)).await, "id-token-alg");
    let narrow = Rig::new(jwks(&[&rsa])).await.taking(&all, None);
    assert_eq!(narrow.refusal(&pss(&usual)).await, "id-token-kid", "a key that says RS256 is for nothing else");
}
