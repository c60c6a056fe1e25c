//! What only the admin key may ask: who is linked with the app.

use actix_web::HttpResponse;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::super::super::call::Call;
use super::super::super::provider::Provider;
use super::errors::ApiFault;
use super::users::{check_key, finish};
use crate::clock;

/// At most so many numbers on a page, and in a question.
const PAGE_MAX: usize = 100;

/// `GET /v1/user/ids`: the numbers of all who are linked, a page at a time. The addresses of the other pages carry a key of
/// the app, as those in Kakao's documents do.
pub(super) async fn ids(call: Call) -> HttpResponse {
    finish(page(&call))
}

fn page(call: &Call) -> Result<Value, ApiFault> {
    check_key(call)?;
    let limit = match call.parameter("limit").map(str::parse) {
        None => PAGE_MAX,
        Some(Ok(limit)) if (1..=PAGE_MAX).contains(&limit) => limit,
        Some(_) => return Err(ApiFault::bad_parameter("limit must be between 1 and 100")),
    };
    let descending = match call.parameter("order") {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(ApiFault::bad_parameter("order must be asc or desc")),
    };
    let from = match call.parameter("from_id").map(str::parse::<i64>) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => return Err(ApiFault::bad_parameter("from_id must be a number")),
    };
    let mut all = linked(call);
    if descending {
        all.reverse();
    }
    let begins = |id: &i64| from.is_none_or(|from| if descending { *id <= from } else { *id >= from });
    let start = all.iter().position(begins).unwrap_or(all.len());
    let elements: Vec<i64> = all.iter().skip(start).take(limit).copied().collect();
    let address = |first: Option<&i64>| {
        let order = if descending { "desc" } else { "asc" };
        let client = call.state.app.at(Provider::Kakao).map_or("", |known| known.client_id.as_str());
        let origin = &call.state.origin;
        first.map(|id| format!("{origin}/v1/user/ids?limit={limit}&order={order}&from_id={id}&app_key={client}"))
    };
    let before = start.checked_sub(1).map(|_| start.saturating_sub(limit)).and_then(|place| all.get(place));
    let (before, after) = (address(before), address(all.get(start + elements.len())));
    Ok(json!({"elements": elements, "before_url": before, "after_url": after}))
}

/// In growing order.
fn linked(call: &Call) -> Vec<i64> {
    let memory = call.state.memory();
    let mut ids: Vec<i64> = memory
        .links
        .keys()
        .filter(|(provider, _)| *provider == Provider::Kakao)
        .filter_map(|(_, id)| id.parse().ok())
        .collect();
    ids.sort_unstable();
    ids
}

/// `GET /v2/app/users`: those of the numbers asked who are linked. The table of the documents has an object, their sample a
/// bare list; here it is the object unless `shape=list`, so that both can be tried.
pub(super) async fn users(call: Call) -> HttpResponse {
    finish(some(&call))
}

fn some(call: &Call) -> Result<Value, ApiFault> {
    check_key(call)?;
    if call.parameter("target_id_type") != Some("user_id") {
        return Err(ApiFault::bad_parameter("target_id_type must be user_id"));
    }
    let asked: Option<Vec<i64>> = call.parameter("target_ids").and_then(|ids| serde_json::from_str(ids).ok());
    let asked = asked.filter(|ids| (1..=PAGE_MAX).contains(&ids.len()));
    let asked = asked.ok_or_else(|| ApiFault::bad_parameter("target_ids must be a JSON array of 1 to 100 numbers"))?;
    let memory = call.state.memory();
    let rows = asked.into_iter().filter_map(|id| {
        let text = id.to_string();
        let (_, link) = memory.links.iter().find(|((at, known), _)| *at == Provider::Kakao && *known == text)?;
        let connected = clock::from_unix_seconds(link.connected_at).assume_utc().format(&Rfc3339).unwrap_or_default();
        Some(json!({"id": id, "connected_at": connected}))
    });
    let rows: Vec<Value> = rows.collect();
    Ok(if call.parameter("shape") == Some("list") { json!(rows) } else { json!({"elements": rows}) })
}
