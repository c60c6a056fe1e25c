//! The log: one line per event on standard error, written by a thread of its own.
//!
//! Whoever reads the log may stop reading: a full pipe must not hold a worker, let alone all of them. Lines wait in a
//! queue; when that is full, further ones are dropped, and the requests go on.

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::LogFormat;

/// Lines that may wait for a slow reader; about a megabyte.
const WAITING: usize = 4_096;

/// Starts the log. A second start is ignored: the first one stays. What waits is written when the guard is dropped.
pub(super) fn start(format: LogFormat) -> WorkerGuard {
    let levels = Targets::new()
        .with_default(tracing::Level::INFO)
        .with_target("actix_server", tracing::Level::WARN)
        // It calls every malformed request an error of the server's, and anybody can send a million.
        .with_target("actix_http", LevelFilter::OFF);
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING)
        .lossy(true)
        .thread_name("log-writer")
        .finish(std::io::stderr());
    let terminal = std::io::stderr().is_terminal();
    let text = match format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => terminal,
    };
    let registry = tracing_subscriber::registry();
    let started = if text {
        let layer = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(terminal).with_target(false);
        registry.with(layer.with_filter(levels)).try_init()
    } else {
        let layer = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(writer);
        registry.with(layer.with_filter(levels)).try_init()
    };
    drop(started);
    std::panic::set_hook(Box::new(panicked));
    guard
}

/// A panic is told by its place alone: its words may quote the value that was not expected.
fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a bug: the program panicked here; please report this line");
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn p14_a_panic_tells_its_place_and_not_its_words() {
        #[derive(Clone, Default)]
        struct Page(Arc<Mutex<Vec<u8>>>);
        impl std::io::Write for Page {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let page = Page::default();
        let written = page.clone();
        let log = tracing_subscriber::fmt().with_writer(move || page.clone()).finish();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(panicked));
        tracing::subscriber::with_default(log, || {
            std::panic::catch_unwind(|| "S3CR3T".parse::<u8>().expect("S3CR3T")).unwrap_err();
        });
        std::panic::set_hook(before);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("logging.rs:") && !text.contains("S3CR3T"), "{text}");
    }
}
