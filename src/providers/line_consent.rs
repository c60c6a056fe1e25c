//! Ending a consent at LINE, as its development guidelines demand of whoever unlinks or deletes an account: three calls, because
//! it wants a living token of the person and one of the channel's own.

use http::Method;
use serde_json::{Value, json};

use super::fault::{Answer, Fault, Step, Verdict};
use super::http::{Bare, Deadline, Http};
use super::line::CLIENT;
use super::unlink;
use super::unlink::{Link, Said};
use crate::config::Line as Settings;
use crate::secret::Secret;

/// `POST /user/v1/deauthorize`. A consent that has ended since the token was renewed is an invalid token.
pub(super) async fn end(settings: &Settings, http: &Http, link: &Link, deadline: Deadline) -> Result<(), Fault> {
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", unlink::token(link)?.expose())];
    let asked = ask(settings, http, "v2.1", &refresh, deadline).await?;
    let Some(person) = token_of(&asked) else {
        return match (asked.status, unlink::error(&asked)) {
            (_, Some("invalid_client" | "unauthorized_client")) => Err(renewing(refused(&asked))),
            // The consent was withdrawn there, or the token is too old: LINE does not tell the two apart.
            (400 | 401, _) | (_, Some("invalid_grant")) => unlink::dead(link, &asked),
            _ => Err(renewing(refused(&asked))),
        };
    };
    let asked = ask(settings, http, "v3", &[("grant_type", "client_credentials")], deadline).await?;
    let channel = token_of(&asked).ok_or_else(|| renewing(refused(&asked)))?;
    let bearer = Secret::new(format!("Bearer {}", channel.expose()));
    let said = Said::Json(json!({ "userAccessToken": person.expose() }));
    let url = format!("{}/user/v1/deauthorize", settings.api_base);
    let answer = unlink::call(http, (Method::POST, &url), Some(&bearer), said, deadline).await?;
    match (answer.status, answer.body.as_ref().and_then(|body| body.get("message")).and_then(Value::as_str)) {
        (200..=299, _) | (400, Some("invalid token")) => Ok(()),
        _ => Err(refused(&answer)),
    }
}

/// One of the two token endpoints, in the channel's name.
async fn ask(
    settings: &Settings,
    http: &Http,
    version: &str,
    form: &[(&str, &str)],
    deadline: Deadline,
) -> Result<Bare, Fault> {
    let client = [("client_id", settings.client_id.as_str()), ("client_secret", settings.client_secret.expose())];
    let url = format!("{}/oauth2/{version}/token", settings.api_base);
    unlink::post_form(http, &url, None, &[form, &client].concat(), deadline).await.map_err(renewing)
}

/// So far nothing that ends a consent was said.
fn renewing(fault: Fault) -> Fault {
    Fault { step: Step::Renewal, ..fault }
}

fn token_of(answer: &Bare) -> Option<Secret<String>> {
    let token = answer.body.as_ref().filter(|_| answer.status == 200)?.get("access_token")?.as_str()?;
    (!token.is_empty()).then(|| Secret::new(token.to_owned()))
}

fn refused(answer: &Bare) -> Fault {
    let verdict = |name: &str| matches!(name, "invalid_client" | "unauthorized_client").then(|| Verdict::fix(CLIENT));
    match answer.status {
        401 | 403 if unlink::error(answer).is_none() => Fault::reported(
            Step::Unlink,
            answer.status,
            format!("http-{}", answer.status),
            Some(Answer::TryLater.into()),
        ),
        _ => unlink::refusal(answer, verdict),
    }
}
