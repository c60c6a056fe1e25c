//! `user …`: who is meant, the list, and the way to everything else.

use serde_json::{Value, json};

use super::args::{UserCommand, Who};
use super::failure::Failure;
use super::sheet::sheet;
use super::speak::{say, written};
use super::{acts, person};
use crate::config;
use crate::config::Source;
use crate::db::Db;
use crate::db::SchemaState;
use crate::db::schema_state;
use crate::users;
use crate::users::Cursor;
use crate::users::Listed;
use crate::users::Listing;
use crate::users::Query;
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
        UserCommand::List { search, json, limit } => list(&db, search, json, limit).await,
        UserCommand::Show(one) => person::show(&db, &one).await,
        UserCommand::Promote(one) => acts::role(&db, &one, Role::Admin).await,
        UserCommand::Demote(one) => acts::role(&db, &one, Role::User).await,
        UserCommand::Approve(one) => acts::approve(&db, &one).await,
        UserCommand::Ban { one, reason } => acts::ban(&db, &one, reason.as_deref(), acts::post(&config)?).await,
        UserCommand::Unban(one) => acts::unban(&db, &one).await,
        UserCommand::Delete(one) => acts::delete(&db, &one, acts::post(&config)?).await,
        UserCommand::EndSessions(args) => acts::end_sessions(&db, &args).await,
    }
}

async fn list(db: &Db, search: Option<String>, as_json: bool, limit: u32) -> Result<(), Failure> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let listing = Listing { query: search.as_deref().and_then(Query::parse), ..Listing::default() };
    if listing.query == Some(Query::TooShort) {
        return Err(Failure::Refused(
            "too short to look for; Korean is found from one syllable on, Latin letters, digits and e-mails from three \
             characters on"
                .into(),
        ));
    }
    let mut rows: Vec<Listed> = Vec::new();
    let mut cursor = Cursor::Start;
    loop {
        let listing = listing.clone();
        let page = db.read(move |conn| users::list_users(conn, &listing, &cursor)).await?;
        rows.extend(page.rows);
        match page.older {
            Some(spot) if rows.len() < limit => cursor = Cursor::After(spot),
            _ => break,
        }
    }
    rows.truncate(limit);
    if as_json {
        say(&Value::Array(rows.iter().map(listed_json).collect()).to_string());
        return Ok(());
    }
    let row = |listed: Listed| {
        let Listed { user, identities } = listed;
        let linked: Vec<String> = identities.iter().map(|i| format!("{}:{}", i.provider, i.subject)).collect();
        let name = user.name.unwrap_or_else(|| "-".into());
        vec![user.id.to_string(), user.standing, user.role, linked.join(", "), name]
    };
    say(&sheet(&["id", "standing", "role", "linked accounts", "name"], rows.into_iter().map(row)));
    Ok(())
}

fn listed_json(listed: &Listed) -> Value {
    let user = &listed.user;
    json!({
        "id": user.id.as_str(), "name": user.name, "role": user.role, "standing": user.standing,
        "created_at": written(user.created_at), "last_login_at": user.last_login_at.map(written),
        "identities": listed.identities.iter().map(|identity| json!({
            "provider": identity.provider, "subject": identity.subject, "email": identity.email,
            "email_verified": identity.email_verified,
        })).collect::<Vec<_>>(),
    })
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
