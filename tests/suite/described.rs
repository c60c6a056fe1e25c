//! The interface does what its description says, whatever is sent: schemathesis makes the requests up, as nobody, as a
//! person and as an admin (M11, R-20).

use std::process::Command;

use crate::kit::{TestApp, people, size};
use crate::verifiers::place;

async fn holds(app: &TestApp, whose: &str, token: Option<&str>) {
    let file = app.folder.path().join(format!("openapi-{whose}.json"));
    std::fs::write(&file, app.browser().get("/api/openapi.json").await.body).unwrap();
    let mut program = Command::new(place().join("python/bin/schemathesis"));
    program.current_dir(app.folder.path()).arg("run").arg(&file);
    program.args(["--url", &format!("http://{}", app.running.address), "--header", "Host: app.test"]);
    // What another site may not do is refused before it is known whether anybody could; tests of K01 look at that.
    program.args(["--header", "Sec-Fetch-Site: same-origin"]);
    if let Some(token) = token {
        program.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    program.args(["--checks", "all", "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-color"]);
    program.args(["--max-examples", &size(60, 3_000).to_string(), "--workers", "2", "--warnings", "off"]);
    program.env("HOME", app.folder.path()).env_remove("CI");
    let output = tokio::task::spawn_blocking(move || program.output()).await.unwrap().expect("schemathesis");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "as {whose}: {said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("generated") && said.contains("Tested: "), "{said}");
    assert_eq!(app.browser().get("/healthz").await.status, 200);
}

on_both! {
    async fn m11_r20_every_answer_is_as_it_is_described(app: TestApp) {
        holds(&app, "nobody", None).await;
        for (whose, subject) in [("a person", people::ORDINARY), ("an admin", people::ADMIN)] {
            let browser = app.logged_in(subject).await;
            holds(&app, whose, browser.cookie("access")).await;
        }
    }
}
