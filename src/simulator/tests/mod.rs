//! Walks the practice provider over HTTP, as a browser and as a site do.

mod notices;
mod others;
mod pages;
mod programs;

use data_encoding::BASE64URL_NOPAD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use url::Url;

use super::{App, Provider, Running, start};
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
        Self::open_for("http://localhost:8080").await
    }

    async fn open_for(site: &str) -> Self {
        let clock = Clock::system();
        let mut app = App::demo(site);
        if let Some(kakao) = app.registered.get_mut(&Provider::Kakao) {
            kakao.redirect_uris = vec![BACK.to_owned()];
        }
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
            if cookie.starts_with("sim_session=") {
                self.cookie = cookie.split(';').next().unwrap().to_owned();
            }
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

    async fn choose(&mut self, page: &Seen, person: &str) -> Seen {
        assert_eq!(page.status, 200, "{}", page.body);
        let request = hidden(&page.body, "request");
        self.post("/oauth/authorize/person", &[("request", &request), ("person", person)]).await
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
    async fn code(&mut self, person: &str, ticked: &[&str]) -> String {
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

    async fn tokens(&mut self, person: &str) -> Value {
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
