//! `events replay`: has what was told, or given up, told again.

use serde_json::json;

use super::args::{EventsCommand, ReplayArgs};
use super::failure::Failure;
use super::speak::{progress, say};
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::config;
use crate::config::Source;
use crate::db::Db;
use crate::db::OutboxId;
use crate::db::SchemaState;
use crate::db::schema_state;
use crate::outbox;
use crate::outbox::Again;
use crate::outbox::Stretch;

/// Runs it.
pub(super) async fn run(source: &Source, command: EventsCommand) -> Result<(), Failure> {
    let EventsCommand::Replay(args) = command;
    let config = config::load(source)?;
    if config.events.is_none() {
        return Err(Failure::Refused(
            "events.url is not set, so there is nobody to tell; set it and events.secret first".into(),
        ));
    }
    let db = Db::open(&config.database)?;
    if db.read(schema_state).await? != SchemaState::Current {
        return Err(Failure::Refused("the database is not at this version; run `fiiiiilm migrate`".into()));
    }
    let count = match &args.id {
        Some(id) => one(&db, id).await?,
        None => many(&db, &args).await?,
    };
    if args.json {
        say(&json!({ "replayed": count }).to_string());
    } else {
        say(&format!("{count} events wait to be told again; a running server tells them."));
    }
    Ok(())
}

async fn one(db: &Db, id: &OutboxId) -> Result<usize, Failure> {
    let (wanted, how) = (id.clone(), Circumstances::cli(Clock::system().now()));
    match db.write(move |conn| outbox::replay_one(conn, &wanted, &how)).await? {
        Again::Waits => Ok(1),
        Again::WaitedBefore => Err(Failure::Refused(format!("{id} has not been told yet; /admin/outbox says why"))),
        Again::Unknown => Err(Failure::Refused(format!(
            "no event is kept with the id `{id}`: the program that listens knows it as webhook-id, and events are kept for \
             30 days after they were told or given up"
        ))),
    }
}

/// Five hundred to a transaction. What waits again before a failure goes on waiting.
async fn many(db: &Db, args: &ReplayArgs) -> Result<usize, Failure> {
    let stretch = Stretch { since: args.since, until: Clock::system().now(), given_up: args.given_up };
    let bar = progress(None, "events");
    let (mut after, mut all) = (None, 0);
    loop {
        let (from, how) = (after.clone(), Circumstances::cli(Clock::system().now()));
        let part = db.write(move |conn| outbox::replay(conn, &stretch, from.as_ref(), &how)).await?;
        let Some((last, count)) = part else { break };
        after = Some(last);
        all += count;
        bar.inc(u64::try_from(count).unwrap_or(0));
    }
    bar.finish_and_clear();
    Ok(all)
}
