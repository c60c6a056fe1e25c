//! A run from its first page to its end.

use std::sync::Arc;
use std::time::Duration;

use super::claim;
use super::claim::{Run, Taken, Wish};
use super::judge::{Figures, Refusal, believed};
use super::outcome::{Outcome, Progress, Report, Stopped, line};
use super::stretch::{Missing, Stretch, stretch};
use crate::audit;
use crate::audit::Actor;
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::config::Reconcile;
use crate::db::Conn;
use crate::db::Db;
use crate::db::OutboxId;
use crate::error::AppResult;
use crate::providers::Fault;
use crate::providers::LinkedPage;
use crate::providers::Provider;
use crate::providers::Registry;
use crate::users;
use crate::users::Vanished;

/// Between two questions, so that nobody else's calls with the same app are held up.
const BREATH: Duration = Duration::from_millis(50);

/// Pauses after a question that was not answered: a provider that is disturbed, or was asked too often.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// People asked about by name at once.
const NAMED: usize = 100;

/// Compares.
#[derive(Clone, Debug)]
pub struct Reconciler {
    db: Db,
    registry: Arc<Registry>,
    clock: Clock,
    settings: Reconcile,
    /// Whose claims are ours.
    worker: String,
}

impl Reconciler {
    /// By the settings.
    #[must_use]
    pub fn new(settings: Reconcile, db: Db, registry: Arc<Registry>, clock: Clock) -> Self {
        Self { db, registry, clock, settings, worker: OutboxId::new().to_string() }
    }

    /// Compares with the list of this provider, if that is wished and nobody else is at it. `actor` is who is written down.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn run(
        &self,
        provider: &str,
        wish: Wish,
        actor: Actor,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Outcome, Stopped> {
        let Some(known) = self.registry.find(provider).filter(|known| known.lists()) else {
            return Ok(Outcome::NotNow);
        };
        let (slug, worker, now) = (provider.to_owned(), self.worker.clone(), self.clock.now());
        let (asked, dry) = (wish.clone(), wish == Wish::DryRun);
        let run = match self.db.write(move |conn| claim::take(conn, &slug, &worker, &asked, now)).await? {
            Taken::NotNow => return Ok(Outcome::NotNow),
            Taken::Busy => return Ok(Outcome::Busy),
            Taken::Ours(run) => run,
        };
        let work = Work { with: self, provider: known, dry, actor, progress };
        match work.carry_out(run.clone()).await {
            Ok(report) => Ok(Outcome::Ended(Box::new(report))),
            Err(stopped) => {
                let now = self.clock.now();
                self.db.write(move |conn| claim::put_off(conn, &run, now)).await?;
                Err(stopped)
            }
        }
    }
}

/// One run under way.
struct Work<'a> {
    with: &'a Reconciler,
    provider: &'a Provider,
    dry: bool,
    actor: Actor,
    progress: &'a (dyn Fn(Progress) + Sync),
}

impl Work<'_> {
    fn how(&self) -> Circumstances {
        Circumstances { actor: self.actor.clone(), ..Circumstances::system(self.with.clock.now()) }
    }

    async fn carry_out(&self, run: Run) -> Result<Report, Stopped> {
        self.forget(run.run.saturating_sub(1)).await?;
        let mut report = Report { refused: self.other_realm().await?, ..Report::default() };
        if report.refused.is_none() {
            let run = self.list(run.clone()).await?;
            report = self.judge(&run).await?;
        }
        self.end(&run, &report).await?;
        self.forget(run.run).await?;
        Ok(report)
    }

    /// Numbers mean something only within their app: those of another one would all seem to be missing.
    async fn other_realm(&self) -> AppResult<Option<Refusal>> {
        let slug = self.provider.slug().to_owned();
        let bound = self.with.db.read(move |conn| users::realm(conn, &slug)).await?;
        Ok(match (self.provider.realm(), bound) {
            (None, _) => Some(Refusal::RealmUnknown { setting: self.provider.realm_setting() }),
            (Some(_), None) => Some(Refusal::Unbound),
            (Some(now), Some(bound)) if now != bound => Some(Refusal::OtherRealm { bound, now }),
            (Some(_), Some(_)) => None,
        })
    }

    /// Reads what is left of the list.
    async fn list(&self, mut run: Run) -> Result<Run, Stopped> {
        while !run.is_listed() {
            let page = self.page(run.next_from).await?;
            let last = run.last_listed.unwrap_or(0);
            // Whether the number named is on the next page or before it: either way it is listed once.
            let ids: Vec<i64> = page.ids.iter().copied().skip_while(|id| Some(*id) == run.last_listed).collect();
            if ids.first().is_some_and(|first| *first <= last) || ids.is_empty() && page.next.is_some() {
                return Err(Stopped::Backwards);
            }
            let (ours, some, now) = (run.clone(), ids.clone(), self.with.clock.now());
            if !self.with.db.write(move |conn| claim::store(conn, &ours, &some, page.next, now)).await? {
                return Err(Stopped::Lost);
            }
            run.listed = run.listed.saturating_add(i64::try_from(ids.len()).unwrap_or(0));
            run.last_listed = ids.last().copied().or(run.last_listed);
            run.next_from = page.next;
            if page.next.is_none() {
                "listed".clone_into(&mut run.state);
            }
            (self.progress)(Progress::Listed(u64::try_from(run.listed).unwrap_or(0)));
            tokio::time::sleep(BREATH).await;
        }
        Ok(run)
    }

    async fn page(&self, from: Option<i64>) -> Result<LinkedPage, Fault> {
        let mut pauses = PAUSES.into_iter();
        loop {
            match self.provider.linked_from(from).await {
                Err(fault) => self.patience(fault, pauses.next()).await?,
                page => return page,
            }
        }
    }

    async fn linked_among(&self, numbers: &[i64]) -> Result<Vec<i64>, Fault> {
        let mut pauses = PAUSES.into_iter();
        loop {
            match self.provider.linked_among(numbers).await {
                Err(fault) => self.patience(fault, pauses.next()).await?,
                linked => return linked,
            }
        }
    }

    /// Waits before a question is asked again that may well be answered in a while.
    async fn patience(&self, fault: Fault, pause: Option<Duration>) -> Result<(), Fault> {
        let Some(pause) = pause.filter(|_| fault.may_pass()) else { return Err(fault) };
        tracing::warn!(provider = self.provider.slug(), cause = %fault, "asking again who is linked");
        tokio::time::sleep(pause).await;
        Ok(())
    }

    async fn stretch(&self, run: &Run, after: String) -> AppResult<Stretch> {
        let (slug, number, began) = (run.provider.clone(), run.run, run.began_at);
        self.with.db.read(move |conn| stretch(conn, &slug, number, began, &after)).await
    }

    /// Counts before anything is changed, then acts.
    async fn judge(&self, run: &Run) -> Result<Report, Stopped> {
        let mut figures = Figures { listed: u64::try_from(run.listed).unwrap_or(0), ..Figures::default() };
        let mut after = String::new();
        loop {
            let found = self.stretch(run, after).await?;
            figures.linked += found.linked;
            figures.missing += u64::try_from(found.missing.len()).unwrap_or(0);
            let Some(last) = found.last else { break };
            after = last;
            self.hold(run).await?;
            (self.progress)(Progress::Compared(figures.linked));
        }
        let refused = believed(figures, self.with.settings.max_percent).err();
        let mut report = Report { figures, refused, ..Report::default() };
        if report.refused.is_none() {
            self.act(run, &mut report).await?;
        }
        Ok(report)
    }

    async fn act(&self, run: &Run, report: &mut Report) -> Result<(), Stopped> {
        let mut after = String::new();
        loop {
            let found = self.stretch(run, after).await?;
            for number in found.returned {
                report.returned += u64::from(self.bring_back(run, number).await?);
            }
            for some in found.missing.chunks(NAMED) {
                self.close(run, some, report).await?;
            }
            let Some(last) = found.last else { return Ok(()) };
            after = last;
            self.hold(run).await?;
        }
    }

    async fn bring_back(&self, run: &Run, number: i64) -> AppResult<bool> {
        if self.dry {
            return Ok(true);
        }
        let (slug, how) = (run.provider.clone(), self.how());
        self.with.db.write(move |conn| users::reappear(conn, &slug, &number.to_string(), &how)).await
    }

    /// Marks those of the missing who are not linked when asked about by name.
    async fn close(&self, run: &Run, some: &[Missing], report: &mut Report) -> Result<(), Stopped> {
        let numbers: Vec<i64> = some.iter().map(|missing| missing.number).collect();
        let linked = self.linked_among(&numbers).await?;
        self.hold(run).await?;
        for Missing { number, user } in some {
            if linked.contains(number) {
                report.still_linked += 1;
            } else if self.dry {
                report.people.push(user.clone());
            } else {
                let (slug, subject, began) = (run.provider.clone(), number.to_string(), run.began_at);
                let (days, how) = (self.with.settings.grace_days, self.how());
                let done = move |conn: &mut Conn| users::vanish(conn, (&slug, &subject), began, days, &how);
                match self.with.db.write(done).await? {
                    Some(Vanished::Closed) => report.closed += 1,
                    Some(Vanished::Marked) => report.marked += 1,
                    None => {}
                }
            }
        }
        tokio::time::sleep(BREATH).await;
        Ok(())
    }

    async fn hold(&self, run: &Run) -> Result<(), Stopped> {
        let (run, now) = (run.clone(), self.with.clock.now());
        if self.with.db.write(move |conn| claim::hold(conn, &run, now)).await? { Ok(()) } else { Err(Stopped::Lost) }
    }

    async fn end(&self, run: &Run, report: &Report) -> Result<(), Stopped> {
        let (run, how, dry) = (run.clone(), self.how(), self.dry);
        let (action, said) = line(&run.provider, report);
        let ended = self.with.db.write(move |conn| {
            let ended = claim::end(conn, &run)?;
            if ended && !dry {
                audit::record(conn, &how, action, None, &said)?;
            }
            Ok(ended)
        });
        if ended.await? { Ok(()) } else { Err(Stopped::Lost) }
    }

    async fn forget(&self, up_to: i64) -> AppResult<()> {
        let now = self.with.clock.now();
        let forget = move |conn: &mut Conn| {
            let some = claim::forget(conn, up_to)?;
            if some {
                users::note_erasure(conn, now)?;
            }
            Ok(some)
        };
        while self.with.db.write(forget).await? {}
        Ok(())
    }
}
