//! The real server, started for one test.

use std::time::Duration;

use fiiiiilm::clock::Clock;
use fiiiiilm::config;
use fiiiiilm::config::{Config, Source, demo};
use fiiiiilm::server::Running;
use fiiiiilm::simulator;
use tempfile::TempDir;

use super::browser::Browser;
use super::database::{Backend, Inspect, Throwaway};

/// The public URL of every tested server. Nothing resolves it: the browser of the kit connects to the real address.
pub(crate) const ORIGIN: &str = "https://app.test";

/// A setting, as an environment variable says it.
pub(crate) type Setting = (&'static str, String);

pub(crate) struct TestApp {
    pub(crate) running: Running,
    pub(crate) simulator: simulator::Running,
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    pub(crate) folder: TempDir,
    throwaway: Option<Throwaway>,
}

impl TestApp {
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_with(backend, &[]).await
    }

    /// With further settings; `{simulator}` in a value becomes the simulator's origin.
    pub(crate) async fn start_with(backend: Backend, settings: &[Setting]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let throwaway = (backend == Backend::Postgres).then(Throwaway::create);
        let clock = Clock::system();
        let practice =
            simulator::start("127.0.0.1:0".parse().expect("an address"), simulator::App::demo(ORIGIN), clock.clone())
                .await
                .expect("the simulator");
        let mut env = environment(practice.origin(), throwaway.as_ref());
        let placed = |value: &String| value.replace("{simulator}", practice.origin());
        env.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), placed(value))));
        let config = config::load(&Source { file: None, env, dir: folder.path().to_owned() }).expect("the settings");
        if throwaway.is_some() {
            let mut conn = fiiiiilm::db::open(&config.database.url).expect("the database");
            fiiiiilm::db::migrate(&mut conn).expect("the migrations");
        }
        let running = Running::start(config.clone(), clock.clone()).await.expect("the server");
        Self { running, simulator: practice, clock, config, folder, throwaway }
    }

    /// A second server on the same database, as another process would be.
    pub(crate) async fn second(&self) -> Running {
        Running::start(self.config.clone(), self.clock.clone()).await.expect("a second server")
    }

    /// Stops the server and starts it again on the same database.
    pub(crate) async fn restart(self) -> Self {
        let Self { running, simulator, clock, config, folder, throwaway } = self;
        running.stop(Some(Duration::ZERO)).await;
        let running = Running::start(config.clone(), clock.clone()).await.expect("the server again");
        Self { running, simulator, clock, config, folder, throwaway }
    }

    /// A browser nobody has used yet.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.running.address)
    }

    /// A browser in which this person of the simulator is logged in.
    pub(crate) async fn logged_in(&self, subject: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.log_in(subject).await;
        assert_eq!(answer.status, 303, "login of {subject}: {}", answer.body);
        browser
    }

    /// A look into the database from outside.
    pub(crate) fn inspect(&self) -> Inspect {
        Inspect::open(&self.config.database.url)
    }

    /// On which database this runs.
    pub(crate) fn is_sqlite(&self) -> bool {
        self.throwaway.is_none()
    }

    /// How often the provider was asked for a token.
    pub(crate) fn token_requests(&self) -> usize {
        self.token_requests_at(simulator::Provider::Kakao)
    }

    /// How often this provider was asked for a token.
    pub(crate) fn token_requests_at(&self, provider: simulator::Provider) -> usize {
        let paths = provider.paths(simulator::Place::Token);
        self.simulator.state().requests().iter().filter(|request| paths.contains(&request.path.as_str())).count()
    }
}

pub(super) fn environment(provider: &str, throwaway: Option<&Throwaway>) -> Vec<(String, String)> {
    let mut env: Vec<(&str, String)> = vec![
        ("FIIIIILM_SERVER__BIND", "127.0.0.1:0".into()),
        ("FIIIIILM_SERVER__PUBLIC_URL", ORIGIN.into()),
        ("FIIIIILM_SERVER__WORKERS", "1".into()),
        ("FIIIIILM_DATABASE__POOL_SIZE", "4".into()),
        // Tests ask more often than people; those of the limits switch them on.
        ("FIIIIILM_LIMITS__ENABLED", "false".into()),
        // Tests say themselves when it is night.
        ("FIIIIILM_RECONCILE__ENABLED", "false".into()),
        ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_ID", demo::CLIENT_ID.into()),
        ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET", demo::CLIENT_SECRET.into()),
        ("FIIIIILM_PROVIDERS__KAKAO__ADMIN_KEY", demo::ADMIN_KEY.into()),
        ("FIIIIILM_PROVIDERS__KAKAO__AUTH_BASE", provider.into()),
        ("FIIIIILM_PROVIDERS__KAKAO__API_BASE", provider.into()),
        ("FIIIIILM_PROVIDERS__KAKAO__ISSUER", provider.into()),
        ("FIIIIILM_ADMIN__IDENTITIES", format!("kakao:{}", demo::ADMIN_SUBJECT)),
    ];
    if let Some(throwaway) = throwaway {
        env.push(("FIIIIILM_DATABASE__URL", throwaway.url()));
        env.push(("FIIIIILM_SECRET__KEY", format!("hex:{}", "9d3c7be15fa0428e".repeat(4))));
    }
    env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
