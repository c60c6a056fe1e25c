//! A program of the operator's that is told what happens: a real HTTP server that keeps what it was sent.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use serde_json::Value;

use super::app::Setting;
use super::port::free_address;

/// Part of its address that nobody else may see.
pub(crate) const CANARY: &str = "canary-of-the-address";

/// What it is told is signed with.
pub(crate) const SECRET: &str = "whsec_Y2FuYXJ5LW9mLXRoZS1zaWduaW5nLXNlY3JldA==";

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Path and query.
    pub(crate) place: String,
    /// Its headers, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Told {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("no {name}: {:?}", self.headers))
    }

    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }
}

#[derive(Default)]
struct State {
    asked: Mutex<Vec<Told>>,
    understood: Mutex<Vec<Told>>,
    status: AtomicU16,
    holds: AtomicBool,
}

pub(crate) struct Receiver {
    address: SocketAddr,
    state: Arc<State>,
}

impl Receiver {
    /// An address at which nobody listens yet.
    pub(crate) fn away() -> Self {
        let state = State { status: AtomicU16::new(204), ..State::default() };
        Self { address: free_address(), state: Arc::new(state) }
    }

    /// Listens, and understands.
    pub(crate) fn start() -> Self {
        let receiver = Self::away();
        receiver.listen();
        receiver
    }

    pub(crate) fn listen(&self) {
        let state = web::Data::from(self.state.clone());
        let listener = TcpListener::bind(self.address).expect("its address");
        let server = HttpServer::new(move || App::new().app_data(state.clone()).default_service(web::to(hear)));
        rt::spawn(server.workers(1).disable_signals().listen(listener).expect("a listener").run());
    }

    /// What the site has to know.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let url = format!("http://{}/{CANARY}/?key={CANARY}", self.address);
        vec![("FIIIIILM_EVENTS__URL", url), ("FIIIIILM_EVENTS__SECRET", SECRET.into())]
    }

    /// Answers so from now on.
    pub(crate) fn answers(&self, status: u16) {
        self.state.status.store(status, Ordering::SeqCst);
    }

    /// Takes what comes, and answers nothing as long as it holds.
    pub(crate) fn holds(&self, holds: bool) {
        self.state.holds.store(holds, Ordering::SeqCst);
    }

    /// Every request so far.
    pub(crate) fn asked(&self) -> Vec<Told> {
        self.state.asked.lock().expect("no panic").clone()
    }

    /// Those that were answered well.
    pub(crate) fn understood(&self) -> Vec<Told> {
        self.state.understood.lock().expect("no panic").clone()
    }
}

async fn hear(state: web::Data<State>, req: HttpRequest, body: web::Bytes) -> HttpResponse {
    let headers = req
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().expect("a header in ASCII").to_owned()));
    let told = Told {
        place: req.uri().to_string(),
        headers: headers.collect(),
        body: String::from_utf8(body.to_vec()).expect("a body in UTF-8"),
    };
    state.asked.lock().expect("no panic").push(told.clone());
    while state.holds.load(Ordering::SeqCst) {
        rt::time::sleep(Duration::from_millis(20)).await;
    }
    let status = StatusCode::from_u16(state.status.load(Ordering::SeqCst)).expect("a status");
    if status.is_success() {
        state.understood.lock().expect("no panic").push(told);
    }
    HttpResponse::build(status).insert_header(("location", "/elsewhere")).finish()
}
