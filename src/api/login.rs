//! Logging in for native apps: what the provider's own SDK gave the app, for a pair of our tokens. The proof speaks for the
//! caller, so cookies are ignored and none is set, and nobody asks where the request comes from.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::me::Me;
use super::problem::Problem;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::providers::Native;
use crate::providers::NativeProof;
use crate::providers::Provider;
use crate::secret::Secret;
use crate::signin::Arrival;
use crate::signin::Beside;
use crate::signin::Ending;
use crate::signin::Finished;
use crate::web::App;
use crate::web::Client;
use crate::web::JsonBody;
use crate::web::Limit;
use crate::web::RequestId;
use crate::web::credentials;
use crate::web::problem_with;

/// Longest code or token, in bytes.
const MAX: usize = 16 * 1024;

/// One proof.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the schema of a body that is read field by field")]
pub(super) enum Handed {
    /// A code that the app did not trade.
    Code {
        /// The authorization code.
        #[schema(min_length = 1, pattern = "\\S")]
        code: String,
        /// Its PKCE verifier (RFC 7636).
        #[schema(min_length = 43, max_length = 128, pattern = "^[A-Za-z0-9._~-]+$")]
        code_verifier: String,
        /// The redirect URI of that login, as the operator listed it.
        #[schema(min_length = 1, pattern = "\\S")]
        redirect_uri: String,
    },
    /// An access token.
    AccessToken {
        /// An access token of our app.
        #[schema(min_length = 1, pattern = "\\S")]
        access_token: String,
    },
    /// An ID token.
    IdToken {
        /// An ID token for our app; good once.
        #[schema(min_length = 1, pattern = "\\S")]
        id_token: String,
        /// The nonce in it, where there is one; some providers' must have one.
        #[schema(min_length = 1, pattern = "\\S")]
        nonce: Option<String>,
    },
}

/// Tokens, and who they are for.
#[derive(Serialize, ToSchema)]
pub(super) struct LoggedIn<'a> {
    /// The access token, good for minutes.
    access: String,
    /// The refresh token.
    refresh: String,
    /// Who it is.
    user: Me<'a>,
}

/// Logs a person in by what a native app got from the provider's SDK.
///
/// 401 says that the proof is not good, or not for this app. 403 names in `code` why this person may not log in here; with
/// `welcome_required`, `welcome_url` is the page on which they finish joining.
#[utoipa::path(
    post, path = "/api/login/{provider}", tag = "tokens", request_body = Handed,
    params(("provider" = String, Path, description = "The provider", example = "kakao")),
    responses(
        (status = 200, description = "A pair of tokens", body = LoggedIn),
        (status = 400, description = "Fields are missing", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No good proof", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not this person", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such provider", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body over 64 KiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "Badly set up", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again later", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn log_in(
    app: web::Data<App>,
    req: HttpRequest,
    slug: web::Path<String>,
    client: Client,
    body: JsonBody,
) -> AppResult<HttpResponse> {
    app.limits.count(Limit::ApiLogin, client.address)?;
    let provider = app.registry.find(&slug).filter(|provider| provider.native().any());
    let provider = provider.ok_or_else(|| AppError::new(Kind::NotFound))?;
    let handed = handed(&body, &provider.native())?;
    let arrival = arrival(provider, &client, &req);
    match app.desk.clone().vouch(provider.slug(), handed, arrival).await {
        Finished::SignedIn { session, .. } => {
            let (viewer, pair) = credentials(&app, session).await?.ok_or_else(not_good)?;
            let user = Me::of(&viewer.person)?;
            Ok(HttpResponse::Ok().json(LoggedIn { access: pair.access.0, refresh: pair.refresh.0, user }))
        }
        // Without a browser nothing can wait.
        Finished::Waits { .. } | Finished::Ended { ending: Ending::WelcomeRequired, .. } => {
            let error = AppError::with_code(Kind::Forbidden, "welcome_required");
            let url = app.config.server.public_url.join("/login");
            Ok(problem_with(&req, &error, &[("welcome_url", json!(url))]))
        }
        Finished::Ended { ending, .. } => Err(refusal(ending)),
    }
}

fn arrival(provider: &Provider, client: &Client, req: &HttpRequest) -> Arrival {
    Arrival {
        provider: provider.slug().to_owned(),
        browser_key: None,
        signup: None,
        replaces: None,
        user_agent: client.user_agent.clone(),
        address: client.short_address(),
        request_id: RequestId::of(req),
        beside: Beside::default(),
    }
}

/// Exactly one proof, of a kind this provider takes.
fn handed(body: &JsonBody, native: &Native<'_>) -> AppResult<NativeProof> {
    let kinds = [("code", native.code), ("access_token", native.access_token), ("id_token", native.id_token)];
    let mut given = Vec::new();
    for (name, taken) in kinds {
        if body.optional(name)?.is_some() {
            given.push((name, taken));
        }
    }
    let [(name, true)] = given[..] else {
        let words = "Exactly one of code, access_token and id_token, of a kind this provider takes.";
        return Err(AppError::new(Kind::BadRequest).detailed(words));
    };
    let nonce = body.optional("nonce")?.map(str::to_owned);
    if name == "id_token" && native.nonce_required && nonce.is_none() {
        return Err(AppError::of_field("nonce", "This field is required."));
    }
    let text = short(body, name)?.trim().to_owned();
    Ok(match name {
        "code" => NativeProof::Code {
            code: text,
            verifier: Secret::new(verifier(body)?.to_owned()),
            redirect_uri: redirect_uri(body, native)?.to_owned(),
            nonce,
        },
        "access_token" => NativeProof::AccessToken(Secret::new(text)),
        _ => NativeProof::IdToken { token: Secret::new(text), nonce },
    })
}

fn short<'a>(body: &'a JsonBody, name: &'static str) -> AppResult<&'a str> {
    let text = body.text(name)?;
    if text.len() <= MAX { Ok(text) } else { Err(AppError::of_field(name, "Ensure this field is shorter.")) }
}

/// RFC 7636 section 4.1.
fn verifier(body: &JsonBody) -> AppResult<&str> {
    let text = body.text("code_verifier")?;
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let good = (43..=128).contains(&text.len()) && text.bytes().all(unreserved);
    if good { Ok(text) } else { Err(AppError::of_field("code_verifier", "Not 43 to 128 unreserved characters.")) }
}

fn redirect_uri<'a>(body: &'a JsonBody, native: &Native<'_>) -> AppResult<&'a str> {
    let text = body.text("redirect_uri")?;
    let listed = native.redirect_uris.iter().any(|uri| uri == text);
    if listed { Ok(text) } else { Err(not_good().detailed("redirect_uri is not one of a native app here")) }
}

fn not_good() -> AppError {
    AppError::with_code(Kind::Unauthenticated, "token_not_valid").detailed("The proof is not good, or not for this app")
}

fn refusal(ending: Ending) -> AppError {
    match ending {
        Ending::TryLater => AppError::new(Kind::Unavailable),
        Ending::OperatorMustFix => AppError::new(Kind::BadGateway),
        // As Simple JWT says it.
        Ending::Banned => AppError::with_code(Kind::Unauthenticated, "user_inactive"),
        Ending::Waiting | Ending::Closed | Ending::SignUpClosed | Ending::UnderAge | Ending::WelcomeRequired => {
            AppError::with_code(Kind::Forbidden, ending.code())
        }
        Ending::Cancelled
        | Ending::ForeignBrowser
        | Ending::Expired
        | Ending::UnknownState
        | Ending::Used
        | Ending::Refused
        | Ending::NotYet
        | Ending::IdentityOfAnother
        | Ending::OtherPerson
        | Ending::NotAskedAnew => not_good(),
    }
}
