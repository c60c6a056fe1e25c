//! Everybody as a file.

use std::time::{Duration, Instant};

use crate::client::Admin;
use crate::site::Site;

/// How the export went.
pub(crate) struct Export {
    pub(crate) rows: u64,
    pub(crate) took: Duration,
    /// The most that was resident meanwhile, in bytes.
    pub(crate) peak: u64,
}

/// Reads the whole list as CSV, keeping nothing.
pub(crate) async fn read(site: &Site, admin: &Admin) -> Export {
    site.forget_peak();
    let begun = Instant::now();
    let mut lines: u64 = 0;
    admin
        .stream("/admin/users.csv?reason=benchmark", |piece| {
            lines += u64::try_from(piece.iter().filter(|byte| **byte == b'\n').count()).unwrap();
        })
        .await;
    let (took, peak) = (begun.elapsed(), site.peak());
    // The first line names the columns.
    let rows = lines - 1;
    eprintln!("CSV: {rows} rows in {:.1} s, at most {} MB resident", took.as_secs_f64(), peak / 1_000_000);
    Export { rows, took, peak }
}
