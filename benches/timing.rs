//! Whether the time of a refusal tells how much of a guess was right (H17): `cargo bench -- timing`.
//!
//! At the two webhooks whose proof is a secret compared here, guesses that are wrong in their first byte and guesses that are
//! wrong in their last take turns by lot, over one connection, so that whatever else the machine does falls on both alike. What
//! counts is the difference of their medians, beside what such a difference is when there is none to find: that between two
//! halves, by lot, of guesses of one kind. Nothing is asserted: a busy machine may say anything once.

use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use fiiiiilm::clock::Clock;
use fiiiiilm::config::demo;
use fiiiiilm::secret::random;
use fiiiiilm::simulator;
use fiiiiilm::simulator::State;
use fiiiiilm::simulator::notices::{Delivery, Notice, Variation};

use crate::client::Line;
use crate::flood;
use crate::site::{Site, authority};

/// How often the halves are drawn anew.
const DRAWS: usize = 1_000;

/// Two guesses at one secret, as requests.
struct Door {
    name: &'static str,
    status: u16,
    wrong_first: Vec<u8>,
    wrong_last: Vec<u8>,
}

/// Measures, and prints what came of it.
pub(crate) async fn run(quick: bool) {
    let each = if quick { 500 } else { 10_000 };
    let own = simulator::App::demo(&format!("http://{}", authority()));
    let practice = simulator::start("127.0.0.1:0".parse().unwrap(), own, Clock::system()).await.unwrap();
    let mut site = Site::new(practice.origin().trim_start_matches("http://").parse().unwrap(), None);
    for (name, value) in flood::settings(practice.origin()) {
        site.set(name, value);
    }
    site.set("FIIIIILM_LIMITS__ENABLED", "false".into());
    site.start();
    site.first_page().await;
    println!("\n{each} guesses of each kind, over one connection.\n");
    println!("| | wrong in the first byte, median | in the last | difference | without one, 95 of 100 times below |");
    println!("|---|---|---|---|---|");
    for door in [admin_key(practice.state()), signature(practice.state())] {
        let mut line = Line::open(site.address).await;
        for _ in 0..each / 10 {
            line.ask(&door.wrong_first).await;
        }
        let (first, last) = guesses(&mut line, &door, each).await;
        let found = apart(&first, &last);
        println!(
            "| {} | {} | {} | {} | {} |",
            door.name,
            micros(median(&first)),
            micros(median(&last)),
            micros(found),
            micros(noise(&first).max(noise(&last)))
        );
    }
    practice.stop().await;
}

async fn guesses(line: &mut Line, door: &Door, each: usize) -> (Vec<Duration>, Vec<Duration>) {
    let (mut first, mut last) = (Vec::with_capacity(each), Vec::with_capacity(each));
    while first.len() < each || last.len() < each {
        let [lot] = random::<1>().unwrap();
        let (into, request) = match lot % 2 == 0 {
            true => (&mut first, &door.wrong_first),
            false => (&mut last, &door.wrong_last),
        };
        let begun = Instant::now();
        let answer = line.ask(request).await;
        let took = begun.elapsed();
        assert_eq!(answer.status, door.status, "{}", door.name);
        if into.len() < each {
            into.push(took);
        }
    }
    (first, last)
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    let middle = sorted.len() / 2;
    *sorted.select_nth_unstable(middle).1
}

fn apart(one: &[Duration], other: &[Duration]) -> Duration {
    median(one).abs_diff(median(other))
}

/// How far two halves of the same are apart, 95 of 100 times at most. Halves differ more than wholes, by the root of two.
fn noise(times: &[Duration]) -> Duration {
    let mut found: Vec<Duration> = (0..DRAWS)
        .map(|_| {
            let lots = (0..times.len().div_ceil(32)).flat_map(|_| random::<32>().unwrap());
            let (one, other): (Vec<_>, Vec<_>) = times.iter().zip(lots).partition(|(_, lot)| lot % 2 == 0);
            let times = |half: Vec<(&Duration, u8)>| half.into_iter().map(|(time, _)| *time).collect::<Vec<_>>();
            apart(&times(one), &times(other))
        })
        .collect();
    found.sort_unstable();
    found[DRAWS * 95 / 100].div_f64(std::f64::consts::SQRT_2)
}

fn micros(time: Duration) -> String {
    format!("{:.2} µs", time.as_secs_f64() * 1e6)
}

/// Kakao's, whose proof is the admin key.
fn admin_key(provider: &State) -> Door {
    let key = demo::ADMIN_KEY.as_bytes();
    let mut right = provider.notice(Notice::KakaoUnlink("UNLINK_FROM_APPS"), "3900000101", Variation::Plain).unwrap();
    let mut guess = |place: usize| {
        let mut guess = key.to_vec();
        guess[place] = if guess[place] == b'0' { b'1' } else { b'0' };
        let value = format!("KakaoAK {}", String::from_utf8(guess).unwrap());
        for (name, held) in &mut right.headers {
            if name.eq_ignore_ascii_case("authorization") {
                value.clone_into(held);
            }
        }
        request(&right, &right.body)
    };
    Door { name: "Kakao's admin key", status: 401, wrong_first: guess(0), wrong_last: guess(key.len() - 1) }
}

/// Naver's, which is signed by HMAC.
fn signature(provider: &State) -> Door {
    let right = provider.notice(Notice::NaverUnlink, "anybody", Variation::Plain).unwrap();
    let (head, signature) = right.body.rsplit_once("signature=").unwrap();
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    let guess = |place: usize| {
        let mut guess = signature.clone();
        guess[place] ^= 1;
        request(&right, &format!("{head}signature={}", BASE64URL_NOPAD.encode(&guess)))
    };
    Door { name: "Naver's HMAC", status: 403, wrong_first: guess(0), wrong_last: guess(signature.len() - 1) }
}

fn request(delivery: &Delivery, body: &str) -> Vec<u8> {
    let headers: String = delivery.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (method, path, host) = (&delivery.method, &delivery.path, authority());
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}
