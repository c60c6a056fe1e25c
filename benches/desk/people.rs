//! People to ask about, from all the time the seed covers: read off the list's own pages.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::questions::{Asked, Timing};
use crate::client::Admin;

/// Days over which the seed spreads its sign-ups.
const DAYS: usize = 700;

/// What can be asked for.
pub(crate) struct Known {
    pub(crate) ids: Vec<String>,
    /// `provider:subject`.
    pub(crate) identities: Vec<String>,
    /// Given names of two syllables.
    pub(crate) given: Vec<String>,
    /// Family name and given name.
    pub(crate) full: Vec<String>,
    /// Parts of e-mail addresses.
    pub(crate) emails: Vec<String>,
    today: Date,
}

impl Known {
    /// Reads pages and persons' pages until there is enough for so many questions of each kind; with it, how long the lists
    /// of single days took.
    pub(crate) async fn gather(admin: &mut Admin, times: usize) -> (Self, Asked) {
        let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
        let (mut timing, mut pages) = (Timing::new("a day's sign-ups"), Vec::new());
        let wanted = times * 11 / 10;
        for at in 0..wanted {
            let day = today - i64::try_from(at * DAYS / wanted).unwrap().days();
            pages.push(timing.ask(admin, &format!("/admin/users?joined_from={day}&joined_to={day}")).await);
        }
        let mut known = Self {
            ids: Vec::new(),
            identities: Vec::new(),
            given: Vec::new(),
            full: Vec::new(),
            emails: Vec::new(),
            today,
        };
        let (mut given, mut full, mut emails) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for page in &pages {
            known.ids.extend(between(page, "href=\"/admin/users/", "\"").next().map(str::to_owned));
            for name in between(page, "<bdi>", "</bdi>").filter(|name| is_korean(name)) {
                full.insert(name.to_owned());
                given.insert(name.chars().skip(1).collect::<String>());
            }
            emails.extend(between(page, "<bdi class=\"address\">", "</bdi>").filter_map(part));
        }
        (known.given, known.full, known.emails) = (spread(given), spread(full), spread(emails));
        for id in known.ids.clone() {
            let page = admin.page(&format!("/admin/users/{id}")).await;
            known.identities.extend(
                between(&page, "<code class=\"whole\">", "</code>")
                    .find(|text| text.contains(":seed-"))
                    .map(str::to_owned),
            );
        }
        (known, timing.done(times))
    }

    /// So many days before today.
    pub(crate) fn day(&self, before: usize) -> Date {
        self.today - i64::try_from(before).unwrap().days()
    }
}

/// What stands between two marks, each time.
pub(crate) fn between<'a>(page: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(begin).skip(1).filter_map(move |rest| rest.split(end).next())
}

fn is_korean(name: &str) -> bool {
    name.chars().count() == 3 && name.chars().all(|c| ('가'..='힣').contains(&c))
}

/// Five characters from the middle of what stands before the `@`.
fn part(email: &str) -> Option<String> {
    let local: Vec<char> = email.split('@').next()?.chars().collect();
    let begin = local.len().checked_sub(5)? / 2;
    Some(local[begin..begin + 5].iter().collect())
}

/// In an order that has nothing to do with how often they occur.
fn spread(texts: BTreeSet<String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.into_iter().collect();
    texts.sort_by_key(|text| text.bytes().rev().collect::<Vec<_>>());
    let half = texts.split_off(texts.len() / 2);
    half.into_iter().zip(texts).flat_map(|(one, other)| [one, other]).collect()
}
