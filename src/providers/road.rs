//! The way to one provider: its addresses, and what goes with them. Most are known beforehand; an issuer's own are read
//! from its configuration document (`discovery.rs`).

use std::sync::Arc;

use super::discovery::Discovery;
use super::fault::Fault;
use super::http::{Deadline, Http};
use super::oauth::Flow;
use super::oidc::Oidc;

/// Where a provider is asked, and how.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) flow: Flow,
    /// For those whose ID tokens are checked.
    pub(super) oidc: Option<Oidc>,
    /// Where an issuer tells more of a person.
    pub(super) userinfo: Option<String>,
    /// Whether its callbacks always say `iss` (RFC 9207 section 3).
    pub(super) says_iss: bool,
}

/// How the way is known.
#[derive(Debug)]
pub(super) enum Road {
    /// Beforehand.
    Pinned(Arc<Way>),
    /// By asking the issuer.
    Discovered(Box<Discovery>),
}

impl Road {
    /// One that is known beforehand.
    pub(super) fn pinned(flow: Flow, oidc: Option<Oidc>) -> Self {
        Self::Pinned(Arc::new(Way { flow, oidc, userinfo: None, says_iss: false }))
    }

    /// The way as it is now.
    pub(super) async fn way(&self, http: &Http, deadline: Deadline) -> Result<Arc<Way>, Fault> {
        match self {
            Self::Pinned(way) => Ok(way.clone()),
            Self::Discovered(discovery) => discovery.way(http, deadline).await,
        }
    }
}
