//! The site's app as each practice provider's console would show it: keys, addresses.

use std::collections::BTreeMap;

use super::provider::Provider;
use crate::config::demo;

/// Another key of the app at Kakao: authorizing with it and exchanging with the REST key is the common mistake KOE114.
const JAVASCRIPT_KEY: &str = "f1111117000000000000000000000da5";

/// The site's apps at all providers.
#[derive(Clone)]
pub struct App {
    /// Origin of the site; shown on the pages, as the way back, and where notices go.
    pub site: String,
    /// Its registration at each provider.
    pub registered: BTreeMap<Provider, Registered>,
    /// Kakao's number of the app.
    pub app_id: i64,
    /// Opens kapi's admin form (`Authorization: KakaoAK …`), and goes with Kakao's notices.
    pub admin_key: String,
    /// Where Kakao's `/oauth/logout` may return to.
    pub logout_redirect_uris: Vec<String>,
}

/// A registration.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The client id.
    pub client_id: String,
    /// What proves the client; Apple has a key instead.
    pub client_secret: String,
    /// Other ids of the same app that may authorize and not exchange.
    pub other_ids: Vec<String>,
    /// Where a login may return to, each compared as text.
    pub redirect_uris: Vec<String>,
}

impl App {
    /// The practice apps of a site at this origin (without a slash at the end).
    #[must_use]
    pub fn demo(site_origin: &str) -> Self {
        let at = |provider: Provider, client_id: &str, client_secret: &str| {
            let registered = Registered {
                client_id: client_id.to_owned(),
                client_secret: client_secret.to_owned(),
                other_ids: Vec::new(),
                redirect_uris: vec![
                    format!("{site_origin}/login/{}/callback", provider.name()),
                    demo::NATIVE_REDIRECT_URI.to_owned(),
                ],
            };
            (provider, registered)
        };
        let kakao = at(Provider::Kakao, demo::CLIENT_ID, demo::CLIENT_SECRET).1;
        let others = [
            (Provider::Naver, demo::NAVER),
            (Provider::Google, demo::GOOGLE),
            (Provider::Github, demo::GITHUB),
            (Provider::Apple, demo::APPLE),
            (Provider::Line, demo::LINE),
            (Provider::Oidc, demo::OIDC),
        ];
        let mut registered: BTreeMap<_, _> =
            others.into_iter().map(|(provider, app)| at(provider, app.client_id, app.client_secret)).collect();
        registered.insert(Provider::Kakao, Registered { other_ids: vec![JAVASCRIPT_KEY.to_owned()], ..kakao });
        Self {
            site: site_origin.to_owned(),
            registered,
            app_id: demo::APP_ID,
            admin_key: demo::ADMIN_KEY.to_owned(),
            logout_redirect_uris: vec![format!("{site_origin}/logout/done"), format!("{site_origin}/")],
        }
    }

    /// The registration at a provider.
    pub(super) fn at(&self, provider: Provider) -> Option<&Registered> {
        self.registered.get(&provider)
    }

    /// The client's secret at a provider.
    pub(super) fn secret(&self, provider: Provider) -> &str {
        self.at(provider).map_or("", |registered| &registered.client_secret)
    }
}
