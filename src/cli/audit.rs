//! `audit …`: the history, as the admin's page shows it.

use serde_json::{Value, json};

use super::args::{AuditArgs, AuditCommand};
use super::failure::Failure;
use super::sheet::sheet;
use super::speak::{say, written};
use crate::audit;
use crate::audit::Circumstances;
use crate::audit::Event;
use crate::audit::Filter;
use crate::clock::Clock;
use crate::config;
use crate::config::Source;
use crate::db::AuditId;
use crate::db::Conn;
use crate::db::Db;
use crate::db::SchemaState;
use crate::db::UserId;
use crate::db::schema_state;
use crate::error::AppResult;
use crate::users;

/// Runs it.
pub(super) async fn run(source: &Source, command: AuditCommand) -> Result<(), Failure> {
    let config = config::load(source)?;
    let db = Db::open(&config.database)?;
    if db.read(schema_state).await? != SchemaState::Current {
        return Err(Failure::Refused("the database is not at this version; run `fiiiiilm migrate`".into()));
    }
    match command {
        AuditCommand::List(args) => list(&db, args).await,
    }
}

async fn list(db: &Db, args: AuditArgs) -> Result<(), Failure> {
    let filter = filter(db, &args).await?;
    let (how, fields) = (Circumstances::cli(Clock::system().now()), fields(&filter));
    // As on the admin's page: who looks for something is written down, not who looks.
    if !fields.is_empty() {
        db.write(move |conn| audit::record(conn, &how, "audit.read", None, &fields)).await?;
    }
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let (mut events, mut after): (Vec<Event>, Option<AuditId>) = (Vec::new(), None);
    loop {
        let (filter, from) = (filter.clone(), after.clone());
        let page = db.read(move |conn| audit::search(conn, &filter, from.as_ref())).await?;
        events.extend(page.events);
        after = page.after;
        if after.is_none() || events.len() >= limit {
            break;
        }
    }
    events.truncate(limit);
    if args.json {
        say(&Value::Array(events.iter().map(event_json).collect()).to_string());
        return Ok(());
    }
    let head = ["when", "what", "details", "whom", "by", "from", "request"];
    say(&sheet(&head, events.into_iter().map(row)));
    Ok(())
}

async fn filter(db: &Db, args: &AuditArgs) -> Result<Filter, Failure> {
    if let Some(action) = args.action.as_ref().filter(|action| audit::words_of(action).is_none()) {
        let known: Vec<&str> = audit::ACTIONS.iter().map(|(action, _)| *action).collect();
        return Err(Failure::Refused(format!("--action: `{action}` never happens; what does: {}", known.join(", "))));
    }
    let people_of = async |text: &str| {
        let asked = text.to_owned();
        let people = db.read(move |conn| people(conn, &asked)).await?;
        if people.is_empty() {
            return Err(Failure::Refused(format!(
                "nobody here is `{text}`; give an id, an e-mail or provider:subject"
            )));
        }
        Ok(people)
    };
    let people = match &args.about {
        Some(about) => Some(people_of(about).await?),
        None => None,
    };
    let actor = match args.by.as_deref() {
        Some(by @ ("cli" | "system")) => Some(by.to_owned()),
        Some(by) => match people_of(by).await?.as_slice() {
            [only] => Some(only.to_string()),
            more => return Err(Failure::Refused(format!("--by: `{by}` means {} users; name one by id", more.len()))),
        },
        None => None,
    };
    Ok(Filter { people, request: args.request.clone(), action: args.action.clone(), actor })
}

/// An id means somebody even when nobody has it any more: the history keeps it.
fn people(conn: &mut Conn, text: &str) -> AppResult<Vec<UserId>> {
    if let Ok(id) = text.parse() {
        return Ok(vec![id]);
    }
    Ok(users::find_by_reference(conn, text)?.into_iter().map(|user| user.id).collect())
}

fn fields(filter: &Filter) -> String {
    let all = [
        ("q", filter.people.is_some() || filter.request.is_some()),
        ("action", filter.action.is_some()),
        ("actor", filter.actor.is_some()),
    ];
    all.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect::<Vec<_>>().join(" ")
}

/// A line as JSON.
pub(super) fn event_json(event: &Event) -> Value {
    json!({
        "id": event.id.as_str(), "happened_at": written(event.happened_at), "action": event.action,
        "actor": event.actor, "user_id": event.user_id, "details": event.details,
        "address": event.address, "request_id": event.request_id,
    })
}

fn row(event: Event) -> Vec<String> {
    let about = event.user_id.unwrap_or_else(|| "-".into());
    let by = if event.actor == about { "themselves".to_owned() } else { event.actor };
    vec![written(event.happened_at), event.action, event.details, about, by, event.address, event.request_id]
}
