//! The table itself, section by section. Those of the providers stand in their own files.

use super::super::providers;
use super::key::{EXAMPLE_SECRET, Key};
use super::kinds::*;

/// Requests per minute; the bound only catches typing errors.
const RATE: Form = number(1, 1_000_000);

/// Every setting.
pub const KEYS: &[Key] = &joined::<{ count() }>();

/// The sections in their order.
const PARTS: [&[Key]; 9] = {
    let [kakao, naver, google, github, apple, line, oidc] = providers::KEYS;
    [BEFORE, kakao, naver, google, github, apple, line, oidc, AFTER]
};

const fn count() -> usize {
    let (mut part, mut all) = (0, 0);
    while part < PARTS.len() {
        all += PARTS[part].len();
        part += 1;
    }
    all
}

const fn joined<const ALL: usize>() -> [Key; ALL] {
    let mut all = [BEFORE[0]; ALL];
    let (mut part, mut next) = (0, 0);
    while part < PARTS.len() {
        let mut at = 0;
        while at < PARTS[part].len() {
            all[next] = PARTS[part][at];
            (at, next) = (at + 1, next + 1);
        }
        part += 1;
    }
    all
}

const BEFORE: &[Key] = &[
    Key::new("server.bind", TEXT, is("127.0.0.1:8080"), "address and port to listen on; plain HTTP, a proxy does TLS"),
    Key::new(
        "server.public_url",
        TEXT,
        is("http://localhost:8080"),
        "the origin people reach the site under: redirect URIs, links, cookies and the tokens' issuer come from it, never \
         from a request; it does not follow server.bind; http:// only on loopback",
    ),
    Key::new(
        "server.trusted_proxies",
        LIST,
        EMPTY,
        "addresses or networks (CIDR) of proxies whose X-Forwarded-For is believed",
    ),
    Key::new("server.workers", number(1, 1024), depends("number of cores", "4"), "worker threads"),
    Key::new("server.cookie_domain", TEXT, unset("example.com"), "domain that shares the login through forward-auth")
        .later(),
    Key::new("server.cors_origins", LIST, EMPTY, "exact origins whose scripts may call /api, with a bearer token and never with cookies"),
    Key::new(
        "database.url",
        TEXT,
        depends("sqlite://data/fiiiiilm.db; in demo sqlite://data/demo.db", "sqlite://data/fiiiiilm.db"),
        "sqlite://path (from the working directory), sqlite:///absolute/path or postgres://…; the variable DATABASE_URL \
         is honoured too",
    )
    .secret(),
    Key::new("database.pool_size", number(1, 200), is("8"), "connections of this process"),
    Key::new(
        "database.prepared_statements",
        FLAG,
        is("true"),
        "PostgreSQL only: false behind a pooler in transaction mode that does not know prepared statements",
    )
    .later(),
    Key::new(
        "database.direct_url",
        TEXT,
        unset("postgres://…"),
        "PostgreSQL past the pooler, for migrations and notifications",
    )
    .secret()
    .later(),
    Key::new("database.replica_url", TEXT, unset("postgres://…"), "PostgreSQL replica for long reads").secret().later(),
    Key::new(
        "secret.key",
        TEXT,
        depends("with SQLite made at first start as secret.key beside the database; required with PostgreSQL", EXAMPLE_SECRET),
        "32 random bytes or more as hex:… or base64:…, the same for every process; make one with \
         `echo \"base64:$(openssl rand -base64 32)\"`",
    )
    .secret(),
    Key::new(
        "secret.previous_keys",
        LIST,
        EMPTY,
        "earlier keys: what they sealed is still opened, nothing new is sealed with them",
    )
    .secret(),
    Key::new("site.name", TEXT, is("Fiiiiilm"), "the name on every page"),
    Key::new("site.locale", TEXT, is("ko"), "language of those who ask for none we have: ko or en"),
    Key::new("site.time_zone", TEXT, is("Asia/Seoul"), "IANA name of the zone dates are shown in"),
    Key::new("site.logo", TEXT, unset("logo.svg"), "picture in place of the name").later(),
    Key::new("site.accent", TEXT, unset("#b4232a"), "accent colour").later(),
    Key::new("site.css", TEXT, unset("site.css"), "style sheet added to every page").later(),
    Key::new(
        "signup.mode",
        Form::Choice { now: &["open", "approval", "closed"], later: &[] },
        is("open"),
        "who may become a user: everybody (open), everybody an admin has approved (approval) or only those who exist \
         (closed)",
    ),
    Key::new("token.issuer", TEXT, depends("server.public_url", "https://login.example.com"), "iss of our tokens"),
    Key::new("token.audience", TEXT, depends("server.public_url", "https://login.example.com"), "aud of access tokens"),
    Key::new(
        "token.algorithm",
        Form::Choice { now: &["ES256", "EdDSA", "RS256"], later: &[] },
        is("ES256"),
        "signature of access tokens; after a change the next key is published ten minutes before it signs",
    ),
    Key::new("token.access_minutes", number(1, 15), is("10"), "life of an access token"),
    Key::new("token.refresh_idle_days", number(1, 365), is("14"), "a session that is not used for so long ends"),
    Key::new("token.refresh_max_days", number(1, 730), is("90"), "a session ends after so long in any case"),
    Key::new(
        "admin.identities",
        LIST,
        EMPTY,
        "provider:subject, as in kakao:3912345678; each becomes admin once, at its next login",
    ),
    Key::new("account.minimum_age", number(0, 120), is("14"), "who is known to be younger is refused; 0: nobody is")
        .no_effect_yet(),
    Key::new("account.grace_days", number(0, 365), is("0"), "days an account can come back after its person left; 0: it is erased at once"),
    Key::new("account.terms_dir", TEXT, unset("terms"), "folder of terms a new person agrees to").later(),
    Key::new("reconcile.enabled", FLAG, depends("true where providers.kakao.admin_key is set", "true"), "nightly comparison with Kakao's own list of the app's people"),
    Key::new("reconcile.max_percent", number(0, 100), is("5"), "when more of them than this, in percent, are missing, the list is not believed and nothing happens"),
    Key::new("reconcile.grace_days", number(0, 365), is("7"), "days between the night somebody was missing and their erasure; logging in brings them back; 0: erased within a minute"),
    Key::new("audit.retention_days", number(1, 36500), is("730"), "days the history is kept"),
];

const AFTER: &[Key] = &[
    Key::new(
        "forward_auth.allow",
        Form::Choice { now: &["none"], later: &["everyone", "approved", "admin"] },
        is("none"),
        "whom /auth/verify lets in",
    )
    .later(),
    Key::new("forward_auth.allowed_hosts", LIST, EMPTY, "other hosts a login may return to").later(),
    Key::new("limits.enabled", FLAG, is("true"), "false only for measuring; the log says so"),
    Key::new("limits.login", RATE, is("120"), "starts of a login per minute and address (IPv6: /64)"),
    Key::new("limits.callback", RATE, is("120"), "returns from a provider per minute and address"),
    Key::new("limits.refresh", RATE, is("600"), "refreshes of tokens by /api/token/refresh per minute and address"),
    Key::new("limits.refresh_session", RATE, is("30"), "renewals per minute and session"),
    Key::new("limits.api_login", RATE, is("60"), "native logins by /api/login per minute and address"),
    Key::new("limits.webhook", RATE, is("6000"), "notices from providers per minute and address"),
    Key::new(
        "events.url",
        TEXT,
        unset("https://crm.example.com/hooks/fiiiiilm"),
        "program of yours that is told what happens to users, by signed webhooks; http:// only for a loopback host",
    )
    .secret(),
    Key::new(
        "events.secret",
        TEXT,
        unset("whsec_Zm9yIHRoZSBmb3JtIG9ubHksIG1ha2UgeW91ciBvd24="),
        "signs what it is told; make one with `echo \"whsec_$(openssl rand -base64 32)\"`",
    )
    .secret(),
    Key::new(
        "log.format",
        Form::Choice { now: &["auto", "text", "json"], later: &[] },
        is("auto"),
        "how a line of the log (standard error) looks; auto: text at a terminal, JSON elsewhere",
    ),
    Key::new("simulator.bind", TEXT, is("127.0.0.1:8081"), "demo only: where the practice provider listens; loopback"),
    Key::new("metrics.bind", TEXT, unset("127.0.0.1:9090"), "address of /metrics in Prometheus' format").later(),
];
