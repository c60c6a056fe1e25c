//! `serve`: the server, and in demo mode the practice provider beside it.

use tokio::signal::unix::{SignalKind, signal};

use super::failure::Failure;
use super::{logging, speak};
use crate::clock::Clock;
use crate::config;
use crate::config::Config;
use crate::config::Mode;
use crate::config::Source;
use crate::server::Running;
use crate::simulator;

/// Runs until a signal says stop.
pub(super) async fn run(source: &Source) -> Result<(), Failure> {
    let config = config::load(source)?;
    let _written_to_the_end = logging::start(config.log.format);
    let clock = Clock::system();
    let practice = match config.mode {
        Mode::Demo => {
            let app = simulator::App::demo(config.server.public_url.origin());
            Some(
                simulator::start(config.simulator.bind, app, clock.clone())
                    .await
                    .map_err(|cause| busy(&config, &cause))?,
            )
        }
        Mode::Real => None,
    };
    let server = Running::start(config.clone(), clock).await?;
    banner(&config, practice.as_ref().map(simulator::Running::origin));
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let drain = tokio::select! {
        _ = term.recv() => None,
        // At a terminal nobody waits for a load balancer.
        _ = int.recv() => (config.mode == Mode::Demo).then_some(std::time::Duration::ZERO),
    };
    tracing::info!("stopping");
    server.stop(drain).await;
    if let Some(practice) = practice {
        practice.stop().await;
    }
    Ok(())
}

fn busy(config: &Config, cause: &std::io::Error) -> Failure {
    Failure::Refused(format!("simulator.bind: cannot listen on {}: {cause}", config.simulator.bind))
}

fn banner(config: &Config, practice: Option<&str>) {
    speak::say("");
    speak::say(&format!("  {}   {}", config.site.name, config.server.public_url.origin()));
    if let Some(origin) = practice {
        speak::say(&format!("  practice provider   {origin}"));
        speak::say("");
        speak::say("  Demo: no provider is configured, so nobody real can log in. Open the first address and press");
        speak::say(
            "  \"카카오 로그인\"; the person called 관리자 is the admin. README.md says how to use real Kakao keys.",
        );
    }
    speak::say("");
}
