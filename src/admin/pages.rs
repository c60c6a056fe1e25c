//! The admin's pages.

use askama::Template;

use crate::clock::Moment;
use crate::web::page::Chrome;

/// `GET /admin/users`.
#[derive(Template)]
#[template(path = "admin/users.html")]
pub(super) struct UsersPage {
    /// What every page shares.
    pub c: Chrome,
    /// What was searched for; empty shows everyone.
    pub q: String,
    /// The people, newest first.
    pub rows: Vec<UserRow>,
    /// Address of the page with newer people.
    pub newer: Option<String>,
    /// Address of the page with older people.
    pub older: Option<String>,
    /// How many there are.
    pub total: Total,
}

/// One person in the list.
#[derive(Clone, Debug)]
pub(super) struct UserRow {
    /// The public id.
    pub id: String,
    /// The display name.
    pub name: Option<String>,
    /// Address of the picture.
    pub picture: Option<String>,
    /// The e-mail of the linked account.
    pub email: Option<String>,
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
