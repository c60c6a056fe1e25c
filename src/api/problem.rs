//! The shape of every refusal under `/api` (RFC 9457), for the description of the interface; `web::errors` writes them.

use serde::Serialize;
use utoipa::ToSchema;

/// A refusal. A field of the body that is missing or wrong has a member of its own name beside these, a list of sentences.
#[derive(Serialize, ToSchema)]
pub(super) struct Problem {
    /// Always `about:blank`: `code` says more.
    r#type: String,
    /// The status in words.
    title: String,
    /// The status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What went wrong, for programs; Simple JWT's code where it has one.
    #[schema(example = "token_not_valid")]
    code: String,
    /// The same in a sentence.
    detail: String,
    /// Finds the request in the operator's log.
    request_id: String,
}
