//! The way out of browsers inside other apps. Some providers refuse to log anybody in there (Google:
//! `disallowed_useragent`), so the page leads to the phone's own browser instead, with the address it is about.

use url::Url;

use crate::config::PublicUrl;
use crate::device::App;
use crate::device::InApp;

/// The way out of an app's browser.
#[derive(Clone, Debug)]
pub struct WayOut {
    /// What people call the app.
    pub app: &'static str,
    /// What opens the page in the phone's browser.
    pub href: String,
}

/// The way out to this page of ours (path and query), for whoever is inside an app.
#[must_use]
pub fn way_out(site: &PublicUrl, user_agent: &str, page: &str) -> Option<WayOut> {
    let inside = InApp::of(user_agent)?;
    Some(WayOut { app: inside.name(), href: opens(inside, &site.join(page))? })
}

/// What opens an address of ours in the phone's browser: each app's own way where it has one, else the system's
/// (Android's intents; iOS hands `x-safari-…` to Safari). `None` for what is no address.
fn opens(inside: InApp, address: &str) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    let (scheme, rest) = address.split_once("://")?;
    Some(match inside.app {
        App::KakaoTalk => {
            let encoded: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
            format!("kakaotalk://web/openExternal?url={encoded}")
        }
        App::Line => {
            url.query_pairs_mut().append_pair("openExternalBrowser", "1");
            url.into()
        }
        _ if inside.android => format!(
            "intent://{rest}#Intent;scheme={scheme};action=android.intent.action.VIEW;\
             category=android.intent.category.BROWSABLE;end"
        ),
        _ => format!("x-safari-{scheme}://{rest}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://login.example.com/login?next=%2Fprofile%2Fsessions";

    #[test]
    fn each_app_has_its_way_out_and_the_target_survives_it() {
        let rows = [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 KAKAOTALK 25.1",
                "KakaoTalk",
                "kakaotalk://web/openExternal?url=https%3A%2F%2Flogin.example.com%2Flogin%3Fnext%3D%252Fprofile%252Fsessions",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; wv) Chrome/140.0.0.0 Mobile Safari/537.36 Instagram 350.0 Android",
                "Instagram",
                "intent://login.example.com/login?next=%2Fprofile%2Fsessions#Intent;scheme=https;action=android.intent.\
                 action.VIEW;category=android.intent.category.BROWSABLE;end",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]",
                "Facebook",
                "x-safari-https://login.example.com/login?next=%2Fprofile%2Fsessions",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; wv) Chrome/140 Mobile Safari/537.36 NAVER(inapp; search; 1100; 12.9.1)",
                "NAVER",
                "intent://login.example.com/login?next=%2Fprofile%2Fsessions#Intent;scheme=https;action=android.intent.\
                 action.VIEW;category=android.intent.category.BROWSABLE;end",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari Line/15.1.0",
                "LINE",
                "https://login.example.com/login?next=%2Fprofile%2Fsessions&openExternalBrowser=1",
            ),
        ];
        for (agent, name, way) in rows {
            let app = InApp::of(agent).expect(agent);
            assert_eq!((app.name(), opens(app, ADDRESS).as_deref()), (name, Some(way)), "{agent}");
        }
    }
}
