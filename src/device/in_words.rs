//! A device in words: browser and system.

use woothee::parser::Parser;

use super::in_app::InApp;

/// Names a parser gives when it does not know.
const UNKNOWN: &str = "UNKNOWN";

/// A device as far as its user agent says; `None` for what is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The browser, or the app it is part of.
    pub browser: Option<String>,
    /// The operating system.
    pub system: Option<String>,
}

impl Device {
    /// Reads a user agent. Two dozen searches through it: worth remembering where a page is asked for often.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        // The parser takes them for the system's own.
        let in_app = InApp::of(user_agent).map(|app| app.name().to_owned());
        let Some(parsed) = Parser::new().parse(user_agent) else { return Self { browser: in_app, system: None } };
        let known = |name: &str| (name != UNKNOWN && !name.is_empty()).then(|| name.to_owned());
        Self { browser: in_app.or_else(|| known(parsed.name)), system: known(parsed.os) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers_have_their_names() {
        let rows = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                Some("Chrome"),
                Some("Windows 10"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 25.1",
                Some("KakaoTalk"),
                Some("iPhone"),
            ),
            ("curl-like thing", None, None),
            ("", None, None),
        ];
        for (agent, browser, system) in rows {
            let device = Device::of(agent);
            assert_eq!((device.browser.as_deref(), device.system.as_deref()), (browser, system), "{agent}");
        }
    }
}
