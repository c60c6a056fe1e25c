//! Refreshes: each client trades its own session's token for the next, again and again.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::client::{Line, Visitor};
use crate::site::authority;

/// How fast it went.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) per_second: f64,
    pub(crate) p99: Duration,
}

/// So many clients for so long; each answer was durable before it came.
pub(crate) async fn pace(site: SocketAddr, provider: SocketAddr, clients: usize, slice: Duration) -> Pace {
    let mut tokens = Vec::new();
    let mut visitor = Visitor::new(site, provider).await;
    for _ in 0..clients {
        let cookies = visitor.log_in().await;
        let token = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("refresh=")).unwrap();
        tokens.push(token.to_owned());
    }
    let begun = Instant::now();
    let work = tokens.into_iter().map(|token| tokio::spawn(client(site, token, begun, slice)));
    let mut times = Vec::new();
    for client in work.collect::<Vec<_>>() {
        times.extend(client.await.unwrap());
    }
    let took = begun.elapsed();
    times.sort();
    let per_second = f64::from(u32::try_from(times.len()).unwrap()) / took.as_secs_f64();
    Pace { per_second, p99: times[times.len() * 99 / 100] }
}

async fn client(site: SocketAddr, mut token: String, begun: Instant, slice: Duration) -> Vec<Duration> {
    let mut line = Line::open(site).await;
    let mut times = Vec::new();
    while begun.elapsed() < slice {
        let body = format!("{{\"refresh\":\"{token}\"}}");
        let request = format!(
            "POST /api/token/refresh HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            authority(),
            body.len()
        );
        let asked = Instant::now();
        let answer = line.ask(request.as_bytes()).await;
        times.push(asked.elapsed());
        assert_eq!(answer.status, 200, "{}", answer.head);
        let pair = String::from_utf8(answer.body).unwrap();
        token = pair.split("\"refresh\":\"").nth(1).unwrap().trim_end_matches("\"}").to_owned();
    }
    times
}
