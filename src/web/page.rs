//! What every page shares: the language, the look, who is reading, and the way from a template to an answer.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use askama::Template;
use jiff::tz::TimeZone;

use crate::clock::Moment;
use crate::error::AppError;
use crate::error::Kind;
use crate::i18n::Locale;
use crate::i18n::particle;
use crate::web::assets;
use crate::web::dates;

pub use crate::web::dates::When;
pub use crate::web::theme::Theme;

/// Everything around the content of a page. Each page struct carries one as `c`.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The reader's language.
    pub locale: Locale,
    /// The reader's look.
    pub theme: Theme,
    /// What the operator called the site.
    pub site: Arc<SiteView>,
    /// Path and query to come back to after `POST /preferences`.
    pub path: String,
    /// Who is logged in.
    pub viewer: Option<Badge>,
    /// What just happened, told once.
    pub flash: Option<Flash>,
    /// The time the page was asked for; "3 minutes ago" counts from here.
    pub now: Moment,
}

/// The site as pages see it; made once at start.
#[derive(Clone, Debug)]
pub struct SiteView {
    /// Its name (`site.name`).
    pub name: String,
    /// The zone in which dates are shown.
    pub time_zone: TimeZone,
    /// Whether the practice provider plays Kakao; every page then says so.
    pub demo: bool,
    /// What people call the providers that we have no words for, by slug.
    pub providers: Vec<(String, String)>,
}

impl SiteView {
    /// A site whose zone is given by its IANA name; an unknown one counts as UTC, which the settings refuse earlier.
    #[must_use]
    pub fn new(name: String, time_zone: &str, demo: bool) -> Self {
        Self { name, time_zone: TimeZone::get(time_zone).unwrap_or(TimeZone::UTC), demo, providers: Vec::new() }
    }
}

/// The logged-in person, as small as the header needs them.
#[derive(Clone, Debug)]
pub struct Badge {
    /// The display name, where there is one.
    pub name: Option<String>,
    /// Address of the picture.
    pub picture: Option<String>,
    /// Whether the way to the admin's pages is shown.
    pub admin: bool,
}

/// What just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flash {
    /// Whether it went as wished.
    pub good: bool,
    /// The i18n key of the sentence.
    pub key: &'static str,
}

impl Chrome {
    /// A phrase without arguments.
    #[must_use]
    pub fn t<'key>(&self, key: &'key str) -> &'key str {
        self.locale.text(key)
    }

    /// A phrase with one argument.
    #[must_use]
    pub fn f(&self, key: &str, name: &str, value: &str) -> String {
        self.locale.format(key, &[(name, value)])
    }

    /// A phrase about doing something with a provider, with the particle its name asks for.
    #[must_use]
    pub fn with(&self, key: &str, slug: &str) -> String {
        let name = self.provider(slug);
        self.locale.format(key, &[("provider", name), ("by", particle::by(name))])
    }

    /// A phrase about a number.
    #[must_use]
    pub fn count(&self, key: &str, number: &i64) -> String {
        self.locale.count(key, *number)
    }

    /// A number, grouped as the language groups it.
    #[must_use]
    pub fn number(&self, number: &i64) -> String {
        self.locale.count("number", *number)
    }

    /// The two sides of a phrase around a name, which the page then puts into `<bdi>`.
    #[must_use]
    pub fn around(&self, key: &str) -> (&'static str, &'static str) {
        self.locale.around(key)
    }

    /// The languages one can switch to.
    pub fn other_locales(&self) -> impl Iterator<Item = Locale> {
        let current = self.locale;
        Locale::ALL.into_iter().filter(move |locale| *locale != current)
    }

    /// The i18n key of a language's own name.
    #[must_use]
    pub const fn language_key(&self, locale: &Locale) -> &'static str {
        match locale {
            Locale::Ko => "language-ko",
            Locale::En => "language-en",
        }
    }

    /// A moment as people say it, in the site's zone.
    #[must_use]
    pub fn ago(&self, at: &Moment) -> When {
        dates::ago(self.locale, &self.site.time_zone, *at, self.now)
    }

    /// The hashed address of a static file.
    #[must_use]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::href(name)
    }

    /// What people call a provider; the slug itself for one that is no longer there.
    #[must_use]
    pub fn provider<'a>(&'a self, slug: &'a str) -> &'a str {
        match slug {
            "kakao" => self.locale.text("provider-kakao"),
            "naver" => self.locale.text("provider-naver"),
            "google" => self.locale.text("provider-google"),
            "apple" => self.locale.text("provider-apple"),
            "line" => self.locale.text("provider-line"),
            "github" => self.locale.text("provider-github"),
            other => {
                let named = self.site.providers.iter().find(|(known, _)| known == other);
                named.map_or(other, |(_, name)| name.as_str())
            }
        }
    }

    /// Whether this page is `path` or lies below it; the navigation marks where one is.
    #[must_use]
    pub fn within(&self, path: &str) -> bool {
        let here = self.path.split('?').next().unwrap_or_default();
        here.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether this page is exactly `path`.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        self.path.split('?').next() == Some(path)
    }

    /// The letter shown where a person has no picture; `None` when the name begins with none.
    #[must_use]
    pub fn initial(&self, name: &Option<String>) -> Option<String> {
        let first = name.as_deref()?.chars().find(|c| !c.is_whitespace()).filter(|c| c.is_alphanumeric())?;
        Some(first.to_uppercase().collect())
    }
}

/// The front page.
#[derive(Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// What every page shares.
    pub c: Chrome,
}

/// The one page for every refusal.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// What every page shares.
    pub c: Chrome,
    /// The HTTP status, which decides where the page says one can go.
    pub status: u16,
    /// The stable code a reader may quote.
    pub code: String,
    /// The i18n key of what happened.
    pub title_key: String,
    /// The i18n key of what to do now.
    pub text_key: String,
    /// Finds the request in the log.
    pub request_id: String,
}

impl ErrorPage {
    /// The page for one error: its own code, the words of its kind.
    #[must_use]
    pub fn new(c: Chrome, error: &AppError, request_id: String) -> Self {
        let (title_key, text_key) = words_of(error);
        Self {
            c,
            status: error.kind().status().as_u16(),
            code: error.code().to_owned(),
            title_key,
            text_key,
            request_id,
        }
    }
}

/// Refusals that say more than their kind does.
const OWN_WORDS: [(&str, &str, &str); 3] = [
    ("last_admin", "error-last-admin-title", "error-last-admin-text"),
    ("last_identity", "error-last-identity-title", "error-last-identity-text"),
    ("yourself", "error-yourself-title", "error-yourself-text"),
];

fn words_of(error: &AppError) -> (String, String) {
    match OWN_WORDS.iter().find(|(code, _, _)| *code == error.code()) {
        Some((_, title, text)) => ((*title).to_owned(), (*text).to_owned()),
        None => error_words(error.kind()),
    }
}

/// The keys of what happened and of what to do now.
#[must_use]
pub fn error_words(kind: Kind) -> (String, String) {
    let stem = kind.code().replace('_', "-");
    (format!("error-{stem}-title"), format!("error-{stem}-text"))
}

/// Turns a page into an answer. It is never stored: it may speak about a person, and it depends on their language.
pub fn render(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status)
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(html),
        Err(cause) => HttpResponse::from_error(AppError::internal(cause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_error_has_words() {
        for kind in Kind::ALL {
            let (title, text) = error_words(kind);
            for (locale, key) in Locale::ALL.into_iter().flat_map(|locale| [(locale, &title), (locale, &text)]) {
                assert_ne!(locale.text(key), key, "{} lacks {key}", locale.code());
            }
        }
    }
}
