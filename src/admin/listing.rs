//! The address of the list, understood: search, filters, order and place.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::cursor;
use crate::clock::Moment;
use crate::counts;
use crate::error::AppError;
use crate::error::AppResult;
use crate::error::Kind;
use crate::secret::KeyRing;
use crate::users::Cursor;
use crate::users::EmailState;
use crate::users::Listing;
use crate::users::Order;
use crate::users::Query;
use crate::users::Role;
use crate::users::Spot;
use crate::users::Standing;

/// Longest search, in characters.
const MAX_SEARCH: usize = 320;

/// Standings one can choose from.
pub(super) const STANDINGS: [(&str, &str); 4] = [
    ("active", "standing-active"),
    ("waiting", "standing-waiting"),
    ("banned", "standing-banned"),
    ("closed", "standing-closed"),
];

/// Roles one can choose from.
pub(super) const ROLES: [(&str, &str); 2] = [("admin", "users-admin"), ("user", "users-role-user")];

/// States of an e-mail one can choose from.
pub(super) const EMAILS: [(&str, &str); 3] =
    [("verified", "users-email-verified"), ("unverified", "users-email-unverified"), ("none", "users-email-none")];

/// Orders one can choose from.
pub(super) const ORDERS: [(&str, &str); 3] =
    [("newest", "users-sort-newest"), ("last_seen", "users-sort-seen"), ("name", "users-sort-name")];

/// Everything but the place, as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) q: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) role: String,
    #[serde(default)]
    pub(super) provider: String,
    #[serde(default)]
    pub(super) email: String,
    #[serde(default)]
    pub(super) joined_from: String,
    #[serde(default)]
    pub(super) joined_to: String,
    #[serde(default)]
    pub(super) seen_from: String,
    #[serde(default)]
    pub(super) seen_to: String,
    #[serde(default)]
    pub(super) sort: String,
    after: Option<String>,
    before: Option<String>,
    /// What was just done, told by the page; only here so that it is no unknown word.
    #[serde(default)]
    pub(super) done: String,
    /// Why somebody exports.
    #[serde(default)]
    pub(super) reason: String,
}

fn refused() -> AppError {
    AppError::new(Kind::BadRequest)
}

impl Asked {
    /// What is listed. Days are those of the site's zone, the last one included.
    pub(super) fn listing(&self, zone: &TimeZone) -> AppResult<Listing> {
        if self.q.chars().count() > MAX_SEARCH {
            return Err(refused());
        }
        let day = |text: &str, later: i64| day(text, later, zone);
        Ok(Listing {
            query: Query::parse(&self.q),
            standing: chosen(&self.status, &STANDINGS)?.map(Standing::parse),
            role: chosen(&self.role, &ROLES)?.map(Role::parse),
            provider: slug(&self.provider)?,
            email: match chosen(&self.email, &EMAILS)? {
                Some("verified") => Some(EmailState::Verified),
                Some("unverified") => Some(EmailState::Unverified),
                Some(_) => Some(EmailState::None),
                None => None,
            },
            joined: (day(&self.joined_from, 0)?, day(&self.joined_to, 1)?),
            seen: (day(&self.seen_from, 0)?, day(&self.seen_to, 1)?),
            order: match chosen(&self.sort, &ORDERS)? {
                Some("last_seen") => Order::LastSeen,
                Some("name") => Order::Name,
                Some(_) | None => Order::Newest,
            },
        })
    }

    /// Where the page begins: a place in this very list, see [`cursor`].
    pub(super) fn cursor(&self, keys: &KeyRing, order: Order) -> AppResult<Cursor> {
        let spot = |text: &str| cursor::read_spot(keys, &self.identity(order), order, text).ok_or_else(refused);
        match (self.after.as_deref(), self.before.as_deref()) {
            (None, None) => Ok(Cursor::Start),
            (Some(after), None) => spot(after).map(Cursor::After),
            (None, Some(before)) => spot(before).map(Cursor::Before),
            (Some(_), Some(_)) => Err(refused()),
        }
    }

    /// The fields that are filled in, by their names in the address.
    pub(super) fn filled(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all: [(&'static str, &str); 10] = [
            ("q", self.q.trim()),
            ("status", &self.status),
            ("role", &self.role),
            ("provider", &self.provider),
            ("email", &self.email),
            ("joined_from", &self.joined_from),
            ("joined_to", &self.joined_to),
            ("seen_from", &self.seen_from),
            ("seen_to", &self.seen_to),
            ("sort", &self.sort),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty())
    }

    /// Whether anything is asked for but an order. The history keeps who looks for something; on each page of it, because the
    /// address of a second page may come from another admin.
    pub(super) fn is_filtered(&self) -> bool {
        self.filled().any(|(name, _)| name != "sort")
    }

    /// Whether a filter besides the search text is set; the page then shows them all.
    pub(super) fn has_filters(&self) -> bool {
        self.filled().any(|(name, _)| name != "q")
    }

    /// What the history may know of it: which fields were used, and what kind of text was looked for.
    pub(super) fn traces(&self, listing: &Listing) -> String {
        let kind = listing.query.as_ref().map_or("", Query::kind);
        let fields = self.filled().map(|(name, _)| if name == "q" { format!("q ({kind})") } else { name.to_owned() });
        fields.collect::<Vec<_>>().join(" ")
    }

    /// What a place in this list is signed with: all that was asked for, and the order it comes to, however it was spelt.
    fn identity(&self, order: Order) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.filled().filter(|(name, _)| *name != "sort"));
        query.append_pair("sort", cursor::name_of(order));
        format!("/admin/users?{}", query.finish())
    }

    /// The address of the list with the form of its export filled in.
    pub(super) fn export_form(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.filled()).append_pair("reason", &self.reason);
        format!("/admin/users?{}#export", query.finish())
    }

    /// The address of the page at a spot.
    pub(super) fn address(&self, keys: &KeyRing, order: Order, direction: &str, spot: &Spot) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let place = cursor::write_spot(keys, &self.identity(order), spot);
        query.extend_pairs(self.filled()).append_pair(direction, &place);
        format!("/admin/users?{}", query.finish())
    }
}

/// A choice of a select; empty is none.
fn chosen<'a>(value: &'a str, choices: &[(&str, &str)]) -> AppResult<Option<&'a str>> {
    if value.is_empty() {
        return Ok(None);
    }
    if choices.iter().any(|(known, _)| *known == value) { Ok(Some(value)) } else { Err(refused()) }
}

fn slug(text: &str) -> AppResult<Option<String>> {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    match text {
        "" => Ok(None),
        text if text.len() <= 64 && text.bytes().all(fine) => Ok(Some(text.to_owned())),
        _ => Err(refused()),
    }
}

/// The beginning of a day, so many days later.
fn day(text: &str, later: i64, zone: &TimeZone) -> AppResult<Option<Moment>> {
    if text.is_empty() {
        return Ok(None);
    }
    let date: Date = text.parse().map_err(|_no_day: jiff::Error| refused())?;
    counts::begin_of(zone, date, later).map(Some).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::unix_seconds;

    fn asked(query: &str) -> Asked {
        serde_urlencoded(query)
    }

    fn serde_urlencoded(query: &str) -> Asked {
        actix_web::web::Query::<Asked>::from_query(query).unwrap().into_inner()
    }

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Seoul").unwrap()
    }

    #[test]
    fn days_are_those_of_the_site_and_the_last_is_included() {
        let listing = asked("joined_from=2026-11-25&joined_to=2026-11-25").listing(&zone()).unwrap();
        let (from, to) = (listing.joined.0.unwrap(), listing.joined.1.unwrap());
        assert_eq!(unix_seconds(from), 1_795_532_400, "midnight in Seoul");
        assert_eq!(unix_seconds(to) - unix_seconds(from), 86_400);
    }

    #[test]
    fn nothing_unknown_is_taken_for_something() {
        for query in [
            "status=nope",
            "role=root",
            "email=yes",
            "sort=id;drop",
            "sort=created_at",
            "joined_from=yesterday",
            "seen_to=2026-13-01",
            "provider=Ka%20kao",
            "joined_to=9999-12-31",
        ] {
            assert!(asked(query).listing(&zone()).is_err(), "{query}");
        }
        let empty = asked("q=&status=&role=&provider=&email=&joined_from=&sort=");
        assert!(empty.listing(&zone()).unwrap().is_everybody());
        assert!(!empty.is_filtered());
    }

    #[test]
    fn the_history_hears_kinds_and_no_words() {
        let asked = asked("q=kim%40example.com&status=banned&sort=name");
        let traces = asked.traces(&asked.listing(&zone()).unwrap());
        assert_eq!(traces, "q (e-mail) status sort");
    }

    #[test]
    fn every_page_of_a_search_is_one_and_the_plain_list_is_none() {
        for query in ["q=kim", "status=banned", "joined_from=2026-11-25&sort=name"] {
            assert!(asked(query).is_filtered(), "{query}");
            for place in ["after", "before"] {
                assert!(asked(&format!("{query}&{place}=x")).is_filtered(), "{query} {place}");
            }
        }
        for query in ["", "q=+", "sort=name", "done=ban", "after=x"] {
            assert!(!asked(query).is_filtered(), "{query}");
        }
    }
}
