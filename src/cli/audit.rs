//! `audit …`: the history, as the admin's page shows it.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::args::{AuditArgs, AuditCommand};
use super::failure::Failure;
use super::sheet::{Column, sheet, soft, whole};
use super::speak::{clock, grouped, remark, say, show_sheet, written};
use super::user::zone;
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

/// As the table shows them.
const COLUMNS: [Column; 7] = [
    whole("when"),
    whole("what"),
    soft("details", 10).leaves(1),
    soft("whom", 18),
    soft("by", 18),
    whole("from").leaves(2),
    whole("request").leaves(3),
];

/// Runs it.
pub(super) async fn run(source: &Source, command: AuditCommand) -> Result<(), Failure> {
    let config = config::load(source)?;
    let db = Db::open(&config.database)?;
    if db.read(schema_state).await? != SchemaState::Current {
        return Err(Failure::Refused("the database is not at this version; run `fiiiiilm migrate`".into()));
    }
    match command {
        AuditCommand::List(args) => list(&db, &zone(&config), args).await,
    }
}

async fn list(db: &Db, zone: &TimeZone, args: AuditArgs) -> Result<(), Failure> {
    let filter = filter(db, &args).await?;
    let (how, fields) = (Circumstances::cli(Clock::system().now()), fields(&filter));
    // As on the admin's page: who looks for something is written down, not who looks.
    if !fields.is_empty() {
        db.write(move |conn| audit::record(conn, &how, "audit.read", None, &fields)).await?;
    }
    let (events, more) = read(db, &filter, &args).await?;
    if args.json {
        say(&Value::Array(events.iter().map(event_json).collect()).to_string());
        return Ok(());
    }
    let (shown, last) = (events.len(), events.last().map(|event| event.id.clone()));
    show_sheet(&sheet(&COLUMNS, events.into_iter().map(|event| row(event, zone))));
    let counted = db.read(move |conn| audit::count(conn, &filter)).await?;
    let zone = zone.iana_name().unwrap_or("UTC");
    remark(&format!("{shown} shown{}; times are those of {zone}.", of_all(counted)));
    if let Some(last) = last.filter(|_| more) {
        remark(&format!("Go on with --after {last}"));
    }
    Ok(())
}

/// As many as are wanted, and whether there may be more.
async fn read(db: &Db, filter: &Filter, args: &AuditArgs) -> Result<(Vec<Event>, bool), Failure> {
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let (mut events, mut after): (Vec<Event>, Option<AuditId>) = (Vec::new(), args.after.clone());
    loop {
        let (filter, from) = (filter.clone(), after.clone());
        let page = db.read(move |conn| audit::search(conn, &filter, from.as_ref())).await?;
        events.extend(page.events);
        after = page.after;
        if after.is_none() || events.len() >= limit {
            let more = after.is_some() || events.len() > limit;
            events.truncate(limit);
            return Ok((events, more));
        }
    }
}

/// As honest as it is known; nothing where nobody counted.
fn of_all(counted: Option<Option<i64>>) -> String {
    match counted {
        None => String::new(),
        Some(None) => format!(" of more than {} lines", grouped(audit::COUNTED)),
        Some(Some(1)) => " of 1 line".into(),
        Some(Some(all)) => format!(" of {} lines", grouped(all)),
    }
}

async fn filter(db: &Db, args: &AuditArgs) -> Result<Filter, Failure> {
    if let Some(action) = args.action.as_ref().filter(|action| audit::words_of(action).is_none()) {
        let known: Vec<&str> = audit::ACTIONS.iter().map(|(action, _)| *action).collect();
        return Err(Failure::Refused(format!("--action: `{action}` never happens; what does: {}", known.join(", "))));
    }
    let (mut wanted, mut request) = (None, args.request.clone());
    if let Some(about) = &args.about {
        wanted = Some(people_of(db, about).await?);
    }
    // As the one box of the admin's page: a person, or else a request.
    if let Some(text) = args.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let asked = text.to_owned();
        let found = db.read(move |conn| people(conn, &asked)).await?;
        match found.is_empty() {
            false => wanted = Some(found),
            true if is_request_id(text) => request = Some(text.to_owned()),
            true => return Err(Failure::Refused(format!("`{text}` is nobody here, and no number of a request"))),
        }
    }
    let actor = match args.by.as_deref() {
        Some(by @ ("cli" | "system")) => Some(by.to_owned()),
        Some(by) => match people_of(db, by).await?.as_slice() {
            [only] => Some(only.to_string()),
            more => return Err(Failure::Refused(format!("--by: `{by}` means {} users; name one by id", more.len()))),
        },
        None => None,
    };
    Ok(Filter { people: wanted, request, action: args.action.clone(), actor })
}

async fn people_of(db: &Db, text: &str) -> Result<Vec<UserId>, Failure> {
    let asked = text.to_owned();
    let found = db.read(move |conn| people(conn, &asked)).await?;
    if found.is_empty() {
        return Err(Failure::Refused(format!("nobody here is `{text}`; give an id, an e-mail or provider:subject")));
    }
    Ok(found)
}

fn is_request_id(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
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

fn row(event: Event, zone: &TimeZone) -> Vec<String> {
    let about = event.user_id.unwrap_or_else(|| "-".into());
    let by = if event.actor == about { "themselves".to_owned() } else { event.actor };
    let when = clock(zone, event.happened_at);
    vec![when, event.action, event.details, about, by, event.address, event.request_id]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_lines_there_are_is_said_as_well_as_it_is_known() {
        assert_eq!(of_all(None), "");
        assert_eq!(of_all(Some(None)), " of more than 10,000 lines");
        assert_eq!(
            (of_all(Some(Some(1))).as_str(), of_all(Some(Some(7_000))).as_str()),
            (" of 1 line", " of 7,000 lines")
        );
    }

    #[test]
    fn the_number_of_a_request_is_told_from_anything_else() {
        assert!(is_request_id("0123456789abcdef"));
        assert!(!is_request_id("0123456789ABCDEF") && !is_request_id("0123") && !is_request_id("kim@example.com"));
    }
}
