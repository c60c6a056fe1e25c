//! Q11: what stands in an address says nothing and leads nowhere; what lies on the disk is the program's alone.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::kit::{Backend, Program, TestApp, people};
use crate::leaving::id_of;

/// Whatever lies in a folder, and in those in it.
fn all_in(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_in(&path, found);
        }
        found.push(path);
    }
}

/// Of each file and folder, nothing is anybody else's.
fn assert_private(folder: &Path, least: usize) {
    let mut all = vec![folder.to_owned()];
    all_in(folder, &mut all);
    assert!(all.len() > least, "{all:?}");
    for path in all {
        // A journal may be gone again.
        let Ok(about) = fs::metadata(&path) else { continue };
        let mode = about.permissions().mode() & 0o777;
        let wanted = if about.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, wanted, "{}: {mode:o}", path.display());
        assert!(!about.file_type().is_socket(), "{}", path.display());
    }
}

/// Runs the program with the widest umask there is: what it makes is private by itself.
fn run_openly(folder: &Path, arguments: &str) {
    let line = format!("umask 000; exec \"$0\" {arguments}");
    let mut command = Command::new("sh");
    command.args(["-c", &line, env!("CARGO_BIN_EXE_fiiiiilm")]).current_dir(folder).env_clear();
    assert!(command.stdout(Stdio::null()).status().unwrap().success(), "{arguments}");
}

/// The identifiers that stand in addresses and tokens.
fn ids(app: &TestApp) -> Vec<String> {
    ["users", "identities", "sessions"]
        .iter()
        .flat_map(|table| app.inspect().lines(&format!("select id as s from {table}")))
        .collect()
}

on_both! {
    async fn q11_ids_are_random_and_a_guess_finds_nothing(app: TestApp) {
        let mut admin = app.logged_in(people::ADMIN).await;
        for person in 3_910_000_000_u64..3_910_000_010 {
            app.logged_in(&person.to_string()).await;
        }
        let all = ids(&app);
        assert_eq!(all.len(), 33);
        // Of 128 bits 74 are drawn, and no two ids share what is drawn.
        let drawn: BTreeSet<u128> = all
            .iter()
            .map(|id| {
                let id = uuid::Uuid::parse_str(id).unwrap_or_else(|e| panic!("{id}: {e}"));
                assert_eq!(id.get_version_num(), 7, "{id}");
                id.as_u128() & 0x0fff_3fff_ffff_ffff_ffff
            })
            .collect();
        assert_eq!(drawn.len(), all.len());
        let own = id_of(&mut admin).await;
        let neighbour = |step: i128| {
            let next = uuid::Uuid::parse_str(&own).unwrap().as_u128().wrapping_add_signed(step);
            uuid::Uuid::from_u128(next).to_string()
        };
        assert_eq!(admin.get(&format!("/admin/users/{own}")).await.status, 200);
        for guess in [neighbour(1), neighbour(-1), "1".into(), "2".into(), own.replace('-', "")] {
            assert_eq!(admin.get(&format!("/admin/users/{guess}")).await.status, 404, "{guess}");
        }
    }
}

/// The number by which the list is ordered stands in no address: it would tell how many people there are.
#[actix_web::test]
async fn q11_no_page_tells_how_many_people_there_are_to_whom_it_does_not_concern() {
    let app = TestApp::start(Backend::Sqlite).await;
    let mut browser = app.logged_in(people::ORDINARY).await;
    app.inspect().execute("update users set seq = 7170717");
    let mut known = app.logged_in(people::ORDINARY).await;
    for page in [
        "/profile",
        "/profile/sessions",
        "/profile/identities",
        "/profile/export",
        "/profile/delete",
        "/api/me",
        "/api/sessions",
    ] {
        for browser in [&mut browser, &mut known] {
            let answer = browser.get(page).await;
            assert_eq!(answer.status, 200, "{page}: {}", answer.body);
            assert!(!answer.body.contains("7170717"), "{page}: {}", answer.body);
        }
    }
}

#[actix_web::test]
async fn q11_the_database_and_the_keys_are_the_programs_alone() {
    let program = Program::start(Backend::Sqlite, &[]).await;
    program.browser().log_in(people::ORDINARY).await;
    assert_private(&program.folder.path().join("data"), 3);
}

#[test]
fn q11_whatever_a_command_makes_is_private_under_any_umask() {
    let folder = tempfile::tempdir().unwrap();
    run_openly(folder.path(), "migrate");
    run_openly(folder.path(), "seed --users 10");
    run_openly(folder.path(), "user list");
    assert_private(&folder.path().join("data"), 1);
}
