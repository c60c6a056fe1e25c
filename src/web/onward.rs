//! The page that goes on by itself.

use askama::Template;

use super::page::Chrome;

/// A page that goes on by itself, to where a redirect must not lead: out of our origin, after a form (CSP's `form-action`
/// follows redirects).
#[derive(Template)]
#[template(path = "onward.html")]
pub struct OnwardPage {
    /// What every page shares.
    pub c: Chrome,
    /// The i18n key of what is about to happen.
    pub title_key: &'static str,
    /// The sentence about it.
    pub text: String,
    /// Where it goes on.
    pub href: String,
}

impl OnwardPage {
    /// Somebody sent a form who has to prove first who they are.
    #[must_use]
    pub fn after_a_form(c: Chrome, href: String) -> Self {
        let text = c.t("again-form-text").to_owned();
        Self { c, title_key: "again-title", text, href }
    }

    /// On to a provider, to link one more account of theirs.
    #[must_use]
    pub fn to_link(c: Chrome, provider: &str, href: String) -> Self {
        let text = c.with("link-onward-text", provider);
        Self { c, title_key: "link-onward-title", text, href }
    }

    /// On to a provider, to come in with the account they have and link the new one.
    #[must_use]
    pub fn to_join(c: Chrome, provider: &str, href: String) -> Self {
        let text = c.with("offer-onward-text", provider);
        Self { c, title_key: "offer-onward-title", text, href }
    }

    /// On to a provider, where they prove it.
    #[must_use]
    pub fn to_provider(c: Chrome, provider: &str, href: String) -> Self {
        let text = c.f("again-text", "provider", c.provider(provider));
        Self { c, title_key: "again-title", text, href }
    }
}
