//! `providers.*`: a short file for each provider, with its keys of the table, its settings and what the demo plays it
//! with. All look alike; a new one is a file and its line in each list here. Any further name is an OpenID Connect issuer
//! (`oidc.rs`).

mod apple;
mod github;
mod google;
mod identity;
mod kakao;
mod line;
mod naver;
mod oidc;
mod section;

use std::net::SocketAddr;

pub use apple::Apple;
pub use github::Github;
pub use google::Google;
pub(super) use identity::identity;
pub use kakao::Kakao;
pub use line::Line;
pub use naver::Naver;
pub use oidc::Oidc;
pub(super) use oidc::{TEMPLATE, template_of, unknown};

use super::keys::Key;
use super::settings::Settings;

/// `providers.*`. In demo mode these are the simulator's.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    /// Kakao, when it has a client_id; and so on.
    pub kakao: Option<Kakao>,
    /// Naver.
    pub naver: Option<Naver>,
    /// Google.
    pub google: Option<Google>,
    /// GitHub.
    pub github: Option<Github>,
    /// Apple.
    pub apple: Option<Apple>,
    /// LINE.
    pub line: Option<Line>,
    /// Issuers nobody wrote a file for, by name.
    pub oidc: Vec<Oidc>,
}

/// Their names.
pub(super) const NAMED: [&str; 6] = ["kakao", "naver", "google", "github", "apple", "line"];

/// Their keys in the table, and those of any other issuer.
pub(super) const KEYS: [&[Key]; 7] =
    [kakao::KEYS, naver::KEYS, google::KEYS, github::KEYS, apple::KEYS, line::KEYS, oidc::KEYS];

/// Whether somebody means to use a real provider. A provider's address alone counts too: it is answered by what is
/// missing, not by a demo.
pub(super) fn any_given(s: &Settings) -> bool {
    let ours = s.given.keys().any(|name| name.starts_with("providers."));
    ours || s.faults.iter().any(|fault| fault.name.starts_with("providers."))
}

/// The names of those that somebody set anything of; in a demo, of all it has.
pub(super) fn on(s: &Settings, demo: bool) -> Vec<String> {
    if demo {
        return NAMED.into_iter().chain(["oidc"]).map(str::to_owned).collect();
    }
    let given = s.given.keys().filter_map(|name| name.strip_prefix("providers.")?.split_once('.'));
    let mut names: Vec<String> = given.map(|(provider, _)| provider.to_owned()).collect();
    // Sorted, so those of one provider stand together.
    names.dedup();
    names
}

/// Every provider that is on. What is wrong with one is among the faults.
pub(super) fn read(s: &mut Settings) -> Providers {
    Providers {
        kakao: kakao::read(s),
        naver: naver::read(s),
        google: google::read(s),
        github: github::read(s),
        apple: apple::read(s),
        line: line::read(s),
        oidc: oidc::read(s),
    }
}

/// All of them as the simulator plays them: on an address, not on `localhost`, since cookies do not tell ports apart.
pub(super) fn practice(bind: SocketAddr) -> Providers {
    let origin = format!("http://{bind}");
    Providers {
        kakao: Some(kakao::practice(&origin)),
        naver: Some(naver::practice(&origin)),
        google: Some(google::practice(&origin)),
        github: Some(github::practice(&origin)),
        apple: Some(apple::practice(&origin)),
        line: Some(line::practice(&origin)),
        oidc: vec![oidc::practice(&origin)],
    }
}
