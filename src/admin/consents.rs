//! What a person has agreed to at their providers, in words.

use crate::clock::Moment;
use crate::users::Identity;
use crate::web::page::Chrome;

/// What was agreed to with one linked account.
pub(super) struct Agreed {
    /// The provider.
    pub provider: String,
    /// Which of several accounts there.
    pub subject: String,
    /// The items; `None` when the provider does not tell.
    pub items: Option<Vec<String>>,
    /// Since when the provider tells just that.
    pub since: Option<Moment>,
}

impl Agreed {
    /// Of a linked account.
    pub(super) fn of(c: &Chrome, identity: &Identity) -> Self {
        Self {
            provider: identity.provider.clone(),
            subject: identity.subject.clone(),
            items: identity.consents().map(|items| items.map(|item| words(c, item)).collect()),
            since: identity.granted_at,
        }
    }
}

/// An item in words; one that has none as the provider calls it.
fn words(c: &Chrome, item: &str) -> String {
    key(item).map_or_else(|| item.to_owned(), |key| c.t(key).to_owned())
}

/// Kakao's consent items by their ids, and the scopes the others are asked for.
fn key(item: &str) -> Option<&'static str> {
    Some(match item {
        "openid" => "consent-openid",
        "profile_nickname" => "consent-profile-nickname",
        "profile_image" => "consent-profile-image",
        "account_email" => "consent-account-email",
        "name" => "consent-name",
        "gender" => "consent-gender",
        "age_range" => "consent-age-range",
        "birthday" => "consent-birthday",
        "birthyear" => "consent-birthyear",
        "phone_number" => "consent-phone-number",
        "account_ci" => "consent-account-ci",
        "shipping_address" => "consent-shipping-address",
        "plusfriends" => "consent-plusfriends",
        "friends" => "consent-friends",
        "talk_message" => "consent-talk-message",
        "profile" | "https://www.googleapis.com/auth/userinfo.profile" | "read:user" => "consent-profile",
        "email" | "https://www.googleapis.com/auth/userinfo.email" | "user:email" => "consent-email",
        _ => return None,
    })
}
