//! From gathered settings to [`Config`]. Every section is read before any fault ends the reading, so that all are told.

use std::num::NonZeroU32;

use super::algorithm::SigningAlgorithm;
use super::database;
use super::demo;
use super::fault::{Fault, Faults};
use super::gather::gather;
use super::outside;
use super::parse;
use super::people::{AccountRules, AuditSettings, Signup, SignupMode};
use super::providers;
use super::secret_key;
use super::settings::Settings;
use super::source::Source;
use super::types::{
    Admins, Config, DatabaseUrl, Limits, Log, LogFormat, Mode, PublicUrl, Server, SimulatorSettings, Site,
    TokenSettings,
};
use crate::i18n::Locale;
use crate::secret::KeyRing;

/// Reads and checks everything; with SQLite and no secret key configured, makes one beside the database.
///
/// # Errors
/// Every fault that was found.
pub fn load(source: &Source) -> Result<Config, Faults> {
    let (mut settings, complete) = gather(source);
    if !complete {
        // What the file would have said is unknown, so nothing can be said about how the settings fit together.
        return Err(Faults(settings.faults));
    }
    let draft = draft(&mut settings);
    let ready = if settings.faults.is_empty() { draft } else { None };
    let Some((mut config, key)) = ready else { return Err(told(settings.faults)) };
    // Last of all: a key file is made only for settings that can be used.
    config.secrets = match secret_key::ring(key, &config.database.url) {
        Ok(ring) => ring,
        Err((problem, remedy)) => return Err(Faults(vec![Fault::new("secret.key", problem, remedy)])),
    };
    Ok(config)
}

fn told(mut faults: Vec<Fault>) -> Faults {
    if faults.is_empty() {
        // No reader says nothing without a fault; should one ever, the server must not start silently wrong.
        faults.push(Fault::new("settings", "cannot be read", "please report this with the settings' names"));
    }
    Faults(faults)
}

/// Everything but the secret key itself.
fn draft(s: &mut Settings) -> Option<(Config, secret_key::Keys)> {
    let mode = if providers::any_given(s) { Mode::Real } else { Mode::Demo };
    let server = server(s);
    let database = database::read(s, mode);
    let keys = secret_key::read(s);
    let (site, signup) = (site(s), signup(s));
    let token = tokens(s, server.as_ref().map(|server| &server.public_url));
    let simulator = s.parse("simulator.bind", parse::socket).map(|bind| SimulatorSettings { bind });
    let providers = match mode {
        Mode::Demo => providers::practice(simulator?.bind),
        Mode::Real => providers::read(s),
    };
    let (admin, account, audit) = (admins(s, mode), account(s), audit(s));
    let (limits, log, events) = (limits(s), log(s), outside::events(s));
    let reconcile = outside::reconcile(s, &providers);
    if mode == Mode::Demo {
        demo_wall(s, server.as_ref(), simulator.as_ref(), database.as_ref().map(|database| &database.url));
    }
    if matches!(database.as_ref().map(|database| &database.url), Some(DatabaseUrl::Postgres(_)))
        && !s.is_given("secret.key")
    {
        s.fault(
            "secret.key",
            "is not set, and with PostgreSQL every process needs the same one",
            "make one with `echo \"base64:$(openssl rand -base64 32)\"` and set it, or secret.key_file, everywhere",
        );
    }
    if let Some(server) = &server {
        native_uris(s, &server.public_url);
    }
    let config = Config {
        mode,
        server: server?,
        database: database?,
        secrets: KeyRing::new(Default::default(), Vec::new()),
        site: site?,
        signup: signup?,
        token: token?,
        admin: admin?,
        account: account?,
        reconcile: reconcile?,
        events: events?,
        audit: audit?,
        providers,
        simulator: simulator?,
        limits: limits?,
        log: log?,
    };
    Some((config, keys?))
}

fn server(s: &mut Settings) -> Option<Server> {
    let bind = s.parse("server.bind", parse::socket);
    let public_url = s.parse("server.public_url", PublicUrl::parse);
    let trusted_proxies = s.parse_list("server.trusted_proxies", parse::network);
    let workers = match s.is_given("server.workers") {
        true => s.number("server.workers").and_then(|number| usize::try_from(number).ok()),
        false => Some(std::thread::available_parallelism().map_or(1, usize::from)),
    };
    let cors_origins = s.parse_list("server.cors_origins", parse::origin);
    Some(Server {
        bind: bind?,
        public_url: public_url?,
        trusted_proxies: trusted_proxies?,
        cors_origins: cors_origins?,
        workers: workers?,
    })
}

/// A code that was sent to the web login's own redirect URI is the web login's: handed in by an app, it would be a login
/// without `state`.
fn native_uris(s: &mut Settings, public_url: &PublicUrl) {
    for provider in providers::NAMED {
        let (key, own) = (format!("providers.{provider}.native_redirect_uris"), format!("/login/{provider}/callback"));
        let own = public_url.join(&own);
        if s.list(&key).is_some_and(|uris| uris.contains(&own)) {
            let problem = format!("holds {own}, which is the web login's own");
            s.fault(&key, problem, "remove it; list only redirect URIs of native apps");
        }
    }
}

fn site(s: &mut Settings) -> Option<Site> {
    let name = s.parse("site.name", parse::title);
    let locale = s.parse("site.locale", |tag| Locale::parse(tag).ok_or_else(|| "is not ko or en".to_owned()));
    let time_zone = s.parse("site.time_zone", parse::time_zone);
    Some(Site { name: name?, locale: locale?, time_zone: time_zone? })
}

fn signup(s: &Settings) -> Option<Signup> {
    let mode = match s.text("signup.mode")?.as_str() {
        "closed" => SignupMode::Closed,
        "approval" => SignupMode::Approval,
        _ => SignupMode::Open,
    };
    Some(Signup { mode })
}

fn audit(s: &Settings) -> Option<AuditSettings> {
    s.small("audit.retention_days").map(|retention_days| AuditSettings { retention_days })
}

fn tokens(s: &mut Settings, public_url: Option<&PublicUrl>) -> Option<TokenSettings> {
    let origin = public_url.map(|url| url.origin().to_owned());
    let own = |s: &mut Settings, name| if s.is_given(name) { s.parse(name, parse::token_name) } else { origin.clone() };
    let (issuer, audience) = (own(s, "token.issuer"), own(s, "token.audience"));
    let idle = s.small("token.refresh_idle_days");
    let most = s.small("token.refresh_max_days");
    if let (Some(idle), Some(most)) = (idle, most)
        && idle > most
    {
        let problem = format!("{idle} is more than token.refresh_max_days, which is {most}");
        s.fault("token.refresh_idle_days", problem, "lower it, or raise the other");
    }
    Some(TokenSettings {
        issuer: issuer?,
        audience: audience?,
        algorithm: SigningAlgorithm::parse(&s.text("token.algorithm")?)?,
        access_minutes: s.small("token.access_minutes")?,
        refresh_idle_days: idle?,
        refresh_max_days: most?,
    })
}

/// The demo makes one of its people admin by itself.
fn admins(s: &mut Settings, mode: Mode) -> Option<Admins> {
    let mut identities = {
        let on = providers::on(s, mode == Mode::Demo);
        s.parse_list("admin.identities", |text| providers::identity(text, &on))?
    };
    let own = ("kakao".to_owned(), demo::ADMIN_SUBJECT.to_owned());
    if mode == Mode::Demo && !identities.contains(&own) {
        identities.push(own);
    }
    Some(Admins { identities })
}

fn account(s: &Settings) -> Option<AccountRules> {
    Some(AccountRules { minimum_age: s.small("account.minimum_age")?, grace_days: s.small("account.grace_days")? })
}

fn limits(s: &Settings) -> Option<Limits> {
    let rate = |name| NonZeroU32::new(s.small(name)?);
    Some(Limits {
        enabled: s.flag("limits.enabled")?,
        login: rate("limits.login")?,
        callback: rate("limits.callback")?,
        refresh: rate("limits.refresh")?,
        refresh_session: rate("limits.refresh_session")?,
        api_login: rate("limits.api_login")?,
        webhook: rate("limits.webhook")?,
    })
}

fn log(s: &Settings) -> Option<Log> {
    let format = match s.text("log.format")?.as_str() {
        "text" => LogFormat::Text,
        "json" => LogFormat::Json,
        _ => LogFormat::Auto,
    };
    Some(Log { format })
}

/// Without a provider anybody may be anybody, so nobody but this machine may reach it.
fn demo_wall(
    s: &mut Settings,
    server: Option<&Server>,
    simulator: Option<&SimulatorSettings>,
    database: Option<&DatabaseUrl>,
) {
    let remedy = "set providers.kakao.client_id and .client_secret, or leave this to this machine (loopback, SQLite)";
    let open = "leaves this machine, but no provider is configured: this would be a demo in which anybody is anybody";
    if server.is_some_and(|server| !server.public_url.is_loopback()) {
        s.fault("server.public_url", open, remedy);
    }
    if server.is_some_and(|server| !server.bind.ip().is_loopback()) {
        s.fault("server.bind", open, remedy);
    }
    if simulator.is_some_and(|simulator| !simulator.bind.ip().is_loopback()) {
        s.fault("simulator.bind", open, remedy);
    }
    if simulator.is_some_and(|simulator| simulator.bind.port() == 0) {
        s.fault("simulator.bind", "has port 0, so the site cannot know where the practice provider is", "name a port");
    }
    if let (Some(server), Some(simulator)) = (server, simulator)
        && server.bind == simulator.bind
        && server.bind.port() != 0
    {
        s.fault("simulator.bind", "is the same as server.bind", "give one of them another port");
    }
    if matches!(database, Some(DatabaseUrl::Postgres(_))) {
        s.fault("database.url", "is PostgreSQL, but no provider is configured, and the demo is SQLite only", remedy);
    }
}
