//! `user show`: one user, as the admin's page shows them.

use serde_json::{Value, json};

use super::args::One;
use super::audit::event_json;
use super::failure::Failure;
use super::sheet::{facts, sheet};
use super::speak::{say, written};
use super::user::{nobody, the_one};
use crate::audit;
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::db::Db;
use crate::outbox::Entry;
use crate::outbox::State;
use crate::tokens::Session;
use crate::users;
use crate::users::Dossier;
use crate::users::Identity;

/// Runs it; that an operator looked is part of the history.
pub(super) async fn show(db: &Db, one: &One) -> Result<(), Failure> {
    let user = the_one(db, &one.who).await?;
    let (id, now) = (user.id.clone(), Clock::system().now());
    let read = db.read(move |conn| users::dossier(conn, &id, now)).await?;
    let Some(dossier) = read else { return Err(nobody(&one.who)) };
    db.write(move |conn| audit::record(conn, &Circumstances::cli(now), "user.read", Some(&user.id), "")).await?;
    if one.json {
        say(&told(&dossier).to_string());
    } else {
        shown(&dossier);
    }
    Ok(())
}

fn told(dossier: &Dossier) -> Value {
    let user = &dossier.user;
    json!({
        "id": user.id.as_str(), "name": user.name, "name_chosen": user.name_chosen, "picture": user.picture,
        "role": user.role, "standing": user.standing, "standing_reason": user.standing_reason,
        "created_at": written(user.created_at), "last_login_at": user.last_login_at.map(written),
        "identities": dossier.identities.iter().map(identity_json).collect::<Vec<_>>(),
        "devices": dossier.devices.iter().map(session_json).collect::<Vec<_>>(),
        "logins": dossier.logins.iter().map(session_json).collect::<Vec<_>>(),
        "unlinks": dossier.unlinks.iter().map(unlink_json).collect::<Vec<_>>(),
        "history": dossier.trail.iter().map(event_json).collect::<Vec<_>>(),
    })
}

fn identity_json(identity: &Identity) -> Value {
    json!({
        "provider": identity.provider, "subject": identity.subject, "nickname": identity.nickname,
        "email": identity.email, "email_verified": identity.email_verified,
        "linked_at": written(identity.linked_at), "last_login_at": written(identity.last_login_at),
    })
}

fn session_json(session: &Session) -> Value {
    json!({
        "id": session.id.as_str(), "provider": session.provider, "address": session.address,
        "user_agent": session.user_agent, "created_at": written(session.created_at),
        "last_seen_at": written(session.last_seen_at), "ended_at": session.ended_at.map(written),
        "end_reason": session.end_reason,
    })
}

fn unlink_json(entry: &Entry) -> Value {
    let next = (entry.state == State::Waiting.as_str()).then(|| written(entry.due_at));
    json!({
        "id": entry.id.as_str(), "provider": entry.topic, "state": entry.state, "tries": entry.tries,
        "last_failure": entry.last_failure, "created_at": written(entry.created_at), "next_at": next,
        "ended_at": entry.ended_at.map(written),
    })
}

fn unlink_row(entry: &Entry) -> Vec<String> {
    let waits = entry.state == State::Waiting.as_str();
    vec![
        entry.topic.clone(),
        entry.state.clone(),
        entry.tries.to_string(),
        entry.last_failure.clone().unwrap_or_else(|| "-".into()),
        if waits { written(entry.due_at) } else { "-".into() },
    ]
}

fn shown(dossier: &Dossier) {
    let user = &dossier.user;
    let standing = match &user.standing_reason {
        Some(reason) => format!("{}: {reason}", user.standing),
        None => user.standing.clone(),
    };
    say(&facts([
        ("id", user.id.to_string()),
        ("name", user.name.clone().unwrap_or_else(|| "-".into())),
        ("role", user.role.clone()),
        ("standing", standing),
        ("joined", written(user.created_at)),
        ("last in", user.last_login_at.map_or_else(|| "-".into(), written)),
    ]));
    let linked = dossier.identities.iter().map(|identity| {
        let trust = if identity.email_verified { "verified" } else { "unverified" };
        let email = identity.email.as_ref().map_or_else(|| "-".into(), |address| format!("{address} ({trust})"));
        vec![format!("{}:{}", identity.provider, identity.subject), email, written(identity.linked_at)]
    });
    say("");
    say(&sheet(&["linked account", "e-mail", "since"], linked));
    let logins = dossier.logins.iter().map(|session| {
        let end = session.end_reason.clone().unwrap_or_else(|| "-".into());
        vec![
            written(session.created_at),
            session.provider.clone(),
            session.address.clone(),
            written(session.last_seen_at),
            end,
        ]
    });
    say("");
    say(&sheet(&["login", "with", "from", "last seen", "ended"], logins));
    if !dossier.unlinks.is_empty() {
        say("");
        say(&sheet(&["ended link", "told", "tries", "why not", "next try"], dossier.unlinks.iter().map(unlink_row)));
    }
    let trail = dossier.trail.iter().map(|event| {
        vec![
            written(event.happened_at),
            event.action.clone(),
            event.details.clone(),
            event.actor.clone(),
            event.address.clone(),
        ]
    });
    say("");
    say(&sheet(&["history", "what", "details", "by", "from"], trail));
}
