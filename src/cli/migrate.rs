//! `migrate`: bring the database to this version, or only say whether it is.

use super::args::MigrateArgs;
use super::failure::Failure;
use super::speak::say;
use crate::config;
use crate::config::Source;
use crate::db;
use crate::db::SchemaState;

/// Runs it.
pub(super) async fn run(source: &Source, args: &MigrateArgs) -> Result<(), Failure> {
    let config = config::load(source)?;
    let mut conn = db::open(&config.database.url)?;
    let ahead =
        || Failure::Refused("the database was migrated by a newer version of fiiiiilm; use that version".into());
    match (db::schema_state(&mut conn)?, args.check) {
        (SchemaState::Current, _) => say("The database is at this version."),
        (SchemaState::Ahead, _) => return Err(ahead()),
        (SchemaState::Behind(missing), true) => {
            return Err(Failure::Refused(format!("the database lacks {missing} migration(s); run `fiiiiilm migrate`")));
        }
        (SchemaState::Behind(_), false) => {
            let ran = db::migrate(&mut conn)?;
            say(&format!("{ran} migration(s) applied; the database is at this version."));
        }
    }
    Ok(())
}
