//! The real program as a process of its own, which can be killed, told to stop, and frozen. The simulator stays in the
//! test's process and outlives it.

use std::fs::File;
use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
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
use super::port::free_address;

/// No start takes so long unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// One process of the program.
pub(crate) struct Process {
    pub(crate) address: SocketAddr,
    pub(crate) env: Vec<(String, String)>,
    folder: PathBuf,
    child: Child,
}

impl Process {
    /// Started, and perhaps not ready yet. `env` says everything but where it listens.
    fn start(folder: &Path, env: &[(String, String)]) -> Self {
        let address = free_address();
        let mut env = env.to_vec();
        env.retain(|(name, _)| name != "FIIIIILM_SERVER__BIND");
        env.push(("FIIIIILM_SERVER__BIND".into(), address.to_string()));
        let child = serve(folder, &env, log_file(folder).into());
        Self { address, env, folder: folder.to_owned(), child }
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
        self.again_logging_to(log_file(&self.folder).into()).await
    }

    /// As [`Self::again`], with its log elsewhere.
    pub(crate) async fn again_logging_to(&mut self, log: Stdio) -> Duration {
        self.child = serve(&self.folder, &self.env, log);
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

    /// A command of the program with the same settings, not started yet.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = command(&self.folder, &self.env);
        command.arg(name);
        command
    }

    /// What it has logged so far, over all its starts.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// The log as soon as it has all that was written before: a thread of its own writes it.
    pub(crate) async fn settled_log(&self) -> String {
        let answer = self.browser().get("/healthz").await;
        let id = answer.header("x-request-id").expect("an id");
        for _ in 0..500 {
            let log = self.log();
            if log.contains(id) {
                return log;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no line for {id}: {}", self.log());
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// What it holds at this moment, as the kernel counts it.
    pub(crate) fn held(&self) -> Held {
        let count =
            |what: &str| std::fs::read_dir(format!("/proc/{}/{what}", self.id())).expect("a living process").count();
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).expect("a living process");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let kib: usize = resident.trim().trim_end_matches(" kB").parse().expect("a number");
        Held { descriptors: count("fd"), threads: count("task"), mib: kib / 1024 }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// See [`Process::held`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) descriptors: usize,
    pub(crate) threads: usize,
    /// Resident memory.
    pub(crate) mib: usize,
}

/// A process, its folder, its database and its provider.
pub(crate) struct Program {
    process: Process,
    pub(crate) simulator: simulator::Running,
    pub(crate) folder: TempDir,
    throwaway: Option<Throwaway>,
}

impl Deref for Program {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}

impl DerefMut for Program {
    fn deref_mut(&mut self) -> &mut Process {
        &mut self.process
    }
}

impl Program {
    /// Started and ready.
    pub(crate) async fn start(backend: Backend, settings: &[Setting]) -> Self {
        Self::start_on((backend == Backend::Postgres).then(Throwaway::create), settings).await
    }

    /// Started and ready, on this database or on SQLite.
    pub(crate) async fn start_on(throwaway: Option<Throwaway>, settings: &[Setting]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let bind = "127.0.0.1:0".parse().expect("an address");
        let practice = simulator::start(bind, simulator::App::demo(ORIGIN), Clock::system()).await;
        let practice = practice.expect("the simulator");
        let mut env = environment(practice.origin(), throwaway.as_ref());
        let whole = |value: &str| value.replace("{simulator}", practice.origin());
        env.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), whole(value))));
        if throwaway.is_some() {
            let migrated =
                command(folder.path(), &env).arg("migrate").stdout(Stdio::null()).status().expect("the program");
            assert!(migrated.success(), "the migrations");
        }
        let process = Process::start(folder.path(), &env);
        let mut program = Self { process, simulator: practice, folder, throwaway };
        program.ready().await;
        program
    }

    /// A second process on the same database, started and ready.
    pub(crate) async fn beside(&self) -> Process {
        self.beside_with(&[]).await
    }

    /// As [`Self::beside`], with other settings.
    pub(crate) async fn beside_with(&self, settings: &[Setting]) -> Process {
        let mut env = self.env.clone();
        env.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let mut process = Process::start(self.folder.path(), &env);
        process.ready().await;
        process
    }

    /// A look into its database from outside.
    pub(crate) fn inspect(&self) -> Inspect {
        Inspect::open(&match &self.throwaway {
            Some(throwaway) => DatabaseUrl::Postgres(Secret::new(throwaway.url())),
            None => DatabaseUrl::Sqlite(self.database_file()),
        })
    }

    /// Where SQLite keeps everything.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.folder.path().join("data/fiiiiilm.db")
    }
}

fn command(folder: &Path, env: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fiiiiilm"));
    command.current_dir(folder).env_clear().envs(env.iter().cloned());
    command
}

fn log_file(folder: &Path) -> File {
    File::options().create(true).append(true).open(folder.join("log")).expect("a log")
}

fn serve(folder: &Path, env: &[(String, String)], log: Stdio) -> Child {
    // A file beyond the limit of its size is then an error, as on a full disk, and not the end.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_fiiiiilm")]);
    shell.current_dir(folder).env_clear().envs(env.iter().cloned());
    shell.stdout(Stdio::null()).stderr(log).spawn().expect("the program")
}
