//! What the rooms see of the settings: typed, complete, checked.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use ipnet::IpNet;

use super::algorithm::SigningAlgorithm;
use super::outside::{EventSettings, Reconcile};
use super::people::{AccountRules, AuditSettings, Signup};
use super::providers::Providers;
use crate::i18n::Locale;
use crate::secret::{KeyRing, Secret};

/// Everything the server was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Demo (no provider configured) or real.
    pub mode: Mode,
    /// `server.*`.
    pub server: Server,
    /// `database.*`.
    pub database: Database,
    /// `secret.*`, already decoded. In a mode that makes its own key, `load` has made and stored it.
    pub secrets: KeyRing,
    /// `site.*`.
    pub site: Site,
    /// `signup.*`.
    pub signup: Signup,
    /// `token.*`.
    pub token: TokenSettings,
    /// `admin.*`.
    pub admin: Admins,
    /// `account.*`.
    pub account: AccountRules,
    /// `reconcile.*`.
    pub reconcile: Reconcile,
    /// `events.*`; nobody is told when they are not set.
    pub events: Option<EventSettings>,
    /// `audit.*`.
    pub audit: AuditSettings,
    /// `providers.*`.
    pub providers: Providers,
    /// `simulator.*`.
    pub simulator: SimulatorSettings,
    /// `limits.*`.
    pub limits: Limits,
    /// `log.*`.
    pub log: Log,
}

/// With or without real providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// No provider configured: the simulator plays them, on loopback only, on `data/demo.db`.
    Demo,
    /// At least one provider configured.
    Real,
}

/// `server.*`.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where to listen.
    pub bind: SocketAddr,
    /// The one origin under which people reach the site.
    pub public_url: PublicUrl,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins whose scripts may call `/api`, as browsers write them.
    pub cors_origins: Vec<String>,
    /// Number of worker threads.
    pub workers: usize,
}

/// An origin: scheme, host and port, without path, checked once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    https: bool,
    loopback: bool,
}

impl PublicUrl {
    /// Reads `https://host[:port]`, or `http://` where the host is loopback. No path, query, fragment or user.
    ///
    /// # Errors
    /// In words, what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = url::Url::parse(text).map_err(|e| format!("is not a URL ({e})"))?;
        let Some(host) = url.host() else { return Err("has no host".into()) };
        let loopback = is_loopback(&host);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err("must be https:// (http:// only for a loopback host)".into()),
            other => return Err(format!("has the scheme `{other}`; https:// is needed")),
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("must be an origin only, without path, query or fragment".into());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not contain a user name or password".into());
        }
        let authority = url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
        Ok(Self {
            origin: format!("{}://{authority}", url.scheme()),
            authority,
            https: url.scheme() == "https",
            loopback,
        })
    }

    /// `https://host[:port]`, no slash at the end; a default port is left out.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `host[:port]`: what a right `Host` header says.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether cookies are `Secure` and carry `__Host-`.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Whether the host is `localhost` or a loopback address.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The address of a path (which begins with `/`) on this origin.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

/// Whether a host can only be this machine.
#[must_use]
pub fn is_loopback(host: &url::Host<&str>) -> bool {
    match host {
        url::Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        url::Host::Ipv4(ip) => ip.is_loopback(),
        url::Host::Ipv6(ip) => ip.is_loopback(),
    }
}

/// `database.*`.
#[derive(Clone, Debug)]
pub struct Database {
    /// Which database.
    pub url: DatabaseUrl,
    /// Connections kept for reading (and, on PostgreSQL, writing).
    pub pool_size: u32,
}

/// Where the users live.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// `sqlite://path`: an embedded file, made at first start.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`; may hold a password.
    Postgres(Secret<String>),
}

/// `site.*`.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name on every page.
    pub name: String,
    /// The language of those who ask for none we have.
    pub locale: Locale,
    /// IANA name of the zone in which dates are shown.
    pub time_zone: String,
}

/// `token.*`.
#[derive(Clone, Debug)]
pub struct TokenSettings {
    /// `iss` of our tokens.
    pub issuer: String,
    /// `aud` of access tokens.
    pub audience: String,
    /// How access tokens are signed.
    pub algorithm: SigningAlgorithm,
    /// Life of an access token, in minutes.
    pub access_minutes: u32,
    /// A session that is not used for so many days ends.
    pub refresh_idle_days: u32,
    /// A session ends after so many days in any case.
    pub refresh_max_days: u32,
}

/// `admin.*`.
#[derive(Clone, Debug, Default)]
pub struct Admins {
    /// `(provider, subject)` pairs that become admin once, at their next login.
    pub identities: Vec<(String, String)>,
}

/// `simulator.*`.
#[derive(Clone, Copy, Debug)]
pub struct SimulatorSettings {
    /// Where the practice provider listens.
    pub bind: SocketAddr,
}

/// `limits.*`, per minute. Those of routes that this version does not have are checked and kept out.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Whether anything is limited.
    pub enabled: bool,
    /// Starts of a login per address.
    pub login: NonZeroU32,
    /// Returns from a provider per address.
    pub callback: NonZeroU32,
    /// Refreshes by `/api/token/refresh` per address.
    pub refresh: NonZeroU32,
    /// Renewals per session.
    pub refresh_session: NonZeroU32,
    /// Native logins per address.
    pub api_login: NonZeroU32,
    /// Notices per address.
    pub webhook: NonZeroU32,
}

/// `log.*`.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// How a line looks.
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Text at a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Text,
    /// For programs.
    Json,
}
