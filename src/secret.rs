//! Secrets as types: what must not be printed cannot be printed, what must be compared is compared in constant
//! time, and every use of the one configured key is a key of its own, derived by HKDF with the use as label.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Length of the random nonce in front of every sealed value, in bytes.
const NONCE_LEN: usize = 24;

/// A value that prints as `***`.
#[derive(Clone, Default)]
pub struct Secret<T>(T);

/// In constant time, whoever compares.
impl<T: AsRef<[u8]>> PartialEq for Secret<T> {
    fn eq(&self, other: &Self) -> bool {
        same(self.0.as_ref(), other.0.as_ref())
    }
}

impl<T: AsRef<[u8]>> Eq for Secret<T> {}

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; the name makes every such place easy to find.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The system's random source failed. Nothing secret can be made without it.
#[derive(Debug, thiserror::Error)]
#[error("the system's random source failed")]
pub struct NoRandom(#[from] getrandom::Error);

/// Random bytes from the system.
///
/// # Errors
/// When the system has no random source.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Whether two byte strings are equal, in time that does not depend on where they differ.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Plain HMAC-SHA-256, as others compute it, under a key of any length.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    // A key longer than the block is hashed first, a shorter one padded with zeros (RFC 2104 section 2).
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&sha256(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA-256 over the parts, each preceded by its length, so that no two lists of parts give the same input.
#[must_use]
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a short key with zeros up to its block (RFC 2104 section 2), so this is HMAC with these 32 bytes.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The operator's key and those it replaced. It is never used itself: [`KeyRing::derive`] makes a key for each purpose.
#[derive(Clone, Debug)]
pub struct KeyRing {
    current: Secret<Vec<u8>>,
    previous: Vec<Secret<Vec<u8>>>,
}

impl KeyRing {
    /// A ring that seals with `current` and still opens with `previous`.
    #[must_use]
    pub const fn new(current: Secret<Vec<u8>>, previous: Vec<Secret<Vec<u8>>>) -> Self {
        Self { current, previous }
    }

    /// The key for one purpose, from the current secret.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        expand(self.current.expose(), purpose)
    }

    /// The keys for one purpose, current first: for opening and verifying.
    #[must_use]
    pub fn derive_all(&self, purpose: &str) -> Vec<[u8; 32]> {
        std::iter::once(&self.current).chain(&self.previous).map(|key| expand(key.expose(), purpose)).collect()
    }

    /// A sealer for one purpose.
    #[must_use]
    pub fn sealer(&self, purpose: &'static str) -> Sealer {
        Sealer { purpose, keys: self.derive_all(purpose) }
    }
}

fn expand(secret: &[u8], purpose: &str) -> [u8; 32] {
    let mut key = [0; 32];
    // HKDF-SHA-256 gives up to 8,160 bytes; 32 always fit.
    let filled = Hkdf::<Sha256>::new(Some(b"fiiiiilm"), secret).expand(purpose.as_bytes(), &mut key);
    debug_assert!(filled.is_ok(), "32 bytes fit into HKDF's output");
    key
}

/// Seals values with XChaCha20-Poly1305: a random 24-byte nonce first, the purpose and the caller's context
/// authenticated with the value, so that a value sealed for one use never opens for another.
#[derive(Clone)]
pub struct Sealer {
    purpose: &'static str,
    keys: Vec<[u8; 32]>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({})", self.purpose)
    }
}

impl Sealer {
    /// Seals `value` for `context`.
    ///
    /// # Errors
    /// When the system has no random source.
    pub fn seal(&self, value: &[u8], context: &[u8]) -> Result<Vec<u8>, NoRandom> {
        let nonce = random::<NONCE_LEN>()?;
        let Some(key) = self.keys.first() else { return Ok(Vec::new()) };
        let cipher = XChaCha20Poly1305::new(Key::from_slice(key));
        let sealed = cipher.encrypt(XNonce::from_slice(&nonce), Payload { msg: value, aad: &self.context(context) });
        // Only inputs beyond 256 GiB are refused; an empty answer never opens.
        let sealed = sealed.unwrap_or_default();
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Sealer::seal`] made with the same context and any key of the ring; `None` for everything else.
    #[must_use]
    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let aad = self.context(context);
        self.keys.iter().find_map(|key| {
            let cipher = XChaCha20Poly1305::new(Key::from_slice(key));
            cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: &aad }).ok()
        })
    }

    fn context(&self, context: &[u8]) -> Vec<u8> {
        [self.purpose.as_bytes(), b"\0", context].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(byte: u8, previous: &[u8]) -> KeyRing {
        KeyRing::new(Secret::new(vec![byte; 32]), previous.iter().map(|b| Secret::new(vec![*b; 32])).collect())
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "***");
        assert!(!format!("{:?}", ring(7, &[])).contains('7'));
    }

    #[test]
    fn a_sealed_value_opens_only_for_its_purpose_and_context() {
        let sealed = ring(1, &[]).sealer("a").seal(b"value", b"ctx").unwrap();
        assert_eq!(ring(1, &[]).sealer("a").open(&sealed, b"ctx").as_deref(), Some(&b"value"[..]));
        assert_eq!(ring(1, &[]).sealer("b").open(&sealed, b"ctx"), None);
        assert_eq!(ring(1, &[]).sealer("a").open(&sealed, b"other"), None);
        assert_eq!(ring(2, &[]).sealer("a").open(&sealed, b"ctx"), None);
        assert_eq!(ring(1, &[]).sealer("a").open(&sealed[..20], b"ctx"), None);
    }

    #[test]
    fn a_previous_key_still_opens_and_never_seals() {
        let old = ring(1, &[]).sealer("a").seal(b"value", b"").unwrap();
        let ring_now = ring(2, &[1]);
        assert!(ring_now.sealer("a").open(&old, b"").is_some());
        let new = ring_now.sealer("a").seal(b"value", b"").unwrap();
        assert!(ring(1, &[]).sealer("a").open(&new, b"").is_none());
    }

    #[test]
    fn parts_of_a_mac_do_not_run_together() {
        let key = [9; 32];
        assert_ne!(mac(&key, &[b"ab", b"c"]), mac(&key, &[b"a", b"bc"]));
    }
}
