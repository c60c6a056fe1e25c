//! Two real processes, one outbox, and kill -9 in the middle of a call: what the dead one had claimed is the other's as soon as
//! the claim ends, and not before. Clocks and claims are the real ones, so this waits for a claim's end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fiiiiilm::clock::Clock;
use fiiiiilm::simulator::{Place, Provider, Trouble};

use crate::kit::{Backend, Browser, Inspect, Process, Program, Receiver, people};
use crate::outbox::until;

/// A claim holds for a minute; no machine is slower than this.
const PATIENCE: Duration = Duration::from_secs(240);

/// People nobody else here is.
const CROWD: u64 = 3_910_000_000;

/// Two processes on one database, whom they tell, and which worker the first of them was when it started.
struct Two {
    one: Program,
    two: Process,
    receiver: Receiver,
    first_worker: String,
}

impl Two {
    async fn start(backend: Backend) -> Self {
        let receiver = Receiver::start();
        let one = Program::start(backend, &receiver.settings()).await;
        // Alone, whatever is claimed is its own.
        receiver.holds(true);
        assert_eq!(one.browser().log_in(people::ORDINARY).await.status, 303);
        let mut inspect = one.inspect();
        let mut workers = Vec::new();
        until("claimed by the first process", || {
            workers = inspect.lines("select distinct claimed_by as s from outbox where claimed_by is not null");
            !workers.is_empty()
        })
        .await;
        receiver.holds(false);
        let two = one.beside().await;
        Self { one, two, receiver, first_worker: workers.remove(0) }
    }

    /// Somebody logs in at the one process and leaves at the other.
    async fn come_and_go(&self, person: u64) {
        let mut browser = self.one.browser();
        assert_eq!(browser.log_in(&person.to_string()).await.status, 303);
        leave(browser.at(self.two.address)).await;
    }

    /// How often the operator's program heard of each event, and Kakao of the end of each link.
    fn calls(&self) -> BTreeMap<String, usize> {
        let mut calls = BTreeMap::new();
        for told in self.receiver.asked() {
            *calls.entry(told.id().to_owned()).or_default() += 1;
        }
        for asked in self.one.simulator.state().requests().iter().filter(|request| request.path == "/v1/user/unlink") {
            *calls.entry(asked.field("target_id").expect("whom").to_owned()).or_default() += 1;
        }
        calls
    }

    async fn all_told(&self) {
        let mut inspect = self.one.inspect();
        until("all told", || inspect.number("select count(*) as n from outbox where state = 'waiting'") == 0).await;
    }

    /// Ends the process that has claimed what the leaving of this person left, in the middle of the calls. `None` when the machine
    /// was too busy to see that in time: a call that takes ten seconds has failed, and nobody claims it any more.
    async fn killed_while_telling(&mut self, person: u64) -> Option<Killed> {
        let mut leaves = self.one.browser();
        assert_eq!(leaves.log_in(&person.to_string()).await.status, 303);
        self.all_told().await;
        let before: usize = self.calls().values().sum();
        self.receiver.holds(true);
        self.one.simulator.state().set_trouble(Place::Revoke, Some(Trouble::Silent));
        leave(&mut leaves).await;
        until("three calls under way", || self.calls().values().sum::<usize>() >= before + 3).await;
        let mut inspect = self.one.inspect();
        let holders = inspect.lines("select distinct claimed_by as s from outbox where claimed_by is not null");
        let [holder] = &holders[..] else { return None };
        let first = *holder == self.first_worker;
        let process = if first { &mut *self.one } else { &mut self.two };
        process.signal("KILL");
        process.end().await;
        let mine = format!("state = 'waiting' and claimed_by = '{holder}'");
        let events = inspect.lines(&format!("select id as s from outbox where kind = 'event' and {mine}"));
        let claimed = inspect.number(&format!("select count(*) as n from outbox where {mine}"));
        let killed =
            Killed { worker: holder.clone(), calls: events.into_iter().chain([person.to_string()]).collect(), first };
        (claimed == 3 && killed.calls.len() == 3).then_some(killed)
    }
}

/// What a dead process leaves.
struct Killed {
    worker: String,
    /// The names of its calls, as [`Two::calls`] has them.
    calls: Vec<String>,
    /// Whether it was the first process.
    first: bool,
}

impl Killed {
    /// Whether all its claims hold at this moment.
    fn holds(&self, inspect: &mut Inspect) -> bool {
        let now = Clock::system().now();
        let (date, time) = (now.date(), now.time());
        let (hour, minute, second) = time.as_hms();
        let now = format!("{date} {hour:02}:{minute:02}:{second:02}.{:06}", time.microsecond());
        let held = format!(
            "select count(*) as n from outbox where claimed_by = '{}' and claimed_until > '{now}'",
            self.worker
        );
        inspect.number(&held) == 3
    }
}

async fn leave(browser: &mut Browser) {
    let gone = browser.post("/profile/delete", &[]).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
}

/// Watches until everything is told: no call of the dead one is made by anybody else while its claim holds.
async fn watch(two: &Two, killed: &Killed) {
    let mut inspect = two.one.inspect();
    let (begun, mut seen) = (Instant::now(), 0);
    loop {
        // In this order: what was called before the claims were seen to hold was called while they did.
        let calls = two.calls();
        if killed.holds(&mut inspect) {
            assert!(killed.calls.iter().all(|call| calls[call] == 1), "called twice under a claim: {calls:?}");
            seen += 1;
        }
        if inspect.number("select count(*) as n from outbox where state = 'waiting'") == 0 {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "what the dead process had claimed is never told");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(seen > 0, "the claims were never seen to hold");
}

/// Five people come and go while both processes are well, then one of the two dies.
async fn scene(backend: Backend) -> Option<(Two, Killed)> {
    let mut two = Two::start(backend).await;
    for person in 0..5 {
        two.come_and_go(CROWD + person).await;
    }
    let killed = two.killed_while_telling(CROWD + 100).await?;
    two.receiver.holds(false);
    two.one.simulator.state().set_trouble(Place::Revoke, None);
    Some((two, killed))
}

async fn killed_in_the_middle(backend: Backend) {
    let mut begun = None;
    for _ in 0..5 {
        begun = scene(backend).await;
        if begun.is_some() {
            break;
        }
    }
    let (mut two, killed) = begun.expect("a machine on which a call under way can be seen");
    // The other process goes on with everything else at once, and the dead one comes back as another worker.
    let (dead, alive) = if killed.first { (&mut *two.one, &two.two) } else { (&mut two.two, &*two.one) };
    let mut browser = alive.browser();
    assert_eq!(browser.log_in(&(CROWD + 200).to_string()).await.status, 303);
    leave(&mut browser).await;
    dead.again().await;
    watch(&two, &killed).await;
    assert_each_was_told(&two, &killed);
}

/// Everything was called: once, once more for each try that failed, and once more where the caller died.
fn assert_each_was_told(two: &Two, killed: &Killed) {
    let mut inspect = two.one.inspect();
    let calls = two.calls();
    let undone = inspect.number("select count(*) as n from outbox where state <> 'done'");
    assert_eq!(undone, 0);
    let tries: BTreeMap<String, usize> = inspect
        .lines("select id || ' ' || tries as s from outbox where kind = 'event'")
        .iter()
        .map(|line| line.split_once(' ').map(|(id, tries)| (id.to_owned(), tries.parse().unwrap())).unwrap())
        .collect();
    for (id, tries) in &tries {
        let died = usize::from(killed.calls.contains(id));
        let called = calls.get(id).copied().unwrap_or_default();
        assert!(
            (1 + died..=1 + died + tries).contains(&called),
            "{id}: {called} calls, {tries} failures, {died} deaths"
        );
    }
    let unlinks = inspect.number("select count(*) as n from outbox where kind = 'unlink'");
    let failed = inspect.number("select coalesce(sum(tries), 0) as n from outbox where kind = 'unlink'");
    let called: usize = calls.iter().filter(|(name, _)| !tries.contains_key(*name)).map(|(_, calls)| calls).sum();
    let called = i64::try_from(called).unwrap();
    assert!((unlinks + 1..=unlinks + 1 + failed).contains(&called), "{called} calls for {unlinks} links: {calls:?}");
    for person in (0..5).map(|n| CROWD + n).chain([CROWD + 200]) {
        let person = person.to_string();
        assert!(!two.one.simulator.state().is_linked(Provider::Kakao, &person), "{person}");
    }
}

on_each! {
    async fn q07_who_is_killed_while_telling_leaves_its_calls_to_the_other_when_its_claim_ends(backend: Backend) {
        killed_in_the_middle(backend).await;
    }
}
