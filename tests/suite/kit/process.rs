//! The real program as a process of its own, which can be killed, told to stop, and frozen. The simulator stays in the
//! test's process and outlives it.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use fiiiiilm::clock::Clock;
use fiiiiilm::config::DatabaseUrl;
use fiiiiilm::secret::Secret;
use fiiiiilm::simulator;
use tempfile::TempDir;

use super::app::{ORIGIN, Setting, environment};
use super::browser::Browser;
use super::database::{Backend, Inspect, Throwaway};

/// No start takes so long unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program, its folder, its database and its provider.
pub(crate) struct Program {
    pub(crate) address: SocketAddr,
    pub(crate) simulator: simulator::Running,
    pub(crate) folder: TempDir,
    pub(crate) env: Vec<(String, String)>,
    child: Child,
    throwaway: Option<Throwaway>,
}

impl Program {
    /// Started and ready.
    pub(crate) async fn start(backend: Backend, settings: &[Setting]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let throwaway = (backend == Backend::Postgres).then(Throwaway::create);
        let bind = "127.0.0.1:0".parse().expect("an address");
        let practice = simulator::start(bind, simulator::App::demo(ORIGIN), Clock::system()).await;
        let practice = practice.expect("the simulator");
        let address = free_address();
        let mut env = environment(practice.origin(), throwaway.as_ref());
        env.retain(|(name, _)| name != "FIIIIILM_SERVER__BIND");
        env.push(("FIIIIILM_SERVER__BIND".into(), address.to_string()));
        env.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        if throwaway.is_some() {
            let migrated = command(&folder, &env).arg("migrate").stdout(Stdio::null()).status().expect("the program");
            assert!(migrated.success(), "the migrations");
        }
        let child = serve(&folder, &env);
        let mut program = Self { address, simulator: practice, folder, env, child, throwaway };
        program.ready().await;
        program
    }

    /// Waits until it is ready; says how long that took.
    pub(crate) async fn ready(&mut self) -> Duration {
        let begun = Instant::now();
        let mut browser = self.browser();
        loop {
            if browser.try_get("/readyz").await.is_ok_and(|answer| answer.status == 200) {
                return begun.elapsed();
            }
            let ended = self.child.try_wait().expect("its state");
            assert!(ended.is_none(), "it ended with {ended:?}: {}", self.log());
            assert!(begun.elapsed() < PATIENCE, "it does not get ready: {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Starts it again at the same address; says how long it took until it was ready.
    pub(crate) async fn again(&mut self) -> Duration {
        self.child = serve(&self.folder, &self.env);
        self.ready().await
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &line]).status().expect("sh").success(), "{line}");
    }

    /// Waits for its end.
    pub(crate) async fn end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end: {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What it has logged so far, over all its starts.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A look into its database from outside.
    pub(crate) fn inspect(&self) -> Inspect {
        Inspect::open(&match &self.throwaway {
            Some(throwaway) => DatabaseUrl::Postgres(Secret::new(throwaway.url())),
            None => DatabaseUrl::Sqlite(self.folder.path().join("data/fiiiiilm.db")),
        })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Free a moment ago; taken from it at once.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

fn command(folder: &TempDir, env: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fiiiiilm"));
    command.current_dir(folder.path()).env_clear().envs(env.iter().cloned());
    command
}

fn serve(folder: &TempDir, env: &[(String, String)]) -> Child {
    let log = File::options().create(true).append(true).open(folder.path().join("log")).expect("a log");
    // A file beyond the limit of its size is then an error, as on a full disk, and not the end.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_fiiiiilm")]);
    shell.current_dir(folder.path()).env_clear().envs(env.iter().cloned());
    shell.stdout(Stdio::null()).stderr(log).spawn().expect("the program")
}
