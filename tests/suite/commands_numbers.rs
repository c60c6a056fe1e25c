//! `stats` by command: the numbers of the dashboard, whoever is asked.

use serde_json::Value;

use crate::kit::{Answer, Backend, Program, people};

/// The numbers in the rows of a table, by what heads them.
fn rows(page: &Answer, label: &str) -> Vec<(String, Vec<i64>)> {
    assert_eq!(page.status, 200, "{}", page.body);
    let table = page.body.split(&format!("<table class=\"numbers\" aria-labelledby=\"{label}\">")).nth(1);
    let table = table.unwrap_or_else(|| panic!("no {label}: {}", page.body)).split("</table>").next().unwrap();
    let number = |cell: &str| cell.split('<').next().unwrap().replace(',', "").parse().unwrap();
    let row = |row: &str| {
        let head = row.split('<').next().unwrap().to_owned();
        (head, row.split("</tr>").next().unwrap().split("<td>").skip(1).map(number).collect())
    };
    table.split("<th scope=\"row\">").skip(1).map(row).collect()
}

fn stats(program: &Program) -> Value {
    let output = program.command("stats").arg("--json").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

on_each! {
    async fn stats_are_the_numbers_of_the_dashboard(backend: Backend) {
        let program = Program::start(backend, &[]).await;
        let seeded = program.command("seed").args(["--users", "400", "--yes"]).output().unwrap();
        assert!(seeded.status.success(), "{seeded:?}");
        let mut admin = program.browser();
        admin.log_in(people::ADMIN).await;
        for _ in 0..50 {
            let before = admin.get("/admin").await;
            let told = stats(&program);
            let after = admin.get("/admin").await;
            // What is counted meanwhile would be in one and not in the other.
            if rows(&before, "table-label") != rows(&after, "table-label") {
                continue;
            }
            let day = |day: &Value| {
                let numbers = ["logins", "sign_ups", "failures"].map(|name| day[name].as_i64().unwrap());
                (day["day"].as_str().unwrap().to_owned(), numbers.to_vec())
            };
            let days: Vec<_> = told["days"].as_array().unwrap().iter().rev().map(day).collect();
            assert_eq!(days, rows(&after, "table-label"));
            let by_provider = told["logins_by_provider"].as_object().unwrap();
            let mut logins: Vec<i64> = by_provider.values().map(|number| number.as_i64().unwrap()).collect();
            logins.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
            let shown: Vec<i64> = rows(&after, "providers").into_iter().flat_map(|(_, numbers)| numbers).collect();
            assert_eq!(logins, shown);
            assert_eq!(told["all"]["logins"].as_i64(), Some(logins.iter().sum()));
            assert!(logins.iter().sum::<i64>() > 100, "{told}");
            let senders: Vec<&str> =
                told["notices"].as_array().unwrap().iter().map(|one| one["provider"].as_str().unwrap()).collect();
            let heard = after.body.split("<table class=\"numbers\" aria-labelledby=\"notices\">").nth(1).unwrap();
            let heard = heard.split("</table>").next().unwrap();
            assert_eq!(heard.matches("<th scope=\"row\">").count(), senders.len(), "{senders:?}");
            return;
        }
        panic!("something is counted all the time");
    }
}
