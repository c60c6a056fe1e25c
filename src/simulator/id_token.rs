//! ID tokens, signed like Kakao's: RS256 with a 2048-bit key whose id is 30 hexadecimal digits.

use std::io;
use std::sync::Arc;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer as Signature;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::grants::{ACCESS_SECONDS, Grant};
use super::people::Person;
use super::shapes::{picture, trusted_email};
use super::state::Link;
use crate::secret;

/// Size of the key in bits, as Kakao's.
const KEY_BITS: u32 = 2_048;

/// The signing key of the practice provider.
pub(super) struct Signer {
    key: PKey<Private>,
    kid: String,
    modulus: String,
    exponent: String,
}

/// The key of this process. It is made at the first start, which takes a tenth of a second, and shared by all practice
/// providers of the process: tests start hundreds.
pub(super) async fn signer() -> io::Result<Arc<Signer>> {
    static KEY: OnceCell<Arc<Signer>> = OnceCell::const_new();
    let make = async || {
        let made = tokio::task::spawn_blocking(Signer::generate).await.map_err(io::Error::other)?;
        Ok::<_, io::Error>(Arc::new(made?))
    };
    KEY.get_or_try_init(make).await.cloned()
}

impl Signer {
    fn generate() -> Result<Self, ErrorStack> {
        let rsa = Rsa::generate(KEY_BITS)?;
        let (modulus, exponent) = (rsa.n().to_vec(), rsa.e().to_vec());
        let kid = HEXLOWER.encode(secret::sha256(&modulus).get(..15).unwrap_or_default());
        let encode = |number: &[u8]| BASE64URL_NOPAD.encode(number);
        Ok(Self { kid, modulus: encode(&modulus), exponent: encode(&exponent), key: PKey::from_rsa(rsa)? })
    }

    /// A compact JWS of these claims (RFC 7515 section 3.1).
    pub(super) fn sign(&self, claims: &Value) -> Result<String, ErrorStack> {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.kid});
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(claims));
        let mut signature = Signature::new(MessageDigest::sha256(), &self.key)?;
        signature.update(signed.as_bytes())?;
        Ok(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature.sign_to_vec()?)))
    }

    /// The public half (RFC 7517).
    pub(super) fn jwk(&self) -> Value {
        json!({"kid": self.kid, "kty": "RSA", "alg": "RS256", "use": "sig", "n": self.modulus, "e": self.exponent})
    }
}

/// What the token says. A refreshed one (`nonce` `None`) has no nonce: whether Kakao repeats it is not known.
pub(super) fn claims(
    grant: &Grant,
    person: &Person,
    link: &Link,
    issuer: &str,
    nonce: Option<&str>,
    now: i64,
) -> Value {
    let mut claims = json!({
        "iss": issuer,
        "aud": grant.client_id,
        "sub": person.id.to_string(),
        "iat": now,
        "exp": now + ACCESS_SECONDS,
        "auth_time": grant.auth_time,
    });
    let agreed = |scope: &str| !person.bare && link.agreed.contains(scope);
    let optional = [
        ("nonce", nonce.map(str::to_owned)),
        ("nickname", agreed("profile_nickname").then(|| person.nickname.to_owned())),
        ("picture", agreed("profile_image").then(|| picture(issuer, person, 110))),
        ("email", trusted_email(person).filter(|_| agreed("account_email")).map(str::to_owned)),
    ];
    for (name, value) in optional {
        if let (Some(value), Value::Object(claims)) = (value, &mut claims) {
            claims.insert(name.to_owned(), Value::String(value));
        }
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::super::people;
    use super::*;

    fn of(person: i64, agreed: &[&str]) -> Value {
        let grant = Grant { person, client_id: "rest".into(), openid: true, nonce: None, auth_time: 7 };
        let link = Link { agreed: agreed.iter().map(|scope| (*scope).to_owned()).collect(), connected_at: 0 };
        claims(&grant, people::find(person).unwrap(), &link, "http://127.0.0.1:8081", Some("n"), 10)
    }

    #[test]
    fn an_email_is_there_only_when_agreed_valid_and_verified() {
        for (person, agreed, expected) in [
            (people::HONG, "account_email", true),
            (people::HONG, "profile_nickname", false),
            (people::UNVERIFIED, "account_email", false),
            (people::MASKED, "account_email", false),
            (people::NO_EMAIL, "account_email", false),
            (people::BARE, "account_email", false),
        ] {
            assert_eq!(of(person, &[agreed]).get("email").is_some(), expected, "{person}");
        }
    }

    #[test]
    fn a_token_without_consents_has_these_claims() {
        let expected = json!({
            "iss": "http://127.0.0.1:8081", "aud": "rest", "sub": "1376016924429759228", "iat": 10, "exp": 21_609,
            "auth_time": 7, "nonce": "n",
        });
        assert_eq!(of(people::LONG_ID, &[]), expected);
    }

    #[tokio::test]
    async fn the_key_verifies_what_it_signed() {
        let signer = signer().await.unwrap();
        let token = signer.sign(&json!({"sub": "1"})).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
        let mut check = openssl::sign::Verifier::new(MessageDigest::sha256(), &signer.key).unwrap();
        check.update(signed.as_bytes()).unwrap();
        assert!(check.verify(&signature).unwrap());
        assert_eq!(signer.jwk()["kid"].as_str().unwrap().len(), 30);
    }
}
