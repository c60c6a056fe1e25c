//! What a login costs: a bare actix-web handler that returns the bytes of the profile page, and the real program with 100,000
//! seeded users. They are loaded in turns, so that what else the machine does falls on both.

mod load;
mod refresh;
mod table;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};

use super::Choice;
use super::client;
use super::client::Visitor;
use super::site::{Memory, Postgres, Provider, Site};

/// How much is measured.
struct Extent {
    users: u32,
    rounds: usize,
    slice: Duration,
    starts: usize,
    logins: usize,
    soak: Duration,
}

/// The figures of one database.
struct Figures {
    start: Duration,
    idle: Memory,
    bare: f64,
    login: f64,
    profile: f64,
    cpu_millis: f64,
    logins_per_second: f64,
    refreshes: [refresh::Pace; 2],
    loaded: Memory,
}

/// Measures and prints the table of the README.
pub(crate) async fn run(choice: &Choice) {
    let extent = if choice.quick {
        let (slice, soak) = (Duration::from_millis(500), Duration::from_secs(3));
        Extent { users: 2_000, rounds: 3, slice, starts: 3, logins: 300, soak }
    } else {
        let (slice, soak) = (Duration::from_secs(3), Duration::from_secs(60));
        Extent { users: 100_000, rounds: 7, slice, starts: 11, logins: 4_000, soak }
    };
    let profiles = choice.profiles.as_deref();
    let mut columns = Vec::new();
    if choice.sqlite {
        columns.push(("SQLite", measure(None, &extent, profiles).await));
    }
    if choice.postgres {
        let postgres = Postgres::start("");
        columns.push(("PostgreSQL", measure(Some(&postgres), &extent, profiles).await));
    }
    table::print(&extent, &columns);
}

async fn measure(postgres: Option<&Postgres>, extent: &Extent, profiles: Option<&Path>) -> Figures {
    let provider = Provider::start();
    let mut site = Site::new(provider.address, postgres);
    site.seed(extent.users);
    let start = start(&mut site, extent.starts).await;
    let idle = site.memory();
    let cookies = Visitor::new(site.address, provider.address).await.log_in().await;
    let (bare, login, profile) = pages(&site, &provider, &cookies, extent).await;
    let database = if postgres.is_some() { "postgres" } else { "sqlite" };
    let watched = profiles.map(|folder| site.profile(&folder.join(format!("{database}.perf"))));
    let (cpu, begun) = (site.cpu(), Instant::now());
    let done = client::logins(site.address, provider.address, 64, extent.logins).await;
    let (took, cpu) = (begun.elapsed(), site.cpu() - cpu);
    drop(watched);
    let refreshes = [
        refresh::pace(site.address, provider.address, 1, extent.slice).await,
        refresh::pace(site.address, provider.address, 64, extent.slice).await,
    ];
    soak(&site, &provider, &cookies, extent.soak).await;
    Figures {
        start,
        idle,
        bare,
        login,
        profile,
        cpu_millis: cpu.as_secs_f64() * 1_000.0 / f64::from(done),
        logins_per_second: f64::from(done) / took.as_secs_f64(),
        refreshes,
        loaded: site.memory(),
    }
}

/// From exec to the first answered page.
async fn start(site: &mut Site, times: usize) -> Duration {
    let mut starts = Vec::new();
    for _ in 0..times {
        site.stop();
        let begun = Instant::now();
        site.start();
        site.first_page().await;
        starts.push(begun.elapsed());
    }
    median(starts)
}

/// Requests a second of the bare handler, of `/login` and of `/profile`, in turns.
async fn pages(site: &Site, provider: &Provider, cookies: &str, extent: &Extent) -> (f64, f64, f64) {
    let page = Visitor::new(site.address, provider.address).await.page("/profile", cookies).await;
    let bare = bare(page).await;
    let signed_in = format!("Cookie: {cookies}\r\n");
    let (mut bares, mut logins, mut profiles) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..extent.rounds {
        bares.push(load::requests_per_second(bare, "/profile", &signed_in, extent.slice).await);
        logins.push(load::requests_per_second(site.address, "/login", "", extent.slice).await);
        profiles.push(load::requests_per_second(site.address, "/profile", &signed_in, extent.slice).await);
    }
    (middle(bares), middle(logins), middle(profiles))
}

/// Pages and logins, in turns, for so long.
async fn soak(site: &Site, provider: &Provider, cookies: &str, time: Duration) {
    let signed_in = format!("Cookie: {cookies}\r\n");
    let end = Instant::now() + time;
    while Instant::now() < end {
        load::requests_per_second(site.address, "/profile", &signed_in, Duration::from_secs(1)).await;
        load::requests_per_second(site.address, "/login", "", Duration::from_secs(1)).await;
        client::logins(site.address, provider.address, 64, 640).await;
    }
}

/// The bare handler: the bytes of a page, a content type, nothing else. As many workers as the program has.
async fn bare(page: Vec<u8>) -> SocketAddr {
    let page = web::Bytes::from(page);
    let server = HttpServer::new(move || {
        let page = page.clone();
        let answer = move || {
            let page = page.clone();
            async move { HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page) }
        };
        App::new().route("/profile", web::get().to(answer))
    });
    let server = server.workers(std::thread::available_parallelism().unwrap().get()).disable_signals();
    let server = server.bind("127.0.0.1:0").unwrap();
    let address = *server.addrs().first().unwrap();
    drop(tokio::spawn(server.run()));
    address
}

fn median(mut values: Vec<Duration>) -> Duration {
    values.sort();
    values[values.len() / 2]
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
