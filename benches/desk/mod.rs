//! How fast an admin finds somebody: every kind of question the desk answers, each asked many times with other words, over
//! HTTP and one after the other, at ten thousand, a million and ten million seeded people. Times are those of whole
//! answers, history lines included. Before what is timed, each kind is asked a few times with words that do not come again:
//! the server has been up for a while, its files need not all be in memory.

mod csv;
mod people;
mod questions;
mod table;

use std::time::{Duration, Instant};

use super::Choice;
use super::client;
use super::client::{Admin, Visitor};
use super::site::{Postgres, Provider, Site};
use people::Known;
use questions::Asked;

/// Sizes without `--users`.
const SIZES: [u32; 3] = [10_000, 1_000_000, 10_000_000];

/// What an operator of millions gives PostgreSQL: some memory (it takes 128 MB by itself), and room to build indexes.
const POSTGRES: &str =
    "-c shared_buffers=3GB -c maintenance_work_mem=512MB -c max_wal_size=8GB -c checkpoint_timeout=15min";

/// The figures of one database at one size.
pub(crate) struct Figures {
    name: &'static str,
    users: u32,
    seeding: Duration,
    bytes: u64,
    rows: Vec<Asked>,
    export: csv::Export,
    login_cpu_millis: f64,
    /// What PostgreSQL's own processes took for a login.
    server_cpu_millis: Option<f64>,
}

/// Measures and prints the table of the README.
pub(crate) async fn run(choice: &Choice) {
    let sizes = choice.users.clone().unwrap_or_else(|| if choice.quick { vec![3_000] } else { SIZES.to_vec() });
    let times = if choice.quick { 20 } else { 500 };
    let mut columns = Vec::new();
    for users in sizes {
        if choice.sqlite {
            columns.push(measure("SQLite", None, users, times).await);
        }
        if choice.postgres {
            // A new one each time: what an earlier size left in its memory would help the next.
            let postgres = Postgres::start(POSTGRES);
            columns.push(measure("PostgreSQL", Some(&postgres), users, times).await);
        }
    }
    table::print(times, &columns);
}

async fn measure(name: &'static str, postgres: Option<&Postgres>, users: u32, times: usize) -> Figures {
    let provider = Provider::start();
    let mut site = Site::new(provider.address, postgres);
    let begun = Instant::now();
    site.seed(users);
    let seeding = begun.elapsed();
    eprintln!("{name}: {users} people made in {:.1} s", seeding.as_secs_f64());
    site.start();
    site.first_page().await;
    let bytes = postgres.map_or_else(|| site.bytes(), Postgres::bytes);
    let mut visitor = Visitor::new(site.address, provider.address).await;
    visitor.log_in().await;
    site.promote(&visitor.subject());
    let mut admin = Admin::new(site.address, visitor.log_in().await).await;
    let (known, days) = Known::gather(&mut admin, times).await;
    let mut rows = questions::ask(&mut admin, &known, times).await;
    rows.push(days);
    let (login_cpu_millis, server_cpu_millis) = logins(&site, &provider, postgres, 8 * times).await;
    let export = csv::read(&site, &admin).await;
    Figures { name, users, seeding, bytes, rows, export, login_cpu_millis, server_cpu_millis }
}

/// CPU of a login, in milliseconds: the program's, and that of PostgreSQL's processes.
async fn logins(site: &Site, provider: &Provider, postgres: Option<&Postgres>, wanted: usize) -> (f64, Option<f64>) {
    // As many people as in the benchmark of logins: one person with a thousand sessions is nobody's visitor.
    client::logins(site.address, provider.address, 64, wanted / 10).await;
    let before = (site.cpu(), postgres.map(Postgres::cpu));
    let done = f64::from(client::logins(site.address, provider.address, 64, wanted).await);
    let each = |took: Duration| took.as_secs_f64() * 1_000.0 / done;
    let server = postgres.zip(before.1).map(|(postgres, before)| each(postgres.cpu().saturating_sub(before)));
    (each(site.cpu() - before.0), server)
}
