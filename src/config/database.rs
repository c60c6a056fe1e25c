//! `database.*`.

use std::path::Path;

use super::settings::Settings;
use super::types::{Database, DatabaseUrl, Mode};
use crate::secret::Secret;

/// Where the users live when nobody says: the demo's people never meet real ones.
const fn usual(mode: Mode) -> &'static str {
    match mode {
        Mode::Demo => "data/demo.db",
        Mode::Real => "data/fiiiiilm.db",
    }
}

pub(super) fn read(s: &mut Settings, mode: Mode) -> Option<Database> {
    let dir = s.dir.clone();
    let url = match s.is_given("database.url") {
        true => s.parse("database.url", |text| url(text, &dir)),
        false => Some(DatabaseUrl::Sqlite(dir.join(usual(mode)))),
    };
    let pool_size = s.small("database.pool_size");
    Some(Database { url: url?, pool_size: pool_size? })
}

/// The URL may hold a password, so no error repeats any of it. PostgreSQL's is left to libpq, which knows forms no
/// URL parser does (several hosts).
fn url(text: &str, dir: &Path) -> Result<DatabaseUrl, String> {
    if let Some(path) = text.strip_prefix("sqlite://") {
        if path.is_empty() || path.ends_with('/') || path.contains(['?', '#', '\0']) || path.contains(":memory:") {
            return Err("must name a file: sqlite://path or sqlite:///absolute/path, without options".into());
        }
        return Ok(DatabaseUrl::Sqlite(dir.join(path)));
    }
    let server = ["postgres://", "postgresql://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    match server {
        Some(rest) if !rest.is_empty() => Ok(DatabaseUrl::Postgres(Secret::new(text.to_owned()))),
        _ => Err("must begin with sqlite:// or postgres:// and name a database".into()),
    }
}
