//! Times as programs read them.

use time::format_description::well_known::Rfc3339;

use crate::clock::Moment;
use crate::error::AppError;
use crate::error::AppResult;

/// RFC 3339 in UTC.
pub(super) fn rfc3339(at: Moment) -> AppResult<String> {
    at.assume_utc().format(&Rfc3339).map_err(AppError::internal)
}
