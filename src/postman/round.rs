//! One round: claim what is due of a kind, carry it out, write down what came of it.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::Notify;

use super::herald::Herald;
use crate::audit::Circumstances;
use crate::clock::Clock;
use crate::clock::unix_seconds;
use crate::config::Config;
use crate::db::Db;
use crate::db::OutboxId;
use crate::error::AppResult;
use crate::outbox;
use crate::outbox::Claimed;
use crate::outbox::Failure;
use crate::outbox::Kind;
use crate::outbox::Post;
use crate::outbox::Unlink;
use crate::providers::Answer;
use crate::providers::Fault;
use crate::providers::Link;
use crate::providers::Registry;
use crate::secret::Secret;
use crate::users;

/// Errands of a kind under way at the same time, in one process.
const AT_ONCE: i64 = 16;

/// Carries errands out.
pub struct Postman {
    db: Db,
    registry: Arc<Registry>,
    post: Post,
    clock: Clock,
    /// Whose claims are ours.
    worker: String,
    herald: Option<Herald>,
    /// One for each kind, as one waits for each.
    unlinks: Notify,
    events: Notify,
}

impl std::fmt::Debug for Postman {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postman")
    }
}

impl Postman {
    /// By the settings.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(
        config: &Config,
        db: Db,
        registry: Arc<Registry>,
        post: Post,
        clock: Clock,
    ) -> Result<Self, reqwest::Error> {
        let herald = config.events.as_ref().map(Herald::new).transpose()?;
        Ok(Self {
            db,
            registry,
            post,
            clock,
            worker: OutboxId::new().to_string(),
            herald,
            unlinks: Notify::new(),
            events: Notify::new(),
        })
    }

    /// Something was left in the outbox.
    pub fn ring(&self) {
        self.unlinks.notify_one();
        self.events.notify_one();
    }

    /// Waits until something is left there, perhaps of this kind, or for so long.
    pub async fn rung(&self, kind: Kind, limit: std::time::Duration) {
        let bell = match kind {
            Kind::Unlink => &self.unlinks,
            Kind::Event => &self.events,
        };
        drop(tokio::time::timeout(limit, bell.notified()).await);
    }

    /// Carries out what is due of a kind, at most sixteen errands at once; returns how many there were.
    ///
    /// # Errors
    /// When the database fails; what was claimed is free again when the claim ends.
    pub async fn round(&self, kind: Kind) -> AppResult<usize> {
        let now = self.clock.now();
        // A look costs nothing; a claim is a write.
        if !self.db.read(move |conn| outbox::is_due(conn, kind, now)).await? {
            return Ok(0);
        }
        let worker = self.worker.clone();
        let ours = self.db.write(move |conn| outbox::claim(conn, kind, &worker, AT_ONCE, now)).await?;
        let count = ours.len();
        for written in join_all(ours.into_iter().map(|entry| self.carry_out(entry))).await {
            written?;
        }
        Ok(count)
    }

    async fn carry_out(&self, mut entry: Claimed) -> AppResult<()> {
        let outcome = match Kind::parse(&entry.kind) {
            Kind::Unlink => self.unlink(&mut entry).await?,
            Kind::Event => self.tell(&entry).await.map_err(Failure::passing),
        };
        let (id, kind, topic) = (entry.id.clone(), entry.kind.clone(), entry.topic.clone());
        let (worker, how) = (self.worker.clone(), Circumstances::system(self.clock.now()));
        match outcome {
            Ok(()) => {
                self.db.write(move |conn| outbox::done(conn, &entry, &worker, how.at)).await?;
                tracing::info!(outbox_id = id.as_str(), kind, topic, outcome = "done", "outbox");
            }
            Err(failure) => {
                let Failure { why, is_final } = &failure;
                tracing::warn!(
                    outbox_id = id.as_str(),
                    kind,
                    topic,
                    cause = why,
                    is_final,
                    outcome = "failed",
                    "outbox"
                );
                self.db.write(move |conn| outbox::failed(conn, &entry, &worker, &failure, &how)).await?;
            }
        }
        Ok(())
    }

    /// `Err` in words for an admin. Whoever has linked the same account again meanwhile keeps that link. An answer that may have
    /// been lost is noted in the entry.
    async fn unlink(&self, entry: &mut Claimed) -> AppResult<Result<(), Failure>> {
        let held = entry.payload.as_deref().and_then(|payload| self.post.open_unlink(&entry.id, payload));
        let Some(held) = held else {
            let why = "sealed with a secret key that is gone: add it to secret.previous_keys";
            return Ok(Err(Failure::passing(why)));
        };
        let Some(provider) = self.registry.find(&entry.topic) else {
            return Ok(Err(Failure::passing(format!("providers.{} is not configured any more", entry.topic))));
        };
        let (slug, subject) = (entry.topic.clone(), held.subject.clone());
        if self.db.read(move |conn| users::find_identity(conn, &slug, &subject)).await?.is_some() {
            return Ok(Ok(()));
        }
        if held.until.is_some_and(|until| until <= unix_seconds(self.clock.now())) {
            let why = "token-expired: the token that was kept has run out; only its person can end the link there";
            return Ok(Err(Failure { why: why.to_owned(), is_final: true }));
        }
        let link = Link {
            subject: held.subject.clone(),
            token: held.tokens.clone().map(Secret::new),
            asked_before: held.asked,
        };
        let Err(fault) = provider.unlink(&link).await else { return Ok(Ok(())) };
        if fault.may_have_ended_it() && !held.asked {
            entry.payload = Some(self.post.seal_unlink(&entry.id, &Unlink { asked: true, ..held })?);
        }
        Ok(Err(Failure { why: words(&fault), is_final: fault.is_final() }))
    }

    async fn tell(&self, entry: &Claimed) -> Result<(), String> {
        let Some(herald) = &self.herald else { return Err("events.url is not set any more".to_owned()) };
        let body = entry.payload.clone().unwrap_or_default();
        herald.tell(entry.id.as_str(), body, self.clock.now()).await
    }
}

/// Nothing in a fault is secret.
fn words(fault: &Fault) -> String {
    match fault.answer {
        Answer::OperatorMustFix { fix } => format!("{}: {fix}", fault.code),
        _ => format!("{}: {}", fault.code, fault.cause),
    }
}
