//! How long a login takes while somebody floods the webhooks with forged notices: `cargo bench -- flood`.
//!
//! People log in at a modest, steady pace, each in a browser opened for it, from addresses of their own; a login is timed from the
//! moment it was due, whole: both pages of the site, the provider's, the session. That is measured when it is quiet, then under
//! 2,000 forged notices a second from 250 addresses (none of which asks too often, so each notice is looked at), then under as
//! many from one. The limits are those the program has by itself.

mod forged;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fiiiiilm::clock::Clock;
use fiiiiilm::config::demo;
use fiiiiilm::simulator;
use fiiiiilm::simulator::{Place, Provider};
use tokio::time::{MissedTickBehavior, interval, interval_at};

use crate::client::{Line, Visitor};
use crate::site::{Postgres, Site, authority};
use forged::Forged;

/// Forged notices a second.
const FORGED: u32 = 2_000;

/// Logins a second.
const LOGINS: u32 = 10;

/// Connections of the flood, each from an address of its own or all from one.
const CONNECTIONS: u8 = 250;

/// Browsers; more logins under way at once make more.
const BROWSERS: usize = 40;

/// One stretch of time.
struct Stretch {
    median: Duration,
    p95: Duration,
    /// Forged notices a second that were answered, and how often with what.
    forged: f64,
    answers: BTreeMap<u16, u32>,
    /// Lists of keys that were fetched.
    keys: usize,
    /// CPU time of the program, in cores.
    cores: f64,
}

struct Scene {
    site: Site,
    practice: simulator::Running,
    provider: SocketAddr,
    visitors: Arc<Mutex<Vec<Visitor>>>,
    forged: Arc<Forged>,
}

/// Measures on one database or on both, and prints what came of it.
pub(crate) async fn run(quick: bool, sqlite: bool, postgres: bool) {
    let time = Duration::from_secs(if quick { 5 } else { 60 });
    let mut columns = Vec::new();
    if sqlite {
        columns.push(("SQLite", measure(None, time).await));
    }
    if postgres {
        let postgres = Postgres::start("");
        columns.push(("PostgreSQL", measure(Some(&postgres), time).await));
    }
    let cores = std::thread::available_parallelism().unwrap();
    println!(
        "\n{cores} cores, which the flood, the browsers and the provider share; {LOGINS} logins a second; each line is {} s.\n",
        time.as_secs()
    );
    println!("| | | login, median | p95 | of quiet | forged notices | answered | keys fetched | CPU |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for (database, stretches) in &columns {
        let quiet = stretches[0].1.p95.as_secs_f64();
        for (name, stretch) in stretches {
            print(database, name, stretch, quiet);
        }
    }
}

fn print(database: &str, name: &str, stretch: &Stretch, quiet: f64) {
    let millis = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1_000.0);
    let answers: Vec<String> = stretch.answers.iter().map(|(status, count)| format!("{status}: {count}")).collect();
    println!(
        "| {database} | {name} | {} | {} | {:.2} | {:.0}/s | {} | {} | {:.2} cores |",
        millis(stretch.median),
        millis(stretch.p95),
        stretch.p95.as_secs_f64() / quiet,
        stretch.forged,
        answers.join(", "),
        stretch.keys,
        stretch.cores,
    );
}

async fn measure(postgres: Option<&Postgres>, time: Duration) -> Vec<(&'static str, Stretch)> {
    let scene = Scene::set(postgres).await;
    // Not looked at: what is done for the first time takes longer.
    scene.stretch(None, time / 3).await;
    let quiet = scene.stretch(None, time).await;
    let many = scene.stretch(Some(true), time).await;
    let one = scene.stretch(Some(false), time).await;
    let after = scene.stretch(None, time).await;
    scene.practice.stop().await;
    vec![("quiet", quiet), ("flood from 250 addresses", many), ("flood from one", one), ("quiet again", after)]
}

impl Scene {
    async fn set(postgres: Option<&Postgres>) -> Self {
        let own = simulator::App::demo(&format!("http://{}", authority()));
        let practice = simulator::start("127.0.0.1:0".parse().unwrap(), own, Clock::system()).await.unwrap();
        let provider = practice.origin().trim_start_matches("http://").parse().unwrap();
        let mut site = Site::new(provider, postgres);
        for (name, value) in settings(practice.origin()) {
            site.set(name, value);
        }
        site.seed(10_000);
        site.start();
        site.first_page().await;
        let mut visitors = Vec::new();
        for _ in 0..BROWSERS {
            visitors.push(Visitor::new(site.address, provider).await);
        }
        let forged = Arc::new(Forged::new(practice.state()));
        Self { site, practice, provider, visitors: Arc::new(Mutex::new(visitors)), forged }
    }

    /// Logins for so long; under a flood from many addresses, from one, or none.
    async fn stretch(&self, flood: Option<bool>, time: Duration) -> Stretch {
        self.practice.state().forget_requests();
        let (cpu, begun) = (self.site.cpu(), Instant::now());
        let (forged, address) = (self.forged.clone(), self.site.address);
        // In a thread of its own, so that what is sent does not wait for what is timed.
        let flood = flood.map(|many| std::thread::spawn(move || pour(&forged, address, many, time)));
        let mut times = self.logins(time).await;
        let answers = flood.map(|flood| flood.join().unwrap()).unwrap_or_default();
        let (took, cpu) = (begun.elapsed().as_secs_f64(), self.site.cpu() - cpu);
        times.sort();
        Stretch {
            median: times[times.len() / 2],
            p95: times[times.len() * 95 / 100],
            forged: f64::from(answers.values().sum::<u32>()) / took,
            answers,
            keys: self.keys_fetched(),
            cores: cpu.as_secs_f64() / took,
        }
    }

    async fn logins(&self, time: Duration) -> Vec<Duration> {
        let mut ticks = interval(Duration::from_secs(1) / LOGINS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut under_way = Vec::new();
        for number in 0..u32::try_from(time.as_secs()).unwrap() * LOGINS {
            let due = ticks.tick().await.into_std();
            let (visitors, site, provider) = (self.visitors.clone(), self.site.address, self.provider);
            let waiting = visitors.lock().unwrap().pop();
            let address = Ipv4Addr::from(u32::from_be_bytes([127, 1, 0, 0]) + number % 10_000 + 1);
            under_way.push(tokio::spawn(async move {
                let mut visitor = match waiting {
                    Some(visitor) => visitor,
                    None => Visitor::new(site, provider).await,
                };
                visitor.opened(address.into(), site, provider).await;
                visitor.log_in().await;
                let took = due.elapsed();
                visitors.lock().unwrap().insert(0, visitor);
                took
            }));
        }
        let mut times = Vec::new();
        for login in under_way {
            times.push(login.await.unwrap());
        }
        times
    }

    fn keys_fetched(&self) -> usize {
        let lists: Vec<&str> = [Provider::Kakao, Provider::Google, Provider::Apple]
            .into_iter()
            .flat_map(|provider| provider.paths(Place::Keys))
            .collect();
        self.practice.state().requests().iter().filter(|request| lists.contains(&request.path.as_str())).count()
    }
}

/// All that send notices, at the practice provider; the limits as they are by themselves.
pub(crate) fn settings(practice: &str) -> Vec<(&'static str, String)> {
    let at = |path: &str| format!("{practice}/{path}");
    vec![
        ("FIIIIILM_LIMITS__ENABLED", "true".into()),
        ("FIIIIILM_PROVIDERS__KAKAO__ADMIN_KEY", demo::ADMIN_KEY.into()),
        ("FIIIIILM_PROVIDERS__NAVER__CLIENT_ID", demo::NAVER.client_id.into()),
        ("FIIIIILM_PROVIDERS__NAVER__CLIENT_SECRET", demo::NAVER.client_secret.into()),
        ("FIIIIILM_PROVIDERS__NAVER__AUTH_BASE", at("naver")),
        ("FIIIIILM_PROVIDERS__NAVER__API_BASE", at("naver")),
        ("FIIIIILM_PROVIDERS__NAVER__ISSUER", at("naver")),
        ("FIIIIILM_PROVIDERS__GOOGLE__CLIENT_ID", demo::GOOGLE.client_id.into()),
        ("FIIIIILM_PROVIDERS__GOOGLE__CLIENT_SECRET", demo::GOOGLE.client_secret.into()),
        ("FIIIIILM_PROVIDERS__GOOGLE__AUTH_BASE", at("google")),
        ("FIIIIILM_PROVIDERS__GOOGLE__TOKEN_BASE", at("google")),
        ("FIIIIILM_PROVIDERS__GOOGLE__KEYS_BASE", at("google")),
        ("FIIIIILM_PROVIDERS__GOOGLE__ISSUER", at("google")),
        ("FIIIIILM_PROVIDERS__APPLE__CLIENT_ID", demo::APPLE.client_id.into()),
        ("FIIIIILM_PROVIDERS__APPLE__TEAM_ID", demo::APPLE_TEAM_ID.into()),
        ("FIIIIILM_PROVIDERS__APPLE__KEY_ID", demo::APPLE_KEY_ID.into()),
        ("FIIIIILM_PROVIDERS__APPLE__PRIVATE_KEY", demo::APPLE_PRIVATE_KEY.into()),
        ("FIIIIILM_PROVIDERS__APPLE__AUTH_BASE", at("apple")),
        ("FIIIIILM_PROVIDERS__APPLE__ISSUER", at("apple")),
    ]
}

/// The flood; what was answered how often.
fn pour(forged: &Arc<Forged>, site: SocketAddr, many: bool, time: Duration) -> BTreeMap<u16, u32> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let spouts = (1..=CONNECTIONS).map(|number| {
            let source = Ipv4Addr::new(127, 2, 0, if many { number } else { 1 });
            tokio::spawn(spout(forged.clone(), site, (source.into(), number), time))
        });
        let mut all = BTreeMap::new();
        for spout in spouts.collect::<Vec<_>>() {
            for (status, count) in spout.await.unwrap() {
                *all.entry(status).or_default() += count;
            }
        }
        all
    })
}

/// One connection's part of the flood, opened again whenever the site closes it; each has its moment between the others'.
async fn spout(
    forged: Arc<Forged>,
    site: SocketAddr,
    (source, number): (IpAddr, u8),
    time: Duration,
) -> BTreeMap<u16, u32> {
    let pace = Duration::from_secs(1) * u32::from(CONNECTIONS) / FORGED;
    let mut ticks = interval_at((Instant::now() + pace * u32::from(number) / u32::from(CONNECTIONS)).into(), pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (begun, mut answers) = (Instant::now(), BTreeMap::new());
    let mut line = Line::open_from(source, site).await;
    while begun.elapsed() < time {
        ticks.tick().await;
        match line.try_ask(&forged.next()).await {
            Ok(answer) => {
                *answers.entry(answer.status).or_default() += 1;
                if answer.header("connection").is_some_and(|connection| connection.eq_ignore_ascii_case("close")) {
                    line = Line::open_from(source, site).await;
                }
            }
            Err(_closed) => line = Line::open_from(source, site).await,
        }
    }
    answers
}
