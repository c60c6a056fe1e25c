//! The other providers, each in its own shapes.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::Serializer;

use super::super::{Habit, Provider};
use super::{CHALLENGE, Practice, Seen, VERIFIER, claims, hidden};
use crate::config::demo;

fn back(provider: Provider) -> String {
    format!("http://localhost:8080/login/{}/callback", provider.name())
}

fn app(provider: Provider) -> demo::PracticeApp {
    match provider {
        Provider::Naver => demo::NAVER,
        Provider::Google => demo::GOOGLE,
        Provider::Github => demo::GITHUB,
        Provider::Apple => demo::APPLE,
        Provider::Line => demo::LINE,
        Provider::Kakao | Provider::Oidc => demo::OIDC,
    }
}

/// What came back to the site: by redirect or by Apple's form.
fn returned(seen: &Seen) -> Vec<(String, String)> {
    if let Some(location) = &seen.location {
        return Url::parse(location).unwrap().query_pairs().into_owned().collect();
    }
    let fields = seen.body.split("type=\"hidden\" name=\"").skip(1);
    let plain = |text: &str| text.replace("&#34;", "\"").replace("&#38;", "&");
    fields
        .map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            (name.to_owned(), plain(rest.split('"').next().unwrap()))
        })
        .collect()
}

fn named<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

impl Practice {
    /// As far as the way back, with every item ticked.
    async fn login_at(
        &mut self,
        provider: Provider,
        person: &str,
        decision: &str,
        more: &str,
    ) -> Vec<(String, String)> {
        let path = provider.paths(super::super::Place::Authorize)[0];
        let query = Serializer::new(String::new())
            .append_pair("client_id", app(provider).client_id)
            .append_pair("redirect_uri", &back(provider))
            .append_pair("response_type", "code")
            .append_pair("state", "s1")
            .append_pair("nonce", "n1")
            .append_pair("code_challenge", CHALLENGE)
            .append_pair("code_challenge_method", "S256")
            .finish();
        let page = self.get(&format!("{path}?{query}{more}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let request = hidden(&page.body, "request");
        let chosen = self.post(&format!("{path}/person"), &[("request", &request), ("person", person)]).await;
        if chosen.status != 303 {
            return returned(&chosen);
        }
        let question = self.get(chosen.location.as_deref().unwrap()).await;
        let ticks: Vec<String> = question
            .body
            .split("name=\"scope\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        let mut fields = vec![("request", request.as_str()), ("decision", decision)];
        fields.extend(ticks.iter().map(|scope| ("scope", scope.as_str())));
        returned(&self.post(&format!("{path}/consent"), &fields).await)
    }

    async fn trade(&mut self, provider: Provider, code: &str, change: (&str, &str)) -> Seen {
        let address = back(provider);
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", app(provider).client_id),
            ("client_secret", app(provider).client_secret),
            ("redirect_uri", address.as_str()),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("state", "s1"),
        ];
        fields.retain(|(name, _)| *name != change.0);
        if !change.0.is_empty() {
            fields.push(change);
        }
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let path = provider.paths(super::super::Place::Token)[0];
        let request = self.client.post(self.at(path)).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.header(ACCEPT, "application/json").body(form)).await
    }

    async fn get_by(&mut self, path: &str, token: &Value) -> Seen {
        let request = self.client.get(self.at(path)).header("User-Agent", "a test");
        self.send(request.header(AUTHORIZATION, format!("Bearer {}", token.as_str().unwrap()))).await
    }
}

#[actix_web::test]
async fn naver_says_errors_with_200_numbers_as_texts_and_wraps_the_profile() {
    let mut practice = Practice::open().await;
    let person = Provider::Naver.people()[0].id;
    let no = practice.login_at(Provider::Naver, person, "cancel", "").await;
    assert_eq!(
        (named(&no, "error"), named(&no, "error_description")),
        (Some("access_denied"), Some("Canceled By User"))
    );
    let back = practice.login_at(Provider::Naver, person, "agree", "").await;
    let code = named(&back, "code").unwrap().to_owned();
    for change in [("state", "other"), ("code", "x"), ("code_verifier", CHALLENGE)] {
        let refused = practice.trade(Provider::Naver, &code, change).await;
        assert_eq!((refused.status, refused.json()["error"].as_str()), (200, Some("invalid_request")), "{change:?}");
    }
    let tokens = practice.trade(Provider::Naver, &code, ("", "")).await.json();
    assert_eq!((&tokens["expires_in"], &tokens["token_type"]), (&json!("3600"), &json!("bearer")));
    assert!(tokens["access_token"].as_str().unwrap().contains('+'));
    let me = practice.get_by("/naver/v1/nid/me", &tokens["access_token"]).await.json();
    assert_eq!((&me["resultcode"], &me["response"]["id"]), (&json!("00"), &json!(person)));
    assert_eq!(practice.get_by("/naver/v1/nid/me", &json!("x")).await.json()["resultcode"], "024");
    let revoke = |token: &str| {
        let (id, secret) = (demo::NAVER.client_id.to_owned(), demo::NAVER.client_secret.to_owned());
        [("client_id".to_owned(), id), ("client_secret".to_owned(), secret), ("token".to_owned(), token.to_owned())]
    };
    let fields = revoke(tokens["refresh_token"].as_str().unwrap());
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        let ended = practice.post("/naver/oauth2.0/revoke", &fields).await;
        assert_eq!((ended.status, ended.body.as_str()), (200, ""));
    }
    assert!(!practice.running.state().is_linked(Provider::Naver, person));
}

#[actix_web::test]
async fn github_names_itself_joins_scopes_with_commas_and_pages_its_list() {
    let mut practice = Practice::open().await;
    let second = &Provider::Github.people()[4];
    let back = practice.login_at(Provider::Github, second.id, "agree", "&scope=user:email").await;
    assert_eq!(named(&back, "iss"), Some(format!("{}/github/login/oauth", practice.running.origin()).as_str()));
    let code = named(&back, "code").unwrap().to_owned();
    let refused = practice.trade(Provider::Github, "x", ("", "")).await;
    assert_eq!((refused.status, &refused.json()["error"]), (200, &json!("bad_verification_code")));
    let tokens = practice.trade(Provider::Github, &code, ("", "")).await.json();
    assert_eq!((&tokens["scope"], tokens.get("expires_in")), (&json!("user:email"), None));
    let user = practice.get_by("/github/user", &tokens["access_token"]).await.json();
    assert_eq!(user["id"], json!(583_235));
    let first = practice.get_by("/github/user/emails?per_page=100", &tokens["access_token"]).await.json();
    let rest = practice.get_by("/github/user/emails?per_page=100&page=2", &tokens["access_token"]).await.json();
    let main = |page: &Value| page.as_array().unwrap().iter().any(|row| row["primary"] == true);
    assert!(!main(&first) && main(&rest));
    practice.running.state().set_habit(Provider::Github, Habit::CallbackIssuer, false);
    practice.running.state().set_habit(Provider::Github, Habit::ExpiringTokens, true);
    let back = practice.login_at(Provider::Github, second.id, "agree", "&scope=user:email").await;
    assert_eq!(named(&back, "iss"), None);
    let code = named(&back, "code").unwrap().to_owned();
    assert_eq!(practice.trade(Provider::Github, &code, ("", "")).await.json()["expires_in"], json!(28_800));
    // Without asking for JSON one gets a form.
    let form = practice.post("/github/login/oauth/access_token", &[("code", "x")]).await;
    assert!(form.body.starts_with("error=incorrect_client_credentials"), "{}", form.body);
}

#[actix_web::test]
async fn apple_posts_its_answer_says_a_name_once_and_takes_only_a_signed_secret() {
    let mut practice = Practice::open().await;
    let person = Provider::Apple.people()[0].id;
    let more = "&scope=name%20email&response_mode=form_post";
    let first = practice.login_at(Provider::Apple, person, "agree", more).await;
    let user: Value = serde_json::from_str(named(&first, "user").unwrap()).unwrap();
    assert_eq!((&user["name"]["firstName"], &user["email"]), (&json!("길동"), &json!("hong@example.com")));
    assert_eq!(named(&first, "state"), Some("s1"));
    let second = practice.login_at(Provider::Apple, person, "agree", more).await;
    assert!(named(&second, "user").is_none() && named(&second, "code").is_some());
    let no = practice.login_at(Provider::Apple, Provider::Apple.people()[1].id, "cancel", more).await;
    assert_eq!(named(&no, "error"), Some("user_cancelled_authorize"));
    let code = named(&first, "code").unwrap().to_owned();
    for secret in ["", demo::APPLE_PRIVATE_KEY, "a.b.c"] {
        let refused = practice.trade(Provider::Apple, &code, ("client_secret", secret)).await;
        assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("invalid_client")), "{secret}");
    }
    assert!(practice.get("/apple/auth/keys").await.json()["keys"].as_array().unwrap().len() == 3);
}

#[actix_web::test]
async fn line_signs_under_the_secret_unless_asked_and_never_names_the_email_scope() {
    let mut practice = Practice::open().await;
    let person = Provider::Line.people()[0].id;
    let more = "&scope=openid%20profile%20email";
    let no = practice.login_at(Provider::Line, person, "cancel", more).await;
    assert_eq!((named(&no, "errorCode"), named(&no, "errorMessage")), (Some("417"), Some("DISALLOWED")));
    let back = practice.login_at(Provider::Line, person, "agree", more).await;
    let tokens = practice.trade(Provider::Line, named(&back, "code").unwrap(), ("", "")).await.json();
    assert_eq!(tokens["scope"], "profile openid");
    let said = claims(&tokens["id_token"]);
    assert_eq!(
        (&said["sub"], &said["email"], said.get("email_verified")),
        (&json!(person), &json!("hong@example.com"), None)
    );
    let check =
        [("id_token", tokens["id_token"].as_str().unwrap()), ("client_id", demo::LINE.client_id), ("nonce", "n1")];
    assert_eq!(practice.post("/line/oauth2/v2.1/verify", &check).await.json()["sub"], person);
    let wrong = [check[0], check[1], ("nonce", "n2")];
    assert_eq!(
        practice.post("/line/oauth2/v2.1/verify", &wrong).await.json()["error_description"],
        "Invalid IdToken Nonce."
    );
    let back = practice.login_at(Provider::Line, person, "agree", more).await;
    let tokens =
        practice.trade(Provider::Line, named(&back, "code").unwrap(), ("id_token_key_type", "JWK")).await.json();
    let head = tokens["id_token"].as_str().unwrap().split('.').next().unwrap();
    assert!(
        String::from_utf8(data_encoding::BASE64URL_NOPAD.decode(head.as_bytes()).unwrap()).unwrap().contains("ES256")
    );
    let astray = practice.login_at(Provider::Line, Provider::Line.people()[4].id, "agree", more).await;
    assert_eq!(named(&astray, "state"), Some("nobodysState"));
}

#[actix_web::test]
async fn google_and_the_plain_issuer_give_whole_id_tokens() {
    let mut practice = Practice::open().await;
    let more = "&scope=openid%20profile%20email";
    for provider in [Provider::Google, Provider::Oidc] {
        let person = &provider.people()[0];
        let back = practice.login_at(provider, person.id, "agree", more).await;
        let code = named(&back, "code").unwrap().to_owned();
        assert_eq!(practice.trade(provider, &code, ("redirect_uri", "http://localhost:8080/")).await.status, 400);
        let tokens = practice.trade(provider, &code, ("", "")).await.json();
        let said = claims(&tokens["id_token"]);
        assert_eq!(said["iss"], provider.issuer(practice.running.origin()));
        assert_eq!(
            (&said["sub"], &said["nonce"], &said["email_verified"]),
            (&json!(person.id), &json!("n1"), &json!(true))
        );
        assert!(said["at_hash"].is_string());
        let path = provider.paths(super::super::Place::Profile)[0];
        assert_eq!(practice.get_by(path, &tokens["access_token"]).await.json()["sub"], person.id);
        assert_eq!(
            practice.get_by("/v2/user/me", &tokens["access_token"]).await.status,
            401,
            "elsewhere it opens nothing"
        );
        let again = practice.trade(provider, &code, ("", "")).await;
        assert_eq!(again.status, 400, "once");
    }
}

#[actix_web::test]
async fn what_is_wrong_with_a_request_is_told_on_a_page_of_the_providers_own() {
    let mut practice = Practice::open().await;
    for provider in Provider::ALL.into_iter().filter(|provider| *provider != Provider::Kakao) {
        let path = provider.paths(super::super::Place::Authorize)[0];
        let page = practice.get(&format!("{path}?client_id=x&response_type=code&redirect_uri=http://evil.test/")).await;
        assert_eq!((page.status, page.location.as_deref()), (400, None), "{provider:?}");
        assert!(page.body.contains("(invalid_client)"), "{}", page.body);
        let person = provider.people()[0].id;
        let strange = practice.post(&format!("{path}/person"), &[("request", "x"), ("person", person)]).await;
        assert_eq!(strange.status, 400, "{provider:?}");
    }
}
