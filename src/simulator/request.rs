//! An authorization request, checked. What fails here is shown on a page of the provider's own and never redirected:
//! who sends people with a wrong key or to an unknown address does not get them back.

use super::app::App;
use super::call::Pairs;
use super::errors::Koe;

/// A request that may be answered.
#[derive(Debug)]
pub(super) struct AuthorizeRequest {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    /// `None` when it was not sent: then the console decides.
    pub(super) scope: Option<Vec<String>>,
    /// As it stood in the query, still encoded, so that it goes back byte for byte.
    pub(super) raw_state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<String>,
    pub(super) prompt_none: bool,
    pub(super) prompt_login: bool,
}

/// Kakao takes lists with commas, blanks or both.
fn list(text: &str) -> Vec<String> {
    text.split([',', ' ']).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// The value of the first parameter of that name as it was sent.
pub(super) fn raw<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Whether a text may stand as a value in a query: no other parameter, no fragment, nothing outside ASCII.
pub(super) fn is_query_value(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'&' | b'#' | b'"' | b'<' | b'>'))
}

/// The address with these parameters added. Blanks become `%20`, as Kakao writes them.
pub(super) fn return_address(redirect_uri: &str, pairs: &[(&str, &str)], raw_state: Option<&str>) -> String {
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
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
    pub(super) fn read(app: &App, query: &Pairs, raw_query: &str) -> Result<Self, Koe> {
        let required =
            |name| query.get(name).filter(|value| !value.is_empty()).ok_or_else(|| Koe::about("KOE207", name));
        let client_id = check_client(app, query.get("client_id"))?;
        let redirect_uri = required("redirect_uri")?;
        if !app.redirect_uris.iter().any(|known| known == redirect_uri) {
            return Err(Koe::about("KOE006", redirect_uri));
        }
        match required("response_type")? {
            "code" => {}
            "token" => return Err(Koe::new("KOE202")),
            other => return Err(Koe::about("KOE201", format!("Unsupported response type: {other}"))),
        }
        let scope = query.get("scope").filter(|scope| !scope.is_empty()).map(list);
        let unknown: Vec<_> = scope.iter().flatten().filter(|item| !app.knows_scope(item)).cloned().collect();
        if !unknown.is_empty() {
            return Err(Koe::about("KOE205", unknown.join(", ")));
        }
        if query.get("channel_public_id").is_some() {
            return Err(Koe::about("KOE102", "Required PLUS_FRIENDS_ON_AGREEMENT_SUPPORTED permission"));
        }
        let raw_state = raw(raw_query, "state");
        if !raw_state.is_none_or(is_query_value) {
            return Err(Koe::about("KOE204", "state"));
        }
        let prompt = query.get("prompt").map(list).unwrap_or_default();
        Ok(Self {
            client_id,
            redirect_uri: redirect_uri.to_owned(),
            scope,
            raw_state: raw_state.map(str::to_owned),
            nonce: query.get("nonce").map(str::to_owned),
            challenge: challenge(query)?,
            prompt_none: prompt.iter().any(|value| value == "none"),
            prompt_login: prompt.iter().any(|value| value == "login"),
        })
    }

    /// Whether an ID token comes: OpenID Connect is on, and a request that names items names `openid` too.
    pub(super) fn wants_id_token(&self, app: &App) -> bool {
        app.openid && self.scope.as_ref().is_none_or(|scope| scope.iter().any(|item| item == "openid"))
    }

    /// Back to the site with these parameters and the state.
    pub(super) fn back(&self, pairs: &[(&str, &str)]) -> String {
        return_address(&self.redirect_uri, pairs, self.raw_state.as_deref())
    }
}

/// A key of the app that may ask for people. The admin key is a key of the app, but of the wrong kind.
pub(super) fn check_client(app: &App, client_id: Option<&str>) -> Result<String, Koe> {
    match client_id {
        Some(key) if key == app.client_id || key == app.javascript_key => Ok(key.to_owned()),
        Some(key) if key == app.admin_key => Err(Koe::new("KOE008")),
        Some(other) => Err(Koe::about("KOE101", format!("Not exist client_id [{other}]"))),
        None => Err(Koe::about("KOE101", "Not exist client_id [null]")),
    }
}

/// The S256 challenge. Another method is not advertised; that it is refused with KOE204 is a guess.
fn challenge(query: &Pairs) -> Result<Option<String>, Koe> {
    let Some(challenge) = query.get("code_challenge") else { return Ok(None) };
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if query.get("code_challenge_method") != Some("S256") {
        return Err(Koe::about("KOE204", "code_challenge_method"));
    }
    if challenge.len() != 43 || !challenge.bytes().all(base64url) {
        return Err(Koe::about("KOE204", "code_challenge"));
    }
    Ok(Some(challenge.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::demo;

    fn read(query: &str) -> Result<AuthorizeRequest, Koe> {
        let pairs = Pairs(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect());
        AuthorizeRequest::read(&App::demo("http://localhost:8080"), &pairs, query)
    }

    fn right() -> String {
        let back = "http%3A%2F%2Flocalhost%3A8080%2Flogin%2Fkakao%2Fcallback";
        format!("client_id={}&redirect_uri={back}&response_type=code", demo::CLIENT_ID)
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
            assert_eq!(read(&right().replace(from, to)).unwrap_err().code, expected, "{to}");
        }
        assert!(read(&right()).is_ok());
    }

    #[test]
    fn lists_come_with_commas_or_blanks() {
        for scope in
            ["openid,account_email", "openid+account_email", "openid%20account_email", "openid,%20account_email"]
        {
            let request = read(&format!("{}&scope={scope}&prompt=none,login", right())).unwrap();
            assert_eq!(request.scope.unwrap(), ["openid", "account_email"]);
            assert!(request.prompt_none && request.prompt_login);
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

    #[test]
    fn a_scope_without_openid_brings_no_id_token() {
        let app = App::demo("http://localhost:8080");
        for (scope, expected) in [("", true), ("&scope=openid", true), ("&scope=account_email", false)] {
            assert_eq!(read(&format!("{}{scope}", right())).unwrap().wants_id_token(&app), expected);
        }
    }
}
