//! Commands, and other programs, beside a running server, on SQLite: the file is shared by processes, and its locks are all that keeps them apart.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::Command;

use crate::kit::{Backend, Program, people};

/// Which file the write-ahead log is: another one of the same name is another log.
fn log_of(program: &Program) -> u64 {
    let log = program.database_file().with_extension("db-wal");
    fs::metadata(&log).unwrap_or_else(|error| panic!("{}: {error}", log.display())).ino()
}

/// Whoever leaves last removes the log. A command that took itself for the last would remove it under the server, whose later
/// commits would then be in a file without a name.
#[actix_web::test]
async fn a_command_beside_the_server_is_not_the_last_to_leave() {
    let mut program = Program::start(Backend::Sqlite, &[]).await;
    let mut before = program.browser();
    assert_eq!(before.log_in(people::ORDINARY).await.status, 303);
    let log = log_of(&program);
    for arguments in [&["list"][..], &["promote", "kakao:3900000101"], &["show", "kakao:3900000101"]] {
        let told = program.command("user").args(arguments).output().unwrap();
        assert!(told.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&told.stderr));
        assert_eq!(log_of(&program), log, "the log the server writes to, after {arguments:?}");
    }
    // As `sqlite3 … .backup` does, which the README recommends while the server runs.
    let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                  print(db.execute('select count(*) from users').fetchone()[0]); db.close()";
    let told = Command::new("python3").args(["-c", script]).arg(program.database_file()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&told.stdout).trim(), "1", "{}", String::from_utf8_lossy(&told.stderr));
    assert_eq!(log_of(&program), log, "the log the server writes to, after somebody has read and closed the file");
    let mut after = program.browser();
    assert_eq!(after.log_in(people::NO_EMAIL).await.status, 303);
    program.signal("KILL");
    program.end().await;
    program.again().await;
    assert_eq!(before.get("/profile").await.status, 200, "who was here before the commands");
    assert_eq!(after.get("/profile").await.status, 200, "and who came after them");
}
