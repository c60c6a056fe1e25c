//! The log: one line per event on standard error, written by a thread of its own.
//!
//! Whoever reads the log may stop reading: a full pipe must not hold a worker, let alone all of them. Lines wait in a
//! queue; when that is full, further ones are dropped, and the requests go on.

use std::io::IsTerminal as _;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::LogFormat;

/// Lines that may wait for a slow reader; about a megabyte.
const WAITING: usize = 4_096;

/// Starts the log. A second start is ignored: the first one stays. What waits is written when the guard is dropped.
pub(super) fn start(format: LogFormat) -> WorkerGuard {
    let levels = Targets::new().with_default(tracing::Level::INFO).with_target("actix_server", tracing::Level::WARN);
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
    guard
}
