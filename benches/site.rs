//! The program and what stands around it, each as a process of its own that ends with its value.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use fiiiiilm::config::demo;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_fiiiiilm");

/// What every request calls the site. Nothing resolves it.
pub(crate) fn authority() -> String {
    "localhost".into()
}

pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// perf(1) at work; asked to end, it writes its file.
pub(crate) struct Profile(Child);

impl Drop for Profile {
    fn drop(&mut self) {
        drop(Command::new("kill").args(["-INT", &self.0.id().to_string()]).status());
        drop(self.0.wait());
    }
}

/// The practice provider.
pub(crate) struct Provider {
    pub(crate) address: SocketAddr,
    _running: Running,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let address = free_address();
        let mut command = Command::new(PROGRAM);
        command.args(["simulator", "--bind", &address.to_string(), "--site", &format!("http://{}", authority())]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while std::net::TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { address, _running: Running(child) }
    }
}

/// A throwaway PostgreSQL that waits for the disk.
pub(crate) struct Postgres {
    url: String,
    script: Child,
}

impl Postgres {
    /// With these settings for the server, as `postgres` takes them, besides those of the script.
    pub(crate) fn start(settings: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");
        let tell = "echo \"$FIIIIILM_TEST_POSTGRES\"; exec cat";
        let mut command = Command::new(script);
        command.args(["run", "sh", "-c", tell]).env("FIIIIILM_TEST_POSTGRES_DURABLE", "1");
        command.env("FIIIIILM_TEST_POSTGRES_SETTINGS", settings);
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(script.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
        assert!(url.starts_with("postgres://"), "scripts/postgres did not start one");
        Self { url: url.trim().to_owned(), script }
    }
}

impl Postgres {
    fn ask(&self, question: &str) -> i64 {
        let mut conn = PgConnection::establish(&self.url).unwrap();
        diesel::select(sql::<BigInt>(question)).get_result(&mut conn).unwrap()
    }

    /// How large the database is.
    pub(crate) fn bytes(&self) -> u64 {
        self.ask("pg_database_size(current_database())").cast_unsigned()
    }

    /// CPU time so far of all its processes that are there; our pool keeps its connections.
    pub(crate) fn cpu(&self) -> Duration {
        let parent = |stat: &str| stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse::<i64>().ok();
        let read = |id: &str| fs::read_to_string(format!("/proc/{id}/stat")).ok();
        let server: i64 = self.ask("split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::bigint");
        let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        ids.filter_map(|id| read(&id)).filter(|stat| parent(stat) == Some(server)).map(|stat| cpu_of(&stat)).sum()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // `cat` ends with its input, and the script then cleans up.
        drop(self.script.stdin.take());
        drop(self.script.wait());
    }
}

/// Resident memory in bytes.
pub(crate) struct Memory {
    /// All of it.
    pub(crate) resident: u64,
    /// What cannot be had back from a file at any moment, as the pages of the program can.
    pub(crate) own: u64,
}

/// The real program.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    folder: TempDir,
    env: Vec<(String, String)>,
    running: Option<Running>,
}

impl Site {
    pub(crate) fn new(provider: SocketAddr, postgres: Option<&Postgres>) -> Self {
        let address = free_address();
        let origin = format!("http://{provider}");
        let mut env = vec![
            ("FIIIIILM_SERVER__BIND", address.to_string()),
            ("FIIIIILM_SERVER__PUBLIC_URL", format!("http://{}", authority())),
            ("FIIIIILM_LIMITS__ENABLED", "false".into()),
            ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_ID", demo::CLIENT_ID.into()),
            ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET", demo::CLIENT_SECRET.into()),
            ("FIIIIILM_PROVIDERS__KAKAO__AUTH_BASE", origin.clone()),
            ("FIIIIILM_PROVIDERS__KAKAO__API_BASE", origin.clone()),
            ("FIIIIILM_PROVIDERS__KAKAO__ISSUER", origin),
        ];
        if let Some(postgres) = postgres {
            env.push(("DATABASE_URL", postgres.url.clone()));
            env.push(("FIIIIILM_SECRET__KEY", format!("hex:{}", "5f0c9be2a7183d64".repeat(4))));
        }
        let env = env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { address, folder: TempDir::new().unwrap(), env, running: None }
    }

    /// With another setting, or with another value of one.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value));
    }

    fn command(&self, args: &[&str]) -> Command {
        let log = fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut command = Command::new(PROGRAM);
        command.args(args).current_dir(self.folder.path()).env_clear().envs(self.env.iter().cloned());
        command.stdout(Stdio::null()).stderr(log);
        command
    }

    pub(crate) fn seed(&self, users: u32) {
        for args in [&["migrate"][..], &["seed", "--users", &users.to_string()]] {
            assert!(self.command(args).status().unwrap().success(), "{args:?}");
        }
    }

    pub(crate) fn start(&mut self) {
        self.running = Some(Running(self.command(&["serve"]).spawn().unwrap()));
    }

    pub(crate) fn stop(&mut self) {
        self.running = None;
    }

    /// Waits until a page is answered.
    pub(crate) async fn first_page(&self) {
        while tokio::net::TcpStream::connect(self.address).await.is_err() {
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        let request = format!("GET /login HTTP/1.1\r\nHost: {}\r\n\r\n", authority());
        let answer = super::client::Line::open(self.address).await.ask(request.as_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.head);
    }

    fn of_process(&self, name: &str) -> String {
        let id = self.running.as_ref().unwrap().0.id();
        fs::read_to_string(format!("/proc/{id}/{name}")).unwrap()
    }

    /// Has perf(1) (Debian: linux-perf) watch the program until the value is dropped.
    pub(crate) fn profile(&self, file: &Path) -> Profile {
        let id = self.running.as_ref().unwrap().0.id().to_string();
        let mut command = Command::new("perf");
        command.args(["record", "--quiet", "--call-graph", "fp", "--pid", &id, "--output"]).arg(file);
        Profile(command.spawn().unwrap())
    }

    /// What is resident now.
    pub(crate) fn memory(&self) -> Memory {
        let status = self.of_process("status");
        Memory { resident: kilobytes(&status, "VmRSS:"), own: kilobytes(&status, "RssAnon:") }
    }

    /// CPU time so far, of all its threads.
    pub(crate) fn cpu(&self) -> Duration {
        cpu_of(&self.of_process("stat"))
    }

    /// Makes somebody an admin.
    pub(crate) fn promote(&self, identity: &str) {
        assert!(self.command(&["user", "promote", identity]).status().unwrap().success(), "{identity}");
    }

    /// How large the embedded database is, with what belongs to it.
    pub(crate) fn bytes(&self) -> u64 {
        let files = fs::read_dir(self.folder.path().join("data")).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
    }

    /// From now on, [`Site::peak`] counts anew (proc(5): `clear_refs`).
    pub(crate) fn forget_peak(&self) {
        let id = self.running.as_ref().unwrap().0.id();
        fs::write(format!("/proc/{id}/clear_refs"), "5").unwrap();
    }

    /// The most that was resident, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        kilobytes(&self.of_process("status"), "VmHWM:")
    }
}

/// A line of `/proc/PID/status`, in bytes.
fn kilobytes(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}

/// User and system time (proc(5): fields 14 and 15 of `stat`, in hundredths of a second).
fn cpu_of(stat: &str) -> Duration {
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}
