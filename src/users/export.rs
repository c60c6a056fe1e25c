//! Everything that is held about a person, as they may take it with them: their row, what the providers said, their sessions,
//! their history. No token and nothing of anybody else: where somebody else acted on them, it says that and not who.

use diesel::prelude::*;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::identity::Identity;
use super::unlinking::identities_of;
use super::user::find_user;
use crate::audit;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::db::schema::identities;
use crate::error::AppResult;
use crate::tokens;
use crate::tokens::Session;

/// Lines of the history in an export, the newest.
const LINES: usize = 10_000;

/// `None` without such a person.
///
/// # Errors
/// When the database fails.
pub fn everything_about(conn: &mut Conn, id: &UserId, now: Moment) -> AppResult<Option<Value>> {
    let Some(user) = find_user(conn, id)? else { return Ok(None) };
    let mut accounts = Vec::new();
    for identity in identities_of(conn, id)? {
        let picture = identities::table.find(&identity.id).select(identities::picture).first(conn)?;
        accounts.push(account(&identity, picture));
    }
    let sessions: Vec<Value> = tokens::all_of_user(conn, id)?.iter().map(|one| session(one, now)).collect();
    Ok(Some(json!({
        "exported_at": written(now),
        "user": {
            "id": user.id.as_str(), "name": user.name, "name_chosen": user.name_chosen, "picture": user.picture,
            "role": user.role, "standing": user.standing,
            "created_at": written(user.created_at), "last_login_at": user.last_login_at.map(written),
        },
        "linked_accounts": accounts,
        "sessions": sessions,
        "history": history(conn, id)?,
    })))
}

fn account(identity: &Identity, picture: Option<String>) -> Value {
    json!({
        "id": identity.id.as_str(), "provider": identity.provider, "subject": identity.subject,
        "nickname": identity.nickname, "picture": picture, "email": identity.email,
        "email_verified": identity.email_verified,
        "agreed_to": identity.consents().map(Iterator::collect::<Vec<_>>), "agreed_since": identity.granted_at.map(written),
        "linked_at": written(identity.linked_at), "last_login_at": written(identity.last_login_at),
    })
}

fn session(session: &Session, now: Moment) -> Value {
    json!({
        "id": session.id.as_str(), "provider": session.provider, "browser": session.user_agent,
        "address": session.address, "opened_at": written(session.created_at),
        "last_used_at": written(session.last_seen_at), "live": session.is_live(now),
        "ended_at": session.ended_at.map(written), "end_reason": session.end_reason,
    })
}

fn history(conn: &mut Conn, id: &UserId) -> AppResult<Vec<Value>> {
    let filter = audit::Filter { people: Some(vec![id.clone()]), ..audit::Filter::default() };
    let (mut lines, mut after) = (Vec::new(), None);
    loop {
        let page = audit::search(conn, &filter, after.as_ref())?;
        lines.extend(page.events.iter().map(|event| {
            let by = match event.actor.as_str() {
                own if own == id.as_str() => "you",
                "system" => "system",
                _ => "operator",
            };
            // Another's address is theirs.
            let address = Some(&event.address).filter(|_| by == "you");
            json!({
                "at": written(event.happened_at), "action": event.action, "by": by,
                "details": event.details, "address": address,
            })
        }));
        match page.after {
            Some(last) if lines.len() < LINES => after = Some(last),
            _ => return Ok(lines),
        }
    }
}

fn written(at: Moment) -> String {
    at.assume_utc().format(&Rfc3339).unwrap_or_default()
}
