//! What a person has to be asked.

use std::collections::BTreeSet;

use super::app::{App, ConsentItem, Requirement};
use super::state::Link;

/// The items to ask for, in the console's order; `None` when nothing has to be asked.
///
/// The first time everything set up is asked, or, when the request names items, what is required and what it names.
/// Later only what is required or named and not agreed to yet.
pub(super) fn to_ask<'a>(app: &'a App, link: Option<&Link>, scope: Option<&[String]>) -> Option<Vec<&'a ConsentItem>> {
    let agreed = |item: &ConsentItem| link.is_some_and(|link| link.agreed.contains(&item.scope));
    let wanted = |item: &ConsentItem| match (item.requirement, scope) {
        (Requirement::Required, _) => true,
        (Requirement::Optional, None) => link.is_none(),
        (Requirement::DuringUse, None) => false,
        (_, Some(named)) => named.contains(&item.scope),
    };
    let items: Vec<_> = app.consent_items.iter().filter(|item| wanted(item) && !agreed(item)).collect();
    (link.is_none() || !items.is_empty()).then_some(items)
}

/// What was agreed to of the items asked: all that are required, and the others that were ticked.
pub(super) fn agreed(asked: &[&ConsentItem], ticked: &BTreeSet<&str>) -> BTreeSet<String> {
    let yes = |item: &&&ConsentItem| item.requirement == Requirement::Required || ticked.contains(item.scope.as_str());
    asked.iter().filter(yes).map(|item| item.scope.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(link: Option<&[&str]>, scope: Option<&[&str]>) -> Option<Vec<String>> {
        let app = App::demo("http://localhost:8080");
        let link =
            link.map(|agreed| Link { agreed: agreed.iter().map(|s| (*s).to_owned()).collect(), connected_at: 0 });
        let scope: Option<Vec<String>> = scope.map(|items| items.iter().map(|s| (*s).to_owned()).collect());
        let items = to_ask(&app, link.as_ref(), scope.as_deref())?;
        Some(items.into_iter().map(|item| item.scope.clone()).collect())
    }

    #[test]
    fn the_first_login_asks_for_everything_and_later_ones_for_what_is_new() {
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
    fn what_is_required_is_agreed_to_and_what_was_not_asked_is_not() {
        let app = App::demo("http://localhost:8080");
        let items = to_ask(&app, None, None).unwrap();
        let agreed: Vec<_> = agreed(&items, &BTreeSet::from(["account_email", "phone_number"])).into_iter().collect();
        assert_eq!(agreed, ["account_email", "profile_nickname"]);
    }
}
