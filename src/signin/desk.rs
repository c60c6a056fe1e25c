//! The reception desk: starts logins and finishes them.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::attempt::{Attempt, BrowserKey, Rejection, StateSealer};
use super::claimed;
use super::claims::{Claim, Claims, Duty};
use super::complete::{self, Completed, Kept, Proved, Settings};
use super::decide::Rules;
use super::ending::Ending;
use super::finished::{Answer, Arrival, Finished, Opened, done, ended, late, refused, rejected};
use super::pending::{PendingSignup, SignupSealer};
use super::purpose::Purpose;
use super::used;
use crate::clock::Clock;
use crate::clock::Moment;
use crate::config::Config;
use crate::config::SignupMode;
use crate::counts::Tally;
use crate::db::AttemptId;
use crate::db::Db;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::outbox::Post;
use crate::providers::AuthRequest;
use crate::providers::Fault;
use crate::providers::Lasting;
use crate::providers::Proof;
use crate::providers::Provider;
use crate::providers::Registry;
use crate::tokens::Changes;
use crate::tokens::Lifetimes;

/// How long the database has to write a login down, once the provider has proved it.
pub(super) const SETTLE: Duration = Duration::from_secs(3);

/// Nobody waits longer for a login to be finished, not even for one that another request finishes.
const PATIENCE: Duration = Duration::from_millis(12_500);

/// A login under way.
#[derive(Debug)]
pub struct Started {
    /// The provider's authorize page, to redirect to.
    pub location: String,
}

/// The desk.
pub struct Desk {
    pub(super) db: Db,
    pub(super) registry: Arc<Registry>,
    changes: Arc<Changes>,
    pub(super) clock: Clock,
    tally: Arc<Tally>,
    states: StateSealer,
    pub(super) signups: SignupSealer,
    claims: Claims,
    settings: Settings,
    /// Where tokens are sealed that ending a link will need.
    post: Post,
    callback_base: String,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    /// By the settings.
    #[must_use]
    pub fn new(config: &Config, db: Db, registry: Arc<Registry>, changes: Arc<Changes>, clock: Clock) -> Self {
        let rules = Rules {
            open: config.signup.mode != SignupMode::Closed,
            approval: config.signup.mode == SignupMode::Approval,
            minimum_age: config.account.minimum_age,
            welcome: false,
            offer_links: true,
        };
        let post = registry.post(config);
        let settings = Settings {
            rules,
            lifetimes: Lifetimes::new(&config.token),
            admins: config.admin.identities.clone(),
            post: post.clone(),
        };
        // The settings refuse an unknown zone.
        let zone = TimeZone::get(&config.site.time_zone).unwrap_or(TimeZone::UTC);
        Self {
            db,
            registry,
            changes,
            clock,
            tally: Arc::new(Tally::new(zone)),
            states: StateSealer::new(&config.secrets),
            signups: SignupSealer::new(&config.secrets),
            claims: Claims::default(),
            settings,
            post,
            callback_base: config.server.public_url.join("/login"),
        }
    }

    /// Where logins that fail are counted.
    #[must_use]
    pub const fn tally(&self) -> &Arc<Tally> {
        &self.tally
    }

    /// Counts a login that ended without a session.
    pub(super) fn count(&self, provider: &str, finished: &Finished) {
        if let Finished::Ended { ending, .. } = finished {
            self.tally.failed(provider, ending.code(), self.clock.now());
        }
    }

    fn reject(&self, rejection: Rejection, arrival: &Arrival) -> Arc<Finished> {
        let finished = rejected(rejection, arrival);
        self.count(&arrival.provider, &finished);
        Arc::new(finished)
    }

    /// Begins an attempt with a provider; nothing is stored.
    ///
    /// # Errors
    /// When the system has no random source, or the provider's addresses are only known by asking and it cannot be asked.
    pub async fn start(
        &self,
        provider: &Provider,
        purpose: Purpose,
        target: &str,
        key: &BrowserKey,
    ) -> AppResult<Started> {
        let attempt = Attempt {
            id: AttemptId::new(),
            provider: provider.slug().to_owned(),
            purpose,
            target: target.to_owned(),
            started_at: self.clock.now(),
        };
        let request = self.request(&attempt, key, self.states.seal(&attempt, key)?, None);
        let location = provider.authorize_url(&request).await;
        let unavailable = |fault: Fault| AppError::new(Kind::ProviderUnavailable).because(fault);
        Ok(Started { location: location.map_err(unavailable)? })
    }

    pub(super) fn request(
        &self,
        attempt: &Attempt,
        key: &BrowserKey,
        state: String,
        user: Option<String>,
    ) -> AuthRequest {
        AuthRequest {
            redirect_uri: format!("{}/{}/callback", self.callback_base, attempt.provider),
            state,
            verifier: self.states.verifier(&attempt.id, key),
            nonce: self.states.nonce(&attempt.id, key),
            again: matches!(attempt.purpose, Purpose::Again(_)),
            user,
        }
    }

    /// Finishes a login: once for each attempt, and the same for everybody who brings it.
    pub async fn finish(self: Arc<Self>, state: &str, answer: Answer, arrival: Arrival) -> Arc<Finished> {
        let key = arrival.browser_key.clone();
        let opened = self.states.open(state, &arrival.provider, key.as_ref(), self.clock.now());
        let (attempt, key) = match (opened, key) {
            (Ok(attempt), Some(key)) => (attempt, key),
            (Ok(_), None) => return self.reject(Rejection::Forged, &arrival),
            (Err(rejection), _) => return self.reject(rejection, &arrival),
        };
        let waiting = match self.claims.claim(&attempt.id) {
            Claim::First(duty, waiting) => {
                let work = Self::work(self.clone(), attempt.clone(), key, answer, arrival, duty);
                // On its own: a client that goes away neither stops the exchange nor lets it run twice.
                drop(tokio::spawn(work));
                waiting
            }
            Claim::Later(waiting) => waiting,
        };
        match tokio::time::timeout(PATIENCE, waiting.result()).await {
            Ok(result) => result.unwrap_or_else(|| Arc::new(late(&attempt, "interrupted"))),
            Err(_elapsed) => Arc::new(late(&attempt, "timeout")),
        }
    }

    async fn work(self: Arc<Self>, attempt: Attempt, key: BrowserKey, answer: Answer, arrival: Arrival, duty: Duty) {
        let finished = match self.registry.find(&attempt.provider) {
            None => ended(&attempt, Ending::UnknownState, "unknown_provider"),
            Some(provider) => self.hear(provider, &attempt, &key, answer, arrival).await,
        };
        self.count(&attempt.provider, &finished);
        self.claims.done(duty, finished);
    }

    /// Seals what ending the link will need.
    fn keep(&self, proved: &Proved) -> AppResult<Kept> {
        // Counted from when the login began, so that nothing is taken to live longer than it does.
        let seal = |provider: &str, proof: &Proof, began: Moment| match &proof.kept {
            Some(Lasting { token, lives }) => {
                let until = lives.map(|lives| began.saturating_add(lives));
                self.post.keep((provider, &proof.profile.subject), token.expose(), until)
            }
            None => Ok(None),
        };
        let waits = |signup: &PendingSignup| seal(&signup.provider, &signup.proof(), signup.attempt().started_at);
        let waiting = proved.joins().map(waits).transpose()?.flatten();
        Ok(Kept { own: seal(proved.provider(), &proved.proof, proved.attempt.started_at)?, waiting })
    }

    pub(super) async fn settle(&self, attempt: &Attempt, mut proved: Proved) -> AppResult<Finished> {
        proved.kept = self.keep(&proved)?;
        let (settings, arrival) = (self.settings.clone(), proved.arrival.clone());
        let (proof, at) = (proved.proof.clone(), proved.at);
        let before = self.changes.stamp();
        let completed = self.db.write(move |conn| complete::complete(conn, &proved, &settings)).await?;
        Ok(match completed {
            Completed::SignedIn { session, subject, replaced, alarm } => {
                done(&session.user_id, "signed_in", &arrival);
                let stamp = self.changes.mark_unless_changed(&session.user_id, before);
                if let Some(user) = replaced.filter(|user| *user != session.user_id) {
                    self.changes.mark(&user);
                }
                let (id, target) = (session.id.clone(), attempt.target.clone());
                let opened = Opened::new(*session, subject, stamp);
                Finished::SignedIn { session: id, opened, target, alarm }
            }
            Completed::Confirmed { user, session } => {
                done(&user, "confirmed", &arrival);
                self.changes.mark(&user);
                Finished::SignedIn { session, opened: Opened::default(), target: attempt.target.clone(), alarm: false }
            }
            Completed::Offered(owner) => match &arrival.browser_key {
                Some(key) => {
                    let signup = PendingSignup::new(attempt, &proof, &owner, at);
                    Finished::Waits { sealed: self.signups.seal(&signup, key)? }
                }
                None => refused(attempt, Ending::WelcomeRequired, &arrival),
            },
            Completed::Ended { ending, reason } => refused(attempt, ending, &arrival).because(reason),
        })
    }

    /// Forgets what attempts of the past came to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self) -> AppResult<()> {
        let now = self.clock.now();
        let before = now.saturating_sub(super::ATTEMPT_LIFE * 2);
        self.db.write(move |conn| claimed::sweep(conn, before)).await?;
        self.db.write(move |conn| used::sweep(conn, now)).await.map(|_swept| ())
    }
}
