//! A new account waits in this browser, and whoever brought it has a word to say: its e-mail is one of somebody's who is here
//! already. Is it theirs, they link the two by coming in with the one they have; else they begin apart. Nothing is linked
//! by an e-mail alone.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::callback::{answer_to, arrival, signup_of};
use super::pages::OfferPage;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::signin::Beside;
use crate::signin::BrowserKey;
use crate::signin::PendingSignup;
use crate::web::App;
use crate::web::Client;
use crate::web::Flow;
use crate::web::FormBody;
use crate::web::Limit;
use crate::web::OnwardPage;
use crate::web::chrome;
use crate::web::page::render;
use crate::web::see_other;

/// What waits, and asks. Whoever brought a new account.
pub(super) async fn show(app: web::Data<App>, req: HttpRequest, flow: Flow) -> HttpResponse {
    match waiting(&app, &req, &flow) {
        Some((signup, _)) => render(StatusCode::OK, &OfferPage::new(chrome(&app, &req, None), &signup)),
        None => see_other("/login"),
    }
}

/// What they say.
#[derive(Deserialize)]
pub(super) struct Word {
    choice: String,
}

/// Links, by a login with the account they have, or begins apart. Whoever brought a new account.
pub(super) async fn say(
    app: web::Data<App>,
    req: HttpRequest,
    client: Client,
    flow: Flow,
    form: FormBody<Word>,
) -> AppResult<HttpResponse> {
    app.limits.count(Limit::Login, client.address)?;
    let Some((signup, key)) = waiting(&app, &req, &flow) else { return Ok(see_other("/login")) };
    match form.0.choice.as_str() {
        "join" => {
            let key = flow.key_for_start().map(|_sent_again| key)?;
            let started = app.desk.join(&signup, &key).await?;
            let (c, by) = (chrome(&app, &req, None), signup.offered_by.as_deref().unwrap_or_default());
            Ok(render(StatusCode::OK, &OnwardPage::to_join(c, by, started.location)))
        }
        "apart" => {
            let provider = signup.provider.clone();
            let arrival = arrival(&app, &req, &provider, client, &flow, Beside::default());
            let finished = app.desk.clone().apart(signup, arrival).await;
            answer_to(&app, &req, &provider, &finished).await
        }
        _ => Err(AppError::new(Kind::BadRequest)),
    }
}

fn waiting(app: &App, req: &HttpRequest, flow: &Flow) -> Option<(PendingSignup, BrowserKey)> {
    let key = flow.key()?;
    Some((signup_of(app, req, &key)?, key))
}
