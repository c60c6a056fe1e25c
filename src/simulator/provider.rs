//! Which provider is played, and under which path.

use super::manners::Manners;
use super::played;
use crate::config::demo;

/// A provider the simulator plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// At the root: `kauth.kakao.com` and `kapi.kakao.com` at once.
    Kakao,
    /// `/naver`
    Naver,
    /// `/google`
    Google,
    /// `/github`
    Github,
    /// `/apple`
    Apple,
    /// `/line`
    Line,
    /// `/oidc`: an issuer nobody has a file for.
    Oidc,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Kakao, Self::Naver, Self::Google, Self::Github, Self::Apple, Self::Line, Self::Oidc];

    /// Its name in addresses of a site, and in forms here.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kakao => "kakao",
            Self::Naver => "naver",
            Self::Google => "google",
            Self::Github => "github",
            Self::Apple => "apple",
            Self::Line => "line",
            Self::Oidc => "oidc",
        }
    }

    /// The provider of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// Before its real paths.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Kakao => "",
            Self::Naver => demo::NAVER.prefix,
            Self::Google => demo::GOOGLE.prefix,
            Self::Github => demo::GITHUB.prefix,
            Self::Apple => demo::APPLE.prefix,
            Self::Line => demo::LINE.prefix,
            Self::Oidc => demo::OIDC.prefix,
        }
    }

    /// What it says `iss` is, on this origin.
    #[must_use]
    pub fn issuer(self, origin: &str) -> String {
        format!("{origin}{}", self.prefix())
    }

    /// Whose address a path is.
    pub(super) fn of_path(path: &str) -> Self {
        let below = |provider: &Self| {
            let prefix = provider.prefix();
            !prefix.is_empty() && path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        Self::ALL.into_iter().find(below).unwrap_or(Self::Kakao)
    }

    /// How it behaves.
    pub(super) const fn manners(self) -> &'static Manners {
        match self {
            Self::Kakao => &played::kakao::MANNERS,
            Self::Naver => &played::naver::MANNERS,
            Self::Google => &played::google::MANNERS,
            Self::Github => &played::github::MANNERS,
            Self::Apple => &played::apple::MANNERS,
            Self::Line => &played::line::MANNERS,
            Self::Oidc => &played::oidc::MANNERS,
        }
    }

    /// i18n key of what people call it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Kakao => "sim-provider-kakao",
            Self::Naver => "sim-provider-naver",
            Self::Google => "sim-provider-google",
            Self::Github => "sim-provider-github",
            Self::Apple => "sim-provider-apple",
            Self::Line => "sim-provider-line",
            Self::Oidc => "sim-provider-oidc",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_its_prefix_and_else_to_kakao() {
        for (path, expected) in [
            ("/", Provider::Kakao),
            ("/oauth/token", Provider::Kakao),
            ("/naver", Provider::Naver),
            ("/naver/oauth2.0/token", Provider::Naver),
            ("/naverland", Provider::Kakao),
            ("/line/v2/profile", Provider::Line),
            ("/oidc/.well-known/openid-configuration", Provider::Oidc),
        ] {
            assert_eq!(Provider::of_path(path), expected, "{path}");
        }
    }
}
