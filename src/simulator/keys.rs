//! Signing keys, as providers have them: several at once, chosen by `kid`, replaced without notice.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use serde_json::{Value, json};

use super::provider::Provider;
use crate::secret;

/// Size of an RSA key in bits, as the providers'.
const RSA_BITS: u32 = 2_048;

/// Bytes of each half of a signature by P-256.
const HALF: i32 = 32;

/// Rotations remembered apart; after so many the keys come round again. Bounds the keys made in one process.
const ROTATIONS: u32 = 8;

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA with P-256 and SHA-256.
    Es256,
}

impl Algorithm {
    /// Its name in a header.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// A key.
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) kid: String,
    key: PKey<Private>,
    jwk: Value,
}

/// Which of a provider's keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Which {
    algorithm: Algorithm,
    provider: Option<Provider>,
    number: u32,
}

/// The keys of this process. Each is made when it is first wanted, which takes a tenth of a second, and shared by all
/// practice providers of the process: tests start hundreds.
fn made(which: Which) -> Result<Arc<Key>, ErrorStack> {
    static KEYS: Mutex<BTreeMap<Which, Arc<Key>>> = Mutex::new(BTreeMap::new());
    let mut keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = keys.get(&which) {
        return Ok(key.clone());
    }
    let key = Arc::new(Key::generate(which.algorithm)?);
    keys.insert(which, key.clone());
    Ok(key)
}

/// The keys a provider shows after so many rotations, the one that signs first. None where it signs nothing.
pub(super) fn shown(provider: Provider, rotations: u32) -> Result<Vec<Arc<Key>>, ErrorStack> {
    let Some(keys) = provider.manners().keys else { return Ok(Vec::new()) };
    let first = rotations % ROTATIONS * keys.shown;
    let which = |number| Which { algorithm: keys.algorithm, provider: Some(provider), number };
    (first..first + keys.shown).map(|number| made(which(number))).collect()
}

/// A key of nobody's, which no provider ever shows.
pub(super) fn strangers(algorithm: Algorithm) -> Result<Arc<Key>, ErrorStack> {
    made(Which { algorithm, provider: None, number: 0 })
}

/// Makes Kakao's keys, so that a machine that cannot make any is found at the start.
pub(super) async fn warm_up() -> io::Result<()> {
    let made = tokio::task::spawn_blocking(|| shown(Provider::Kakao, 0)).await.map_err(io::Error::other)?;
    made.map(drop).map_err(io::Error::other)
}

impl Key {
    fn generate(algorithm: Algorithm) -> Result<Self, ErrorStack> {
        match algorithm {
            Algorithm::Rs256 => Self::rsa(),
            Algorithm::Es256 => Self::ec(),
        }
    }

    fn rsa() -> Result<Self, ErrorStack> {
        let rsa = Rsa::generate(RSA_BITS)?;
        let kid = kid(&rsa.n().to_vec());
        let encode = |number: Vec<u8>| BASE64URL_NOPAD.encode(&number);
        let (n, e) = (encode(rsa.n().to_vec()), encode(rsa.e().to_vec()));
        let jwk = json!({"kid": kid, "kty": "RSA", "alg": "RS256", "use": "sig", "n": n, "e": e});
        Ok(Self { algorithm: Algorithm::Rs256, kid, key: PKey::from_rsa(rsa)?, jwk })
    }

    fn ec() -> Result<Self, ErrorStack> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let ec = EcKey::generate(&group)?;
        let (mut x, mut y, mut context) = (BigNum::new()?, BigNum::new()?, BigNumContext::new()?);
        ec.public_key().affine_coordinates(&group, &mut x, &mut y, &mut context)?;
        let (x, y) = (x.to_vec_padded(HALF)?, y.to_vec_padded(HALF)?);
        let kid = kid(&x);
        let encode = |number: &[u8]| BASE64URL_NOPAD.encode(number);
        let jwk = json!({"kid": kid, "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "x": encode(&x), "y": encode(&y)});
        Ok(Self { algorithm: Algorithm::Es256, kid, key: PKey::from_ec_key(ec)?, jwk })
    }

    /// The signature of a JWS (RFC 7518 sections 3.3 and 3.4).
    pub(super) fn sign(&self, text: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key)?;
        signer.update(text)?;
        let signature = signer.sign_to_vec()?;
        match self.algorithm {
            Algorithm::Rs256 => Ok(signature),
            Algorithm::Es256 => {
                let halves = EcdsaSig::from_der(&signature)?;
                Ok([halves.r().to_vec_padded(HALF)?, halves.s().to_vec_padded(HALF)?].concat())
            }
        }
    }

    /// The public half (RFC 7517).
    pub(super) fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// The public half as PEM: the secret of whoever takes it for one.
    pub(super) fn public_pem(&self) -> Result<Vec<u8>, ErrorStack> {
        self.key.public_key_to_pem()
    }
}

/// 30 hexadecimal digits, as Kakao's.
fn kid(public: &[u8]) -> String {
    HEXLOWER.encode(secret::sha256(public).get(..15).unwrap_or_default())
}

/// HMAC with SHA-256 under a key of any length.
pub(super) fn hmac(key: &[u8], text: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let key = PKey::hmac(key)?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
    signer.update(text)?;
    signer.sign_to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_verifies_what_it_signed() {
        let key = strangers(Algorithm::Rs256).unwrap();
        let signature = key.sign(b"text").unwrap();
        let mut check = openssl::sign::Verifier::new(MessageDigest::sha256(), &key.key).unwrap();
        check.update(b"text").unwrap();
        assert!(check.verify(&signature).unwrap());
        assert_eq!(key.kid.len(), 30);
        let key = strangers(Algorithm::Es256).unwrap();
        let signature = key.sign(b"text").unwrap();
        let number = |half: &[u8]| BigNum::from_slice(half).unwrap();
        let halves = EcdsaSig::from_private_components(number(&signature[..32]), number(&signature[32..])).unwrap();
        assert!(halves.verify(&secret::sha256(b"text"), &key.key.ec_key().unwrap()).unwrap());
    }

    #[test]
    fn each_provider_has_its_own_keys_and_a_rotation_replaces_all() {
        let kids = |provider, rotations| {
            shown(provider, rotations).unwrap().iter().map(|key| key.kid.clone()).collect::<Vec<_>>()
        };
        assert_eq!(kids(Provider::Apple, 0).len(), 3);
        assert_eq!(kids(Provider::Github, 0), Vec::<String>::new());
        assert_eq!(kids(Provider::Apple, 0), kids(Provider::Apple, 0));
        for kid in kids(Provider::Apple, 1) {
            assert!(!kids(Provider::Apple, 0).contains(&kid) && !kids(Provider::Kakao, 0).contains(&kid));
        }
    }
}
