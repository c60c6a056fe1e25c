//! A body in chunks that nobody reads to its end.
//!
//! Of a body whose length was told, the framework closes the connection once the answer is out. One in chunks it goes on reading as
//! soon as nobody holds it any more, without any deadline: whoever is refused could keep the connection for ever by sending
//! nothing, or the server reading by never ending. Held until the answer is out, it is closed like any other.

use std::cell::RefCell;
use std::error::Error;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpMessage as _;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::web::Bytes;
use futures_util::Stream;

/// A body in chunks, which whoever reads it shares with whoever answers.
#[derive(Clone)]
pub(super) struct Chunked(Rc<RefCell<Payload>>);

/// Holds the request's body, if it comes in chunks.
pub(super) fn hold(req: &mut ServiceRequest) -> Option<Chunked> {
    if !req.headers().contains_key(TRANSFER_ENCODING) {
        return None;
    }
    let held = Chunked(Rc::new(RefCell::new(req.take_payload())));
    req.set_payload(Payload::Stream { payload: Box::pin(held.clone()) });
    Some(held)
}

/// Lets go of it when the answer is out.
pub(super) fn until_answered(held: Option<Chunked>, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    match held {
        Some(held) => response.map_body(|_, body| BoxBody::new(Answer { body, _until_then: held })),
        None => response,
    }
}

impl Stream for Chunked {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(cx)
    }
}

/// An answer and what it holds.
struct Answer {
    body: BoxBody,
    _until_then: Chunked,
}

impl MessageBody for Answer {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
