//! The authorization code flow (RFC 6749 section 4.1 with PKCE, RFC 7636), driven by the `oauth2` crate, with our HTTP
//! client under it. The crate parses strictly and keeps what it could not parse; so every answer is first put into the
//! form it expects, without the members nobody here needs, and none of its error texts is ever shown.

use std::fmt;
use std::pin::Pin;

use data_encoding::BASE64URL_NOPAD;
use oauth2::basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ErrorResponse, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier,
    RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use super::dialect::Dialect;
use super::fault::{Fault, Step, by_oauth_error};
use super::granted::granted;
use super::http::{Deadline, Failure, Http, Reply};
use super::provider::AuthRequest;
use crate::secret;
use crate::secret::Secret;

/// The crate's client with our answer types.
type CodeClient = Client<
    TokenError,
    StandardTokenResponse<Extra, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What a client is registered as, and where it asks.
pub(super) struct Registration<'a> {
    pub(super) client_id: &'a str,
    pub(super) client_secret: Option<&'a Secret<String>>,
    pub(super) authorize: String,
    pub(super) token: String,
    pub(super) scopes: &'a [String],
    /// How the client shows at the token endpoint who it is.
    pub(super) client_auth: AuthType,
}

/// A refresh token that is longer is not kept, in bytes.
const MAX_KEPT: usize = 4_096;

/// The tokens of one login. They end with it, but for what ending the link will need.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) access_token: Secret<String>,
    pub(super) refresh_token: Option<Secret<String>>,
    pub(super) id_token: Option<Secret<String>>,
    /// What the person has agreed to, where the answer tells ([`granted`]).
    pub(super) granted: Option<String>,
}

/// One provider's code flow.
#[derive(Debug)]
pub(super) struct Flow {
    client: CodeClient,
    scopes: Vec<Scope>,
}

impl Flow {
    /// With an unchanging secret, or with none where the provider's own part makes one for each exchange.
    pub(super) fn new(with: &Registration<'_>) -> Result<Self, url::ParseError> {
        let mut client = Client::new(ClientId::new(with.client_id.to_owned()))
            .set_auth_uri(AuthUrl::new(with.authorize.clone())?)
            .set_token_uri(TokenUrl::new(with.token.clone())?)
            .set_auth_type(with.client_auth.clone());
        if let Some(value) = with.client_secret {
            client = client.set_client_secret(ClientSecret::new(value.expose().clone()));
        }
        Ok(Self { client, scopes: with.scopes.iter().cloned().map(Scope::new).collect() })
    }

    /// Where the browser goes. `redirect_uri` is handed on as text: it has to be what was registered, byte for byte.
    /// A blank is written `%20`, which everybody reads: Apple's documents ask for it.
    pub(super) fn authorize_url(&self, attempt: &AuthRequest, more: &[(&str, &str)]) -> String {
        let state = CsrfToken::new(attempt.state.clone());
        let request = self
            .client
            .authorize_url(|| state)
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier(attempt)))
            .add_extra_param("redirect_uri", &attempt.redirect_uri);
        let request = more.iter().fold(request, |request, (name, value)| request.add_extra_param(*name, *value));
        let mut url = request.url().0;
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
        url.into()
    }

    /// Trades the code for tokens. Sent once: a provider takes a code for used at the second time.
    pub(super) async fn exchange(
        &self,
        dialect: &dyn Dialect,
        http: &Http,
        code: &str,
        attempt: &AuthRequest,
        deadline: Deadline,
    ) -> Result<Grant, Fault> {
        let wire = Wire { dialect, http, deadline };
        let mut client = self.client.clone();
        if let Some(fresh) = dialect.client_secret()? {
            client = client.set_client_secret(ClientSecret::new(fresh.expose().clone()));
        }
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .add_extra_param("redirect_uri", &attempt.redirect_uri)
            .set_pkce_verifier(verifier(attempt));
        let more = dialect.token_parameters(attempt);
        let request = more.into_iter().fold(request, |request, (name, value)| request.add_extra_param(name, value));
        let answer = request.request_async(&wire).await.map_err(|error| explain(dialect, error))?;
        let access_token = answer.access_token().secret();
        // It goes into a header as it is.
        if access_token.is_empty() || !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Fault::malformed(
                Step::Token,
                "token-malformed",
                "the access token is empty or not visible ASCII",
            ));
        }
        if *answer.token_type() != BasicTokenType::Bearer {
            return Err(Fault::malformed(Step::Token, "token-type", "the token is of another type than bearer"));
        }
        let id_token = answer.extra_fields().id_token.as_ref().map(|token| Secret::new(token.0.clone()));
        let refresh_token = answer.refresh_token().map(|token| Secret::new(token.secret().clone()));
        let granted = answer.extra_fields().granted.clone();
        Ok(Grant { access_token: Secret::new(access_token.clone()), refresh_token, id_token, granted })
    }
}

/// Our client in the form in which the crate calls one.
struct Wire<'a> {
    dialect: &'a dyn Dialect,
    http: &'a Http,
    deadline: Deadline,
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut reply = self.http.call(request, self.deadline).await?;
            self.dialect.normalise(&mut reply.body);
            Ok(tidy(&reply))
        })
    }
}

/// The PKCE verifier of an attempt. One of a length that RFC 7636 section 4.1 does not know (which would stop the crate)
/// is replaced by its hash, the same way on the way out and back.
fn verifier(attempt: &AuthRequest) -> PkceCodeVerifier {
    let given = attempt.verifier.expose();
    let fits = (43..=128).contains(&given.len());
    PkceCodeVerifier::new(if fits { given.clone() } else { BASE64URL_NOPAD.encode(&secret::sha256(given.as_bytes())) })
}

/// The answer as RFC 6749 has it: success is 200 with the members used here, numbers as numbers; an error, also one that
/// came with 200, is 400 with its name, the provider's code and the original status. Its description is dropped: Kakao
/// repeats the code in it.
pub(super) fn tidy(reply: &Reply) -> HttpResponse {
    let text = |name: &str| reply.body.get(name).and_then(Value::as_str);
    let failed = reply.status != 200 || reply.body.get("error").is_some_and(|error| !error.is_null());
    let (status, body) = if failed {
        let named = TokenError {
            error: text("error").unwrap_or("unknown").to_owned(),
            error_code: text("error_code").map(str::to_owned),
            status: reply.status,
        };
        (400, serde_json::to_vec(&named))
    } else {
        let mut body = reply.body.clone();
        body.retain(|name, _| matches!(name.as_str(), "access_token" | "token_type" | "id_token"));
        // Some send an empty one where there is none, and a login needs none: what is no token is left out.
        let refresh = text("refresh_token").filter(|token| !token.is_empty() && token.len() <= MAX_KEPT);
        body.extend(refresh.map(|token| ("refresh_token".to_owned(), token.into())));
        // Under a name of its own: the crate would take the answer apart for one that is no text.
        body.extend(text("scope").and_then(granted).map(|items| ("granted".to_owned(), items.into())));
        if let Some(seconds) = reply.body.get("expires_in").and_then(seconds) {
            body.insert("expires_in".into(), seconds.into());
        }
        (200, serde_json::to_vec(&body))
    };
    let mut response = HttpResponse::new(body.unwrap_or_default());
    *response.status_mut() = if status == 200 { http::StatusCode::OK } else { http::StatusCode::BAD_REQUEST };
    response
}

/// A number of seconds, also where it is written as text.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The crate's error as ours. Of `Parse` and `Other` nothing is kept: both hold the provider's own words.
fn explain(dialect: &dyn Dialect, error: RequestTokenError<Failure, TokenError>) -> Fault {
    match error {
        RequestTokenError::Request(failure) => Fault::transport(Step::Token, &failure),
        RequestTokenError::ServerResponse(reported) => {
            let own =
                reported.error_code.filter(|code| code.len() <= 16 && code.bytes().all(|b| b.is_ascii_alphanumeric()));
            let verdict = own.as_deref().or(Some(&reported.error)).and_then(|code| dialect.verdict(code, ""));
            let verdict = verdict.or_else(|| by_oauth_error(&reported.error));
            let code = own.unwrap_or_else(|| oauth_code(&reported.error));
            Fault::reported(Step::Token, reported.status, code, verdict)
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            Fault::malformed(Step::Token, "token-malformed", "the answer is not a token answer")
        }
    }
}

/// `oauth-invalid_grant` and the like, when it is such a name.
fn oauth_code(error: &str) -> String {
    let named = !error.is_empty() && error.len() <= 32 && error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    format!("oauth-{}", if named { error } else { "unknown" })
}

/// What the crate's own error type drops is the part that matters: the provider's code.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct TokenError {
    error: String,
    error_code: Option<String>,
    status: u16,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}", self.status)
    }
}

impl ErrorResponse for TokenError {}

/// What OpenID Connect adds to a token answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Extra {
    #[serde(default, skip_serializing)]
    id_token: Option<IdToken>,
    #[serde(default)]
    granted: Option<String>,
}

impl ExtraTokenFields for Extra {}

/// An ID token on its way through the crate, which prints and serialises what it holds.
#[derive(Clone, Deserialize)]
struct IdToken(String);

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
