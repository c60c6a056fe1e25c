//! What a person is promised about the end of a link at its provider.

use crate::clock::Moment;
use crate::users::Identity;
use crate::users::Unlinked;
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
    /// Whether one more login with that account lets it be told: what was kept of the last one is dead.
    pub(super) again: bool,
}

/// The promise about one account whose link ends then.
pub(super) fn promise(app: &App, identity: &Identity, at: Moment) -> Promise {
    let provider = identity.provider.as_str();
    let told = app.post.reaches((provider, &identity.subject), identity.keepsake().as_ref(), at);
    Promise {
        nickname: identity.nickname.clone(),
        again: !told && app.post.needs_token(provider) && app.registry.find(provider).is_some(),
        ..kept(app, &Unlinked { provider: provider.to_owned(), told })
    }
}

/// How it was kept.
pub(super) fn kept(app: &App, unlinked: &Unlinked) -> Promise {
    let page = app.registry.find(&unlinked.provider).and_then(|provider| provider.disconnect_page());
    Promise {
        provider: unlinked.provider.clone(),
        nickname: None,
        told: unlinked.told,
        page: page.filter(|_| !unlinked.told),
        again: false,
    }
}
