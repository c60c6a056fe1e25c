//! Whether somebody logs in on a device they had not used before, as far as the sessions that are kept say.
//!
//! A device is what the list of devices shows: browser and system, without their versions, so that an update makes no new one.
//! A browser that is not recognised is itself only under its very name. Whoever logs in for the first time has no earlier
//! device to compare with: that is a new person, not a new device.

use crate::db::Conn;
use crate::device::Device;
use crate::error::AppResult;
use crate::tokens;
use crate::users::User;

/// Asked before the session of this login is opened, with the person's row as it was before.
pub(super) fn is_new(conn: &mut Conn, user: &User, user_agent: &str) -> AppResult<bool> {
    if user.last_login_at.is_none() {
        return Ok(false);
    }
    let known = tokens::user_agents_of(conn, &user.id)?;
    Ok(!knows(&known, user_agent))
}

fn knows(known: &[String], user_agent: &str) -> bool {
    if known.iter().any(|agent| agent == user_agent) {
        return true;
    }
    let device = Device::of(user_agent);
    // Two of which nothing is known are not one.
    (device.browser.is_some() || device.system.is_some()) && known.iter().any(|agent| Device::of(agent) == device)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chrome(system: &str, version: u32) -> String {
        format!("Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36")
    }

    #[test]
    fn a_device_is_known_by_browser_and_system_and_a_strange_one_by_its_name() {
        let windows = "Windows NT 10.0; Win64; x64";
        let known = [chrome(windows, 140), "OurApp/1.0 (build 7)".to_owned(), String::new()];
        for (agent, expected) in [
            (chrome(windows, 140), true),
            (chrome(windows, 151), true),
            (chrome("X11; Linux x86_64", 140), false),
            (chrome(windows, 140).replace("Safari/537.36", "Safari/537.36 KAKAOTALK 25.1"), false),
            ("OurApp/1.0 (build 7)".to_owned(), true),
            ("OtherApp/1.0".to_owned(), false),
            (String::new(), true),
        ] {
            assert_eq!(knows(&known, &agent), expected, "{agent}");
        }
        assert!(!knows(&[], &chrome(windows, 140)) && !knows(&[], ""));
    }
}
