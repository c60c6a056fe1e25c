//! What a browser prefers, in a plain cookie: nothing in it is believed, it only chooses among what there is.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::http::header::ACCEPT_LANGUAGE;

use super::cookies;
use super::cookies::Names;
use super::page::Theme;
use crate::i18n::Locale;

/// One year, in seconds.
const LIFE: i64 = 365 * 24 * 60 * 60;

/// Theme, language and the provider used last; each may be unsaid. Written `theme.locale.provider`, `-` for unsaid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    /// Chosen theme.
    pub theme: Option<Theme>,
    /// Chosen language.
    pub locale: Option<Locale>,
    /// The provider of the last login.
    pub provider: Option<String>,
}

impl Prefs {
    /// From the request's cookie; what is not understood counts as unsaid.
    #[must_use]
    pub fn of(req: &HttpRequest, names: &Names) -> Self {
        let mut parts = cookies::value(req.headers(), &names.prefs).unwrap_or_default().splitn(3, '.');
        Self {
            theme: parts.next().and_then(Theme::parse),
            locale: parts.next().and_then(Locale::parse),
            provider: parts.next().filter(|slug| is_slug(slug)).map(str::to_owned),
        }
    }

    /// The language to answer in: chosen here, else asked for by the browser, else the site's.
    #[must_use]
    pub fn language(&self, req: &HttpRequest, site: Locale) -> Locale {
        let asked = || Locale::negotiate(req.headers().get(ACCEPT_LANGUAGE)?.to_str().ok()?);
        self.locale.or_else(asked).unwrap_or(site)
    }

    /// The cookie that says this.
    #[must_use]
    pub fn cookie(&self, names: &Names) -> Cookie<'static> {
        let theme = self.theme.map_or("-", Theme::value);
        let locale = self.locale.map_or("-", Locale::code);
        let provider = self.provider.as_deref().unwrap_or("-");
        names.cookie(&names.prefs, format!("{theme}.{locale}.{provider}"), LIFE)
    }
}

fn is_slug(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
