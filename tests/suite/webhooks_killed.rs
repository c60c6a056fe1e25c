//! notices that come ten times over to two processes which are killed and come back. However a delivery ends, one that was
//! answered with a yes has happened, and none has happened twice.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fiiiiilm::simulator::notices::{Delivery, Notice, Variation};
use futures_util::future::{join, join_all};

use crate::kit::{Backend, Browser, Process, Program, size};

/// Each event comes so often at least, to each of the two processes in turn.
const DELIVERIES: usize = 10;

/// Couriers under way at once.
const COURIERS: usize = 4;

/// Processes killed in the middle of it, at least.
const KILLS: usize = 5;

/// People the events are about.
const PEOPLE: u64 = 10;
const CROWD: u64 = 3_910_000_000;

/// Keys that could not be had in time are asked for again a minute later; no machine is slower than this.
const PATIENCE: Duration = Duration::from_secs(240);

/// How many events: `FIIIIILM_TEST_EVENTS`, or what every run and `scripts/soak` have.
fn how_many() -> usize {
    let said = std::env::var("FIIIIILM_TEST_EVENTS").ok();
    said.map_or_else(|| size(60, 1_000), |said| said.parse().expect("FIIIIILM_TEST_EVENTS is a number"))
}

/// What became of the deliveries.
#[derive(Default)]
struct Record {
    /// Events to which a yes was said.
    acked: Mutex<BTreeSet<usize>>,
    /// Answered with a yes, with "not now", and not at all because the process died.
    yes: AtomicUsize,
    later: AtomicUsize,
    cut: AtomicUsize,
    kills: AtomicUsize,
    done: AtomicBool,
    slowest: Mutex<Duration>,
}

impl Record {
    async fn deliver(&self, event: usize, delivery: &Delivery, process: &mut Browser) {
        let begun = Instant::now();
        let Ok(answer) = process.try_deliver(delivery).await else {
            self.cut.fetch_add(1, Ordering::Relaxed);
            // Its process is not back yet.
            tokio::time::sleep(Duration::from_millis(5)).await;
            return;
        };
        let mut slowest = self.slowest.lock().expect("no panic");
        *slowest = (*slowest).max(begun.elapsed());
        drop(slowest);
        match answer.status {
            202 => {
                self.yes.fetch_add(1, Ordering::Relaxed);
                self.acked.lock().expect("no panic").insert(event);
            }
            503 => drop(self.later.fetch_add(1, Ordering::Relaxed)),
            status => panic!("event {event} was answered {status}: {}", answer.body),
        }
    }
}

/// Kills the two in turn, each after another while, until everything was delivered.
async fn kill(one: &mut Process, two: &mut Process, record: &Record) {
    while !record.done.load(Ordering::Relaxed) {
        let kills = record.kills.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(40 + (kills as u64 * 37) % 300)).await;
        let process = if kills.is_multiple_of(2) { &mut *one } else { &mut *two };
        process.signal("KILL");
        process.end().await;
        process.again().await;
        record.kills.fetch_add(1, Ordering::Relaxed);
    }
}

/// A round: every event once, by four couriers at once, to the processes in turn.
async fn round(round: usize, events: &[Delivery], processes: [std::net::SocketAddr; 2], record: &Record) {
    let next = AtomicUsize::new(0);
    join_all((0..COURIERS).map(async |_| {
        let mut browsers = processes.map(Browser::new);
        loop {
            let event = next.fetch_add(1, Ordering::Relaxed);
            let Some(delivery) = events.get(event) else { return };
            record.deliver(event, delivery, &mut browsers[(event + round) % 2]).await;
        }
    }))
    .await;
}

/// As a provider does with what was never taken: again, until it is.
async fn until_taken(delivery: &Delivery, process: &Process) {
    let begun = Instant::now();
    loop {
        let status = process.browser().deliver(delivery).await.status;
        if status == 202 {
            return;
        }
        assert_eq!(status, 503);
        assert!(begun.elapsed() < PATIENCE, "{delivery:?} is never taken");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[expect(clippy::print_stdout, reason = "what `scripts/soak` shows")]
async fn each_once(backend: Backend) {
    let mut one = Program::start(backend, &[]).await;
    let mut two = one.beside().await;
    for person in 0..PEOPLE {
        assert_eq!(one.browser().log_in(&(CROWD + person).to_string()).await.status, 303);
    }
    let built = |event: usize| {
        let whom = CROWD + event as u64 % PEOPLE;
        let notice = Notice::KakaoEvent("sessions-revoked");
        one.simulator.state().notice(notice, &whom.to_string(), Variation::Plain).expect("a notice")
    };
    let events: Vec<Delivery> = (0..how_many()).map(built).collect();
    let record = Record::default();
    let processes = [one.address, two.address];
    let deliver = async {
        let mut turn = 0;
        while turn < DELIVERIES || record.kills.load(Ordering::Relaxed) < KILLS {
            round(turn, &events, processes, &record).await;
            turn += 1;
        }
        record.done.store(true, Ordering::Relaxed);
    };
    join(deliver, kill(&mut one, &mut two, &record)).await;
    let mut inspect = one.inspect();
    let acked = record.acked.lock().expect("no panic").len();
    let heard = inspect.number("select count(*) as n from heard_notices");
    assert!(usize::try_from(heard).unwrap() >= acked, "{acked} were answered with a yes, {heard} are known");
    for (event, delivery) in events.iter().enumerate() {
        until_taken(delivery, if event % 2 == 0 { &one } else { &two }).await;
    }
    let effects = inspect.number("select count(*) as n from audit_events where action = 'notice.sessions'");
    assert_eq!(usize::try_from(effects).unwrap(), events.len(), "each event is one effect");
    assert_eq!(inspect.number("select count(*) as n from sessions where ended_at is null"), 0);
    assert!(!one.log().contains("panicked"), "{}", one.log());
    println!(
        "R-15 on {backend:?}: {} events; of their deliveries {} were answered with a yes, {} with not now, {} cut by {} kills; \
         the slowest answer took {:?}",
        events.len(),
        record.yes.into_inner(),
        record.later.into_inner(),
        record.cut.into_inner(),
        record.kills.into_inner(),
        record.slowest.into_inner().expect("no panic"),
    );
}

on_each! {
    async fn r15_h03_each_event_is_one_effect_over_two_processes_and_kill_nine(backend: Backend) {
        each_once(backend).await;
    }
}
