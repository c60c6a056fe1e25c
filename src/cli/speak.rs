//! A command's words to whoever typed it. The server itself speaks only through its log.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use time::format_description::well_known::Rfc3339;

use super::sheet::Sheet;
use crate::clock::Moment;
use crate::clock::unix_seconds;

/// A line on standard output. A reader that has gone away (`| head`) is no failure.
pub(super) fn say(line: &str) {
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}

/// Text on standard output as it is; false when the reader has gone away, who need not be told more.
///
/// # Errors
/// When it cannot be written: a full disk must not be taken for the end of a file.
pub(super) fn is_heard(text: &str) -> std::io::Result<bool> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
}

/// A remark for the person at the command, not for the program behind the pipe.
pub(super) fn remark(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// A table, and what there was no room for.
pub(super) fn show_sheet(sheet: &Sheet) {
    say(&sheet.text);
    if !sheet.left_out.is_empty() {
        remark(&format!("Left out, because the terminal is narrow: {}.", sheet.left_out.join(", ")));
    }
}

/// A moment as programs read it (RFC 3339, UTC).
pub(super) fn written(at: Moment) -> String {
    at.assume_utc().format(&Rfc3339).unwrap_or_default()
}

/// A moment as people read it, by the clocks of the site as on its pages.
pub(super) fn clock(zone: &TimeZone, at: Moment) -> String {
    let at = Timestamp::from_second(unix_seconds(at)).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The same; a dash for never.
pub(super) fn clock_or_dash(zone: &TimeZone, at: Option<Moment>) -> String {
    at.map_or_else(|| "-".into(), |at| clock(zone, at))
}

/// A number as people read it.
pub(super) fn grouped(number: i64) -> String {
    indicatif::HumanCount(number.unsigned_abs()).to_string()
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

/// A long work of which nobody knows how far it has come; the sign turns while it lasts.
pub(super) fn busy(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(4));
    become_busy(&bar, what);
    bar
}

/// The last part of a long work, after everything was counted.
pub(super) fn become_busy(bar: &ProgressBar, what: &'static str) {
    let form = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    bar.set_style(form.unwrap_or_else(|_form| ProgressStyle::default_spinner()));
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(250));
}

/// The same beside lines on standard output: only where these go elsewhere.
pub(super) fn progress_beside(what: &'static str) -> ProgressBar {
    if std::io::stdout().is_terminal() { ProgressBar::hidden() } else { progress(None, what) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    #[test]
    fn people_read_the_clock_of_the_site() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let at = from_unix_seconds(1_795_446_000);
        assert_eq!((clock(&seoul, at), written(at)), ("2026-11-24 00:00:00".into(), "2026-11-23T15:00:00Z".into()));
        assert_eq!(clock_or_dash(&seoul, None), "-");
    }
}
