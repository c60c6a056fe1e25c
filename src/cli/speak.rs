//! A command's words to whoever typed it. The server itself speaks only through its log.

use std::io::Write as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
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

/// How far a long work has come, on a terminal; nothing where standard error is none.
pub(super) fn progress(whole: Option<u64>, what: &'static str) -> ProgressBar {
    let (bar, form) = match whole {
        Some(whole) => (ProgressBar::new(whole), "{bar:32} {human_pos}/{human_len} {msg}, {per_sec}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {human_pos} {msg}, {per_sec}"),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(4));
    // A form that cannot be read leaves the crate's own.
    bar.with_style(ProgressStyle::with_template(form).unwrap_or_else(|_form| ProgressStyle::default_bar()))
        .with_message(what)
}
