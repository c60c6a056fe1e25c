//! An authorization request, checked. What fails here is shown on a page of the provider's own and never redirected:
//! who sends people with a wrong key or to an unknown address does not get them back.

use super::app::App;
use super::call::Pairs;
use super::errors::Wrong;
use super::manners::{Anew, Asked, Manners, StateRule, UnknownScope};
use super::provider::Provider;

/// A request that may be answered.
#[derive(Debug)]
pub(super) struct AuthorizeRequest {
    pub(super) provider: Provider,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    /// `None` when it was not sent: then the console decides.
    pub(super) scope: Option<Vec<String>>,
    /// As it stood in the query, still encoded, so that it goes back byte for byte.
    pub(super) raw_state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<Challenge>,
    pub(super) silent: bool,
    /// Whether the person has to prove themselves anew; the oldest proof that will do, in seconds, where it says so.
    pub(super) anew: bool,
    pub(super) max_age: Option<i64>,
    /// Whether the answer is posted (`response_mode=form_post`).
    pub(super) posted: bool,
    /// `access_type=offline` (Google).
    pub(super) offline: bool,
}

/// A PKCE challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    pub(super) plain: bool,
    pub(super) value: String,
}

/// Lists come with commas, blanks or both.
fn list(text: &str) -> Vec<String> {
    text.split([',', ' ']).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// The value of the first parameter of that name as it was sent.
pub(super) fn raw<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// A value as it was before it stood in a query.
pub(super) fn decoded(raw: &str) -> String {
    let pair = format!("x={raw}");
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Whether a text may stand as a value in a query: no other parameter, no fragment, nothing outside ASCII.
pub(super) fn is_query_value(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'&' | b'#' | b'"' | b'<' | b'>'))
}

/// The address with these parameters added, blanks written as `blank`.
pub(super) fn return_address(
    redirect_uri: &str,
    pairs: &[(&str, &str)],
    raw_state: Option<&str>,
    blank: &str,
) -> String {
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', blank);
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    let query: Vec<String> = pairs.chain(raw_state.map(|state| format!("state={state}"))).collect();
    let joint = match (query.is_empty(), redirect_uri.contains('?')) {
        (true, _) => "",
        (false, true) => "&",
        (false, false) => "?",
    };
    format!("{redirect_uri}{joint}{}", query.join("&"))
}

impl AuthorizeRequest {
    /// Reads a request. Which fault is told when there are several is a guess.
    pub(super) fn read(provider: Provider, app: &App, query: &Pairs, raw_query: &str) -> Result<Self, Wrong> {
        let manners = provider.manners();
        let required = |name| query.get(name).filter(|value| !value.is_empty()).ok_or(Wrong::Missing(name));
        let client_id = check_client(provider, app, query.get("client_id"))?;
        let redirect_uri = required("redirect_uri")?;
        if !app.at(provider).is_some_and(|known| known.redirect_uris.iter().any(|uri| uri == redirect_uri)) {
            return Err(Wrong::Redirect(redirect_uri.to_owned()));
        }
        match required("response_type")? {
            "code" => {}
            other => return Err(Wrong::ResponseType(other.to_owned())),
        }
        let scope = scope(manners, query)?;
        if query.get("channel_public_id").is_some() && provider == Provider::Kakao {
            return Err(Wrong::Channel);
        }
        let prompt = query.get("prompt").map(list).unwrap_or_default();
        let prompts = |wanted: &str| prompt.iter().any(|value| value == wanted);
        let max_age = query.get("max_age").and_then(|age| age.parse().ok());
        Ok(Self {
            provider,
            client_id,
            redirect_uri: redirect_uri.to_owned(),
            raw_state: state(manners, query, raw_query)?,
            nonce: query.get("nonce").map(str::to_owned),
            challenge: challenge(manners, query)?,
            silent: manners.silent.is_some() && prompts("none"),
            anew: (manners.anew.contains(&Anew::Prompt) && prompts("login"))
                || (manners.anew.contains(&Anew::AuthType) && query.get("auth_type") == Some("reauthenticate")),
            max_age: max_age.filter(|_| manners.anew.contains(&Anew::MaxAge)),
            posted: posted(provider, query, scope.as_deref())?,
            offline: query.get("access_type") == Some("offline"),
            scope,
        })
    }

    /// The items a scope names, where scopes name items: at Naver the console alone decides.
    pub(super) fn named_items(&self) -> Option<&[String]> {
        self.scope.as_deref().filter(|_| self.provider != Provider::Naver)
    }

    /// Whether the scope names this.
    pub(super) fn names(&self, scope: &str) -> bool {
        self.scope.iter().flatten().any(|named| named == scope)
    }

    /// Back to the site with these parameters and the state.
    pub(super) fn back(&self, pairs: &[(&str, &str)]) -> String {
        return_address(&self.redirect_uri, pairs, self.raw_state.as_deref(), self.provider.manners().blank)
    }
}

/// A key of the app that may ask for people. Kakao's admin key is a key of the app, but of the wrong kind.
pub(super) fn check_client(provider: Provider, app: &App, client_id: Option<&str>) -> Result<String, Wrong> {
    let Some(id) = client_id.filter(|id| !id.is_empty()) else {
        return Err(Wrong::Client("Not exist client_id [null]".to_owned()));
    };
    match app.at(provider) {
        Some(known) if id == known.client_id || known.other_ids.iter().any(|other| other == id) => Ok(id.to_owned()),
        _ if provider == Provider::Kakao && id == app.admin_key => Err(Wrong::KindOfKey),
        _ => Err(Wrong::Client(format!("Not exist client_id [{id}]"))),
    }
}

fn scope(manners: &Manners, query: &Pairs) -> Result<Option<Vec<String>>, Wrong> {
    let Some(named) = query.get("scope").filter(|scope| !scope.is_empty()).map(list) else { return Ok(None) };
    let known =
        |scope: &str| manners.bare_scopes.contains(&scope) || manners.items.iter().any(|item| item.scope == scope);
    let (known, unknown): (Vec<_>, Vec<_>) = named.into_iter().partition(|scope| known(scope));
    if !unknown.is_empty() && manners.unknown_scope == UnknownScope::Refused {
        return Err(Wrong::Scope(unknown.join(", ")));
    }
    Ok(Some(known))
}

fn state(manners: &Manners, query: &Pairs, raw_query: &str) -> Result<Option<String>, Wrong> {
    let raw_state = raw(raw_query, "state");
    if !raw_state.is_none_or(is_query_value) {
        return Err(Wrong::Value("state"));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    match (manners.state, query.get("state").unwrap_or_default()) {
        (StateRule::Required | StateRule::Alphanumeric, "") => return Err(Wrong::Missing("state")),
        (StateRule::Alphanumeric, state) if !state.bytes().all(plain) => return Err(Wrong::Value("state")),
        _ => {}
    }
    Ok(raw_state.map(str::to_owned))
}

/// The challenge, where the provider looks at one.
fn challenge(manners: &Manners, query: &Pairs) -> Result<Option<Challenge>, Wrong> {
    let Some(challenge) = query.get("code_challenge").filter(|_| !manners.challenges.is_empty()) else {
        return Ok(None);
    };
    let method = query.get("code_challenge_method").unwrap_or("plain");
    if !manners.challenges.contains(&method) {
        return Err(Wrong::Value("code_challenge_method"));
    }
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let right = if method == "plain" { 43..=128 } else { 43..=43 };
    if !right.contains(&challenge.len()) || !challenge.bytes().all(base64url) {
        return Err(Wrong::Value("code_challenge"));
    }
    Ok(Some(Challenge { plain: method == "plain", value: challenge.to_owned() }))
}

/// Apple posts its answer, and has to once anything is asked for.
fn posted(provider: Provider, query: &Pairs, scope: Option<&[String]>) -> Result<bool, Wrong> {
    let posted = query.get("response_mode") == Some("form_post");
    match provider {
        Provider::Apple if !posted && scope.is_some_and(|scope| !scope.is_empty()) => {
            Err(Wrong::Value("response_mode"))
        }
        Provider::Apple => Ok(posted),
        _ => Ok(false),
    }
}

/// Whether an item is asked when no scope is named: by the console, which only those providers have.
pub(super) const fn by_console(asked: Asked) -> bool {
    matches!(asked, Asked::Always | Asked::Optional)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::demo;

    fn read_at(provider: Provider, query: &str) -> Result<AuthorizeRequest, Wrong> {
        let pairs = Pairs(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect());
        AuthorizeRequest::read(provider, &App::demo("http://localhost:8080"), &pairs, query)
    }

    fn read(query: &str) -> Result<AuthorizeRequest, Wrong> {
        read_at(Provider::Kakao, query)
    }

    fn right_at(provider: Provider) -> String {
        let app = App::demo("http://localhost:8080");
        let back = format!("http%3A%2F%2Flocalhost%3A8080%2Flogin%2F{}%2Fcallback", provider.name());
        let id: String = url::form_urlencoded::byte_serialize(app.at(provider).unwrap().client_id.as_bytes()).collect();
        format!("client_id={id}&redirect_uri={back}&response_type=code")
    }

    fn right() -> String {
        right_at(Provider::Kakao)
    }

    #[test]
    fn a_wrong_request_gets_kakaos_code() {
        for (from, to, expected) in [
            ("client_id=", "client_id=0", "KOE101"),
            ("client_id=", "x=", "KOE101"),
            (demo::CLIENT_ID, demo::ADMIN_KEY, "KOE008"),
            ("callback", "callback%2F", "KOE006"),
            ("redirect_uri", "x", "KOE207"),
            ("=code", "=token", "KOE202"),
            ("=code", "=id_token", "KOE201"),
            ("=code", "=code&scope=openid,phone_number", "KOE205"),
            ("=code", "=code&channel_public_id=_x", "KOE102"),
            ("=code", "=code&code_challenge=x", "KOE204"),
            (
                "=code",
                "=code&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=plain",
                "KOE204",
            ),
        ] {
            let wrong = read(&right().replace(from, to)).unwrap_err();
            assert_eq!((Provider::Kakao.manners().refusal)(&wrong).code, expected, "{to}");
        }
        assert!(read(&right()).is_ok());
    }

    #[test]
    fn each_provider_has_rules_of_its_own() {
        let ask = |provider, more: &str| read_at(provider, &format!("{}{more}", right_at(provider)));
        assert_eq!(ask(Provider::Naver, "").unwrap_err(), Wrong::Missing("state"));
        assert_eq!(ask(Provider::Line, "&state=a%2Bb&scope=openid").unwrap_err(), Wrong::Value("state"));
        assert!(ask(Provider::Line, "&state=aB9-_&scope=openid%20profile").is_ok());
        assert_eq!(ask(Provider::Apple, "&scope=name%20email").unwrap_err(), Wrong::Value("response_mode"));
        assert!(ask(Provider::Apple, "&scope=name%20email&response_mode=form_post").unwrap().posted);
        assert!(!ask(Provider::Apple, "").unwrap().posted);
        assert_eq!(ask(Provider::Google, "&scope=openid+mail").unwrap_err(), Wrong::Scope("mail".into()));
        assert_eq!(ask(Provider::Github, "&scope=user:email+nothing").unwrap().scope.unwrap(), ["user:email"]);
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let plain = format!("&scope=openid&code_challenge={verifier}");
        assert!(ask(Provider::Google, &plain).unwrap().challenge.unwrap().plain);
        assert_eq!(ask(Provider::Github, &plain).unwrap_err(), Wrong::Value("code_challenge_method"));
    }

    #[test]
    fn lists_come_with_commas_or_blanks() {
        for scope in
            ["openid,account_email", "openid+account_email", "openid%20account_email", "openid,%20account_email"]
        {
            let request = read(&format!("{}&scope={scope}&prompt=none,login", right())).unwrap();
            assert_eq!(request.scope.as_ref().unwrap(), &["openid", "account_email"]);
            assert!(request.silent && request.anew);
        }
    }

    #[test]
    fn state_goes_back_as_it_came() {
        let request = read(&format!("{}&state=a%2Bb+c%E2%9C%93~%ff==", right())).unwrap();
        let back = request.back(&[("error", "access_denied"), ("error_description", "User denied access")]);
        assert!(back.ends_with(
            "/callback?error=access_denied&error_description=User%20denied%20access&state=a%2Bb+c%E2%9C%93~%ff=="
        ));
    }
}
