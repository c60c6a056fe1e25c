//! `user …`: who is meant, and the way to everything else.

use jiff::tz::TimeZone;

use super::args::{UserCommand, Who};
use super::failure::Failure;
use super::{acts, listing, person};
use crate::config;
use crate::config::Config;
use crate::config::Source;
use crate::db::Db;
use crate::db::SchemaState;
use crate::db::schema_state;
use crate::users;
use crate::users::Role;
use crate::users::User;

/// Runs it.
pub(super) async fn run(source: &Source, command: UserCommand) -> Result<(), Failure> {
    let config = config::load(source)?;
    let db = Db::open(&config.database)?;
    if db.read(schema_state).await? != SchemaState::Current {
        return Err(Failure::Refused("the database is not at this version; run `fiiiiilm migrate`".into()));
    }
    match command {
        UserCommand::List(args) => listing::run(&db, &zone(&config), &args).await,
        UserCommand::Show(one) => person::show(&db, &zone(&config), &one).await,
        UserCommand::Promote(one) => acts::role(&db, &one, Role::Admin).await,
        UserCommand::Demote(one) => acts::role(&db, &one, Role::User).await,
        UserCommand::Approve(one) => acts::approve(&db, &one).await,
        UserCommand::Ban { one, reason } => acts::ban(&db, &one, reason.as_deref(), acts::post(&config)?).await,
        UserCommand::Unban(one) => acts::unban(&db, &one).await,
        UserCommand::Delete { one, yes } => acts::delete(&db, &one, yes, acts::post(&config)?).await,
        UserCommand::EndSessions(args) => acts::end_sessions(&db, &args).await,
    }
}

/// The zone in whose days and hours people of the site think.
pub(super) fn zone(config: &Config) -> TimeZone {
    TimeZone::get(&config.site.time_zone).unwrap_or(TimeZone::UTC)
}

/// The one person who is meant.
pub(super) async fn the_one(db: &Db, who: &Who) -> Result<User, Failure> {
    let reference = who.reference.clone();
    let mut found = db.read(move |conn| users::find_by_reference(conn, &reference)).await?;
    match (found.pop(), found.len()) {
        (Some(user), 0) => Ok(user),
        (Some(_), more) => Err(Failure::Refused(format!(
            "`{}` means {} users; name one by id or provider:subject (`fiiiiilm user list {}` shows them)",
            who.reference,
            more + 1,
            who.reference
        ))),
        (None, _) => Err(nobody(who)),
    }
}

pub(super) fn nobody(who: &Who) -> Failure {
    Failure::Refused(format!("nobody here is `{}`; give an id, an e-mail or provider:subject", who.reference))
}
