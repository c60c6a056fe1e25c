//! Typed doors for queries and form bodies: what does not parse is a refusal of ours, with a page, and never reaches a
//! handler. Structs refuse a parameter that comes twice; control characters are refused here.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::error::UrlencodedError;
use actix_web::http::header::CONTENT_ENCODING;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use crate::db;
use crate::error::AppError;
use crate::error::Kind;

/// Longest query looked at, in bytes.
const MAX_QUERY: usize = 16 * 1024;

/// Longest form body, in bytes.
const MAX_FORM: usize = 16 * 1024;

/// A body must have come by then, however steadily it trickles.
const READING: Duration = Duration::from_secs(10);

/// A parsed query.
#[derive(Clone, Debug)]
pub struct QueryPart<T>(pub T);

impl<T: DeserializeOwned> FromRequest for QueryPart<T> {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::parse(req.query_string()))
    }
}

impl<T: DeserializeOwned> QueryPart<T> {
    /// The query of an address, without its question mark.
    ///
    /// # Errors
    /// `BadRequest`, without a word of the query in it.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        query(text).map(Self)
    }
}

fn query<T: DeserializeOwned>(text: &str) -> Result<T, AppError> {
    let refused = || AppError::new(Kind::BadRequest);
    if text.len() > MAX_QUERY || has_control(text) {
        return Err(refused());
    }
    // The parser's own words could quote the query; they stay unsaid.
    web::Query::<T>::from_query(text).map(web::Query::into_inner).map_err(|_quotes_the_query| refused())
}

/// Percent-encoded control bytes, and bytes that are no UTF-8 once decoded.
fn has_control(text: &str) -> bool {
    let bytes = url::form_urlencoded::parse(text.as_bytes());
    bytes.into_iter().any(|(name, value)| {
        let bad = |c: char| c.is_control() || c == '\u{FFFD}';
        name.chars().any(bad) || value.chars().any(bad)
    })
}

/// A parsed form body.
#[derive(Clone, Debug)]
pub struct FormBody<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for FormBody<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if req.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            // No browser packs a form, and the framework would unpack it beyond any limit that is checked before.
            return Box::pin(ready(Err(AppError::new(Kind::UnsupportedMediaType))));
        }
        let form = actix_web::dev::UrlEncoded::new(req, payload).limit(MAX_FORM);
        Box::pin(async move {
            let begun = Instant::now();
            let read = tokio::time::timeout(READING, form).await.map_err(|_elapsed| AppError::new(Kind::TooSlow))?;
            db::give_back(begun.elapsed());
            read.map(Self).map_err(|error| {
                AppError::new(match error {
                    UrlencodedError::Overflow { .. } => Kind::TooLarge,
                    UrlencodedError::ContentType => Kind::UnsupportedMediaType,
                    _ => Kind::BadRequest,
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Pair {
        a: String,
    }

    #[test]
    fn b12_m05_ambiguous_and_hostile_queries_are_refused() {
        let read = |text: &str| query::<Pair>(text).map(|pair| pair.a).ok();
        assert_eq!(read("a=1&b=2").as_deref(), Some("1"));
        assert_eq!(read("a=%EA%B9%80").as_deref(), Some("김"));
        for bad in ["a=1&a=2", "a=%00", "a=%0d%0a", "a=%ff", "b=1", &format!("a={}", "x".repeat(MAX_QUERY))] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
