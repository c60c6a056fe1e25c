//! What all providers have in common, and the little in which they differ: the table the contract tests walk.

use fiiiiilm::config::demo;
use fiiiiilm::simulator::Provider;

use super::app::Setting;

/// A provider as the contract tests see it.
pub(crate) struct Contract {
    pub(crate) provider: Provider,
    /// Whether every login brings an ID token that is checked.
    pub(crate) openid: bool,
    /// Whether the site refuses a token answer without one.
    pub(crate) openid_needed: bool,
    /// Two ordinary people.
    pub(crate) ordinary: &'static str,
    pub(crate) second: &'static str,
    /// Whether the first one's address is trusted.
    pub(crate) trusted: bool,
    /// Somebody without an address, and somebody whose address is not verified.
    pub(crate) without_email: &'static str,
    pub(crate) unverified: Option<&'static str>,
    /// Where the subject stands in an answer beside the ID token: path and members.
    pub(crate) profile: Option<(&'static str, &'static [&'static str])>,
}

/// Every provider.
pub(crate) static CONTRACTS: [Contract; 7] = [
    Contract {
        provider: Provider::Kakao,
        openid: true,
        openid_needed: false,
        ordinary: "3900000101",
        second: "3900000102",
        trusted: true,
        without_email: "3900000201",
        unverified: Some("3900000202"),
        profile: Some(("/v2/user/me", &["id"])),
    },
    Contract {
        provider: Provider::Naver,
        openid: false,
        openid_needed: false,
        ordinary: "hK3vQ9-fRz0TqYw2mB7nLs5XcD1eJa8uGi4oPb6tWzE",
        second: "sC7pLm2Xw9_vNb4kQ1zRt8yHj5dFg0aUe3iOo6T-BqA",
        trusted: false,
        without_email: "nOmA1lQw3Er5Ty7Ui9Op1As3Df5Gh7Jk9Lz2Xc4Vb6",
        unverified: Some("exT5rNa1MaiL-Zx8Cv6Bn4Mq2Wp0Ly7Kj9Hg3Fd5Sa1"),
        profile: Some(("/naver/v1/nid/me", &["response", "id"])),
    },
    Contract {
        provider: Provider::Google,
        openid: true,
        openid_needed: true,
        ordinary: "110169484474386276334",
        second: "110169484474386276335",
        trusted: true,
        without_email: "110169484474386276340",
        unverified: Some("110169484474386276338"),
        profile: None,
    },
    Contract {
        provider: Provider::Github,
        openid: false,
        openid_needed: false,
        ordinary: "583231",
        second: "583235",
        trusted: true,
        without_email: "583234",
        unverified: Some("583233"),
        profile: Some(("/github/user", &["id"])),
    },
    Contract {
        provider: Provider::Apple,
        openid: true,
        openid_needed: true,
        ordinary: "000117.0a1b2c3d4e5f60718293a4b5c6d7e8f9.0101",
        second: "000117.1a1b2c3d4e5f60718293a4b5c6d7e8f9.0102",
        trusted: true,
        without_email: "000117.4a1b2c3d4e5f60718293a4b5c6d7e8f9.0105",
        unverified: Some("000117.3a1b2c3d4e5f60718293a4b5c6d7e8f9.0104"),
        profile: None,
    },
    Contract {
        provider: Provider::Line,
        openid: true,
        openid_needed: true,
        ordinary: "U0a1b2c3d4e5f60718293a4b5c6d7e801",
        second: "U0a1b2c3d4e5f60718293a4b5c6d7e802",
        trusted: false,
        without_email: "U0a1b2c3d4e5f60718293a4b5c6d7e803",
        unverified: Some("U0a1b2c3d4e5f60718293a4b5c6d7e802"),
        profile: None,
    },
    Contract {
        provider: Provider::Oidc,
        openid: true,
        openid_needed: true,
        ordinary: "hong",
        second: "auth0|5f7c8ec7c33c6c004bbafe82",
        trusted: true,
        without_email: "8d6e7f50-3c2b-4a1f-9e8d-7c6b5a493827",
        unverified: Some("woochi"),
        profile: None,
    },
];

impl Contract {
    /// Its name at the site.
    pub(crate) fn name(&self) -> &'static str {
        self.provider.name()
    }

    /// Where a login starts.
    pub(crate) fn start(&self) -> String {
        format!("/login/{}", self.name())
    }
}

/// The settings under which all of them are on; Kakao's the kit has already. `{simulator}` becomes its origin.
pub(crate) fn every_provider() -> Vec<Setting> {
    let all = [
        ("FIIIIILM_PROVIDERS__NAVER__CLIENT_ID", demo::NAVER.client_id),
        ("FIIIIILM_PROVIDERS__NAVER__CLIENT_SECRET", demo::NAVER.client_secret),
        ("FIIIIILM_PROVIDERS__NAVER__AUTH_BASE", "{simulator}/naver"),
        ("FIIIIILM_PROVIDERS__NAVER__API_BASE", "{simulator}/naver"),
        ("FIIIIILM_PROVIDERS__NAVER__ISSUER", "{simulator}/naver"),
        ("FIIIIILM_PROVIDERS__GOOGLE__CLIENT_ID", demo::GOOGLE.client_id),
        ("FIIIIILM_PROVIDERS__GOOGLE__CLIENT_SECRET", demo::GOOGLE.client_secret),
        ("FIIIIILM_PROVIDERS__GOOGLE__AUTH_BASE", "{simulator}/google"),
        ("FIIIIILM_PROVIDERS__GOOGLE__TOKEN_BASE", "{simulator}/google"),
        ("FIIIIILM_PROVIDERS__GOOGLE__KEYS_BASE", "{simulator}/google"),
        ("FIIIIILM_PROVIDERS__GOOGLE__ISSUER", "{simulator}/google"),
        ("FIIIIILM_PROVIDERS__GITHUB__CLIENT_ID", demo::GITHUB.client_id),
        ("FIIIIILM_PROVIDERS__GITHUB__CLIENT_SECRET", demo::GITHUB.client_secret),
        ("FIIIIILM_PROVIDERS__GITHUB__AUTH_BASE", "{simulator}/github"),
        ("FIIIIILM_PROVIDERS__GITHUB__API_BASE", "{simulator}/github"),
        ("FIIIIILM_PROVIDERS__GITHUB__ISSUER", "{simulator}/github/login/oauth"),
        ("FIIIIILM_PROVIDERS__APPLE__CLIENT_ID", demo::APPLE.client_id),
        ("FIIIIILM_PROVIDERS__APPLE__TEAM_ID", demo::APPLE_TEAM_ID),
        ("FIIIIILM_PROVIDERS__APPLE__KEY_ID", demo::APPLE_KEY_ID),
        ("FIIIIILM_PROVIDERS__APPLE__PRIVATE_KEY", demo::APPLE_PRIVATE_KEY),
        ("FIIIIILM_PROVIDERS__APPLE__AUTH_BASE", "{simulator}/apple"),
        ("FIIIIILM_PROVIDERS__APPLE__ISSUER", "{simulator}/apple"),
        ("FIIIIILM_PROVIDERS__LINE__CLIENT_ID", demo::LINE.client_id),
        ("FIIIIILM_PROVIDERS__LINE__CLIENT_SECRET", demo::LINE.client_secret),
        ("FIIIIILM_PROVIDERS__LINE__SCOPES", "openid,profile,email"),
        ("FIIIIILM_PROVIDERS__LINE__AUTH_BASE", "{simulator}/line"),
        ("FIIIIILM_PROVIDERS__LINE__API_BASE", "{simulator}/line"),
        ("FIIIIILM_PROVIDERS__LINE__ISSUER", "{simulator}/line"),
        ("FIIIIILM_PROVIDERS__OIDC__KIND", "oidc"),
        ("FIIIIILM_PROVIDERS__OIDC__DISPLAY_NAME", "Practice"),
        ("FIIIIILM_PROVIDERS__OIDC__ISSUER", "{simulator}/oidc"),
        ("FIIIIILM_PROVIDERS__OIDC__CLIENT_ID", demo::OIDC.client_id),
        ("FIIIIILM_PROVIDERS__OIDC__CLIENT_SECRET", demo::OIDC.client_secret),
        ("FIIIIILM_PROVIDERS__OIDC__EMAIL_AUTHORITATIVE", "true"),
    ];
    all.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}
