//! Spoiling an answer on its way out.

use std::any::Any;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;
use std::time::Duration;

use actix_web::body::{BodyStream, BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpResponse};
use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};

use super::super::back;
use super::super::errors::{TokenFault, json_answer};
use super::super::played::kakao::errors::{ApiFault, koe};
use super::super::provider::Provider;
use super::super::request;
use super::super::state::State;
use super::{AnswerTwist, Place, Trouble};
use crate::error::AppError;

/// Longer than anybody waits, and than a stop of the simulator needs.
const SILENCE: Duration = Duration::from_secs(60);

const SLOW: Duration = Duration::from_secs(5);

const JSON: &str = "application/json;charset=UTF-8";

/// A hold on a connection, to break it with.
struct Line(TcpStream);

/// Takes hold of each new connection.
pub(in super::super) fn hold(stream: &dyn Any, data: &mut Extensions) {
    let Some(stream) = stream.downcast_ref::<actix_web::rt::net::TcpStream>() else { return };
    // Without a hold the trouble is merely milder: an answer that breaks off.
    if let Ok(own) = stream.as_fd().try_clone_to_owned() {
        data.insert(Line(TcpStream::from(own)));
    }
}

/// Lets a request through, and spoils its answer when there is trouble at its address.
///
/// # Errors
/// Those of the routes.
pub(in super::super) async fn blow(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = req.app_data::<Data<State>>();
    let struck = state.and_then(|state| state.weather.strike(req.path()));
    let twist = state.and_then(|state| state.weather.twist_of(req.path()));
    let mut answer = next.call(req).await?.map_into_boxed_body();
    if let Some(twist) = twist {
        let (req, response) = answer.into_parts();
        answer = ServiceResponse::new(req, twisted(&twist, response).await);
    }
    let Some((provider, place, trouble)) = struck else { return Ok(answer) };
    match trouble {
        Trouble::Silent => tokio::time::sleep(SILENCE).await,
        Trouble::Slow => tokio::time::sleep(SLOW).await,
        Trouble::Closed => {
            if let Some(line) = answer.request().conn_data::<Line>() {
                // A connection that is gone already is as closed as it can be.
                drop(line.0.shutdown(Shutdown::Both));
            }
        }
        _ => {}
    }
    let (req, response) = answer.into_parts();
    let spoiled = spoil(provider, place, trouble, &req, response).await;
    Ok(ServiceResponse::new(req, spoiled))
}

/// The right answer, changed as a test wants it. What is no JSON stays as it is.
async fn twisted(twist: &AnswerTwist, response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
    let (head, body) = response.into_parts();
    let Ok(body) = to_bytes(body).await else {
        return HttpResponse::from_error(AppError::internal("the true answer cannot be read"));
    };
    let body = match serde_json::from_slice::<Value>(&body) {
        Ok(mut json) => {
            twist(&mut json);
            Bytes::from(json.to_string())
        }
        Err(_no_json) => body,
    };
    head.set_body(BoxBody::new(body))
}

async fn spoil(
    provider: Provider,
    place: Place,
    trouble: Trouble,
    req: &actix_web::HttpRequest,
    response: HttpResponse<BoxBody>,
) -> HttpResponse<BoxBody> {
    match trouble {
        Trouble::Silent | Trouble::Slow => response,
        Trouble::Closed => broken(Bytes::new()),
        Trouble::Status(status) => {
            let mut answer = HttpResponse::new(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY));
            if status == 429 {
                answer.headers_mut().insert(RETRY_AFTER, 30.into());
            }
            answer
        }
        Trouble::Html => {
            HttpResponse::Ok().content_type("text/html; charset=utf-8").body("<!doctype html><p>Under maintenance")
        }
        Trouble::Huge => HttpResponse::Ok().content_type(JSON).body(huge()),
        Trouble::Redirect => HttpResponse::Found().insert_header((LOCATION, elsewhere(req))).finish(),
        Trouble::Koe(code) if place == Place::Authorize => HttpResponse::BadRequest()
            .content_type("text/html; charset=utf-8")
            .body(format!("<!doctype html><h1>{code}")),
        Trouble::Koe(code) => {
            let (status, error) = token_error(code);
            koe(status, error, code, "as the weather has it")
        }
        Trouble::Reported(code) => reported(provider, place, code),
        Trouble::Kapi(code) => ApiFault { status: api_status(code), code, message: "as the weather has it" }.answer(),
        // Who may not be sent back is not sent back by the weather either.
        Trouble::Denied(_) if response.status().is_client_error() => response,
        Trouble::Denied(error) => denied(provider, req, error),
        Trouble::Trickle
        | Trouble::Truncated
        | Trouble::WrongTypes
        | Trouble::Mislabelled
        | Trouble::Compressed
        | Trouble::Cut => {
            let Ok(true_body) = to_bytes(response.into_body()).await else {
                return HttpResponse::from_error(AppError::internal("the true answer cannot be read"));
            };
            damaged(trouble, true_body)
        }
    }
}

/// The right answer, damaged.
fn damaged(trouble: Trouble, body: Bytes) -> HttpResponse<BoxBody> {
    let mut answer = HttpResponse::Ok();
    answer.content_type(JSON);
    match trouble {
        Trouble::Trickle => {
            let bytes = stream::iter(body).then(|byte| async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok::<_, AppError>(Bytes::copy_from_slice(&[byte]))
            });
            answer.body(BodyStream::new(bytes.boxed_local()))
        }
        Trouble::Truncated => answer.body(body.slice(..body.len() / 2)),
        Trouble::WrongTypes => answer.body(wrong_types(&body)),
        Trouble::Mislabelled => HttpResponse::Ok().insert_header((CONTENT_TYPE, "image/png")).body(body),
        Trouble::Compressed => answer.insert_header((CONTENT_ENCODING, "gzip")).body(gzip(&body)),
        _ => broken(body.slice(..body.len() / 2)),
    }
}

/// RFC 1952 around one stored block of RFC 1951: an answer here has a few kilobytes.
fn gzip(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap_or(0);
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(&body[..usize::from(length)]);
    let check = body.iter().fold(u32::MAX, |check, byte| {
        (0..8).fold(check ^ u32::from(*byte), |c, _| (c >> 1) ^ (if c & 1 == 1 { 0xedb8_8320 } else { 0 }))
    });
    packed.extend((!check).to_le_bytes());
    packed.extend(u32::from(length).to_le_bytes());
    packed
}

/// An answer that breaks off after these bytes.
fn broken(begin: Bytes) -> HttpResponse<BoxBody> {
    let end = Err(AppError::internal("the weather broke the connection"));
    HttpResponse::Ok().content_type(JSON).body(BodyStream::new(stream::iter([Ok::<_, AppError>(begin), end])))
}

/// Texts become numbers, numbers lists, and everything else `true`.
fn wrong_types(body: &[u8]) -> String {
    let turn = |value: Value| match value {
        Value::String(_) => json!(7),
        Value::Number(number) => json!([number]),
        _ => json!(true),
    };
    match serde_json::from_slice::<serde_json::Map<String, Value>>(body) {
        Ok(object) => Value::Object(object.into_iter().map(|(name, value)| (name, turn(value))).collect()).to_string(),
        Err(_not_an_object) => "7".into(),
    }
}

fn huge() -> String {
    format!("{{\"padding\":\"{}\"}}", "x".repeat(10 << 20))
}

/// This same listener under another name, so that whoever follows is seen.
fn elsewhere(req: &actix_web::HttpRequest) -> String {
    format!("http://localhost:{}/elsewhere", req.app_config().local_addr().port())
}

fn denied(provider: Provider, req: &actix_web::HttpRequest, error: &str) -> HttpResponse<BoxBody> {
    let query = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(req.query_string().as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let state = request::raw(req.query_string(), "state").filter(|state| request::is_query_value(state));
    let pairs = [("error", error)];
    if let (Provider::Apple, Some(known)) = (provider, req.app_data::<Data<State>>()) {
        return back::posted(known, provider, &query("redirect_uri"), state, &pairs);
    }
    let back = request::return_address(&query("redirect_uri"), &pairs, state, "+");
    HttpResponse::Found().insert_header((LOCATION, back)).finish()
}

/// An error in the provider's own shape: Naver and GitHub say their token errors with status 200.
fn reported(provider: Provider, place: Place, code: &str) -> HttpResponse<BoxBody> {
    if place != Place::Token {
        return match code {
            "gateway" => json_answer(401, &json!({"errorMessage": "as the weather has it", "errorCode": "024"})),
            code => json_answer(200, &json!({"resultcode": code, "message": "as the weather has it"})),
        };
    }
    let status = match (provider, code) {
        (Provider::Naver | Provider::Github, _) => 200,
        (_, "server_error") => 500,
        (_, "temporarily_unavailable") => 503,
        (Provider::Google | Provider::Oidc, "invalid_client") => 401,
        _ => 400,
    };
    let code = match (provider, code) {
        (Provider::Github, "invalid_grant") => "bad_verification_code",
        (Provider::Github, "invalid_client") => "incorrect_client_credentials",
        (Provider::Naver, "invalid_grant") => "invalid_request",
        (_, code) => code,
    };
    TokenFault::answer(status, code, "as the weather has it")
}

/// Status and name of a token error, as Kakao's documents and logs have them.
fn token_error(code: &str) -> (u16, &'static str) {
    match code {
        "KOE101" | "KOE010" => (401, "invalid_client"),
        "KOE320" | "KOE322" | "KOE303" => (400, "invalid_grant"),
        "KOE003" => (500, "server_error"),
        _ => (400, "invalid_request"),
    }
}

fn api_status(code: i32) -> u16 {
    match code {
        -401 | -406 => 401,
        -3 | -5 => 403,
        _ => 400,
    }
}
