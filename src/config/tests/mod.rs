//! Tests of the settings. None looks at this process's environment: each brings its own.

mod faults;
mod places;
mod providers;
mod secret_key;
mod table;
mod wall;

use tempfile::TempDir;

use super::{Config, Faults, Source, load};

/// Kakao, switched on.
const REAL: [(&str, &str); 2] = [
    ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_ID", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET", "s3cr3t-canary"),
];

const POSTGRES: (&str, &str) = ("FIIIIILM_DATABASE__URL", "postgres://u:pw-canary@h/db");

const KEY: &str = "hex:9d3c7be15fa0428e9d3c7be15fa0428e9d3c7be15fa0428e9d3c7be15fa0428e";

fn source(folder: &TempDir, env: &[(&str, &str)]) -> Source {
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Source { file: None, env, dir: folder.path().to_owned() }
}

fn load_env(env: &[(&str, &str)]) -> Result<Config, Faults> {
    load(&source(&tempfile::tempdir().unwrap(), env))
}

fn load_real(further: &[(&str, &str)]) -> Result<Config, Faults> {
    load_env(&[&REAL[..], further].concat())
}

/// With this settings file and nothing in the environment.
fn load_file(text: &str) -> Result<Config, Faults> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("fiiiiilm.toml"), text).unwrap();
    load(&source(&folder, &[]))
}

fn names(result: Result<Config, Faults>) -> Vec<String> {
    result.err().map(|faults| faults.0.into_iter().map(|fault| fault.name).collect()).unwrap_or_default()
}

/// The environment variable of a setting.
fn variable(name: &str) -> String {
    super::keys::find(name).unwrap().variable()
}
