//! The log: one line per event on standard error, text at a terminal and JSON elsewhere.

use std::io::IsTerminal as _;

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts the log. A second start is ignored: the first one stays.
pub(super) fn start() {
    let levels = Targets::new().with_default(tracing::Level::INFO).with_target("actix_server", tracing::Level::WARN);
    let registry = tracing_subscriber::registry();
    let started = if std::io::stderr().is_terminal() {
        let layer =
            tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_filter(levels);
        registry.with(layer).try_init()
    } else {
        let layer = tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(std::io::stderr)
            .with_filter(levels);
        registry.with(layer).try_init()
    };
    drop(started);
}
