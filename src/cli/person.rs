//! `user show`: one user, as the admin's page shows them.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::args::One;
use super::audit::event_json;
use super::failure::Failure;
use super::sheet::{facts, sheet, soft, whole};
use super::speak::{clock, clock_or_dash, remark, say, show_sheet, written};
use super::user::{nobody, the_one};
use crate::audit;
use crate::audit::Circumstances;
use crate::audit::Event;
use crate::clock::Clock;
use crate::db::Db;
use crate::outbox::Entry;
use crate::outbox::State;
use crate::tokens::Session;
use crate::users;
use crate::users::Dossier;
use crate::users::Identity;

/// Runs it; that an operator looked is part of the history.
pub(super) async fn show(db: &Db, zone: &TimeZone, one: &One) -> Result<(), Failure> {
    let user = the_one(db, &one.who).await?;
    let (id, now) = (user.id.clone(), Clock::system().now());
    let read = db.read(move |conn| users::dossier(conn, &id, now)).await?;
    let Some(dossier) = read else { return Err(nobody(&one.who)) };
    db.write(move |conn| audit::record(conn, &Circumstances::cli(now), "user.read", Some(&user.id), "")).await?;
    if one.json {
        say(&told(&dossier).to_string());
    } else {
        shown(&dossier, zone);
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
        "agreed_to": identity.consents().map(Iterator::collect::<Vec<_>>), "agreed_since": identity.granted_at.map(written),
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

fn unlink_row(entry: &Entry, zone: &TimeZone) -> Vec<String> {
    let waits = entry.state == State::Waiting.as_str();
    vec![
        entry.topic.clone(),
        entry.state.clone(),
        entry.tries.to_string(),
        entry.last_failure.clone().unwrap_or_else(|| "-".into()),
        clock_or_dash(zone, waits.then_some(entry.due_at)),
    ]
}

fn shown(dossier: &Dossier, zone: &TimeZone) {
    let user = &dossier.user;
    let standing = match &user.standing_reason {
        Some(reason) => format!("{}: {reason}", user.standing),
        None => user.standing.clone(),
    };
    say(&facts([
        ("id", user.id.to_string()),
        ("name", user.name.clone().unwrap_or_else(|| "-".into())),
        ("role", user.role.clone()),
        ("status", standing),
        ("joined", clock(zone, user.created_at)),
        ("last login", clock_or_dash(zone, user.last_login_at)),
        ("times of", zone.iana_name().unwrap_or("UTC").to_owned()),
    ]));
    say("");
    let accounts = [whole("linked account"), soft("e-mail", 16), whole("since").leaves(1)];
    show_sheet(&sheet(&accounts, dossier.identities.iter().map(|identity| identity_row(identity, zone))));
    say("");
    let logins =
        [whole("login"), whole("with"), whole("from").leaves(1), whole("last seen").leaves(2), soft("ended", 8)];
    show_sheet(&sheet(&logins, dossier.logins.iter().map(|session| session_row(session, zone))));
    if !dossier.unlinks.is_empty() {
        say("");
        let unlinks = [whole("ended link"), whole("told"), whole("tries"), soft("why not", 12), whole("next try")];
        show_sheet(&sheet(&unlinks, dossier.unlinks.iter().map(|entry| unlink_row(entry, zone))));
    }
    say("");
    let history =
        [whole("history"), whole("what"), soft("details", 10), soft("by", 12).leaves(2), whole("from").leaves(1)];
    show_sheet(&sheet(&history, dossier.trail.iter().map(|event| event_row(event, zone))));
    if dossier.more {
        remark(&format!("The history has more: fiiiiilm audit list --about {}", user.id));
    }
}

fn identity_row(identity: &Identity, zone: &TimeZone) -> Vec<String> {
    let trust = if identity.email_verified { "verified" } else { "unverified" };
    let email = identity.email.as_ref().map_or_else(|| "-".into(), |address| format!("{address} ({trust})"));
    vec![format!("{}:{}", identity.provider, identity.subject), email, clock(zone, identity.linked_at)]
}

fn session_row(session: &Session, zone: &TimeZone) -> Vec<String> {
    vec![
        clock(zone, session.created_at),
        session.provider.clone(),
        session.address.clone(),
        clock(zone, session.last_seen_at),
        session.end_reason.clone().unwrap_or_else(|| "-".into()),
    ]
}

fn event_row(event: &Event, zone: &TimeZone) -> Vec<String> {
    let themselves = event.user_id.as_deref() == Some(&event.actor);
    vec![
        clock(zone, event.happened_at),
        event.action.clone(),
        event.details.clone(),
        if themselves { "themselves".into() } else { event.actor.clone() },
        event.address.clone(),
    ]
}
