//! Lines of the history as pages show them: in words, with names where there still is somebody.

use std::collections::HashMap;

use super::traces;
use crate::audit;
use crate::audit::Event;
use crate::clock::Moment;
use crate::db::Conn;
use crate::db::UserId;
use crate::error::AppResult;
use crate::users;
use crate::web::page::Chrome;

/// Names of people, by id.
pub(super) type Names = HashMap<UserId, Option<String>>;

/// A line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// When.
    pub at: Moment,
    /// What, in words.
    pub what: String,
    /// More about it, in words or as an id.
    pub details: String,
    /// Whom; nobody in particular.
    pub about: Option<Someone>,
    /// Who.
    pub by: Someone,
    /// From where.
    pub address: String,
    /// In which request.
    pub request_id: String,
}

/// A person, or the program.
#[derive(Clone, Debug)]
pub(super) struct Someone {
    /// The person's id; `None` for the program.
    pub id: Option<String>,
    /// Their name, where there is one.
    pub name: Option<String>,
    /// The i18n key of who it is, when it is no person.
    pub key: &'static str,
}

impl Someone {
    /// Whoever the line is about.
    const fn themselves() -> Self {
        Self { id: None, name: None, key: "lines-by-self" }
    }

    fn of(text: &str, names: &Names) -> Self {
        let known = |key| Self { id: None, name: None, key };
        match text {
            "cli" => known("lines-by-cli"),
            "system" => known("lines-by-system"),
            id => {
                let name = id.parse().ok().and_then(|id| names.get(&id).cloned().flatten());
                Self { id: Some(id.to_owned()), name, key: "" }
            }
        }
    }
}

/// The names of everybody these lines are about or by.
///
/// # Errors
/// When the database fails.
pub(super) fn names(conn: &mut Conn, events: &[Event]) -> AppResult<Names> {
    let mut ids: Vec<UserId> = events
        .iter()
        .flat_map(|event| [Some(&event.actor), event.user_id.as_ref()])
        .flatten()
        .filter_map(|text| text.parse().ok())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    users::names_of(conn, &ids)
}

/// The lines in the reader's language.
pub(super) fn worded(c: &Chrome, events: Vec<Event>, names: &Names) -> Vec<Line> {
    events.into_iter().map(|event| line(c, event, names)).collect()
}

fn line(c: &Chrome, event: Event, names: &Names) -> Line {
    let what = audit::words_of(&event.action).map_or_else(|| event.action.clone(), |key| c.t(key).to_owned());
    let alone = event.user_id.as_deref() == Some(event.actor.as_str());
    Line {
        at: event.happened_at,
        what,
        details: details(c, &event.action, event.details),
        about: event.user_id.as_deref().map(|id| Someone::of(id, names)),
        by: if alone { Someone::themselves() } else { Someone::of(&event.actor, names) },
        address: event.address,
        request_id: event.request_id,
    }
}

/// What stands in a line beside its action: a provider, a role, how a login ended; else an id or a number as it is.
fn details(c: &Chrome, action: &str, details: String) -> String {
    let key = match (action, details.as_str()) {
        ("login.ok" | "login.created" | "login.again" | "login.waits", provider) => {
            return c.provider(provider).to_owned();
        }
        ("role.change", "admin") => "users-admin".to_owned(),
        ("role.change", _) => "person-role-user".to_owned(),
        ("login.refused", code) => format!("outcome-{}-title", code.replace('_', "-")),
        ("users.search" | "audit.read", found) => return traces::worded(c, found).unwrap_or(details),
        ("users.export", found) => return traces::export_worded(c, found).unwrap_or(details),
        ("profile.name", "chosen") => "line-name-chosen".to_owned(),
        ("profile.name", _) => "line-name-providers".to_owned(),
        _ => return details,
    };
    // A key without words is what an earlier version wrote.
    let words = c.t(&key);
    if words == key { details } else { words.to_owned() }
}
