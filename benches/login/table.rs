//! The table that the README shows.

use super::refresh::Pace;
use super::{Extent, Figures};
use crate::site::Memory;

/// What each row says is `Figures`' own; the goals are what we hold ourselves to.
pub(crate) fn print(extent: &Extent, columns: &[(&str, Figures)]) {
    let cores = std::thread::available_parallelism().unwrap();
    println!("\n{} cores, {} users, 32 connections; the load runs on the same cores.\n", cores, extent.users);
    let line = |cells: Vec<String>| cells.join(" | ");
    println!("| | {} | goal | spent on |", line(columns.iter().map(|(name, _)| (*name).to_owned()).collect()));
    println!("|---|{}---|---|", "---|".repeat(columns.len()));
    let row = |name: &str, show: &dyn Fn(&Figures) -> String, goal: &str, on: &str| {
        println!("| {name} | {} | {goal} | {on} |", line(columns.iter().map(|(_, figures)| show(figures)).collect()));
    };
    let rate = |requests: f64, bare: f64| format!("{requests:.0}/s ({:.2})", requests / bare);
    let tenths = |bytes: u64| format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10);
    let megabytes = |memory: &Memory| format!("{} MB, {} its own", tenths(memory.resident), tenths(memory.own));
    row("bare handler", &|f| format!("{:.0}/s", f.bare), "", "sockets, HTTP, copying the page");
    row("`/login`", &|f| rate(f.login, f.bare), "≥ 0.7", "rendering, headers, the flow cookie's seal, a log line");
    row(
        "`/profile`",
        &|f| rate(f.profile, f.bare),
        "≥ 0.7",
        "the same, one hash of the token, one look into the memory",
    );
    row(
        "exec to first page",
        &|f| format!("{} ms", f.start.as_millis()),
        "≤ 100 ms",
        "opening and checking the database, keys",
    );
    row("memory, idle", &|f| megabytes(&f.idle), "≤ 20 MB", "what is not its own are pages of the program file");
    row(
        "memory after load",
        &|f| megabytes(&f.loaded),
        "≤ 60 MB",
        "remembered tokens and finished logins, both bounded",
    );
    let cpu = |f: &Figures| format!("{:.2} ms", f.cpu_millis);
    row("CPU per login", &cpu, "≤ 1 ms", "two pages, three calls to the provider, signatures, one transaction");
    let speed = |f: &Figures| format!("{:.0}/s", f.logins_per_second);
    let pace = |pace: &Pace| format!("{:.0}/s, p99 {:.1} ms", pace.per_second, pace.p99.as_secs_f64() * 1_000.0);
    let alone = "one commit after the other: the disk's fsync, the writer's hand-over";
    row("durable refreshes, 1 client", &|f| pace(&f.refreshes[0]), "", alone);
    let shared = "two signatures, the person's rows; commits are shared";
    row("durable refreshes, 64 clients", &|f| pace(&f.refreshes[1]), "≥ 3000/s, ≤ 50 ms (SQLite)", shared);
    row("durable logins, 64 clients", &speed, "", "the CPU, load and simulator included; commits are shared");
}
