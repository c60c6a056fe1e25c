//! A key pair as it is made or brought in: its private half as PEM, its public half as JWK.

use data_encoding::BASE64URL_NOPAD;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Rsa;
use serde_json::{Value, json};

use crate::config::SigningAlgorithm;
use crate::secret::sha256;

/// Bits of an RSA key that is made here; one that is brought in has 2048 at least (RFC 7518 section 3.3).
const RSA_BITS: u32 = 3072;
const RSA_LEAST_BITS: u32 = 2048;

/// Why a PEM is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PemRefused {
    /// Not a private key, or one under a password.
    #[error("this is not an unencrypted private key in PEM form")]
    NotAKey,
    /// A key of another kind or curve.
    #[error(
        "this key is of a kind no token is signed with here: P-256 (ES256), Ed25519 (EdDSA) or RSA (RS256) is needed"
    )]
    OtherKind,
    /// RSA below 2048 bits.
    #[error("this RSA key has {0} bits; 2048 are the least")]
    Short(u32),
}

/// A pair.
pub(super) struct KeyPair {
    pub(super) algorithm: SigningAlgorithm,
    pub(super) kid: String,
    pub(super) jwk: Value,
    /// PKCS #8.
    pub(super) pem: Vec<u8>,
}

impl KeyPair {
    /// A new one.
    pub(super) fn generate(algorithm: SigningAlgorithm) -> Result<Self, ErrorStack> {
        let key = match algorithm {
            SigningAlgorithm::Es256 => {
                let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
                PKey::from_ec_key(EcKey::generate(&group)?)?
            }
            SigningAlgorithm::EdDsa => PKey::generate_ed25519()?,
            SigningAlgorithm::Rs256 => PKey::from_rsa(Rsa::generate(RSA_BITS)?)?,
        };
        Self::of(algorithm, &key)
    }

    /// One made elsewhere.
    pub(super) fn from_pem(pem: &[u8]) -> Result<Self, PemRefused> {
        // Never asks for a password: at a terminal the library would.
        let key = PKey::private_key_from_pem_callback(pem, |_buffer| Ok(0)).map_err(|_refused| PemRefused::NotAKey)?;
        let algorithm = match key.id() {
            Id::ED25519 => SigningAlgorithm::EdDsa,
            Id::RSA if key.bits() < RSA_LEAST_BITS => return Err(PemRefused::Short(key.bits())),
            Id::RSA => SigningAlgorithm::Rs256,
            Id::EC => {
                let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
                if curve != Some(Nid::X9_62_PRIME256V1) {
                    return Err(PemRefused::OtherKind);
                }
                SigningAlgorithm::Es256
            }
            _ => return Err(PemRefused::OtherKind),
        };
        Self::of(algorithm, &key).map_err(|_refused| PemRefused::NotAKey)
    }

    fn of(algorithm: SigningAlgorithm, key: &PKey<Private>) -> Result<Self, ErrorStack> {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        // RFC 7638 section 3.2: the thumbprint is over the required members, in the order of their names.
        let (mut jwk, required) = match algorithm {
            SigningAlgorithm::Es256 => {
                let key = key.ec_key()?;
                let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
                key.public_key().affine_coordinates(key.group(), &mut x, &mut y, &mut *BigNumContext::new()?)?;
                let (x, y) = (text(&x.to_vec_padded(32)?), text(&y.to_vec_padded(32)?));
                let required = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
                (json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }), required)
            }
            SigningAlgorithm::EdDsa => {
                let x = text(&key.raw_public_key()?);
                let required = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
                (json!({ "kty": "OKP", "crv": "Ed25519", "x": x }), required)
            }
            SigningAlgorithm::Rs256 => {
                let key = key.rsa()?;
                let (n, e) = (text(&key.n().to_vec()), text(&key.e().to_vec()));
                let required = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
                (json!({ "kty": "RSA", "n": n, "e": e }), required)
            }
        };
        let kid = text(&sha256(required.as_bytes()));
        jwk["kid"] = json!(kid);
        jwk["alg"] = json!(algorithm.as_str());
        jwk["use"] = json!("sig");
        Ok(Self { algorithm, kid, jwk, pem: key.private_key_to_pem_pkcs8()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures;
    use jsonwebtoken::crypto::{sign, verify};
    use jsonwebtoken::{DecodingKey, jwk::Jwk};

    #[test]
    fn what_each_kind_signs_its_jwk_verifies() {
        signatures::install();
        for algorithm in SigningAlgorithm::ALL {
            let (pair, other) = (KeyPair::generate(algorithm).unwrap(), KeyPair::generate(algorithm).unwrap());
            let named = signatures::named(algorithm);
            let public = |pair: &KeyPair| {
                let jwk: Jwk = serde_json::from_value(pair.jwk.clone()).unwrap();
                DecodingKey::from_jwk(&jwk).unwrap()
            };
            let private = signatures::private(algorithm, &pair.pem).unwrap();
            let signature = sign(b"message", &private, named).unwrap();
            assert!(verify(&signature, b"message", &public(&pair), named).unwrap(), "{algorithm:?}");
            assert!(!verify(&signature, b"massage", &public(&pair), named).unwrap(), "{algorithm:?}");
            assert!(!verify(&signature, b"message", &public(&other), named).unwrap(), "{algorithm:?}");
            let again = KeyPair::from_pem(&pair.pem).unwrap();
            assert_eq!((again.kid, again.algorithm), (pair.kid, algorithm), "the same key has the same id");
            assert!(["d", "p", "q", "k"].iter().all(|member| pair.jwk.get(member).is_none()));
        }
    }

    #[test]
    fn d14_what_is_no_good_key_is_refused_with_its_reason() {
        assert_eq!(KeyPair::from_pem(b"nonsense").err(), Some(PemRefused::NotAKey));
        let short = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap().private_key_to_pem_pkcs8().unwrap();
        assert_eq!(KeyPair::from_pem(&short).err(), Some(PemRefused::Short(1024)));
        let group = EcGroup::from_curve_name(Nid::SECP384R1).unwrap();
        let other = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap().private_key_to_pem_pkcs8().unwrap();
        assert_eq!(KeyPair::from_pem(&other).err(), Some(PemRefused::OtherKind));
    }

    /// RFC 8037 appendix A.3.
    #[test]
    fn the_thumbprint_is_the_standards() {
        let seed = BASE64URL_NOPAD.decode(b"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = PKey::private_key_from_raw_bytes(&seed, Id::ED25519).unwrap();
        let pair = KeyPair::of(SigningAlgorithm::EdDsa, &key).unwrap();
        assert_eq!(pair.kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
