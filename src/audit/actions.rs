//! Every action of the history, with the key of its words.

/// Every action: what stands in the line, and the i18n key of what it means.
pub const ACTIONS: &[(&str, &str)] = &[
    ("login.ok", "action-login-ok"),
    ("login.created", "action-login-created"),
    ("login.again", "action-login-again"),
    ("login.refused", "action-login-refused"),
    ("login.waits", "action-login-waits"),
    ("identity.link", "action-identity-link"),
    ("logout", "action-logout"),
    ("session.revoked", "action-session-revoked"),
    ("session.others_revoked", "action-session-others-revoked"),
    ("session.refused", "action-session-refused"),
    ("session.reuse", "action-session-reuse"),
    ("session.stale", "action-session-stale"),
    ("sessions.ended", "action-sessions-ended"),
    ("profile.name", "action-profile-name"),
    ("profile.export", "action-profile-export"),
    ("user.read", "action-user-read"),
    ("user.approve", "action-user-approve"),
    ("user.ban", "action-user-ban"),
    ("user.unban", "action-user-unban"),
    ("user.delete", "action-user-delete"),
    ("user.leave", "action-user-leave"),
    ("user.come_back", "action-user-come-back"),
    ("user.erase", "action-user-erase"),
    ("identity.unlink", "action-identity-unlink"),
    ("notice.unlink", "action-notice-unlink"),
    ("notice.sessions", "action-notice-sessions"),
    ("reconcile.run", "action-reconcile-run"),
    ("reconcile.refused", "action-reconcile-refused"),
    ("reconcile.close", "action-reconcile-close"),
    ("reconcile.mark", "action-reconcile-mark"),
    ("reconcile.return", "action-reconcile-return"),
    ("reconcile.remove", "action-reconcile-remove"),
    ("outbox.given_up", "action-outbox-given-up"),
    ("events.replay", "action-events-replay"),
    ("role.change", "action-role-change"),
    ("users.search", "action-users-search"),
    ("users.export", "action-users-export"),
    ("audit.read", "action-audit-read"),
    ("provider.rebind", "action-provider-rebind"),
    ("key.rotate", "action-key-rotate"),
    ("key.retire", "action-key-retire"),
    ("key.import", "action-key-import"),
];

/// The i18n key of an action's words; `None` for one of a version that is gone.
#[must_use]
pub fn words_of(action: &str) -> Option<&'static str> {
    ACTIONS.iter().find(|(known, _)| *known == action).map(|(_, key)| *key)
}

pub(super) fn is_known(action: &str) -> bool {
    words_of(action).is_some()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::i18n::Locale;

    fn sources(folder: &Path, into: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("audit/actions.rs") {
                into.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn every_action_has_words_in_both_languages() {
        for (action, key) in ACTIONS {
            for locale in Locale::ALL {
                assert_ne!(locale.text(key), *key, "{action} in {}", locale.code());
            }
        }
    }

    #[test]
    fn every_action_that_is_written_is_known() {
        let mut text = String::new();
        sources(Path::new("src"), &mut text);
        let mut seen = 0;
        for call in text.split("audit::record(").skip(1) {
            // The arguments up to the first literal: the action, where it stands in the call itself.
            let arguments = call.split(';').next().unwrap_or_default();
            let Some(action) = arguments.split('"').nth(1).filter(|_| !arguments.contains("format!")) else { continue };
            assert!(is_known(action), "audit/actions.rs lacks `{action}`");
            seen += 1;
        }
        assert!(seen >= 10, "only {seen} calls were found");
    }

    #[test]
    fn no_action_stands_twice() {
        let mut names: Vec<&str> = ACTIONS.iter().map(|(action, _)| *action).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ACTIONS.len());
    }
}
