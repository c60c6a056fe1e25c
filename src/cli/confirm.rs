//! What cannot be undone is asked about once more: by typing its name at a terminal, by `--yes` elsewhere.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use super::failure::Failure;

/// Something that cannot be undone.
#[derive(Debug)]
pub(super) struct Deed<'a> {
    /// What is about to happen, as a sentence.
    pub(super) what: &'a str,
    /// What has to be typed for it.
    pub(super) word: &'a str,
}

/// Goes on with `yes`, or when the word is typed.
///
/// # Errors
/// `Refused` when something else is typed, and where nobody can be asked.
pub(super) fn confirm(deed: &Deed<'_>, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Err(Failure::Refused(format!(
            "{} Nothing was changed: there is no terminal to ask at, so add --yes if that is what you want",
            deed.what
        )));
    }
    let mut terminal = std::io::stderr().lock();
    write!(terminal, "{}\nType {} to go on: ", deed.what, deed.word)?;
    terminal.flush()?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    if fits(&typed, deed.word) {
        return Ok(());
    }
    Err(Failure::Refused("something else was typed; nothing was changed".into()))
}

/// As on the admin's page: white space does not matter, everything else does.
fn fits(typed: &str, word: &str) -> bool {
    !word.trim().is_empty() && typed.split_whitespace().eq(word.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_word_itself_is_taken() {
        assert!(fits("홍 길동\n", "홍 길동") && fits("  홍  길동 ", "홍 길동"));
        for typed in ["", "\n", "홍길동", "y", "yes", "홍 길동 x"] {
            assert!(!fits(typed, "홍 길동"), "{typed:?}");
        }
        assert!(!fits("", "") && !fits("\n", " "));
    }
}
