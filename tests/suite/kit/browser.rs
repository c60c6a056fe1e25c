//! A client with a cookie jar that behaves as a browser does: it follows links and forms when told, sends fetch
//! metadata, and reaches `https://app.test` at the address the tested server listens on.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use fiiiiilm::simulator::notices::Delivery;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, Method, redirect};
use url::Url;

use super::app::ORIGIN;

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("no Location in {} {}: {}", self.status, self.url, self.body))
    }

    pub(crate) fn set_cookies(&self) -> Vec<String> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("ASCII").to_owned()).collect()
    }

    /// The value a Set-Cookie of this name gives.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.set_cookies().iter().find_map(|line| {
            let (found, rest) = line.split_once('=')?;
            (found == name).then(|| rest.split(';').next().unwrap_or_default().to_owned())
        })
    }

    /// The value of a hidden or other field of a form on the page.
    pub(crate) fn field(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\"");
        let tag = self
            .body
            .split('<')
            .find(|tag| tag.contains(&marker))
            .unwrap_or_else(|| panic!("no field {name}: {}", self.body));
        let value = tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        unescaped(value)
    }

    /// The values of the ticks of that name.
    fn ticks(&self, name: &str) -> Vec<String> {
        let marker = format!("type=\"checkbox\" name=\"{name}\"");
        let tags = self.body.split('<').filter(|tag| tag.contains(&marker));
        tags.filter_map(|tag| attribute(tag, "value")).collect()
    }

    /// Whether this is a page whose form posts itself.
    fn posts_itself(&self) -> bool {
        self.status == 200 && self.body.contains("document.forms[0].submit()")
    }

    /// Where the only form of the page goes, and its hidden fields.
    fn form(&self) -> (String, Vec<(String, String)>) {
        let tag = self.body.split('<').find(|tag| tag.starts_with("form ")).expect("a form");
        let hidden = self.body.split('<').filter(|tag| tag.contains("type=\"hidden\""));
        let fields =
            hidden.map(|tag| (attribute(tag, "name").expect("a name"), attribute(tag, "value").expect("a value")));
        (attribute(tag, "action").expect("an action"), fields.collect())
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(unescaped(value))
}

fn unescaped(value: &str) -> String {
    value
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

/// A browser.
pub(crate) struct Browser {
    client: Client,
    server: SocketAddr,
    /// Cookies by site (`app` or the simulator's authority) and name.
    jar: BTreeMap<(String, String), String>,
    /// Sent with every request.
    pub(crate) accept_language: String,
}

impl Browser {
    pub(crate) fn new(server: SocketAddr) -> Self {
        Self::with(Client::builder(), server)
    }

    /// On a machine of its own, as far as the server can see.
    pub(crate) fn from_address(server: SocketAddr, address: IpAddr) -> Self {
        Self::with(Client::builder().local_address(address), server)
    }

    fn with(client: ClientBuilder, server: SocketAddr) -> Self {
        // The server closes a connection nobody has used for five seconds; on a busy machine a request may be on its way then.
        let client = client.pool_idle_timeout(Duration::from_secs(1));
        let client = client.redirect(redirect::Policy::none()).build().expect("a client");
        Self { client, server, jar: BTreeMap::new(), accept_language: "ko-KR,ko;q=0.9,en;q=0.8".into() }
    }

    /// The same browser, which keeps no connection open.
    pub(crate) fn unpooled(self) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).pool_max_idle_per_host(0).build();
        Self { client: client.expect("a client"), ..self }
    }

    /// The same person's browser pointed at another process.
    pub(crate) fn at(&mut self, server: SocketAddr) -> &mut Self {
        self.server = server;
        self
    }

    /// A copy with the same cookies: another tab, or a thief.
    pub(crate) fn twin(&self) -> Self {
        Self {
            client: self.client.clone(),
            server: self.server,
            jar: self.jar.clone(),
            accept_language: self.accept_language.clone(),
        }
    }

    /// A cookie of the tested site; `name` without prefix.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.get(&("app".into(), format!("__Host-{name}"))).map(String::as_str)
    }

    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.jar.insert(("app".into(), format!("__Host-{name}")), value.into());
    }

    pub(crate) fn forget_cookie(&mut self, name: &str) {
        self.jar.remove(&("app".into(), format!("__Host-{name}")));
    }

    /// GET to a server that may be gone in the middle.
    pub(crate) async fn try_get(&mut self, path: &str) -> reqwest::Result<Answer> {
        self.try_send(Method::GET, path, &[("Sec-Fetch-Site", "none")], None).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("Sec-Fetch-Site", "none")], None).await
    }

    /// GET with further headers.
    pub(crate) async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, None).await
    }

    /// Submits a form from one of the site's own pages.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)], Some(form)).await
    }

    /// The same with a body as it is.
    pub(crate) async fn post_raw(&mut self, path: &str, body: &str) -> Answer {
        let body = Some(("application/x-www-form-urlencoded", body.to_owned()));
        let headers = [("Sec-Fetch-Site", "same-origin"), ("Origin", ORIGIN)];
        self.exchange(Method::POST, path, &headers, body).await.expect("an answer")
    }

    /// Any request. `path` is a path of the tested site or a whole address.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Answer {
        self.try_send(method, path, headers, form).await.expect("an answer")
    }

    /// A request with a JSON body, or with none, from one of the site's own pages as far as `headers` do not say otherwise.
    pub(crate) async fn json(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&serde_json::Value>,
    ) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string()));
        self.exchange(method, path, headers, body).await.expect("an answer")
    }

    /// A program's request with a JSON body to a server that may be gone in the middle.
    pub(crate) async fn try_json(
        &mut self,
        method: Method,
        path: &str,
        body: &serde_json::Value,
    ) -> reqwest::Result<Answer> {
        self.exchange(method, path, &[], Some(("application/json", body.to_string()))).await
    }

    /// Carries a notice of the simulator over: the tested site has an address only this browser can reach.
    pub(crate) async fn deliver(&mut self, delivery: &Delivery) -> Answer {
        self.try_deliver(delivery).await.expect("an answer")
    }

    /// The same, to a server that may be gone in the middle.
    pub(crate) async fn try_deliver(&mut self, delivery: &Delivery) -> reqwest::Result<Answer> {
        let method = Method::from_bytes(delivery.method.as_bytes()).expect("a method");
        let of = |name: &str| delivery.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let headers: Vec<(&str, &str)> =
            of("Authorization").map(|value| ("Authorization", value)).into_iter().collect();
        let body = (delivery.method != "GET").then(|| (of("Content-Type").unwrap_or_default(), delivery.body.clone()));
        self.exchange(method, &delivery.path, &headers, body).await
    }

    async fn try_send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> reqwest::Result<Answer> {
        let encode = |form| url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let body = form.map(|form| ("application/x-www-form-urlencoded", encode(form)));
        self.exchange(method, path, headers, body).await
    }

    async fn exchange(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<(&str, String)>,
    ) -> reqwest::Result<Answer> {
        // Not joined: `//admin` is a path here, not a host.
        let whole = if path.starts_with('/') { format!("{ORIGIN}{path}") } else { path.to_owned() };
        let url = Url::parse(&whole).expect("an address");
        let site =
            if url.origin().ascii_serialization() == ORIGIN { "app".to_owned() } else { url.authority().to_owned() };
        let mut target = url.clone();
        if site == "app" {
            target.set_scheme("http").expect("http");
            target.set_ip_host(self.server.ip()).expect("an IP");
            target.set_port(Some(self.server.port())).expect("a port");
        }
        let mut request = self.client.request(method, target).header("Accept-Language", &self.accept_language);
        if site == "app" && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.header("Host", "app.test");
        }
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("cookie"))
            && let Some(cookies) = self.cookie_header(&site)
        {
            request = request.header("Cookie", cookies);
        }
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
            request = request.header(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
        }
        if let Some((kind, body)) = body {
            request = request.header("Content-Type", kind).body(body);
        }
        let response = sent(request).await?;
        let answer = Answer {
            url,
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await?,
        };
        self.keep_cookies(&site, &answer);
        Ok(answer)
    }

    pub(crate) fn cookie_header(&self, site: &str) -> Option<String> {
        let pairs: Vec<String> = self
            .jar
            .iter()
            .filter(|((of, _), _)| of == site)
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep_cookies(&mut self, site: &str, answer: &Answer) {
        for line in answer.set_cookies() {
            let (name, rest) = line.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            let key = (site.to_owned(), name.to_owned());
            if rest.contains("Max-Age=0") {
                self.jar.remove(&key);
            } else {
                self.jar.insert(key, value.to_owned());
            }
        }
    }

    /// Goes to the provider and comes back with the callback's address, not opened yet.
    pub(crate) async fn until_callback(&mut self, start: &str, subject: &str) -> String {
        let started = self.get(start).await;
        assert_eq!(started.status, 303, "{}", started.body);
        let authorize = started.location().to_owned();
        self.consent(&authorize, subject, "agree").await
    }

    /// At any of the simulator's providers: choose a person and answer the consent page; returns where the provider sends
    /// the browser. Where it posts its answer, that is where the site sends the browser then.
    pub(crate) async fn consent(&mut self, authorize: &str, subject: &str, decision: &str) -> String {
        let choose = self.get(authorize).await;
        assert_eq!(choose.status, 200, "{}", choose.body);
        let request = choose.field("request");
        let base = Url::parse(authorize).expect("an address");
        let person = base.join(&format!("{}/person", base.path())).expect("an address");
        let chosen =
            self.send(Method::POST, person.as_str(), &[], Some(&[("request", &request), ("person", subject)])).await;
        match chosen.status {
            302 => return base.join(chosen.location()).expect("an address").into(),
            303 => {}
            200 if chosen.posts_itself() => return self.post_from_elsewhere(&chosen).await,
            _ => panic!("the person page answered {}: {}", chosen.status, chosen.body),
        }
        let page = self.get(base.join(chosen.location()).expect("an address").as_str()).await;
        // The same person agreed in another browser in the meantime: nothing is left to ask.
        if page.posts_itself() {
            return self.post_from_elsewhere(&page).await;
        }
        if page.status == 302 {
            return base.join(page.location()).expect("an address").into();
        }
        let (request, scopes) = (page.field("request"), page.ticks("scope"));
        let consent = base.join(&format!("{}/consent", base.path())).expect("an address");
        let mut form = vec![("request", request.as_str()), ("decision", decision)];
        form.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
        let done = self.send(Method::POST, consent.as_str(), &[], Some(&form)).await;
        if done.posts_itself() {
            return self.post_from_elsewhere(&done).await;
        }
        base.join(done.location()).expect("an address").into()
    }

    /// Where a provider sends the browser that turns it back at its first page.
    pub(crate) async fn turned_back(&mut self, authorize: &str) -> String {
        let answer = self.get(authorize).await;
        if answer.posts_itself() { self.post_from_elsewhere(&answer).await } else { answer.location().to_owned() }
    }

    /// Submits the form of a page of another site, as Apple's posts itself: cookies that are `Lax` stay at home.
    async fn post_from_elsewhere(&mut self, page: &Answer) -> String {
        let answer = self.submit_from_elsewhere(page).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        Url::parse(ORIGIN).expect("an address").join(answer.location()).expect("an address").into()
    }

    /// As [`Self::post_from_elsewhere`], for tests that look at the answer.
    pub(crate) async fn submit_from_elsewhere(&mut self, page: &Answer) -> Answer {
        let (action, fields) = page.form();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let home = self.jar.clone();
        self.jar.clear();
        let origin = page.url.origin().ascii_serialization();
        let headers = [("Sec-Fetch-Site", "cross-site"), ("Origin", origin.as_str())];
        let answer = self.send(Method::POST, &action, &headers, Some(&fields)).await;
        let brought = std::mem::replace(&mut self.jar, home);
        self.jar.extend(brought);
        answer
    }

    /// A whole login with Kakao; answers what the callback answered.
    pub(crate) async fn log_in(&mut self, subject: &str) -> Answer {
        self.log_in_at("kakao", subject).await
    }

    /// A whole login with this provider; answers what the callback answered.
    pub(crate) async fn log_in_at(&mut self, provider: &str, subject: &str) -> Answer {
        let callback = self.until_callback(&format!("/login/{provider}"), subject).await;
        self.get(&callback).await
    }

    /// The same; whoever is asked whether to link, because somebody here has their e-mail, begins apart.
    pub(crate) async fn come_in_at(&mut self, provider: &str, subject: &str) -> Answer {
        let answer = self.log_in_at(provider, subject).await;
        match answer.header("location") {
            Some("/welcome") => self.post("/welcome", &[("choice", "apart")]).await,
            _ => answer,
        }
    }

    /// The same by somebody whose e-mail is somebody's here already, and who begins apart.
    pub(crate) async fn log_in_apart(&mut self, subject: &str) -> Answer {
        let offered = self.log_in(subject).await;
        assert_eq!((offered.status, offered.location()), (303, "/welcome"), "{}", offered.body);
        self.post("/welcome", &[("choice", "apart")]).await
    }

    /// Who the site thinks is there, by cookie.
    pub(crate) async fn me(&mut self) -> Answer {
        self.get("/api/me").await
    }
}

/// On a machine so busy that a connection was opened and nothing said on it for five seconds, the server has said 408 and hung
/// up before the request came, which it therefore never saw: as any browser does, it is sent on another connection (RFC 9112
/// section 9.5).
async fn sent(mut request: reqwest::RequestBuilder) -> reqwest::Result<reqwest::Response> {
    for _ in 0..5 {
        let Some(again) = request.try_clone() else { break };
        match request.send().await {
            Err(error) if format!("{error:?}").contains("UnexpectedMessage") => request = again,
            answered => return answered,
        }
    }
    request.send().await
}
