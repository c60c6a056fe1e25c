//! The door for JSON bodies: at most 64 KiB within ten seconds, `application/json` and nothing like it, one object whose
//! members are all named once. A form of another site could send any other type without being asked (a "simple request").

use std::future::{Future, ready};
use std::pin::Pin;
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use serde_json::Value;

use crate::db;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::json;
use crate::json::Object;

/// Longest body, in bytes.
const MAX: usize = 64 * 1024;

/// A body must have come by then.
const READING: Duration = Duration::from_secs(10);

/// A JSON object, or nothing at all: then no content type is asked either.
#[derive(Clone, Debug)]
pub struct JsonBody(pub Option<Object>);

impl FromRequest for JsonBody {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if req.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            return Box::pin(ready(Err(AppError::new(Kind::UnsupportedMediaType))));
        }
        let json = req.headers().get(CONTENT_TYPE).is_some_and(|value| is_json(value.as_bytes()));
        let body = web::Payload::from_request(req, payload).into_inner();
        Box::pin(async move {
            let begun = Instant::now();
            let body = body.map_err(|_unreadable| AppError::new(Kind::BadRequest))?;
            let read = tokio::time::timeout(READING, body.to_bytes_limited(MAX));
            let read = read.await.map_err(|_elapsed| AppError::new(Kind::TooSlow))?;
            db::give_back(begun.elapsed());
            let bytes = read
                .map_err(|_overflow| AppError::new(Kind::TooLarge))?
                .map_err(|_cut_off| AppError::new(Kind::BadRequest))?;
            match (bytes.is_empty(), json) {
                (true, _) => Ok(Self(None)),
                (false, false) => Err(AppError::new(Kind::UnsupportedMediaType)),
                (false, true) => {
                    let object = json::object(&bytes).ok_or_else(|| AppError::new(Kind::BadRequest))?;
                    Ok(Self(Some(object)))
                }
            }
        })
    }
}

/// The type itself, with no parameter but `charset=utf-8`.
fn is_json(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let (kind, parameter) = text.split_once(';').unwrap_or((text, "charset=utf-8"));
    kind.trim().eq_ignore_ascii_case("application/json") && parameter.trim().eq_ignore_ascii_case("charset=utf-8")
}

impl JsonBody {
    /// A member that must be there and be text, in the words Simple JWT's serializers have for what it is not.
    ///
    /// # Errors
    /// `BadRequest` about that field.
    pub fn text(&self, name: &'static str) -> AppResult<&str> {
        let words = match self.0.as_ref().and_then(|object| object.get(name)) {
            None => "This field is required.",
            Some(Value::Null) => "This field may not be null.",
            Some(Value::String(text)) if text.trim().is_empty() => "This field may not be blank.",
            Some(Value::String(text)) => return Ok(text),
            Some(_) => "Not a valid string.",
        };
        Err(AppError::of_field(name, words))
    }

    /// A member that may be missing or `null`, and is text else.
    ///
    /// # Errors
    /// `BadRequest` about that field.
    pub fn optional(&self, name: &'static str) -> AppResult<Option<&str>> {
        match self.0.as_ref().and_then(|object| object.get(name)) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.text(name).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    async fn read(kind: Option<&str>, body: &str) -> Result<Option<Object>, Kind> {
        let mut request = TestRequest::post().set_payload(body.to_owned());
        if let Some(kind) = kind {
            request = request.insert_header((CONTENT_TYPE, kind));
        }
        let (req, mut payload) = request.to_http_parts();
        JsonBody::from_request(&req, &mut payload).await.map(|body| body.0).map_err(|error| error.kind())
    }

    #[actix_web::test]
    async fn k04_m04_one_object_of_the_right_type_is_read_and_nothing_else() {
        let good = r#"{"refresh":"x"}"#;
        for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"] {
            assert!(read(Some(kind), good).await.unwrap().is_some(), "{kind}");
        }
        let others = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json;x"];
        for kind in others.map(Some).into_iter().chain([None]) {
            assert_eq!(read(kind, good).await, Err(Kind::UnsupportedMediaType), "{kind:?}");
        }
        for bad in [r#"{"a":1,}"#, r#"{"a":NaN}"#, "\u{feff}{}", r#"{"a":"\ud800"}"#, r#"{"a":1,"a":2}"#, "\"x\"", "[]"]
        {
            assert_eq!(read(Some("application/json"), bad).await, Err(Kind::BadRequest), "{bad}");
        }
        assert_eq!(read(Some("application/json"), &"[".repeat(50_000)).await, Err(Kind::BadRequest));
        assert_eq!(read(Some("application/json"), &" ".repeat(MAX + 1)).await, Err(Kind::TooLarge));
        assert_eq!(read(None, "").await, Ok(None));
    }

    #[test]
    fn a_field_is_told_what_it_is_not() {
        let body = JsonBody(json::object(br#"{"a":"x","b":null,"c":" ","d":1}"#));
        let words = |name| body.text(name).map_err(|error| error.field().unwrap().1);
        assert_eq!(words("a"), Ok("x"));
        assert_eq!(words("b"), Err("This field may not be null."));
        assert_eq!(words("c"), Err("This field may not be blank."));
        assert_eq!(words("d"), Err("Not a valid string."));
        assert_eq!(words("e"), Err("This field is required."));
        assert_eq!(body.optional("e").map_err(|error| error.kind()), Ok(None));
    }
}
