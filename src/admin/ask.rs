//! The page that asks before an act.

use askama::Template;

use super::acts::Act;
use crate::users;
use crate::users::Person;
use crate::users::Role;
use crate::web::page::Chrome;

/// `GET /admin/users/{id}/…`: names the person and the act, and puts the way out first.
#[derive(Template)]
#[template(path = "admin/act.html")]
pub(super) struct AskPage {
    c: Chrome,
    id: String,
    name: Option<String>,
    email: Option<String>,
    path: &'static str,
    title_key: &'static str,
    text_key: &'static str,
    button_key: &'static str,
    severe: bool,
    /// The role somebody gets.
    role: Option<&'static str>,
    asks_reason: bool,
    max_reason: usize,
    /// What has to be typed.
    confirm: Option<String>,
    /// What was typed.
    input: String,
    problem_key: Option<&'static str>,
}

impl AskPage {
    /// The page of an act.
    pub(super) fn new(c: Chrome, act: Act, person: &Person) -> Self {
        let (title_key, text_key) = words(act, person.role);
        let role = match person.role {
            Role::User => Role::Admin,
            Role::Admin => Role::User,
        };
        Self {
            c,
            id: person.id.to_string(),
            name: person.name.clone(),
            email: person.email().map(|(address, _)| address.to_owned()),
            path: act.path(),
            title_key,
            text_key,
            button_key: act.label_key(person.role),
            severe: act.is_severe(),
            role: (act == Act::Role).then_some(role.as_str()),
            asks_reason: act == Act::Ban,
            max_reason: users::MAX_REASON,
            confirm: (act == Act::Delete).then(|| Self::to_type(person)),
            input: String::new(),
            problem_key: None,
        }
    }

    /// The same, with what was wrong.
    pub(super) fn refused(mut self, problem: &'static str, typed: String) -> Self {
        self.problem_key = Some(problem);
        self.input = typed;
        self
    }

    /// What names a person so that it is not typed by accident: their name, or their id where there is none.
    pub(super) fn to_type(person: &Person) -> String {
        person.name.clone().unwrap_or_else(|| person.id.to_string())
    }

    fn shown_name<'a>(&'a self, c: &'a Chrome) -> &'a str {
        self.name.as_deref().unwrap_or_else(|| c.t("profile-nameless"))
    }
}

/// The keys of what is asked and of what it means.
const fn words(act: Act, role: Role) -> (&'static str, &'static str) {
    match (act, role) {
        (Act::Approve, _) => ("act-approve-title", "act-approve-text"),
        (Act::Unban, _) => ("act-unban-title", "act-unban-text"),
        (Act::Role, Role::User) => ("act-promote-title", "act-promote-text"),
        (Act::Role, Role::Admin) => ("act-demote-title", "act-demote-text"),
        (Act::EndSessions, _) => ("act-end-sessions-title", "act-end-sessions-text"),
        (Act::Ban, _) => ("act-ban-title", "act-ban-text"),
        (Act::Delete, _) => ("act-delete-title", "act-delete-text"),
    }
}
