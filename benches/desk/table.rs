//! The tables that the README shows.

use std::time::Duration;

use super::Figures;

pub(crate) fn print(times: usize, columns: &[Figures]) {
    let cores = std::thread::available_parallelism().unwrap();
    println!("\n{cores} cores; each question asked {times} times, one after the other; p50 / p99 in milliseconds.\n");
    let line = |cells: Vec<String>| println!("| {} |", cells.join(" | "));
    let names = columns.iter().map(|one| format!("{}, {}", one.name, millions(one.users)));
    line(std::iter::once(String::new()).chain(names).collect());
    println!("|---|{}", "---|".repeat(columns.len()));
    let Some(first) = columns.first() else { return };
    for (at, row) in first.rows.iter().enumerate() {
        let cells = columns.iter().map(|one| format!("{} / {}", millis(one.rows[at].median), millis(one.rows[at].p99)));
        line(std::iter::once(row.name.to_owned()).chain(cells).collect());
    }
    let row = |name: &str, show: &dyn Fn(&Figures) -> String| {
        line(std::iter::once(name.to_owned()).chain(columns.iter().map(show)).collect());
    };
    row("CPU per login", &|one| {
        let server =
            one.server_cpu_millis.map_or_else(String::new, |millis| format!(" + {millis:.2} ms of the server"));
        format!("{:.2} ms{server}", one.login_cpu_millis)
    });
    row("CSV of everybody", &|one| {
        let rate = one.export.rows as f64 / one.export.took.as_secs_f64();
        format!("{rate:.0} rows/s, {} MB resident at most", one.export.peak / 1_000_000)
    });
    row("making them (`seed`)", &|one| {
        format!("{:.0} s, {:.0}/s", one.seeding.as_secs_f64(), f64::from(one.users) / one.seeding.as_secs_f64())
    });
    row("database", &|one| {
        format!("{} MB, {} bytes per user", one.bytes / 1_000_000, one.bytes / u64::from(one.users))
    });
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}

fn millions(users: u32) -> String {
    if users >= 1_000_000 { format!("{} M", users / 1_000_000) } else { format!("{} thousand", users / 1_000) }
}
