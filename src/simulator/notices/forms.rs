//! Notices that are forms: Kakao's unlink webhook and Naver's end of a connection.

use data_encoding::BASE64URL_NOPAD;
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::symm::{Cipher, encrypt};
use url::form_urlencoded::Serializer;

use super::super::keys::hmac;
use super::super::provider::Provider;
use super::super::state::State;
use super::kinds::Variation;
use super::post::Delivery;
use crate::error::AppError;
use crate::secret;

const FORM: &str = "application/x-www-form-urlencoded;charset=utf-8";

/// `GET|POST /webhooks/kakao/unlink`: the admin key is the only proof.
pub(super) fn kakao(state: &State, referrer: &str, person: &str, variation: Variation) -> Delivery {
    let app_id = if variation == Variation::WrongApp { 1 } else { state.app.app_id };
    let form = Serializer::new(String::new())
        .append_pair("app_id", &app_id.to_string())
        .append_pair("user_id", person)
        .append_pair("referrer_type", referrer)
        .finish();
    let key = match variation {
        Variation::WrongKey => Some("0".repeat(state.app.admin_key.len())),
        Variation::NoKey => None,
        _ => Some(state.app.admin_key.clone()),
    };
    let mut delivery = if variation == Variation::ByGet {
        Delivery::new("GET", &format!("/webhooks/kakao/unlink?{form}"), FORM, String::new())
    } else {
        Delivery::new("POST", "/webhooks/kakao/unlink", FORM, form)
    };
    delivery.headers.extend(key.map(|key| ("Authorization".to_owned(), format!("KakaoAK {key}"))));
    delivery
}

/// `POST /webhooks/naver/unlink`: the id is encrypted, the whole is signed, both by a key made of the client's secret.
pub(super) fn naver(state: &State, person: &str, variation: Variation) -> Result<Delivery, AppError> {
    let registered = state.app.at(Provider::Naver);
    let client_id = match variation {
        Variation::WrongApp => "somebodyElse",
        _ => registered.map_or("", |known| known.client_id.as_str()),
    };
    let client_secret = match variation {
        Variation::WrongKey => "somebodyElses",
        _ => state.app.secret(Provider::Naver),
    };
    let now = state.now() - if variation == Variation::WrongTime { 3_600 } else { 0 };
    let iv = secret::random::<16>()?;
    let signed = sign(client_id, client_secret, person, now, iv).map_err(AppError::internal)?;
    let unique_id = match variation {
        Variation::Tampered => seal(client_secret, "1", iv).map_err(AppError::internal)?,
        _ => signed.unique_id,
    };
    let mut form = Serializer::new(String::new());
    form.append_pair("clientId", client_id)
        .append_pair("encryptUniqueId", &unique_id)
        .append_pair("timestamp", &now.to_string());
    if variation != Variation::NoKey {
        form.append_pair("signature", &signed.signature);
    }
    let form = form.finish();
    Ok(match variation {
        Variation::InQuery => Delivery::new("POST", &format!("/webhooks/naver/unlink?{form}"), FORM, String::new()),
        _ => Delivery::new("POST", "/webhooks/naver/unlink", FORM, form),
    })
}

struct Signed {
    unique_id: String,
    signature: String,
}

/// The key: MD5 of the client's secret.
fn key(client_secret: &str) -> Result<Vec<u8>, ErrorStack> {
    Ok(hash(MessageDigest::md5(), client_secret.as_bytes())?.to_vec())
}

/// AES-128-CBC with PKCS #5 padding behind its first block, in base64url.
fn seal(client_secret: &str, id: &str, iv: [u8; 16]) -> Result<String, ErrorStack> {
    let sealed = encrypt(Cipher::aes_128_cbc(), &key(client_secret)?, Some(&iv), id.as_bytes())?;
    Ok(BASE64URL_NOPAD.encode(&[iv.as_slice(), &sealed].concat()))
}

fn sign(client_id: &str, client_secret: &str, id: &str, at: i64, iv: [u8; 16]) -> Result<Signed, ErrorStack> {
    let unique_id = seal(client_secret, id, iv)?;
    let text = format!("clientId={client_id}&encryptUniqueId={unique_id}&timestamp={at}");
    let signature = BASE64URL_NOPAD.encode(&hmac(&key(client_secret)?, text.as_bytes())?);
    Ok(Signed { unique_id, signature })
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    /// Computed for the wire document by Naver's rules, by somebody else's program.
    #[test]
    fn navers_notice_is_byte_for_byte_the_known_one() {
        let iv: [u8; 16] = std::array::from_fn(|n| u8::try_from(n).unwrap());
        assert_eq!(HEXLOWER.encode(&key("testClientSecret").unwrap()), "0fd63de786ec360c263a983c80ba8e5d");
        let signed = sign("testClientId", "testClientSecret", "32742776", 1_693_877_406, iv).unwrap();
        assert_eq!(signed.unique_id, "AAECAwQFBgcICQoLDA0OD_wAbP4PBdekD8REP7vztDc");
        assert_eq!(signed.signature, "rLDJwsKzYJwDXM8Sd6rUFzUeSk00ZJd4dY2v8K3gV1I");
    }
}
