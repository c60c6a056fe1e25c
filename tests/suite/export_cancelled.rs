//! A download that somebody stops, and one that somebody lets hang: neither keeps the database busy or a connection of it.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::kit::{Backend, Browser, Inspect, Program, people};

/// More bytes than any two sockets hold between them: whoever reads nothing makes the server wait.
const PEOPLE: u32 = 8_000;
const NAME: u32 = 6_000;

const WANTED: &str = "/admin/users.csv?reason=%EC%A0%90%EA%B2%80";

/// People with very long names, from before anybody here.
fn crowd(inspect: &mut Inspect, backend: Backend) {
    let (numbers, name) = match backend {
        Backend::Postgres => (format!("generate_series(1, {PEOPLE}) as numbers(n)"), format!("repeat('x', {NAME})")),
        Backend::Sqlite => (
            format!(
                "(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < {PEOPLE}) select n from numbers)"
            ),
            format!("printf('%.*c', {NAME}, 'x')"),
        ),
    };
    if backend == Backend::Postgres {
        inspect.execute("set statement_timeout = 0");
    }
    inspect.execute(&format!(
        "insert into users (id, seq, name, created_at) select 'crowd-' || n, n, {name}, '2026-01-01 00:00:00' from {numbers}"
    ));
}

/// Asks for the file and hears its beginning, then nothing more.
async fn begun(program: &Program, admin: &Browser) -> TcpStream {
    let cookies = admin.cookie_header("app").expect("a login");
    let request = format!("GET {WANTED} HTTP/1.1\r\nHost: app.test\r\nCookie: {cookies}\r\n\r\n");
    for _ in 0..10 {
        let mut stream = TcpStream::connect(program.address).await.expect("a connection");
        // A machine may be so busy that the server has given this connection up before anything was said on it.
        if stream.write_all(request.as_bytes()).await.is_err() {
            continue;
        }
        let (mut heard, mut part) = (String::new(), [0; 4_096]);
        while !heard.contains("crowd-") && !heard.starts_with("HTTP/1.1 408") {
            let Ok(count @ 1..) = stream.read(&mut part).await else { break };
            heard.push_str(&String::from_utf8_lossy(&part[..count]));
        }
        if heard.starts_with("HTTP/1.1 200") {
            return stream;
        }
        assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 408"), "{heard}");
    }
    panic!("nobody answers: {}", program.log());
}

/// Waits for so many lines of the log that say this.
async fn logged(program: &Program, what: &str, times: usize) {
    for _ in 0..1_200 {
        if program.log().matches(what).count() >= times {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: {}", program.log());
}

on_each! {
    async fn l08_a_cancelled_export_ends_and_one_that_hangs_holds_no_connection(backend: Backend) {
        // One connection for everybody: whoever keeps it keeps all others out.
        let program = Program::start(backend, &[("FIIIIILM_DATABASE__POOL_SIZE", "1".into())]).await;
        let mut inspect = program.inspect();
        crowd(&mut inspect, backend);
        let mut admin = program.browser();
        assert_eq!(admin.log_in(people::ADMIN).await.status, 303);
        let hanging = [begun(&program, &admin).await, begun(&program, &admin).await, begun(&program, &admin).await];
        // As soon as all of them wait for their readers, the database is nobody's.
        let (mut answered, mut asked) = (0, 0);
        while answered < 20 {
            answered = if admin.get("/admin/users?role=admin").await.status == 200 { answered + 1 } else { 0 };
            asked += 1;
            assert!(asked < 400, "the downloads keep the connection");
        }
        assert!(!program.log().contains("an export was cancelled"));
        drop(hanging);
        logged(&program, "an export was cancelled", 3).await;
        assert!(!program.log().contains("an export broke off"), "{}", program.log());
        if backend == Backend::Postgres {
            let busy = "select count(*) as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() \
                        and (state = 'active' or state like 'idle in%')";
            for _ in 0..600 {
                if inspect.number(busy) == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(inspect.number(busy), 0, "{:?}", inspect.lines("select query as s from pg_stat_activity where state <> 'idle'"));
        }
        assert_eq!(admin.get("/admin/users?role=admin").await.status, 200);
        let told = admin.get("/admin/audit?action=users.export").await;
        assert_eq!(told.body.matches("점검").count(), 3, "each is written down, with why: {}", told.body);
    }
}
