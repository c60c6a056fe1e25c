//! Load: as many requests as come back, over connections that stay open.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::client::Line;

const CONNECTIONS: usize = 32;

/// Requests answered with 200 per second.
pub(crate) async fn requests_per_second(address: SocketAddr, path: &str, headers: &str, slice: Duration) -> f64 {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", crate::site::authority());
    let answered = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (request, answered) = (request.clone(), answered.clone());
            tokio::spawn(async move {
                let mut line = Line::open(address).await;
                while begun.elapsed() < slice {
                    let answer = line.ask(request.as_bytes()).await;
                    assert_eq!(answer.status, 200, "{}", answer.head);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    let answered = u32::try_from(answered.load(Ordering::Relaxed)).unwrap();
    f64::from(answered) / begun.elapsed().as_secs_f64()
}
