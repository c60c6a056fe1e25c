//! The schema: up, down and up again on both databases, and `schema.rs` says what is there.

use std::collections::BTreeMap;
use std::fs;

use fiiiiilm::config::DatabaseUrl;
use fiiiiilm::db::{self, SchemaState};
use fiiiiilm::secret::Secret;

use crate::kit::{Backend, Inspect, Throwaway};

/// Table → column → (type, whether it may be null).
type Shape = BTreeMap<String, BTreeMap<String, (String, bool)>>;

fn with_database(backend: Backend, test: impl FnOnce(&DatabaseUrl)) {
    let folder = tempfile::tempdir().unwrap();
    let throwaway = (backend == Backend::Postgres).then(Throwaway::create);
    let url = match &throwaway {
        Some(throwaway) => DatabaseUrl::Postgres(Secret::new(throwaway.url())),
        None => DatabaseUrl::Sqlite(folder.path().join("x.db")),
    };
    test(&url);
}

fn up_down_up(url: &DatabaseUrl) {
    let mut conn = db::open(url).unwrap();
    let SchemaState::Behind(missing) = db::schema_state(&mut conn).unwrap() else {
        panic!("a new database is not empty")
    };
    assert_eq!(db::migrate(&mut conn).unwrap(), missing);
    assert_eq!(db::schema_state(&mut conn).unwrap(), SchemaState::Current);
    let once = shape(url);
    assert_eq!(db::undo_all(&mut conn).unwrap(), missing);
    assert!(shape(url).is_empty(), "left behind: {:?}", shape(url));
    assert_eq!(db::migrate(&mut conn).unwrap(), missing);
    assert_eq!(db::migrate(&mut conn).unwrap(), 0);
    assert_eq!(shape(url), once);
    assert_eq!(once, declared());
    Inspect::open(url)
        .execute("insert into __diesel_schema_migrations (version, run_on) values ('99990101000001', '2026-01-01')");
    assert_eq!(db::schema_state(&mut conn).unwrap(), SchemaState::Ahead);
}

fn shape(url: &DatabaseUrl) -> Shape {
    let query = match url {
        DatabaseUrl::Sqlite(_) => {
            "select m.name || '|' || c.name || '|' || lower(c.type) || '|' || (case when c.\"notnull\" = 1 then 'no' else 'yes' end) as s \
             from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'"
        }
        DatabaseUrl::Postgres(_) => {
            "select table_name || '|' || column_name || '|' || data_type || '|' || lower(is_nullable) as s \
             from information_schema.columns where table_schema = 'public'"
        }
    };
    let mut shape = Shape::new();
    for line in Inspect::open(url).lines(query) {
        let parts: Vec<&str> = line.split('|').collect();
        if parts[0] == "__diesel_schema_migrations" {
            continue;
        }
        let kind = parts[2].replace("timestamp without time zone", "timestamp").replace("bytea", "blob");
        shape.entry(parts[0].into()).or_default().insert(parts[1].into(), (kind, parts[3] == "yes"));
    }
    shape
}

/// What `schema.rs` says.
fn declared() -> Shape {
    let text = fs::read_to_string("src/db/schema.rs").unwrap();
    let mut shape = Shape::new();
    for block in text.split("diesel::table! {").skip(1) {
        let name = block.trim_start().split(' ').next().unwrap().to_owned();
        for line in block.lines().filter(|line| line.contains(" -> ") && !line.contains("joinable")) {
            let (column, kind) = line.trim().trim_end_matches(',').split_once(" -> ").unwrap();
            let (kind, null) = match kind.strip_prefix("Nullable<") {
                Some(inner) => (inner.trim_end_matches('>'), true),
                None => (kind, false),
            };
            let kind = match kind {
                "Text" => "text",
                "BigInt" => "bigint",
                "Bool" => "boolean",
                "Timestamp" => "timestamp",
                "Binary" => "blob",
                other => panic!("a new type: {other}"),
            };
            shape.entry(name.clone()).or_default().insert(column.into(), (kind.into(), null));
        }
    }
    shape
}

mod sqlite {
    #[test]
    fn migrations_go_up_down_and_up_again_and_schema_rs_agrees() {
        super::with_database(super::Backend::Sqlite, super::up_down_up);
    }
}

mod postgres {
    #[test]
    fn migrations_go_up_down_and_up_again_and_schema_rs_agrees() {
        super::with_database(super::Backend::Postgres, super::up_down_up);
    }
}
