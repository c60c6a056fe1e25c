//! A command's words to whoever typed it. The server itself speaks only through its log.

use std::io::Write as _;

/// A line on standard output. A reader that has gone away (`| head`) is no failure.
pub(super) fn say(line: &str) {
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}
