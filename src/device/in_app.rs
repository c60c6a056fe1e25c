//! Browsers inside other apps.

/// What is told of an app's browser: (what its user agent contains, what people call the app).
const APPS: [(&str, App); 6] = [
    ("KAKAOTALK", App::KakaoTalk),
    ("NAVER(inapp", App::Naver),
    ("Instagram", App::Instagram),
    ("FBAN", App::Facebook),
    ("FBAV", App::Facebook),
    (" Line/", App::Line),
];

/// An app with a browser in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum App {
    /// KakaoTalk.
    KakaoTalk,
    /// NAVER.
    Naver,
    /// Instagram.
    Instagram,
    /// Facebook.
    Facebook,
    /// LINE.
    Line,
}

/// A browser inside another app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InApp {
    /// Which.
    pub app: App,
    /// On Android; else on iOS.
    pub android: bool,
}

impl InApp {
    /// By what it calls itself.
    #[must_use]
    pub fn of(user_agent: &str) -> Option<Self> {
        let (_, app) = APPS.iter().find(|(sign, _)| user_agent.contains(sign))?;
        Some(Self { app: *app, android: user_agent.contains("Android") })
    }

    /// What people call the app.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.app {
            App::KakaoTalk => "KakaoTalk",
            App::Naver => "NAVER",
            App::Instagram => "Instagram",
            App::Facebook => "Facebook",
            App::Line => "LINE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_of_its_own_is_none() {
        for agent in [
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "",
        ] {
            assert_eq!(InApp::of(agent), None, "{agent}");
        }
    }
}
