//! A command's words to whoever typed it. The server itself speaks only through its log.

use std::io::Write as _;

use time::format_description::well_known::Rfc3339;

use crate::clock::Moment;

/// A line on standard output. A reader that has gone away (`| head`) is no failure.
pub(super) fn say(line: &str) {
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}

/// A moment as programs read it (RFC 3339, UTC).
pub(super) fn written(at: Moment) -> String {
    at.assume_utc().format(&Rfc3339).unwrap_or_default()
}
