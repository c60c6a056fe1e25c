//! `migrate`: bring the database to this version, or only say whether it is.

use diesel::Connection as _;

use super::args::MigrateArgs;
use super::failure::Failure;
use super::speak::busy;
use super::speak::progress;
use super::speak::say;
use crate::config;
use crate::config::Source;
use crate::db;
use crate::db::Conn;
use crate::db::SchemaState;
use crate::users;

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
            let bar = busy("applying migrations");
            let ran = db::migrate(&mut conn);
            bar.finish_and_clear();
            let ran = ran?;
            say(&format!("{ran} migration(s) applied; the database is at this version."));
        }
    }
    if args.check && db::is_unfinished(&mut conn)? {
        return Err(Failure::Refused(
            "the database lacks indexes: `fiiiiilm seed` is still running, or broke off; run `fiiiiilm migrate` when it has \
             ended"
                .into(),
        ));
    }
    if !args.check {
        finish(&mut conn)?;
        index(&mut conn)?;
    }
    Ok(())
}

/// The indexes that a `seed` had set aside when it broke off.
fn finish(conn: &mut Conn) -> Result<(), Failure> {
    if db::is_unfinished(conn)? {
        db::hurry(conn, false)?;
        let bar = busy("building indexes");
        let many = db::bring_back(conn);
        bar.finish_and_clear();
        db::calm(conn)?;
        say(&format!("{} indexes built that a broken-off `seed` had set aside.", many?));
    }
    Ok(())
}

/// People brought into the search index by one transaction.
const AT_ONCE: i64 = 2_048;

/// Whoever is not in the search index yet.
fn index(conn: &mut Conn) -> Result<(), Failure> {
    let mut all = 0;
    let bar = progress(None, "indexed");
    loop {
        let some = conn.transaction(|conn| users::index_some(conn, AT_ONCE))?;
        if some == 0 {
            break;
        }
        all += some;
        bar.set_position(u64::try_from(all).unwrap_or(0));
    }
    bar.finish_and_clear();
    if all > 0 {
        say(&format!("{all} users brought into the search index."));
    }
    Ok(())
}
