//! `key …`: the signing keys of access tokens. Running processes follow within a second.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::args::KeyCommand;
use super::failure::Failure;
use super::speak::say;
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::config;
use crate::config::SigningAlgorithm;
use crate::config::Source;
use crate::db::Db;
use crate::db::SchemaState;
use crate::db::schema_state;
use crate::error::Kind;
use crate::tokens;
use crate::tokens::Described;
use crate::tokens::Rotation;

/// Runs it.
pub(super) async fn run(source: &Source, command: KeyCommand) -> Result<(), Failure> {
    let config = config::load(source)?;
    let db = Db::open(&config.database)?;
    if db.read(schema_state).await? != SchemaState::Current {
        return Err(Failure::Refused("the database is not at this version; run `fiiiiilm migrate`".into()));
    }
    let sealer = config.secrets.sealer("signing-keys");
    // A command with the wrong secret key would put keys there that no server could open.
    let trial = sealer.clone();
    let loaded = db.read(move |conn| Ok(tokens::load(conn, &trial))).await?;
    if let Err(wrong @ tokens::KeyError::WrongSecret(_)) = loaded {
        return Err(Failure::Refused(wrong.to_string()));
    }
    let rotation = Rotation::new(&config.token, sealer);
    let how = Circumstances::cli(Clock::system().now());
    match command {
        KeyCommand::List { json } => list(&db, json).await,
        KeyCommand::Rotate => {
            let kid = db.write(move |conn| tokens::rotate(conn, &rotation, &how)).await?;
            say(&format!("{kid} signs now. The old key goes on verifying the tokens it signed."));
            Ok(())
        }
        KeyCommand::Retire { kid } => retire(&db, rotation, kid, how).await,
        KeyCommand::Import { pem } => import(&db, rotation, &pem, how, config.token.algorithm).await,
    }
}

async fn retire(db: &Db, rotation: Rotation, kid: String, how: Circumstances) -> Result<(), Failure> {
    let wanted = kid.clone();
    let retired = db.write(move |conn| tokens::retire(conn, &rotation, &wanted, &how)).await;
    retired.map_err(|error| match error.kind() {
        Kind::NotFound => Failure::Refused(format!("no key in use has the id `{kid}`; `fiiiiilm key list` shows them")),
        _ => error.into(),
    })?;
    say(&format!("{kid} is retired; every access token it signed is over."));
    Ok(())
}

async fn import(
    db: &Db,
    rotation: Rotation,
    pem: &Path,
    how: Circumstances,
    algorithm: SigningAlgorithm,
) -> Result<(), Failure> {
    let refused = |why: &str| Failure::Refused(format!("`{}`: {why}", pem.display()));
    let text = fs::read(pem).map_err(|e| refused(&e.to_string()))?;
    let kid = db.write(move |conn| tokens::import(conn, &rotation, &text, &how)).await;
    let kid = kid.map_err(|error| match (error.code(), error.cause_line()) {
        ("key_known", _) => refused("this key is or was here already"),
        ("key_algorithm", _) => {
            let name = algorithm.as_str();
            refused(&format!("this is no key for token.algorithm = {name}; bring one, or change the setting"))
        }
        (_, Some(cause)) if error.kind() == Kind::BadRequest => refused(&cause),
        _ => error.into(),
    })?;
    say(&format!("{kid} is published and signs next; `fiiiiilm key rotate` lets it sign now."));
    Ok(())
}

async fn list(db: &Db, as_json: bool) -> Result<(), Failure> {
    let keys = db.read(tokens::list_keys).await?;
    if as_json {
        say(&Value::Array(keys.iter().map(described).collect()).to_string());
        return Ok(());
    }
    for key in &keys {
        let since = key.retired_at.or(key.activated_at).unwrap_or(key.created_at);
        say(&format!("{}  {:5}  {:8}  since {}", key.kid, key.algorithm, key.state, shown(since)));
    }
    Ok(())
}

fn described(key: &Described) -> Value {
    json!({
        "kid": key.kid, "algorithm": key.algorithm, "state": key.state, "created_at": shown(key.created_at),
        "activated_at": key.activated_at.map(shown), "retired_at": key.retired_at.map(shown),
    })
}

fn shown(at: Moment) -> String {
    at.assume_utc().format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}
