//! Walks the practice provider over HTTP, as a browser and as a site do.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use url::Url;

use super::people;
use super::{App, AuthorizationKind, Fault, Running, start};
use crate::clock::Clock;
use crate::config::demo;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http://localhost:8080/login/kakao/callback";
const ALL_ITEMS: [&str; 2] = ["profile_image", "account_email"];

/// A practice provider and one browser in front of it.
struct Practice {
    running: Running,
    clock: Clock,
    client: Client,
    cookie: String,
}

/// What the site sees of an answer.
struct Seen {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// A parameter of the address gone back to.
    fn back(&self, name: &str) -> Option<String> {
        assert_eq!(self.status, 302, "{}", self.body);
        let location = self.location.as_deref().unwrap();
        assert!(location.starts_with(BACK), "{location}");
        let url = Url::parse(location).unwrap();
        url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }
}

impl Practice {
    async fn open() -> Self {
        let clock = Clock::system();
        let app = App::demo("http://localhost:8080");
        let running = start("127.0.0.1:0".parse().unwrap(), app, clock.clone()).await.unwrap();
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { running, clock, client, cookie: String::new() }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.running.origin())
    }

    async fn send(&mut self, request: RequestBuilder) -> Seen {
        let response = request.header(COOKIE, &self.cookie).send().await.unwrap();
        self.keep(&response);
        let location = response.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
        Seen { status: response.status().as_u16(), location, body: response.text().await.unwrap() }
    }

    fn keep(&mut self, response: &Response) {
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
    }

    async fn get(&mut self, path: &str) -> Seen {
        let request = self.client.get(self.at(path));
        self.send(request).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request =
            self.client.post(self.at(path)).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        self.send(request).await
    }

    async fn api(&mut self, method: &str, path: &str, authorization: &str) -> Seen {
        let url = self.at(path);
        let request = if method == "GET" { self.client.get(url) } else { self.client.post(url) };
        self.send(request.header(AUTHORIZATION, authorization)).await
    }

    async fn authorize(&mut self, more: &str) -> Seen {
        let (id, back) = (demo::CLIENT_ID, BACK.replace(':', "%3A").replace('/', "%2F"));
        let challenge = format!("code_challenge={CHALLENGE}&code_challenge_method=S256");
        self.get(&format!("/oauth/authorize?client_id={id}&redirect_uri={back}&response_type=code&{challenge}{more}"))
            .await
    }

    async fn choose(&mut self, page: &Seen, person: i64) -> Seen {
        assert_eq!(page.status, 200, "{}", page.body);
        let request = hidden(&page.body, "request");
        self.post("/oauth/authorize/person", &[("request", &request), ("person", &person.to_string())]).await
    }

    async fn answer(&mut self, seen: &Seen, decision: &str, ticked: &[&str]) -> Seen {
        assert_eq!(seen.status, 303, "{}", seen.body);
        let page = self.get(seen.location.as_deref().unwrap()).await;
        let request = hidden(&page.body, "request");
        let mut fields = vec![("request", request.as_str()), ("decision", decision)];
        fields.extend(ticked.iter().map(|scope| ("scope", *scope)));
        self.post("/oauth/authorize/consent", &fields).await
    }

    /// A first login, agreeing to these items.
    async fn code(&mut self, person: i64, ticked: &[&str]) -> String {
        let page = self.authorize("&state=s&nonce=n").await;
        let chosen = self.choose(&page, person).await;
        self.answer(&chosen, "agree", ticked).await.back("code").unwrap()
    }

    async fn exchange(&mut self, code: &str, change: (&str, &str)) -> Seen {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", demo::CLIENT_ID),
            ("client_secret", demo::CLIENT_SECRET),
            ("redirect_uri", BACK),
            ("code", code),
            ("code_verifier", VERIFIER),
        ];
        fields.retain(|(name, _)| *name != change.0);
        fields.push(change);
        self.post("/oauth/token", &fields).await
    }

    async fn tokens(&mut self, person: i64) -> Value {
        let code = self.code(person, &ALL_ITEMS).await;
        self.exchange(&code, ("", "")).await.json()
    }

    async fn refresh(&mut self, token: &str) -> Seen {
        let client = [("client_id", demo::CLIENT_ID), ("client_secret", demo::CLIENT_SECRET)];
        let fields = [client[0], client[1], ("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/oauth/token", &fields).await
    }
}

fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn bearer(tokens: &Value) -> String {
    format!("Bearer {}", tokens["access_token"].as_str().unwrap())
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

#[actix_web::test]
async fn a_login_gives_a_code_tokens_and_a_profile() {
    let mut practice = Practice::open().await;
    let page = practice.authorize("&state=a%2Bb%20c&nonce=n0").await;
    let chosen = practice.choose(&page, people::HONG).await;
    let done = practice.answer(&chosen, "agree", &ALL_ITEMS).await;
    assert!(done.location.as_deref().unwrap().ends_with("&state=a%2Bb%20c"));
    let tokens = practice.exchange(&done.back("code").unwrap(), ("", "")).await.json();
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!((&tokens["expires_in"], &tokens["refresh_token_expires_in"]), (&json!(21_599), &json!(5_183_999)));
    assert_eq!(tokens["scope"], "account_email profile_image profile_nickname openid");
    let claims = claims(&tokens["id_token"]);
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(practice.running.origin()), &json!(demo::CLIENT_ID)));
    assert_eq!((&claims["nonce"], &claims["email"]), (&json!("n0"), &json!("hong@example.com")));
    let me = practice.api("GET", "/v2/user/me?secure_resource=true", &bearer(&tokens)).await.json();
    assert_eq!(me["kakao_account"]["email"], "hong@example.com");
    let picture = me["kakao_account"]["profile"]["profile_image_url"].as_str().unwrap();
    let path = picture.strip_prefix(practice.running.origin()).unwrap().to_owned();
    assert!(practice.get(&path).await.body.starts_with("<svg"));
    let info = practice.api("GET", "/v1/user/access_token_info", &bearer(&tokens)).await.json();
    assert_eq!((&info["id"], &info["app_id"]), (&json!(people::HONG), &json!(demo::APP_ID)));
    practice.running.stop().await;
}

#[actix_web::test]
async fn a_wrong_request_stays_on_a_page_of_the_providers_own() {
    let mut practice = Practice::open().await;
    let wrong = practice.authorize("&scope=openid,phone_number,%3Cb%3E").await;
    assert_eq!((wrong.status, wrong.location.as_deref()), (400, None));
    assert!(wrong.body.contains("(KOE205)") && wrong.body.contains("phone_number, &#60;b&#62;"), "{}", wrong.body);
    let unknown = practice.get("/oauth/authorize?client_id=0&response_type=code&redirect_uri=http://evil.test/").await;
    assert_eq!((unknown.status, unknown.location.as_deref()), (400, None));
    assert!(unknown.body.contains("(KOE101)"));
    let stale = practice.post("/oauth/authorize/consent", &[("request", "x"), ("decision", "agree")]).await;
    assert_eq!((stale.status, stale.location), (400, None));
}

#[actix_web::test]
async fn saying_no_and_being_too_young_go_back_with_an_error() {
    let mut practice = Practice::open().await;
    let page = practice.authorize("&state=s").await;
    let chosen = practice.choose(&page, people::HONG).await;
    let no = practice.answer(&chosen, "cancel", &[]).await;
    assert_eq!(
        no.location.unwrap(),
        format!("{BACK}?error=access_denied&error_description=User%20denied%20access&state=s")
    );
    let young = practice.choose(&page, people::UNDER_14).await;
    assert_eq!(young.back("error_description").unwrap(), "Not allowed under age 14");
}

#[actix_web::test]
async fn a_second_login_asks_only_for_what_is_new() {
    let mut practice = Practice::open().await;
    practice.code(people::HONG, &["profile_image"]).await;
    let page = practice.authorize("").await;
    assert!(practice.choose(&page, people::HONG).await.back("code").is_some());
    let page = practice.authorize("&scope=openid%20account_email").await;
    let asked = practice.choose(&page, people::HONG).await;
    let question = practice.get(asked.location.as_deref().unwrap()).await;
    assert!(question.body.contains("value=\"account_email\"") && !question.body.contains("value=\"profile_image\""));
    assert!(practice.answer(&asked, "agree", &["account_email"]).await.back("code").is_some());
}

#[actix_web::test]
async fn prompt_none_never_asks() {
    let mut practice = Practice::open().await;
    assert_eq!(practice.authorize("&prompt=none").await.back("error").unwrap(), "login_required");
    practice.code(people::HONG, &[]).await;
    assert!(practice.authorize("&prompt=none").await.back("code").is_some());
    let more = practice.authorize("&prompt=none&scope=account_email").await;
    assert_eq!(more.back("error_description").unwrap(), "user consent required.");
}

#[actix_web::test]
async fn prompt_login_is_a_new_proof() {
    let mut practice = Practice::open().await;
    let first = practice.tokens(people::HONG).await;
    practice.clock.advance(time::Duration::minutes(5));
    let mut again = Vec::new();
    for prompt in ["", "&prompt=login"] {
        let page = practice.authorize(prompt).await;
        let code = practice.choose(&page, people::HONG).await.back("code").unwrap();
        let tokens = practice.exchange(&code, ("", "")).await.json();
        again.push(claims(&tokens["id_token"])["auth_time"].as_i64().unwrap());
    }
    let proved = claims(&first["id_token"])["auth_time"].as_i64().unwrap();
    assert_eq!(again[0], proved);
    assert!(again[1] >= proved + 300);
}

#[actix_web::test]
async fn the_token_endpoint_refuses_in_kakaos_words() {
    let mut practice = Practice::open().await;
    let code = practice.code(people::HONG, &[]).await;
    for (change, status, error, koe) in [
        (("client_id", "x"), 401, "invalid_client", "KOE101"),
        (("client_secret", ""), 401, "invalid_client", "KOE010"),
        (("grant_type", "password"), 400, "unsupported_grant_type", "KOE310"),
        (("code", "x"), 400, "invalid_grant", "KOE320"),
        (("redirect_uri", "http://localhost:8080/"), 400, "invalid_grant", "KOE303"),
        (("code_verifier", CHALLENGE), 400, "invalid_grant", "KOE320"),
    ] {
        let refused = practice.exchange(&code, change).await;
        let body = refused.json();
        assert_eq!(
            (refused.status, &body["error"], &body["error_code"]),
            (status, &json!(error), &json!(koe)),
            "{change:?}"
        );
    }
    assert_eq!(practice.exchange(&code, ("", "")).await.status, 200);
    assert_eq!(practice.exchange(&code, ("", "")).await.json()["error_code"], "KOE320");
    let basic = practice.api("POST", "/oauth/token", "Basic Zm9vOmJhcg==").await;
    assert_eq!(basic.json()["error_description"], "Not exist client_id [null]");
    assert_eq!(practice.running.state().requests().pop().unwrap().authorization, AuthorizationKind::Basic);
}

#[actix_web::test]
async fn a_refresh_token_renews_and_dies_with_the_logout() {
    let mut practice = Practice::open().await;
    let tokens = practice.tokens(people::HONG).await;
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let renewed = practice.refresh(&refresh).await.json();
    assert!(renewed.get("refresh_token").is_none() && renewed.get("scope").is_none());
    assert!(claims(&renewed["id_token"]).get("nonce").is_none());
    practice.clock.advance(time::Duration::days(31));
    let replaced = practice.refresh(&refresh).await.json();
    assert_eq!(practice.refresh(&refresh).await.json()["error_code"], "KOE322");
    let old = practice.api("GET", "/v2/user/me", &bearer(&tokens)).await;
    assert_eq!((old.status, old.json()), (401, json!({"msg": "this access token is already expired", "code": -401})));
    let out = practice.api("POST", "/v1/user/logout", &bearer(&replaced)).await;
    assert_eq!(out.json(), json!({"id": people::HONG}));
    assert_eq!(
        practice.api("GET", "/v2/user/me", &bearer(&replaced)).await.json()["msg"],
        "this access token does not exist"
    );
    let replaced = replaced["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(practice.refresh(&replaced).await.json()["error_code"], "KOE322");
}

#[actix_web::test]
async fn unlinking_ends_tokens_and_consent_and_is_noticed_the_second_time() {
    let mut practice = Practice::open().await;
    let tokens = practice.tokens(people::HONG).await;
    assert_eq!(practice.api("POST", "/v1/user/unlink", &bearer(&tokens)).await.json(), json!({"id": people::HONG}));
    let again = practice.api("POST", "/v1/user/unlink", &bearer(&tokens)).await;
    assert_eq!((again.status, &again.json()["code"]), (401, &json!(-401)));
    let (key, target) =
        (format!("KakaoAK {}", demo::ADMIN_KEY), format!("target_id_type=user_id&target_id={}", people::HONG));
    let by_key = practice.api("POST", &format!("/v1/user/unlink?{target}"), &key).await;
    assert_eq!((by_key.status, &by_key.json()["code"]), (400, &json!(-101)));
    practice.tokens(people::HONG).await;
    assert_eq!(practice.api("GET", &format!("/v2/user/me?{target}"), &key).await.json()["id"], people::HONG);
    assert_eq!(practice.api("POST", &format!("/v1/user/unlink?{target}"), &key).await.status, 200);
}

#[actix_web::test]
async fn kapi_without_a_key_says_so_in_the_header_too() {
    let practice = Practice::open().await;
    let response = practice.client.get(practice.at("/v2/user/me")).send().await.unwrap();
    assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer error=invalid_token");
    assert_eq!(response.json_value().await, json!({"msg": "no authentication key!", "code": -401}));
}

/// reqwest's own `json` is a feature that nothing else here needs.
trait JsonValue {
    async fn json_value(self) -> Value;
}

impl JsonValue for Response {
    async fn json_value(self) -> Value {
        serde_json::from_str(&self.text().await.unwrap()).unwrap()
    }
}

#[actix_web::test]
async fn logging_out_with_the_account_forgets_the_browser() {
    let mut practice = Practice::open().await;
    practice.code(people::HONG, &[]).await;
    let done = "http://localhost:8080/logout/done";
    let ask = |uri: &str| format!("/oauth/logout?client_id={}&logout_redirect_uri={uri}&state=x%20y", demo::CLIENT_ID);
    assert!(practice.get(&ask("http://evil.test/")).await.body.contains("(KOE007)"));
    for (decision, error) in [("service", None), ("account", Some("login_required"))] {
        let page = practice.get(&ask(done)).await;
        let state = hidden(&page.body, "state");
        let fields =
            [("client_id", demo::CLIENT_ID), ("logout_redirect_uri", done), ("state", &state), ("decision", decision)];
        let left = practice.post("/oauth/logout", &fields).await;
        assert_eq!((left.status, left.location.unwrap()), (302, format!("{done}?state=x%20y")));
        assert_eq!(practice.authorize("&prompt=none").await.back("error").as_deref(), error);
    }
}

#[actix_web::test]
async fn what_it_says_about_itself_is_all_one_origin() {
    let mut practice = Practice::open().await;
    let document = practice.get("/.well-known/openid-configuration").await.json();
    let origin = practice.running.origin().to_owned();
    assert_eq!(document["issuer"], origin.as_str());
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        assert!(document[name].as_str().unwrap().starts_with(&format!("{origin}/")), "{name}");
    }
    let keys = practice.get("/.well-known/jwks.json").await.json();
    assert_eq!((&keys["keys"][0]["e"], &keys["keys"][0]["alg"]), (&json!("AQAB"), &json!("RS256")));
    let tokens = practice.tokens(people::HONG).await;
    let info = practice.api("GET", "/v1/oidc/userinfo", &bearer(&tokens)).await.json();
    assert_eq!((&info["sub"], &info["email_verified"]), (&json!("3900000101"), &json!(true)));
}

#[actix_web::test]
async fn pages_speak_both_languages_and_never_hold_u_0000() {
    let mut practice = Practice::open().await;
    let korean = practice.get("/").await.body;
    let english = practice.get("/?lang=en").await.body;
    assert!(korean.contains("연습용 카카오 — 실제 로그인이 아닙니다") && english.contains("this is not a real login"));
    let people = practice.authorize("").await;
    let chosen = practice.choose(&people, people::EMOJI).await;
    let consent = practice.get(chosen.location.as_deref().unwrap()).await;
    for page in [&korean, &english, &people.body, &consent.body] {
        assert_eq!(page.matches("<h1").count(), 1);
        assert!(!page.contains('\0') && !page.contains("sim-") && !page.contains("<script"), "{page}");
    }
    assert!(consent.body.contains("필름\u{2400}토끼"));
}

#[actix_web::test]
async fn tests_can_read_the_record_and_ask_for_faults() {
    let mut practice = Practice::open().await;
    let body = r#"{"msg":"temporary","code":-1}"#.to_owned();
    let fault = Fault { status: 400, content_type: "application/json", body: body.clone(), delay: Duration::ZERO };
    practice.running.state().fail_next("/v2/user/me", fault);
    assert_eq!(practice.api("GET", "/v2/user/me?a=1", "Bearer x").await.body, body);
    assert_eq!(practice.api("GET", "/v2/user/me", "Bearer x").await.status, 401);
    let requests = practice.running.state().requests();
    assert_eq!(requests.len(), 2);
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("GET", "/v2/user/me"));
    assert_eq!(requests[0].query, [("a".to_owned(), "1".to_owned())]);
    assert_eq!(requests[0].authorization, AuthorizationKind::Bearer);
    practice.running.state().forget_requests();
    assert!(practice.running.state().requests().is_empty());
}

#[actix_web::test]
async fn it_never_listens_where_others_can_reach_it() {
    let refused = start("0.0.0.0:0".parse().unwrap(), App::demo("http://localhost:8080"), Clock::system()).await;
    assert!(refused.unwrap_err().to_string().contains("loopback"));
}
