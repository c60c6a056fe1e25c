//! `provider rebind`: accept on purpose that a provider's app has changed.

use super::args::ProviderCommand;
use super::failure::Failure;
use super::speak::say;
use crate::config;
use crate::config::Source;
use crate::db;
use crate::users;

/// Runs it.
pub(super) async fn run(source: &Source, command: &ProviderCommand) -> Result<(), Failure> {
    let ProviderCommand::Rebind { name } = command;
    let config = config::load(source)?;
    let kakao = config.providers.kakao.as_ref().filter(|_| name == "kakao");
    let Some(kakao) = kakao else {
        return Err(Failure::Refused(format!(
            "no provider `{name}` is configured; only a configured one can be rebound"
        )));
    };
    let Some(app_id) = kakao.app_id else {
        return Err(Failure::Refused(
            "set providers.kakao.app_id to the new app's number first (it stands at the top of the app's page in the console)".into(),
        ));
    };
    let mut conn = db::open(&config.database.url)?;
    let before = users::rebind(&mut conn, name, &app_id.to_string(), crate::clock::Clock::system().now())?;
    say(&format!(
        "{name}: realm {} → {app_id}. People linked under the old app stay; the new app knows them by other numbers.",
        before.unwrap_or_else(|| "(none)".into())
    ));
    Ok(())
}
