//! Which notices there are, and in how many ways each can be wrong.

use super::super::provider::Provider;

/// What a notice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Kakao's unlink webhook, with its `referrer_type`.
    KakaoUnlink(&'static str),
    /// Kakao's change of an account's status: the type of its event.
    KakaoEvent(&'static str),
    /// Naver's end of a connection.
    NaverUnlink,
    /// Google's Cross-Account Protection: the type of its event.
    GoogleEvent(&'static str),
    /// Apple's change of an account: the type of its event.
    AppleEvent(&'static str),
}

const REFERRERS: [&str; 5] =
    ["UNLINK_FROM_APPS", "ACCOUNT_DELETE", "FORCED_ACCOUNT_DELETE", "UNLINK_FROM_ADMIN", "INCOMPLETE_SIGN_UP"];

/// In forms; the reason differs from that of any other `user-unlinked`.
pub(super) const ECHO: &str = "user-unlinked-echo";

const OAUTH: &str = "https://schemas.openid.net/secevent/oauth/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";
const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
const KAKAO: &str = "https://schemas.kakao.com/platevent/kakao/event-type/";

/// Kakao's, each with where its name is defined.
const KAKAO_EVENTS: [(&str, &str); 18] = [
    (OAUTH, "user-linked"),
    (OAUTH, "user-unlinked"),
    (OAUTH, "token-issued"),
    (OAUTH, "token-revoked"),
    (OAUTH, "tokens-revoked"),
    (OAUTH, "user-scope-consent"),
    (OAUTH, "user-scope-withdraw"),
    (RISC, "account-credential-change-required"),
    (RISC, "account-purged"),
    (RISC, "account-disabled"),
    (RISC, "account-enabled"),
    (RISC, "credential-compromise"),
    (RISC, "identifier-changed"),
    (RISC, "identifier-recycled"),
    (RISC, "sessions-revoked"),
    (CAEP, "assurance-level-change"),
    (CAEP, "credential-change"),
    (KAKAO, "user-profile-changed"),
];

const GOOGLE_EVENTS: [(&str, &str); 7] = [
    (RISC, "sessions-revoked"),
    (RISC, "account-disabled"),
    (RISC, "account-enabled"),
    (RISC, "account-credential-change-required"),
    (RISC, "verification"),
    (OAUTH, "tokens-revoked"),
    (OAUTH, "token-revoked"),
];

/// `account-delete` is what comes over the wire, `account-deleted` what the documents say.
const APPLE_EVENTS: [&str; 5] =
    ["consent-revoked", "account-delete", "account-deleted", "email-disabled", "email-enabled"];

impl Notice {
    /// Everything a provider sends.
    #[must_use]
    pub fn of(provider: Provider) -> Vec<Self> {
        match provider {
            Provider::Kakao => {
                let events = KAKAO_EVENTS.iter().map(|(_, name)| Self::KakaoEvent(name));
                let echo = Self::KakaoEvent(ECHO);
                REFERRERS.into_iter().map(Self::KakaoUnlink).chain(events).chain([echo]).collect()
            }
            Provider::Naver => vec![Self::NaverUnlink],
            Provider::Google => GOOGLE_EVENTS.iter().map(|(_, name)| Self::GoogleEvent(name)).collect(),
            Provider::Apple => APPLE_EVENTS.into_iter().map(Self::AppleEvent).collect(),
            Provider::Github | Provider::Line | Provider::Oidc => Vec::new(),
        }
    }

    /// Who sends it.
    #[must_use]
    pub const fn provider(self) -> Provider {
        match self {
            Self::KakaoUnlink(_) | Self::KakaoEvent(_) => Provider::Kakao,
            Self::NaverUnlink => Provider::Naver,
            Self::GoogleEvent(_) => Provider::Google,
            Self::AppleEvent(_) => Provider::Apple,
        }
    }

    /// Its name in the form, which is the provider's own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KakaoUnlink(name) | Self::KakaoEvent(name) | Self::GoogleEvent(name) | Self::AppleEvent(name) => name,
            Self::NaverUnlink => "unlink",
        }
    }

    /// The whole name of its event, where events have one; an unknown name is kept as it is.
    pub(super) fn event(self) -> String {
        let known: &[(&str, &str)] = match self {
            Self::KakaoEvent(_) => &KAKAO_EVENTS,
            Self::GoogleEvent(_) => &GOOGLE_EVENTS,
            _ => &[],
        };
        let wanted = if self.name() == ECHO { "user-unlinked" } else { self.name() };
        let found = known.iter().find(|(_, name)| *name == wanted);
        found.map_or_else(|| self.name().to_owned(), |(begin, name)| format!("{begin}{name}"))
    }

    /// Whether it is signed (a SET or a JWS) rather than a form.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        !matches!(self, Self::KakaoUnlink(_) | Self::NaverUnlink)
    }
}

/// How a notice differs from the plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variation {
    /// Not at all.
    Plain,
    /// By GET (Kakao's console offers both).
    ByGet,
    /// With the parameters of its POST in the query, as Naver's printed sample has them.
    InQuery,
    /// Its audience is a list.
    AudienceList,
    /// It ended an hour ago, which a statement of fact cannot.
    Ended,
    /// `events` is an object, as Apple documents it, and not a text, as it comes.
    EventsObject,
    /// Times are milliseconds, as they come from Apple.
    Milliseconds,
    /// An event of a type nobody knows.
    UnknownEvent,
    /// With the key of somebody else, or signed with it.
    WrongKey,
    /// Without a key, or with its signature cut off.
    NoKey,
    /// For another app.
    WrongApp,
    /// By another issuer.
    WrongIssuer,
    /// Its issuer has a slash too many, or one too few.
    IssuerSlash,
    /// Its header names a key nobody shows.
    UnknownKid,
    /// Unsigned, and says so.
    AlgNone,
    /// Signed with the public key as a secret.
    PublicKey,
    /// From ten minutes ahead, or an hour old where notices have no id.
    WrongTime,
    /// An ID token in its place.
    IdToken,
    /// What it is about was changed after signing.
    Tampered,
    /// Its event has no subject.
    NoSubject,
    /// No JWT at all.
    Nonsense,
}

impl Variation {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Plain,
        Self::ByGet,
        Self::InQuery,
        Self::AudienceList,
        Self::Ended,
        Self::EventsObject,
        Self::Milliseconds,
        Self::UnknownEvent,
        Self::WrongKey,
        Self::NoKey,
        Self::WrongApp,
        Self::WrongIssuer,
        Self::IssuerSlash,
        Self::UnknownKid,
        Self::AlgNone,
        Self::PublicKey,
        Self::WrongTime,
        Self::IdToken,
        Self::Tampered,
        Self::NoSubject,
        Self::Nonsense,
    ];

    /// Those a notice can have.
    #[must_use]
    pub fn of(notice: Notice) -> Vec<Self> {
        let fits = |variation: &Self| match variation {
            Self::Plain | Self::WrongKey | Self::NoKey | Self::WrongApp => true,
            Self::ByGet => matches!(notice, Notice::KakaoUnlink(_)),
            Self::InQuery | Self::Tampered => notice == Notice::NaverUnlink,
            Self::WrongTime => !matches!(notice, Notice::KakaoUnlink(_)),
            Self::EventsObject | Self::Milliseconds => matches!(notice, Notice::AppleEvent(_)),
            _ => notice.is_signed(),
        };
        Self::ALL.into_iter().filter(fits).collect()
    }

    /// Whether a site must not act on it.
    #[must_use]
    pub const fn is_forged(self) -> bool {
        !matches!(
            self,
            Self::Plain
                | Self::ByGet
                | Self::InQuery
                | Self::AudienceList
                | Self::Ended
                | Self::EventsObject
                | Self::Milliseconds
                | Self::UnknownEvent
        )
    }

    /// Its name in the form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::ByGet => "by-get",
            Self::InQuery => "in-query",
            Self::AudienceList => "audience-list",
            Self::Ended => "ended",
            Self::EventsObject => "events-object",
            Self::Milliseconds => "milliseconds",
            Self::UnknownEvent => "unknown-event",
            Self::WrongKey => "wrong-key",
            Self::NoKey => "no-key",
            Self::WrongApp => "wrong-app",
            Self::WrongIssuer => "wrong-issuer",
            Self::IssuerSlash => "issuer-slash",
            Self::UnknownKid => "unknown-kid",
            Self::AlgNone => "alg-none",
            Self::PublicKey => "public-key",
            Self::WrongTime => "wrong-time",
            Self::IdToken => "id-token",
            Self::Tampered => "tampered",
            Self::NoSubject => "no-subject",
            Self::Nonsense => "nonsense",
        }
    }
}
