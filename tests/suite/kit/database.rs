//! A database of its own for each test.

use diesel::connection::SimpleConnection as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel::{RunQueryDsl as _, sql_query};
use fiiiiilm::config::DatabaseUrl;
use fiiiiilm::db;
use fiiiiilm::db::Conn;
use fiiiiilm::secret::Secret;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

/// A PostgreSQL database that is dropped with its test.
pub(crate) struct Throwaway {
    server: String,
    name: String,
}

impl Throwaway {
    /// `FIIIIILM_TEST_POSTGRES` names a server on which databases may be made and dropped. Without it a test on
    /// PostgreSQL fails: what cannot run is not skipped.
    pub(crate) fn create() -> Self {
        let server = std::env::var("FIIIIILM_TEST_POSTGRES")
            .expect("FIIIIILM_TEST_POSTGRES is not set: run `scripts/test`, or `scripts/postgres run cargo test`");
        Self::create_on(server)
    }

    /// On this server.
    pub(crate) fn create_on(server: String) -> Self {
        let name = format!("t_{}", uuid::Uuid::now_v7().simple());
        admin(&server, &format!("create database {name}"));
        Self { server, name }
    }

    pub(crate) fn url(&self) -> String {
        let mut url = url::Url::parse(&self.server).expect("a URL");
        url.set_path(&self.name);
        url.into()
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropped = std::thread::spawn(move || admin(&server, &format!("drop database {name} with (force)")));
        drop(dropped.join());
    }
}

fn admin(server: &str, statement: &str) {
    let mut conn = db::open(&DatabaseUrl::Postgres(Secret::new(server.to_owned()))).expect("the test server");
    conn.batch_execute("set statement_timeout = 0").expect("no limit");
    conn.batch_execute(statement).expect(statement);
}

/// Looks into the database from outside, through a connection of its own.
pub(crate) struct Inspect(Conn);

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    s: String,
}

impl Inspect {
    pub(crate) fn open(url: &DatabaseUrl) -> Self {
        Self(db::open(url).expect("a second connection"))
    }

    /// One number: `select … as n`.
    pub(crate) fn number(&mut self, query: &str) -> i64 {
        sql_query(query).get_result::<Number>(&mut self.0).expect(query).n
    }

    /// Lines of text: `select … as s`.
    pub(crate) fn lines(&mut self, query: &str) -> Vec<String> {
        sql_query(query).load::<Line>(&mut self.0).expect(query).into_iter().map(|line| line.s).collect()
    }

    pub(crate) fn execute(&mut self, statement: &str) {
        self.0.batch_execute(statement).expect(statement);
    }

    pub(crate) fn conn(&mut self) -> &mut Conn {
        &mut self.0
    }

    /// Rows of users, identities and live sessions: what "no session" must leave alone.
    pub(crate) fn rows(&mut self) -> (i64, i64, i64) {
        (
            self.number("select count(*) as n from users"),
            self.number("select count(*) as n from identities"),
            self.number("select count(*) as n from sessions where ended_at is null"),
        )
    }
}
