//! A line of the export, as a spreadsheet reads it: RFC 4180, and nothing in a cell is ever taken for a formula.

/// UTF-8 says so in front, or Excel on Korean Windows takes it for CP949.
pub(super) const BOM: &str = "\u{FEFF}";

/// Appends a line.
pub(super) fn line(into: &mut String, cells: &[&str]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            into.push(',');
        }
        add(into, cell);
    }
    into.push_str("\r\n");
}

fn add(into: &mut String, cell: &str) {
    // What a spreadsheet would compute gets the mark by which it is text (CWE-1236). Full-width signs are computed too, and
    // some programs look behind what nobody sees.
    let computed = cell.starts_with(['\t', '\r', '\n'])
        || cell.trim_start_matches(is_unseen).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let quoted = computed || cell.contains(['"', ',', '\r', '\n', ';', '\t']) || cell.trim() != cell;
    if !quoted {
        into.push_str(cell);
        return;
    }
    into.push('"');
    if computed {
        into.push('\'');
    }
    into.push_str(&cell.replace('"', "\"\""));
    into.push('"');
}

fn is_unseen(c: char) -> bool {
    let marks = matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    c.is_whitespace() || c.is_control() || marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut text = String::new();
        line(&mut text, cells);
        text
    }

    #[test]
    fn l09_nothing_is_a_formula() {
        for start in [
            "=",
            "+",
            "-",
            "@",
            "\t",
            "\r",
            "\n",
            "＝",
            "＋",
            "－",
            "＠",
            " =",
            "\u{A0}+",
            "\u{3000}@",
            "\u{200B}-",
            "\u{FEFF}=",
        ] {
            let cell = format!("{start}HYPERLINK(\"http://x\")");
            assert_eq!(written(&[&cell]), format!("\"'{start}HYPERLINK(\"\"http://x\"\")\"\r\n"));
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(
            written(&["홍길동", "a,b", "say \"hi\"", "two\r\nlines", " x", ""]),
            "홍길동,\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\" x\",\r\n"
        );
    }
}
