//! Tables that fit the terminal: columns are as wide as what they hold, a Korean letter counts as two, and what does not fit
//! is wrapped. Into a pipe or a file nothing is wrapped.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

/// A table with this head.
pub(super) fn sheet(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(head);
    for row in rows {
        table.add_row(row);
    }
    fitted(&table)
}

/// Two columns: what it is, and what it says.
pub(super) fn facts(rows: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in rows {
        table.add_row(vec![name.to_owned(), value]);
    }
    fitted(&table)
}

/// Without the blanks that fill the last column.
fn fitted(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_whatever_the_letters() {
        let text =
            sheet(&["name", "role"], [vec!["홍길동".into(), "user".into()], vec!["Mina".into(), "admin".into()]]);
        assert_eq!(text, " name    role\n 홍길동  user\n Mina    admin");
    }
}
