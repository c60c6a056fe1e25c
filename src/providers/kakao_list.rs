//! Who is linked with the app, as Kakao says it to the admin key: all of them in pages (`/v1/user/ids`), or some who are asked
//! about (`/v2/app/users`). Somebody who is missing here may be erased in the end, so an answer that makes no sense is a fault
//! and never a short list.

use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use serde_json::Value;
use url::form_urlencoded;

use super::fault::{Fault, Step};
use super::http::{Deadline, Http};
use super::kakao_admin::{authorization, code, fault};
use super::linked::LinkedPage;
use crate::config::Kakao as Settings;

/// The most Kakao gives, and takes, at once.
const PAGE: usize = 100;

/// `GET /v1/user/ids`. The address of the next page is not followed, since it names a host and carries a key of the app: only
/// the number in it is taken.
pub(super) async fn page(
    settings: &Settings,
    http: &Http,
    from: Option<i64>,
    deadline: Deadline,
) -> Result<LinkedPage, Fault> {
    let (limit, from) = (PAGE.to_string(), from.map(|from| from.to_string()));
    let mut query = vec![("limit", limit.as_str()), ("order", "asc")];
    query.extend(from.as_deref().map(|from| ("from_id", from)));
    let answer = get(settings, http, "/v1/user/ids", &query, deadline).await?;
    read_page(&answer).ok_or_else(|| Fault::malformed(Step::List, "list-shape", "the page of numbers makes no sense"))
}

/// `GET /v2/app/users`. Its documents show the rows in an object and in a bare list.
pub(super) async fn among(
    settings: &Settings,
    http: &Http,
    whom: &[i64],
    deadline: Deadline,
) -> Result<Vec<i64>, Fault> {
    let ids = Value::from(whom.to_vec()).to_string();
    let query = [("target_id_type", "user_id"), ("target_ids", ids.as_str())];
    let answer = get(settings, http, "/v2/app/users", &query, deadline).await?;
    let linked = read_rows(&answer).filter(|linked| linked.iter().all(|id| whom.contains(id)));
    linked.ok_or_else(|| Fault::malformed(Step::List, "list-shape", "the answer about some people makes no sense"))
}

async fn get(
    settings: &Settings,
    http: &Http,
    path: &str,
    query: &[(&str, &str)],
    deadline: Deadline,
) -> Result<Value, Fault> {
    let unsendable = || Fault::malformed(Step::List, "unsendable", "the address or a header cannot be sent");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let key = authorization(settings, Step::List)?;
    let mut key = HeaderValue::try_from(key.expose()).map_err(|_invalid| unsendable())?;
    key.set_sensitive(true);
    let request = Request::get(format!("{}{path}?{query}", settings.api_base))
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, key)
        .body(Vec::new())
        .map_err(|_invalid| unsendable())?;
    let (status, body) = http.any(request, deadline).await.map_err(|failure| Fault::transport(Step::List, &failure))?;
    let object = body.as_ref().and_then(Value::as_object);
    match (status, &body) {
        (200, None) => Err(Fault::malformed(Step::List, "not-json", "the answer is neither an object nor a list")),
        (200, Some(_)) if code(object).is_none() => body.ok_or_else(unsendable),
        _ => Err(fault(Step::List, status, object)),
    }
}

fn read_page(answer: &Value) -> Option<LinkedPage> {
    let ids = answer.get("elements")?.as_array()?.iter().map(number).collect::<Option<Vec<i64>>>()?;
    let grows = ids.windows(2).all(|pair| pair[0] < pair[1]);
    let next = match answer.get("after_url") {
        None | Some(Value::Null) => None,
        Some(after) => Some(from_id(after.as_str()?)?),
    };
    // A page that leads nowhere, or back, would never end.
    let leads_on = match (next, ids.last()) {
        (None, _) => true,
        (Some(next), Some(last)) => next >= *last,
        (Some(_), None) => false,
    };
    (ids.len() <= PAGE && grows && leads_on).then_some(LinkedPage { ids, next })
}

fn read_rows(answer: &Value) -> Option<Vec<i64>> {
    let rows = answer.as_array().or_else(|| answer.get("elements")?.as_array())?;
    rows.iter().map(|row| number(row.get("id")?)).collect()
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().filter(|id| *id > 0)
}

fn from_id(address: &str) -> Option<i64> {
    let query = address.split_once('?')?.1.split('#').next()?;
    let mut named = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "from_id");
    let (_, id) = named.next()?;
    if named.next().is_some() {
        return None;
    }
    id.parse().ok().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_grows_and_leads_on_or_is_none() {
        let page =
            |ids: &[i64], after: Value| read_page(&json!({ "elements": ids, "before_url": null, "after_url": after }));
        let after = |query: &str| json!(format!("https://elsewhere.example/v1/user/ids?limit=100&{query}&app_key=abc"));
        assert_eq!(page(&[1, 2], Value::Null), Some(LinkedPage { ids: vec![1, 2], next: None }));
        assert_eq!(page(&[], Value::Null), Some(LinkedPage::default()));
        assert_eq!(page(&[1, 2], after("from_id=3")).and_then(|page| page.next), Some(3));
        assert_eq!(page(&[1, 2], after("from_id=2")).and_then(|page| page.next), Some(2));
        for bad in ["from_id=1", "from_id=x", "from_id=-3", "from_id=", "x=3", "from_id=3&from_id=4"] {
            assert_eq!(page(&[1, 2], after(bad)), None, "{bad}");
        }
        assert_eq!(page(&[], after("from_id=3")), None, "an empty page leads nowhere");
        for bad in [json!(7), json!("no query"), json!({})] {
            assert_eq!(page(&[1, 2], bad.clone()), None, "{bad}");
        }
        for ids in [&[2, 1][..], &[1, 1], &[0, 1], &[-1]] {
            assert_eq!(page(ids, Value::Null), None, "{ids:?}");
        }
        let hundred: Vec<i64> = (1..=100).collect();
        assert!(page(&hundred, Value::Null).is_some());
        assert_eq!(page(&[hundred, vec![101]].concat(), Value::Null), None);
        for bad in
            [json!({}), json!([1]), json!({"elements": ["1"]}), json!({"elements": [1.5]}), json!({"elements": null})]
        {
            assert_eq!(read_page(&bad), None, "{bad}");
        }
    }

    #[test]
    fn rows_come_in_an_object_or_in_a_list() {
        let rows = json!([{"id": 7, "connected_at": "2026-01-01T00:00:00Z"}, {"id": 9}]);
        assert_eq!(read_rows(&rows), Some(vec![7, 9]));
        assert_eq!(read_rows(&json!({"elements": rows})), Some(vec![7, 9]));
        assert_eq!(read_rows(&json!({"elements": []})), Some(vec![]));
        for bad in [json!({}), json!({"elements": {}}), json!([{}]), json!([{"id": "7"}]), json!([7])] {
            assert_eq!(read_rows(&bad), None, "{bad}");
        }
    }
}
