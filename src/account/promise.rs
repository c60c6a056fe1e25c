//! What a person is promised about the end of a link at its provider.

use crate::users::Identity;
use crate::web::App;

/// A linked account, and what its provider will hear.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    /// The provider's slug.
    pub(super) provider: String,
    /// The name there.
    pub(super) nickname: Option<String>,
    /// Whether the provider is told.
    pub(super) told: bool,
    /// The provider's own page on which the person ends the link, where it is not told.
    pub(super) page: Option<String>,
}

/// The promise about one account.
pub(super) fn promise(app: &App, identity: &Identity) -> Promise {
    let told = app.post.reaches(&identity.provider, identity.tokens_sealed.as_deref());
    let page = app.registry.find(&identity.provider).and_then(|provider| provider.disconnect_page());
    Promise {
        provider: identity.provider.clone(),
        nickname: identity.nickname.clone(),
        told,
        page: page.filter(|_| !told),
    }
}
