//! `provider …`. Rebind: accept on purpose that a provider's app has changed.

use super::args::ProviderCommand;
use super::failure::Failure;
use super::reconcile;
use super::speak::say;
use crate::clock::Clock;
use crate::config;
use crate::config::Source;
use crate::db;
use crate::providers::Registry;
use crate::users;

/// Runs it.
pub(super) async fn run(source: &Source, command: &ProviderCommand) -> Result<(), Failure> {
    match command {
        ProviderCommand::Rebind { name } => rebind(source, name),
        ProviderCommand::Reconcile(args) => reconcile::run(source, args).await,
    }
}

fn rebind(source: &Source, name: &str) -> Result<(), Failure> {
    let config = config::load(source)?;
    let registry = Registry::new(&config, Clock::system()).map_err(|cause| Failure::Refused(cause.to_string()))?;
    let Some(provider) = registry.find(name) else {
        return Err(Failure::Refused(format!(
            "no provider `{name}` is configured; only a configured one can be rebound"
        )));
    };
    let realm = match provider.realm() {
        Some(realm) => realm,
        None if name == "kakao" => {
            return Err(Failure::Refused(
                "set providers.kakao.app_id to the new app's number first (it stands at the top of the app's page in the \
                 console)"
                    .into(),
            ));
        }
        None => {
            return Err(Failure::Refused(format!(
                "{name} knows people by the same ids everywhere; nothing binds them to an app"
            )));
        }
    };
    let mut conn = db::open(&config.database.url)?;
    let before = users::rebind(&mut conn, name, &realm, Clock::system().now())?;
    say(&format!(
        "{name}: realm {} → {realm}. People linked under the old one stay; the new one may know them by other ids.",
        before.unwrap_or_else(|| "(none)".into())
    ));
    Ok(())
}
