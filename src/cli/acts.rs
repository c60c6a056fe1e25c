//! What can be done to a user: the same verbs as the admin's pages, with the same lines in the history.

use serde_json::json;

use super::args::{EndSessionsArgs, One, Who};
use super::confirm::{Deed, confirm};
use super::failure::Failure;
use super::speak::{progress, say};
use super::user::the_one;
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Conn;
use crate::db::Db;
use crate::db::UserId;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox::Post;
use crate::providers::Registry;
use crate::tokens;
use crate::users;
use crate::users::Role;
use crate::users::RoleChange;
use crate::users::StandingChange;

/// The moment of each transaction: what other processes hear of it is told by its time, and an old one would be missed.
fn how() -> Circumstances {
    Circumstances::cli(Clock::system().now())
}

/// What has to be told to others is written down; a server on this database tells it.
pub(super) fn post(config: &Config) -> Result<Post, Failure> {
    let registry = Registry::new(config, Clock::system()).map_err(|e| Failure::Refused(e.to_string()))?;
    Ok(registry.post(config))
}

/// Does it, and tells what became of it.
async fn carry_out<F>(db: &Db, one: &One, so: &str, act: F) -> Result<(), Failure>
where
    F: Fn(&mut Conn, &UserId, &Circumstances) -> AppResult<bool> + Send + 'static,
{
    let user = the_one(db, &one.who).await?;
    let (id, how) = (user.id.clone(), how());
    let changed = db.write(move |conn| act(conn, &id, &how)).await.map_err(last_admin)?;
    if one.json {
        say(&json!({ "id": user.id.as_str(), "changed": changed }).to_string());
    } else {
        let when = if changed { "now" } else { "already" };
        say(&format!("{} {so} {when}.", user.id));
    }
    Ok(())
}

fn last_admin(error: AppError) -> Failure {
    match error.kind() {
        Kind::Conflict => Failure::Refused("this is the last admin; promote somebody else first".into()),
        _ => error.into(),
    }
}

/// `user promote`, `user demote`.
pub(super) async fn role(db: &Db, one: &One, role: Role) -> Result<(), Failure> {
    let so = if role == Role::Admin { "is an admin" } else { "is a user" };
    carry_out(db, one, so, move |conn, id, how| Ok(users::set_role(conn, id, role, how)? == RoleChange::Changed)).await
}

/// `user approve`.
pub(super) async fn approve(db: &Db, one: &One) -> Result<(), Failure> {
    let act = |conn: &mut Conn, id: &UserId, how: &Circumstances| users::approve(conn, id, how).map(is_change);
    carry_out(db, one, "waits for nobody's approval", act).await
}

/// `user ban`.
pub(super) async fn ban(db: &Db, one: &One, reason: Option<&str>, post: Post) -> Result<(), Failure> {
    let too_long = |_| Failure::Refused(format!("--reason: at most {} characters", users::MAX_REASON));
    let reason = users::reason(reason.unwrap_or_default()).map_err(too_long)?;
    let act = move |conn: &mut Conn, id: &UserId, how: &Circumstances| {
        users::ban(conn, id, reason.as_deref(), &post, how).map(is_change)
    };
    carry_out(db, one, "is banned", act).await
}

/// `user unban`.
pub(super) async fn unban(db: &Db, one: &One) -> Result<(), Failure> {
    let act = |conn: &mut Conn, id: &UserId, how: &Circumstances| users::unban(conn, id, how).map(is_change);
    carry_out(db, one, "is not banned", act).await
}

/// `user delete`, after the name was typed or `--yes` said.
pub(super) async fn delete(db: &Db, one: &One, yes: bool, post: Post) -> Result<(), Failure> {
    let user = the_one(db, &one.who).await?;
    let name = user.name.clone().unwrap_or_else(|| user.id.to_string());
    let what = format!("{} ({name}) is removed for good, with linked accounts and sessions.", user.id);
    confirm(&Deed { what: &what, word: &name }, yes)?;
    let act =
        move |conn: &mut Conn, id: &UserId, how: &Circumstances| users::delete(conn, id, &post, how).map(|_told| true);
    // By the id: whoever answers to an e-mail or a number may be somebody else by now.
    let one = One { who: Who { reference: user.id.to_string() }, json: one.json };
    carry_out(db, &one, "is gone", act).await
}

fn is_change(change: StandingChange) -> bool {
    change == StandingChange::Changed
}

/// `user end-sessions`: of one person, or of everybody.
pub(super) async fn end_sessions(db: &Db, args: &EndSessionsArgs) -> Result<(), Failure> {
    let (people, ended) = match &args.who {
        Some(who) => {
            let user = the_one(db, who).await?;
            let (people, how) = (vec![user.id], how());
            (1, db.write(move |conn| users::end_sessions(conn, &people, &how)).await?)
        }
        None => {
            let what = "Everybody is logged out everywhere.";
            confirm(&Deed { what, word: "everybody" }, args.yes)?;
            end_all(db).await?
        }
    };
    if args.json {
        say(&json!({ "users": people, "sessions_ended": ended }).to_string());
    } else if args.all {
        say(&format!("{ended} sessions of {people} users ended."));
    } else {
        say(&format!("{ended} sessions ended."));
    }
    Ok(())
}

/// A thousand people to a transaction. What was ended before a failure stays ended.
async fn end_all(db: &Db) -> Result<(usize, usize), Failure> {
    let bar = progress(None, "users logged out");
    let (mut after, mut people, mut ended) = (String::new(), 0, 0);
    loop {
        let from = after.clone();
        let batch = db.read(move |conn| tokens::users_with_sessions(conn, &from, 1_000)).await?;
        let Some(last) = batch.last() else { break };
        after = last.to_string();
        people += batch.len();
        let how = how();
        ended += db.write(move |conn| users::end_sessions(conn, &batch, &how)).await?;
        bar.set_position(u64::try_from(people).unwrap_or(0));
    }
    bar.finish_and_clear();
    Ok((people, ended))
}
