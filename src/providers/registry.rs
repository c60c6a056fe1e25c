//! The providers that are configured.

use super::apple;
use super::generic;
use super::github;
use super::google;
use super::http::Http;
use super::kakao;
use super::line;
use super::naver;
use super::provider::Provider;
use super::unlink::Unlinking;
use crate::clock::Clock;
use crate::config::Config;
use crate::outbox::Post;

/// All configured providers, in the order in which their buttons stand.
#[derive(Debug)]
pub struct Registry {
    providers: Vec<Provider>,
}

/// Why the registry cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The HTTP client, most likely its TLS.
    #[error("the HTTP client cannot be built")]
    Client(#[from] reqwest::Error),
    /// A base URL in the settings.
    #[error("a provider's base URL is no URL")]
    Url(#[from] url::ParseError),
    /// A key in the settings.
    #[error("a provider's private key cannot be used")]
    Key(#[from] openssl::error::ErrorStack),
}

impl Registry {
    /// Builds every provider that has settings. A new provider is one more line here.
    ///
    /// # Errors
    /// When TLS cannot be set up or a base URL is none.
    pub fn new(config: &Config, clock: Clock) -> Result<Self, Unusable> {
        let (on, http, clock) = (&config.providers, &Http::new()?, &clock);
        let named = [
            on.kakao.as_ref().map(|settings| kakao::provider(settings, http, clock)),
            on.naver.as_ref().map(|settings| naver::provider(settings, http, clock)),
            on.google.as_ref().map(|settings| google::provider(settings, http, clock)),
            on.apple.as_ref().map(|settings| apple::provider(settings, http, clock)),
            on.line.as_ref().map(|settings| line::provider(settings, http, clock)),
            on.github.as_ref().map(|settings| github::provider(settings, http, clock)),
        ];
        let others = on.oidc.iter().map(|settings| generic::provider(settings, http, clock));
        Ok(Self { providers: named.into_iter().flatten().chain(others).collect::<Result<_, _>>()? })
    }

    /// The provider of that name.
    #[must_use]
    pub fn find(&self, slug: &str) -> Option<&Provider> {
        self.iter().find(|provider| provider.slug() == slug)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.providers.iter()
    }

    /// What verbs need in order to have providers and the operator's programs told.
    #[must_use]
    pub fn post(&self, config: &Config) -> Post {
        let of = |how: Unlinking| -> Vec<String> {
            self.iter().filter(|provider| provider.unlinking() == how).map(|p| p.slug().to_owned()).collect()
        };
        Post::new(&config.secrets, of(Unlinking::ByNumber), of(Unlinking::ByToken), config.events.is_some())
    }

    /// Where people's pictures come from: sources for `img-src`.
    #[must_use]
    pub fn picture_origins(&self) -> Vec<String> {
        let all = self.iter().flat_map(|provider| provider.dialect.pictures().sources());
        let mut once = Vec::new();
        for source in all {
            if !once.contains(&source) {
                once.push(source);
            }
        }
        once
    }
}
