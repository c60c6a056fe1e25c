//! Carrying a notice over, and what was answered.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Method};

use super::super::provider::Provider;
use super::super::state::State;
use super::kinds::{Notice, Variation};

/// Providers wait so long, as Kakao documents it.
const PATIENCE: Duration = Duration::from_secs(3);

/// So many are remembered.
const SENT_MAX: usize = 50;

/// So much of an answer is kept, in characters.
const ANSWER_MAX: usize = 500;

/// A notice as it goes over the wire.
#[derive(Clone)]
pub struct Delivery {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query at the site.
    pub path: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// As it is.
    pub body: String,
}

/// Without keys and tokens.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path.split('?').next().unwrap_or_default())
    }
}

impl Delivery {
    pub(super) fn new(method: &'static str, path: &str, content_type: &str, body: String) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { method, path: path.to_owned(), headers, body }
    }
}

/// A notice that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// What it said.
    pub notice: Notice,
    /// About whom.
    pub person: String,
    /// In which way it was odd.
    pub variation: Variation,
    /// The notice itself.
    pub delivery: Delivery,
    /// What was answered; `None` when nothing came in time.
    pub status: Option<u16>,
    /// The beginning of the answer's body, or why there is none.
    pub answer: String,
    /// Unix seconds.
    pub at: i64,
}

/// What was sent, the newest last.
#[derive(Default)]
pub(in super::super) struct Outbox(Mutex<VecDeque<Sent>>);

impl Outbox {
    pub(super) fn all(&self) -> Vec<Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn keep(&self, sent: Sent) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == SENT_MAX {
            all.pop_front();
        }
        all.push_back(sent);
    }
}

impl State {
    /// What was sent, the newest last.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.outbox.all()
    }

    /// Sends a notice to the site, follows no redirect, waits three seconds, and remembers the answer.
    pub async fn send_notice(&self, notice: Notice, person: &str, variation: Variation) -> Sent {
        let built = self.notice(notice, person, variation);
        let nothing = || Delivery::new("POST", "", "text/plain", String::new());
        let (delivery, outcome) = match built {
            Ok(delivery) => {
                let outcome = carry(&self.app.site, &delivery).await;
                (delivery, outcome)
            }
            Err(cause) => (nothing(), Err(cause.to_string())),
        };
        let (status, answer) = match outcome {
            Ok((status, body)) => (Some(status), body.chars().take(ANSWER_MAX).collect()),
            Err(why) => (None, why),
        };
        let sent = Sent { notice, person: person.to_owned(), variation, delivery, status, answer, at: self.now() };
        self.outbox.keep(sent.clone());
        sent
    }

    /// Sends the newest notice once more, byte for byte: the same id, the same time.
    pub async fn send_again(&self) -> Option<Sent> {
        let last = self.outbox.all().pop()?;
        let (status, answer) = match carry(&self.app.site, &last.delivery).await {
            Ok((status, body)) => (Some(status), body.chars().take(ANSWER_MAX).collect()),
            Err(why) => (None, why),
        };
        let sent = Sent { status, answer, at: self.now(), ..last };
        self.outbox.keep(sent.clone());
        Some(sent)
    }
}

/// Status and body, or why there are none.
async fn carry(site: &str, delivery: &Delivery) -> Result<(u16, String), String> {
    // The whole error would name the address, and Kakao's by GET holds somebody's number.
    let told = |error: reqwest::Error| error.without_url().to_string();
    let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE).build().map_err(told)?;
    let method = if delivery.method == "GET" { Method::GET } else { Method::POST };
    let mut request = client.request(method, format!("{site}{}", delivery.path)).body(delivery.body.clone());
    for (name, value) in &delivery.headers {
        request = request.header(name, value);
    }
    let answer = request.send().await.map_err(told)?;
    let status = answer.status().as_u16();
    Ok((status, answer.text().await.map_err(told)?))
}

/// What a provider tells the site when a person ends the link on the provider's own page.
pub(in super::super) async fn after_unlink(state: &State, provider: Provider, person: &str) {
    let notices: &[Notice] = match provider {
        Provider::Kakao => &[Notice::KakaoUnlink("UNLINK_FROM_APPS"), Notice::KakaoEvent("user-unlinked")],
        Provider::Naver => &[Notice::NaverUnlink],
        Provider::Google => &[Notice::GoogleEvent("tokens-revoked")],
        Provider::Apple => &[Notice::AppleEvent("consent-revoked")],
        Provider::Github | Provider::Line | Provider::Oidc => &[],
    };
    for notice in notices {
        state.send_notice(*notice, person, Variation::Plain).await;
    }
}

/// Kakao tells a site of the unlink it asked for itself, too. A tested site has an address nobody can reach: nothing is
/// sent there.
pub(in super::super) fn echo(state: &Arc<State>, person: &str) {
    if !state.app.site.starts_with("http://") {
        return;
    }
    let (state, person) = (state.clone(), person.to_owned());
    actix_web::rt::spawn(async move {
        state.send_notice(Notice::KakaoEvent(super::kinds::ECHO), &person, Variation::Plain).await;
    });
}
