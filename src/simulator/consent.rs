//! What a person has to be asked.

use std::collections::BTreeSet;

use super::manners::{Asked, Item};
use super::request::by_console;
use super::state::Link;

/// The items to ask for, in the provider's order; `None` when nothing has to be asked.
///
/// The first time everything set up is asked, or, when the request names items, what is required and what it names.
/// Later only what is required or named and not agreed to yet.
pub(super) fn to_ask(
    items: &'static [Item],
    link: Option<&Link>,
    scope: Option<&[String]>,
) -> Option<Vec<&'static Item>> {
    let agreed = |item: &Item| link.is_some_and(|link| link.agreed.contains(item.scope));
    // Where every login names its scopes, somebody who said no once is not asked at every login.
    let declined =
        |item: &Item| item.asked == Asked::Named && link.is_some_and(|link| link.declined.contains(item.scope));
    let wanted = |item: &Item| match (item.asked, scope) {
        (Asked::Always, _) => true,
        (Asked::Optional, None) => link.is_none(),
        (asked, None) => by_console(asked),
        (_, Some(named)) => named.iter().any(|name| name == item.scope),
    };
    let items: Vec<_> = items.iter().filter(|item| wanted(item) && !agreed(item) && !declined(item)).collect();
    (link.is_none() || !items.is_empty()).then_some(items)
}

/// What was agreed to of the items asked: all that are required, and the others that were ticked.
pub(super) fn agreed(asked: &[&Item], ticked: &BTreeSet<&str>) -> BTreeSet<String> {
    let yes = |item: &&&Item| !item.asked.may_be_declined() || ticked.contains(item.scope);
    asked.iter().filter(yes).map(|item| item.scope.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::provider::Provider;
    use super::*;

    fn asked_at(provider: Provider, link: Option<&[&str]>, scope: Option<&[&str]>) -> Option<Vec<&'static str>> {
        let link = link.map(|agreed| Link { agreed: agreed.iter().map(|s| (*s).to_owned()).collect(), ..Link::new(0) });
        let scope: Option<Vec<String>> = scope.map(|items| items.iter().map(|s| (*s).to_owned()).collect());
        let items = to_ask(provider.manners().items, link.as_ref(), scope.as_deref())?;
        Some(items.into_iter().map(|item| item.scope).collect())
    }

    #[test]
    fn the_first_login_asks_for_everything_and_later_ones_for_what_is_new() {
        let asked = |link, scope| asked_at(Provider::Kakao, link, scope);
        let nickname: &[&str] = &["profile_nickname"];
        let all: &[&str] = &["profile_nickname", "profile_image", "account_email"];
        assert_eq!(asked(None, None).unwrap(), all);
        assert_eq!(asked(None, Some(&["openid"])).unwrap(), nickname);
        assert_eq!(asked(Some(nickname), None), None);
        assert_eq!(asked(Some(all), Some(&["openid", "account_email"])), None);
        assert_eq!(asked(Some(nickname), Some(&["account_email"])).unwrap(), ["account_email"]);
        assert_eq!(asked(Some(&[]), None).unwrap(), nickname);
    }

    #[test]
    fn where_scopes_decide_only_they_are_asked() {
        let asked = |link, scope| asked_at(Provider::Google, link, scope);
        assert_eq!(asked(None, Some(&["openid", "email"])).unwrap(), ["email"]);
        assert_eq!(asked(None, None).unwrap(), [""; 0]);
        assert_eq!(asked(Some(&["email"]), Some(&["openid", "email"])), None);
        assert_eq!(asked(Some(&["email"]), Some(&["openid", "email", "profile"])).unwrap(), ["profile"]);
    }

    #[test]
    fn what_is_required_is_agreed_to_and_what_was_not_asked_is_not() {
        let items = to_ask(Provider::Kakao.manners().items, None, None).unwrap();
        let agreed: Vec<_> = agreed(&items, &BTreeSet::from(["account_email", "phone_number"])).into_iter().collect();
        assert_eq!(agreed, ["account_email", "profile_nickname"]);
    }
}
