//! The commands, as an operator runs them in a folder of their own.

use std::process::{Command, Output};

use super::database::{Backend, Throwaway};

pub(crate) struct Operator {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) env: Vec<(String, String)>,
    _throwaway: Option<Throwaway>,
}

impl Operator {
    /// On a database with nothing in it.
    pub(crate) fn new(backend: Backend) -> Self {
        let throwaway = (backend == Backend::Postgres).then(Throwaway::create);
        let mut env = vec![
            ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_ID".to_owned(), "abc".to_owned()),
            ("FIIIIILM_PROVIDERS__KAKAO__CLIENT_SECRET".to_owned(), "canary-client-secret".to_owned()),
        ];
        if let Some(throwaway) = &throwaway {
            env.push(("DATABASE_URL".into(), throwaway.url()));
            env.push(("FIIIIILM_SECRET__KEY".into(), format!("hex:{}", "7b1e04a9c3d85f62".repeat(4))));
        }
        Self { folder: tempfile::tempdir().unwrap(), env, _throwaway: throwaway }
    }

    /// Not started yet.
    pub(crate) fn command(&self, env: &[(String, String)], args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fiiiiilm"));
        command.args(args).current_dir(self.folder.path()).env_clear().envs(env.iter().cloned());
        command
    }

    /// Run to its end with other settings.
    pub(crate) fn run_with(&self, env: &[(String, String)], args: &[&str]) -> Output {
        self.command(env, args).output().unwrap()
    }

    /// What it says when all is well.
    pub(crate) fn says(&self, args: &[&str]) -> String {
        let output = self.run_with(&self.env, args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it says when it refuses.
    pub(crate) fn complains(&self, args: &[&str]) -> String {
        let output = self.run_with(&self.env, args);
        assert!(!output.status.success(), "{args:?} went well");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!text.contains("panicked") && !text.contains("canary-client-secret"), "{text}");
        text
    }
}
