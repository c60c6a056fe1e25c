//! Signatures that are right, and each way in which one is not.

use super::*;
use jsonwebtoken::crypto::{sign, verify};

fn pair() -> (EncodingKey, DecodingKey) {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = EcKey::generate(&group).unwrap();
    let form = openssl::ec::PointConversionForm::UNCOMPRESSED;
    let point = key.public_key().to_bytes(&group, form, &mut BigNumContext::new().unwrap()).unwrap();
    let pem = PKey::from_ec_key(key).unwrap().private_key_to_pem_pkcs8().unwrap();
    (private(SigningAlgorithm::Es256, &pem).unwrap(), DecodingKey::from_ec_der(&point))
}

#[test]
fn es256_signs_what_its_public_half_accepts_and_nothing_else() {
    install();
    let ((private, public), (_, other)) = (pair(), pair());
    for _ in 0..50 {
        let signature = sign(b"message", &private, Algorithm::ES256).unwrap();
        assert_eq!(signature.len(), 86, "64 bytes, whatever the numbers are");
        assert!(verify(&signature, b"message", &public, Algorithm::ES256).unwrap());
        assert!(!verify(&signature, b"massage", &public, Algorithm::ES256).unwrap());
        assert!(!verify(&signature, b"message", &other, Algorithm::ES256).unwrap());
        assert!(!verify(&signature[..85], b"message", &public, Algorithm::ES256).unwrap_or(false));
    }
    assert!(!verify("", b"message", &public, Algorithm::ES256).unwrap());
}

#[test]
fn a_refused_signature_leaves_nothing_in_openssls_queue() {
    install();
    let (_, public) = pair();
    for wrong in ["A".repeat(86), data_encoding::BASE64URL_NOPAD.encode(&[0xff; 64])] {
        assert!(!verify(&wrong, b"message", &public, Algorithm::ES256).unwrap());
        assert!(ErrorStack::get().errors().is_empty(), "{wrong}");
    }
    let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let public = Rsa::public_key_from_pem(&rsa.public_key_to_pem().unwrap()).unwrap();
    let public = DecodingKey::from_rsa_raw_components(&public.n().to_vec(), &public.e().to_vec());
    for wrong in [String::new(), "AAAA".into(), "A".repeat(342)] {
        assert!(!verify(&wrong, b"message", &public, Algorithm::RS256).unwrap_or(false));
        assert!(ErrorStack::get().errors().is_empty(), "{wrong}");
    }
}

/// RFC 7515 appendix A.1: HS256 with a published key.
#[test]
fn hs256_is_the_standards() {
    install();
    let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let key = data_encoding::BASE64URL_NOPAD.decode(key.as_bytes()).unwrap();
    let message = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let signed = sign(message.as_bytes(), &EncodingKey::from_secret(&key), Algorithm::HS256).unwrap();
    assert_eq!(signed, signature);
    let key = DecodingKey::from_secret(&key);
    assert!(verify(signature, message.as_bytes(), &key, Algorithm::HS256).unwrap());
    assert!(!verify(signature, b"else", &key, Algorithm::HS256).unwrap());
}

#[test]
fn g02_a_key_of_one_kind_is_never_used_as_another() {
    install();
    let (_, public) = pair();
    let rsa = DecodingKey::from_rsa_raw_components(&[0xc1; 256], &[1, 0, 1]);
    for (key, algorithm) in [
        (&rsa, Algorithm::HS256),
        (&rsa, Algorithm::ES256),
        (&public, Algorithm::RS256),
        (&public, Algorithm::HS256),
        (&public, Algorithm::HS384),
        (&public, Algorithm::EdDSA),
    ] {
        assert!(!verify("AAAA", b"message", key, algorithm).unwrap_or(false), "{algorithm:?}");
    }
}
