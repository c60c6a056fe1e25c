//! `user …`: the same verbs as the admin's pages, with the same audit lines.

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::args::{UserCommand, Who};
use super::failure::Failure;
use super::speak::say;
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::config;
use crate::config::Source;
use crate::db::Conn;
use crate::db::Db;
use crate::db::SchemaState;
use crate::db::UserId;
use crate::db::schema_state;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::tokens;
use crate::users;
use crate::users::Cursor;
use crate::users::Listed;
use crate::users::Person;
use crate::users::Role;
use crate::users::RoleChange;
use crate::users::StandingChange;
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
        UserCommand::Show { who, json } => show(&db, &who, json).await,
        UserCommand::Promote(who) => change(&db, &who, Role::Admin).await,
        UserCommand::Demote(who) => change(&db, &who, Role::User).await,
        UserCommand::Ban { who, reason } => ban(&db, &who, reason.as_deref()).await,
        UserCommand::Approve(who) => stand(&db, &who, users::approve, "may come in").await,
        UserCommand::Unban(who) => stand(&db, &who, users::unban, "may come in").await,
        UserCommand::Delete(who) => delete(&db, &who).await,
        UserCommand::EndSessions(args) => end_sessions(&db, args.who.as_ref()).await,
    }
}

async fn list(db: &Db, search: Option<String>, as_json: bool, limit: u32) -> Result<(), Failure> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut rows: Vec<Listed> = Vec::new();
    let mut cursor = Cursor::Start;
    loop {
        let search = search.clone();
        let page = db.read(move |conn| users::list_users(conn, search.as_deref(), cursor)).await?;
        let last = page.rows.last().map(|listed| listed.user.seq);
        rows.extend(page.rows);
        match last {
            Some(seq) if page.older && rows.len() < limit => cursor = Cursor::After(seq),
            _ => break,
        }
    }
    rows.truncate(limit);
    if as_json {
        say(&Value::Array(rows.iter().map(listed_json).collect()).to_string());
        return Ok(());
    }
    for Listed { user, identities } in &rows {
        let linked: Vec<String> = identities.iter().map(|i| format!("{}:{}", i.provider, i.subject)).collect();
        let name = user.name.as_deref().unwrap_or("-");
        say(&format!("{}  {:7}  {:5}  {}  {name}", user.id, user.standing, user.role, linked.join(",")));
    }
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

async fn show(db: &Db, who: &Who, as_json: bool) -> Result<(), Failure> {
    let user = the_one(db, who).await?;
    let id = user.id.clone();
    let person = db.read(move |conn| users::find_person(conn, &id)).await?;
    let Some(person) = person else { return Err(nobody(who)) };
    if as_json {
        say(&person_json(&person, &user).to_string());
        return Ok(());
    }
    say(&format!("id        {}", person.id));
    say(&format!("name      {}", person.name.as_deref().unwrap_or("-")));
    say(&format!("role      {}", person.role.as_str()));
    say(&format!("standing  {}", person.standing.as_str()));
    say(&format!("joined    {}", written(person.created_at)));
    say(&format!("last in   {}", user.last_login_at.map_or_else(|| "-".into(), written)));
    for account in &person.accounts {
        let email = account.email.as_ref().map_or_else(
            || "no e-mail".into(),
            |(address, verified)| format!("{address} ({})", if *verified { "verified" } else { "unverified" }),
        );
        say(&format!("linked    {}  {email}  since {}", account.provider, written(account.linked_at)));
    }
    Ok(())
}

fn person_json(person: &Person, user: &User) -> Value {
    json!({
        "id": person.id.as_str(), "name": person.name, "name_chosen": person.name_chosen, "picture": person.picture,
        "role": person.role.as_str(), "standing": person.standing.as_str(),
        "created_at": written(person.created_at), "last_login_at": user.last_login_at.map(written),
        "identities": person.accounts.iter().map(|account| json!({
            "provider": account.provider, "nickname": account.nickname,
            "email": account.email.as_ref().map(|(address, _)| address),
            "email_verified": account.email.as_ref().is_some_and(|(_, verified)| *verified),
            "linked_at": written(account.linked_at), "last_login_at": written(account.last_login_at),
        })).collect::<Vec<_>>(),
    })
}

async fn change(db: &Db, who: &Who, role: Role) -> Result<(), Failure> {
    let user = the_one(db, who).await?;
    let (id, how) = (user.id.clone(), Circumstances::cli(Clock::system().now()));
    let outcome = db.write(move |conn| users::set_role(conn, &id, role, &how)).await;
    let name = role.as_str();
    match outcome {
        Ok(RoleChange::Changed) => say(&format!("{} is now {name}.", user.id)),
        Ok(RoleChange::AlreadySo) => say(&format!("{} was {name} already.", user.id)),
        Err(error) => return Err(last_admin(error)),
    }
    Ok(())
}

fn last_admin(error: AppError) -> Failure {
    match error.kind() {
        Kind::Conflict => Failure::Refused("this is the last admin; promote somebody else first".into()),
        _ => error.into(),
    }
}

type Stand = fn(&mut Conn, &UserId, &Circumstances) -> AppResult<StandingChange>;

async fn stand(db: &Db, who: &Who, change: Stand, so: &str) -> Result<(), Failure> {
    let user = the_one(db, who).await?;
    let (id, how) = (user.id.clone(), Circumstances::cli(Clock::system().now()));
    match db.write(move |conn| change(conn, &id, &how)).await.map_err(last_admin)? {
        StandingChange::Changed => say(&format!("{} {so} now.", user.id)),
        StandingChange::AlreadySo => say(&format!("{} {so} already.", user.id)),
    }
    Ok(())
}

async fn ban(db: &Db, who: &Who, reason: Option<&str>) -> Result<(), Failure> {
    let user = the_one(db, who).await?;
    let too_long = |_| Failure::Refused(format!("--reason: at most {} characters", users::MAX_REASON));
    let reason = users::reason(reason.unwrap_or_default()).map_err(too_long)?;
    let (id, how) = (user.id.clone(), Circumstances::cli(Clock::system().now()));
    match db.write(move |conn| users::ban(conn, &id, reason.as_deref(), &how)).await.map_err(last_admin)? {
        StandingChange::Changed => say(&format!("{} is banned now.", user.id)),
        StandingChange::AlreadySo => {
            say(&format!("{} is banned already; `user unban` first, to give another reason.", user.id))
        }
    }
    Ok(())
}

async fn delete(db: &Db, who: &Who) -> Result<(), Failure> {
    let user = the_one(db, who).await?;
    let (id, how) = (user.id.clone(), Circumstances::cli(Clock::system().now()));
    db.write(move |conn| users::delete(conn, &id, &how)).await.map_err(last_admin)?;
    say(&format!("{} is gone.", user.id));
    Ok(())
}

/// Of one person, or of everybody, a thousand people to a transaction. What was ended before a failure stays ended.
async fn end_sessions(db: &Db, who: Option<&Who>) -> Result<(), Failure> {
    // The moment of each transaction: what other processes hear of it is told by its time, and an old one would be missed.
    let how = || Circumstances::cli(Clock::system().now());
    if let Some(who) = who {
        let user = the_one(db, who).await?;
        let (people, how) = (vec![user.id.clone()], how());
        let ended = db.write(move |conn| users::end_sessions(conn, &people, &how)).await?;
        say(&format!("{}: {ended} sessions ended.", user.id));
        return Ok(());
    }
    let (mut after, mut people, mut ended) = (String::new(), 0, 0);
    loop {
        let from = after.clone();
        let batch = db.read(move |conn| tokens::users_with_sessions(conn, &from, 1_000)).await?;
        let Some(last) = batch.last() else { break };
        after = last.to_string();
        people += batch.len();
        let how = how();
        ended += db.write(move |conn| users::end_sessions(conn, &batch, &how)).await?;
    }
    say(&format!("{ended} sessions of {people} users ended."));
    Ok(())
}

async fn the_one(db: &Db, who: &Who) -> Result<User, Failure> {
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

fn nobody(who: &Who) -> Failure {
    Failure::Refused(format!("nobody here is `{}`; give an id, an e-mail or provider:subject", who.reference))
}

fn written(at: Moment) -> String {
    at.assume_utc().format(&Rfc3339).unwrap_or_default()
}
