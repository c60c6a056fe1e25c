//! The admin's pages.

use askama::Template;

use super::listing::{Asked, EMAILS, ORDERS, ROLES, STANDINGS};
use crate::clock::Moment;
use crate::users;
use crate::web::page::Chrome;

/// `GET /admin/users`.
#[derive(Template)]
#[template(path = "admin/users.html")]
pub(super) struct UsersPage {
    /// What every page shares.
    pub c: Chrome,
    /// What was asked for.
    pub asked: Asked,
    /// Whether what was looked for is too short.
    pub too_short: bool,
    /// The people, in order.
    pub rows: Vec<UserRow>,
    /// Address of the page before this one.
    pub newer: Option<String>,
    /// Address of the next page.
    pub older: Option<String>,
    /// How many there are.
    pub total: users::Total,
    /// Providers one can choose from.
    pub providers: Vec<String>,
}

impl UsersPage {
    /// How many there are, in words.
    fn total_words(&self) -> String {
        match self.total {
            users::Total::Exactly(number) => self.c.count("users-total", &number),
            users::Total::MoreThan(number) => self.c.count("users-total-more", &number),
            users::Total::About(number) => {
                let number = about(&self.c, number);
                self.c.f("users-total-about", "number", &number)
            }
        }
    }

    /// The filters to choose from.
    fn selects(&self) -> [Select<'_>; 3] {
        let select = |name, label, any, choices, chosen| Select { name, label, any, choices, chosen };
        [
            select("status", "users-filter-status", "users-any-status", &STANDINGS[..], self.asked.status.as_str()),
            select("role", "users-filter-role", "users-any-role", &ROLES[..], &self.asked.role),
            select("email", "users-filter-email", "users-any-email", &EMAILS[..], &self.asked.email),
        ]
    }

    /// The order.
    fn order(&self) -> Select<'_> {
        Select { name: "sort", label: "users-sort-label", any: "", choices: &ORDERS, chosen: &self.asked.sort }
    }

    /// The days of the form: name, label, value.
    fn days(&self) -> [(&'static str, &'static str, &str); 4] {
        [
            ("joined_from", "users-joined-from", &self.asked.joined_from),
            ("joined_to", "users-joined-to", &self.asked.joined_to),
            ("seen_from", "users-seen-from", &self.asked.seen_from),
            ("seen_to", "users-seen-to", &self.asked.seen_to),
        ]
    }
}

/// A large number that is not known exactly, as the language says such numbers.
fn about(c: &Chrome, number: i64) -> String {
    let key = match number {
        1_000_000.. => "about-millions",
        10_000.. if number % 10_000 != 0 => "about-thousands",
        10_000.. => "about-ten-thousands",
        _ => "about-round",
    };
    let (millions, tenths) = (number / 1_000_000, number / 100_000 % 10);
    let millions = if tenths == 0 || millions > 9 { c.number(&millions) } else { format!("{millions}.{tenths}") };
    let (man, cheon) = (c.number(&(number / 10_000)), (number % 10_000 / 1_000).to_string());
    let whole = c.number(&number);
    c.locale.format(key, &[("man", &man), ("cheon", &cheon), ("millions", &millions), ("whole", &whole)])
}

/// A select: name, label, what it says when nothing is chosen, the choices, and what is chosen.
#[derive(Clone, Copy)]
struct Select<'a> {
    name: &'static str,
    label: &'static str,
    any: &'static str,
    choices: &'static [(&'static str, &'static str)],
    chosen: &'a str,
}

/// One person in the list.
#[derive(Clone, Debug)]
pub(super) struct UserRow {
    /// The public id.
    pub id: String,
    /// The display name.
    pub name: Option<String>,
    /// So many bytes at the start of the name are what was looked for.
    pub name_mark: usize,
    /// Address of the picture.
    pub picture: Option<String>,
    /// The e-mail of the linked account.
    pub email: Option<String>,
    /// As [`Self::name_mark`].
    pub email_mark: usize,
    /// Whether the provider vouches for it.
    pub email_trusted: bool,
    /// The slugs of the linked accounts.
    pub providers: Vec<String>,
    /// Whether they are an admin.
    pub admin: bool,
    /// `waiting`, `active`, `banned`, `closed` or `erased`.
    pub standing: &'static str,
    /// When the account was made.
    pub joined_at: Moment,
    /// When they last logged in.
    pub last_login_at: Option<Moment>,
}

impl UserRow {
    /// The i18n key of the standing.
    #[must_use]
    pub(super) fn standing_key(&self) -> &'static str {
        standing_key(self.standing)
    }
}

/// The i18n key of a standing.
pub(super) fn standing_key(standing: &str) -> &'static str {
    match standing {
        "waiting" => "standing-waiting",
        "banned" => "standing-banned",
        "closed" => "standing-closed",
        "erased" => "standing-erased",
        _ => "standing-active",
    }
}

/// How many people the list has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Total {
    /// Counted to the end.
    Exactly(i64),
    /// Counting stopped here.
    MoreThan(i64),
}
