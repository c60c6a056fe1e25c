//! `simulator`: the practice provider alone.

use tokio::signal::unix::{SignalKind, signal};

use super::args::SimulatorArgs;
use super::failure::Failure;
use super::{logging, speak};
use crate::clock::Clock;
use crate::config::LogFormat;
use crate::simulator;

/// Runs until a signal says stop.
pub(super) async fn run(args: &SimulatorArgs) -> Result<(), Failure> {
    let _written_to_the_end = logging::start(LogFormat::Auto);
    let app = simulator::App::demo(&args.site);
    let running = simulator::start(args.bind, app, Clock::system()).await?;
    speak::say(&format!("practice provider   {}   for {}", running.origin(), args.site));
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    running.stop().await;
    Ok(())
}
