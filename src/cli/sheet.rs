//! Tables that fit the terminal. A Korean letter counts as two. Where the terminal is too narrow, what may be wrapped is
//! wrapped, then the columns that matter least are left out, and where even that is not enough each row becomes a block of
//! lines. Into a pipe or a file everything goes, a line for each row.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    title: &'static str,
    /// So many letters remain on a line when it is wrapped; `None` for what has to stay whole, like an id.
    least: Option<u16>,
    /// Whoever has the highest number leaves first; 0 never leaves.
    leaves: u8,
}

/// A column that is never broken.
pub(super) const fn whole(title: &'static str) -> Column {
    Column { title, least: None, leaves: 0 }
}

/// A column that is wrapped where there is no room, with so many letters to a line at least.
pub(super) const fn soft(title: &'static str, least: u16) -> Column {
    Column { title, least: Some(least), leaves: 0 }
}

impl Column {
    /// May be left out.
    pub(super) const fn leaves(self, rank: u8) -> Self {
        Self { leaves: rank, ..self }
    }
}

/// A table, ready to be shown.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Its lines.
    pub(super) text: String,
    /// What there was no room for.
    pub(super) left_out: Vec<&'static str>,
}

/// Blanks around what a column holds.
const PADDING: usize = 2;

/// A table with these columns, for where it goes.
pub(super) fn sheet(columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) -> Sheet {
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
    fit(columns, &rows, Table::new().width().map(usize::from))
}

/// Two columns: what it is, and what it says.
pub(super) fn facts(rows: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in rows {
        table.add_row([name.to_owned(), plain(&value)]);
    }
    trimmed(&table)
}

fn fit(columns: &[Column], rows: &[Vec<String>], width: Option<usize>) -> Sheet {
    let every: Vec<usize> = (0..columns.len()).collect();
    let Some(width) = width else {
        return Sheet { text: trimmed(&table(columns, rows, &every)), left_out: Vec::new() };
    };
    let contents = table(columns, rows, &every).column_max_content_widths();
    let least = |at: usize| {
        let content = contents.get(at).copied().unwrap_or(0);
        PADDING + usize::from(columns[at].least.map_or(content, |least| least.min(content)))
    };
    let (mut kept, mut left_out) = (every, Vec::new());
    while kept.iter().map(|at| least(*at)).sum::<usize>() > width {
        let next = kept.iter().copied().filter(|at| columns[*at].leaves > 0).max_by_key(|at| columns[*at].leaves);
        let Some(next) = next else {
            return Sheet { text: blocks(columns, rows, width), left_out: Vec::new() };
        };
        kept.retain(|at| *at != next);
        left_out.push(columns[next].title);
    }
    let mut table = table(columns, rows, &kept);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX)).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_constraints(kept.iter().map(|at| match columns[*at].least {
        None => ColumnConstraint::ContentWidth,
        Some(_) => ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(least(*at)).unwrap_or(u16::MAX))),
    }));
    Sheet { text: trimmed(&table), left_out }
}

fn table(columns: &[Column], rows: &[Vec<String>], kept: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(kept.iter().map(|at| columns[*at].title));
    for row in rows {
        table.add_row(kept.iter().map(|at| row.get(*at).map_or("", String::as_str)));
    }
    table
}

/// Each row as lines of its own.
fn blocks(columns: &[Column], rows: &[Vec<String>], width: usize) -> String {
    let block = |row: &Vec<String>| {
        let mut table = Table::new();
        table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        for (column, cell) in columns.iter().zip(row) {
            table.add_row([column.title, cell]);
        }
        trimmed(&table)
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n\n")
}

/// Without what a terminal would obey, and without what turns the direction of writing: providers and browsers say these
/// things, and nobody here chose them.
fn plain(cell: &str) -> String {
    let obeyed = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    cell.chars().map(|c| if obeyed(c) { '\u{FFFD}' } else { c }).collect()
}

/// Without the blanks that fill the last column.
fn trimmed(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] = [whole("id"), whole("role").leaves(1), soft("accounts", 8).leaves(2), soft("name", 6)];

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        vec![
            row(["0123456789", "user", "kakao:39000001, naver:abcdef", "홍길동"]),
            row(["9876543210", "admin", "kakao:2", "Mina"]),
        ]
    }

    /// A Korean letter takes two places.
    fn widest(text: &str) -> usize {
        let places = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        text.lines().map(places).max().unwrap_or(0)
    }

    #[test]
    fn columns_stand_under_each_other_whatever_the_letters() {
        let columns = [whole("name"), whole("role")];
        let rows = [vec!["홍길동".into(), "user".into()], vec!["Mina".into(), "admin".into()]];
        assert_eq!(fit(&columns, &rows, None).text, " name    role\n 홍길동  user\n Mina    admin");
        assert_eq!(fit(&columns, &rows, Some(80)).text, " name    role\n 홍길동  user\n Mina    admin");
    }

    #[test]
    fn into_a_pipe_goes_everything_on_one_line_each() {
        let sheet = fit(&COLUMNS, &rows(), None);
        assert_eq!(sheet.text.lines().count(), 3);
        assert!(sheet.text.contains("kakao:39000001, naver:abcdef") && sheet.left_out.is_empty());
    }

    #[test]
    fn a_narrow_terminal_wraps_then_leaves_out_then_stacks() {
        let at = |width| fit(&COLUMNS, &rows(), Some(width));
        for width in [12, 20, 24, 30, 36, 40, 46, 60, 80] {
            let sheet = at(width);
            assert!(widest(&sheet.text) <= width, "{width}:\n{}", sheet.text);
        }
        assert!(at(40).left_out.is_empty() && at(40).text.lines().count() > 3);
        assert_eq!(at(30).left_out, ["accounts"]);
        assert_eq!(at(22).left_out, ["accounts", "role"]);
        assert!(at(40).text.contains("0123456789") && at(22).text.contains("0123456789"), "an id stays whole");
        let stacked = at(18);
        assert!(stacked.left_out.is_empty() && stacked.text.contains("\n\n"), "{}", stacked.text);
    }

    #[test]
    fn a_terminal_is_told_nothing_it_would_obey() {
        let shown = sheet(&[whole("name")], [vec!["\u{1b}[2J\u{202E}x\ny".into()]]).text;
        assert_eq!(shown, " name\n \u{FFFD}[2J\u{FFFD}x\u{FFFD}y");
        assert!(!facts([("name", "\u{1b}]0;x\u{7}".into())]).contains('\u{1b}'));
    }
}
