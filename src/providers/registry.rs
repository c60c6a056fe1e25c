//! The providers that are configured.

use super::http::Http;
use super::kakao;
use super::provider::Provider;
use crate::clock::Clock;
use crate::config::Config;

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
}

impl Registry {
    /// Builds every provider that has settings. A new provider is one more line here.
    ///
    /// # Errors
    /// When TLS cannot be set up or a base URL is none.
    pub fn new(config: &Config, clock: Clock) -> Result<Self, Unusable> {
        let http = Http::new()?;
        let known = [config.providers.kakao.as_ref().map(|settings| kakao::provider(settings, &http, &clock))];
        Ok(Self { providers: known.into_iter().flatten().collect::<Result<_, _>>()? })
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

    /// Where people's pictures come from: sources for `img-src`.
    #[must_use]
    pub fn picture_origins(&self) -> Vec<String> {
        self.iter().flat_map(|provider| provider.dialect.picture_origins()).collect()
    }
}
