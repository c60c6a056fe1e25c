//! Where settings come from.

use std::fmt;
use std::path::PathBuf;

use super::keys;

/// The one variable that other programs share with us.
pub(super) const DATABASE_URL: &str = "DATABASE_URL";

/// Everything [`super::load()`] looks at; it reads neither the process's environment nor its working directory.
#[derive(Clone)]
pub struct Source {
    /// The settings file when one was named; it must exist. Else `fiiiiilm.toml` in `dir`, if there is one.
    pub file: Option<PathBuf>,
    /// Environment variables; of two with the same name the later one counts, others' variables are ignored.
    pub env: Vec<(String, String)>,
    /// The working directory: relative paths begin here.
    pub dir: PathBuf,
}

impl Source {
    /// This process's environment and working directory, with the file named on the command line.
    #[must_use]
    pub fn from_process(file: Option<PathBuf>) -> Self {
        let ours = |name: &str| name.starts_with(keys::PREFIX) || name == DATABASE_URL;
        let env = std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
            .filter(|(name, _)| ours(name))
            .collect();
        Self { file, env, dir: std::env::current_dir().unwrap_or_else(|_gone| PathBuf::from(".")) }
    }
}

/// Values may be secret, so only names are shown.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.env.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Source").field("file", &self.file).field("env", &names).field("dir", &self.dir).finish()
    }
}
