//! What signs and checks JWTs: the crate `jsonwebtoken` on OpenSSL, which libpq brings anyway. The crate's own choices are
//! slower by far (a login spent 40 of 100 parts of its time in them: one ES256 signature and one RS256 check) or a third
//! implementation of the same in one binary.
//!
//! Five algorithms and no more: ES256, EdDSA or RS256 for access tokens, HS256 for refresh tokens; what
//! providers sign may also be PS256.

use hmac::{Hmac, Mac as _};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::rsa::{Padding, Rsa};
use openssl::sign;
use sha2::Sha256;
use signature::{Signer, Verifier};

use crate::config::SigningAlgorithm;
use crate::secret::same;
use crate::secret::sha256;

/// Makes this the way of every later signature. Again is as good as once.
pub fn install() {
    // Refused only when it was installed before.
    let _first = PROVIDER.install_default();
}

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

/// A private half, from its PKCS #8 PEM.
///
/// # Errors
/// When it is no key of this algorithm.
pub fn private(algorithm: SigningAlgorithm, pem: &[u8]) -> Result<EncodingKey, ErrorStack> {
    let key = PKey::private_key_from_pem(pem)?;
    Ok(match algorithm {
        // SEC 1 instead of PKCS #8: read back for each signature, and much quicker to read.
        SigningAlgorithm::Es256 => EncodingKey::from_ec_der(&key.ec_key()?.private_key_to_der()?),
        SigningAlgorithm::EdDsa => EncodingKey::from_ed_der(&key.raw_private_key()?),
        SigningAlgorithm::Rs256 => EncodingKey::from_rsa_der(&key.rsa()?.private_key_to_der()?),
    })
}

/// The crate's name of an algorithm.
#[must_use]
pub const fn named(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
        SigningAlgorithm::Rs256 => Algorithm::RS256,
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    if key.family() != algorithm.family() {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    match algorithm {
        Algorithm::ES256 => {
            let key = EcKey::private_key_from_der(key.as_bytes()).map_err(|_refused| ErrorKind::InvalidEcdsaKey)?;
            Ok(Box::new(Es256Private(key)))
        }
        Algorithm::EdDSA => {
            let key = PKey::private_key_from_raw_bytes(key.as_bytes(), Id::ED25519);
            Ok(Box::new(Oneshot(key.map_err(|_refused| ErrorKind::InvalidKeyFormat)?, Algorithm::EdDSA)))
        }
        Algorithm::RS256 => {
            let key = Rsa::private_key_from_der(key.as_bytes()).and_then(PKey::from_rsa);
            Ok(Box::new(Oneshot(key.map_err(|e| ErrorKind::InvalidRsaKey(e.to_string()))?, Algorithm::RS256)))
        }
        Algorithm::HS256 => Ok(Box::new(Hs256(key.as_bytes().to_vec()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    // Or a public key would be taken for a secret that everybody knows (RFC 8725 section 2.1).
    if key.family() != algorithm.family() {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    match (algorithm, key.kind()) {
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => {
            Ok(Box::new(Es256Public(es256_public(point).map_err(|_refused| ErrorKind::InvalidEcdsaKey)?)))
        }
        (Algorithm::RS256 | Algorithm::PS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            let public =
                || PKey::from_rsa(Rsa::from_public_components(BigNum::from_slice(n)?, BigNum::from_slice(e)?)?);
            let public = public().map_err(|e| ErrorKind::InvalidRsaKey(e.to_string()))?;
            Ok(Box::new(Oneshot(public, *algorithm)))
        }
        (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(point)) => {
            let public = PKey::public_key_from_raw_bytes(point, Id::ED25519);
            Ok(Box::new(Oneshot(public.map_err(|_refused| ErrorKind::InvalidKeyFormat)?, Algorithm::EdDSA)))
        }
        (Algorithm::HS256, DecodingKeyKind::SecretOrDer(secret)) => Ok(Box::new(Hs256(secret.clone()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

/// A point of P-256 in SEC 1 form.
fn es256_public(point: &[u8]) -> Result<EcKey<Public>, ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let point = EcPoint::from_bytes(&group, point, &mut *BigNumContext::new()?)?;
    EcKey::from_public_key(&group, &point)
}

struct Es256Private(EcKey<Private>);

impl Signer<Vec<u8>> for Es256Private {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        // RFC 7518 section 3.4: both numbers, 32 bytes each.
        let sign = || {
            let signature = EcdsaSig::sign(&sha256(message), &self.0)?;
            let mut bytes = signature.r().to_vec_padded(32)?;
            bytes.extend(signature.s().to_vec_padded(32)?);
            Ok::<_, ErrorStack>(bytes)
        };
        sign().map_err(signature::Error::from_source)
    }
}

impl JwtSigner for Es256Private {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

struct Es256Public(EcKey<Public>);

impl Verifier<Vec<u8>> for Es256Public {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let Some((r, s)) = signature.split_at_checked(32).filter(|(_, s)| s.len() == 32) else {
            return Err(signature::Error::new());
        };
        let check = || {
            EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?
                .verify(&sha256(message), &self.0)
        };
        holds(check())
    }
}

impl JwtVerifier for Es256Public {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

/// RSA, which signs a hash, and Ed25519, which signs the message itself.
struct Oneshot<T>(PKey<T>, Algorithm);

impl Signer<Vec<u8>> for Oneshot<Private> {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let signer = match self.1 {
            Algorithm::RS256 => sign::Signer::new(MessageDigest::sha256(), &self.0),
            _ => sign::Signer::new_without_digest(&self.0),
        };
        signer.and_then(|mut signer| signer.sign_oneshot_to_vec(message)).map_err(signature::Error::from_source)
    }
}

impl JwtSigner for Oneshot<Private> {
    fn algorithm(&self) -> Algorithm {
        self.1
    }
}

impl Verifier<Vec<u8>> for Oneshot<Public> {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let verifier = match self.1 {
            Algorithm::RS256 => sign::Verifier::new(MessageDigest::sha256(), &self.0),
            Algorithm::PS256 => pss(&self.0),
            _ => sign::Verifier::new_without_digest(&self.0),
        };
        holds(verifier.and_then(|mut verifier| verifier.verify_oneshot(signature, message)))
    }
}

impl JwtVerifier for Oneshot<Public> {
    fn algorithm(&self) -> Algorithm {
        self.1
    }
}

/// RFC 7518 section 3.5: SHA-256 throughout, a salt as long as the hash.
fn pss(key: &PKey<Public>) -> Result<sign::Verifier<'_>, ErrorStack> {
    let mut verifier = sign::Verifier::new(MessageDigest::sha256(), key)?;
    verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
    verifier.set_rsa_pss_saltlen(sign::RsaPssSaltlen::DIGEST_LENGTH)?;
    verifier.set_rsa_mgf1_md(MessageDigest::sha256())?;
    Ok(verifier)
}

fn holds(checked: Result<bool, ErrorStack>) -> Result<(), signature::Error> {
    match checked {
        Ok(true) => Ok(()),
        Ok(false) => {
            // OpenSSL notes why in a queue of this thread; left there, the next TLS call on it would take it for its own.
            let _why = ErrorStack::get();
            Err(signature::Error::new())
        }
        Err(cause) => Err(signature::Error::from_source(cause)),
    }
}

struct Hs256(Vec<u8>);

impl Hs256 {
    fn tag(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(signature::Error::from_source)?;
        mac.update(message);
        Ok(mac.finalize().into_bytes().to_vec())
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        self.tag(message)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        if same(&self.tag(message)?, signature) { Ok(()) } else { Err(signature::Error::new()) }
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests;
