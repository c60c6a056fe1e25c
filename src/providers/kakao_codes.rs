//! Kakao's error codes: `KOE…` from kauth, negative numbers (here `kapi-…`) from kapi. The codes decide, not the HTTP
//! status: an outage comes as 400 (-1, -7, -10), an age limit as 401 (-406). Console places are written as in Kakao's
//! developer console: `[menu]`.

use super::fault::{Answer, Verdict};

/// What a code is answered with.
enum Means {
    StartOver,
    /// The authorization code is used, expired or unknown.
    Spent,
    TryLater,
    UnderAge,
    Refused,
    Fix(&'static str),
}
use Means::{Fix, Refused, Spent, StartOver, TryLater, UnderAge};

const REST_KEY: &str = "providers.kakao.client_id must be the REST API key of the app: [App] > [Platform Key] > [REST API Key] \
                        (not the JavaScript, native or admin key)";
const REDIRECT: &str = "the redirect URI is not the one that is registered: register <server.public_url>/login/kakao/callback, \
                        letter for letter, at [App] > [Platform Key] > [REST API Key] > [Redirect URI]";
const LOGIN_OFF: &str = "Kakao Login is off for this app: turn it on at [Kakao Login] > [General] > [State]";
const SERVER_IP: &str = "Kakao does not take requests from this server's address: add it to, or empty, the allowed IP \
                         addresses at [App] > [Platform Key] > [REST API Key]";
const PERMISSION: &str = "the app has no permission for this: check [Kakao Login] > [General] > [State] and \
                          [Kakao Login] > [Consent Items] in the console";
const BLOCKED: &str =
    "Kakao has blocked the app or does not know it: see the notices at [App] > [General] in the console";
const REQUEST: &str = "Kakao does not understand the request of this version: look the code up at developers.kakao.com \
                       and report it";
const SCOPES: &str = "providers.kakao.scopes names a consent item that is not set up: empty the setting (the console then \
                      decides), or set the item up at [Kakao Login] > [Consent Items] (account_email needs a Biz app)";

/// Codes in the order of Kakao's tables. Those not listed are judged by their status.
const CODES: &[(&str, Means)] = &[
    ("KOE001", Fix(REQUEST)),
    ("KOE002", Fix(REQUEST)),
    ("KOE003", TryLater),
    ("KOE004", Fix(LOGIN_OFF)),
    (
        "KOE005",
        Fix(
            "the app is a test app or not open: add the person at [App] > [Members], or use the app that is in service",
        ),
    ),
    ("KOE006", Fix(REDIRECT)),
    ("KOE008", Fix(REST_KEY)),
    (
        "KOE009",
        Fix(
            "the key belongs to another platform (Android, iOS, JavaScript): set providers.kakao.client_id to the REST API \
             key at [App] > [Platform Key] > [REST API Key]",
        ),
    ),
    (
        "KOE010",
        Fix(
            "providers.kakao.client_secret is missing or wrong: copy it from [App] > [Platform Key] > [REST API Key] > \
             [Client Secret] (on by default for keys made since December 2025)",
        ),
    ),
    ("KOE101", Fix(REST_KEY)),
    (
        "KOE114",
        Fix(
            "the code was issued to another key: every process, and every page that starts a login, must use the same \
             providers.kakao.client_id ([App] > [Platform Key] > [REST API Key])",
        ),
    ),
    ("KOE126", Fix(PERMISSION)),
    ("KOE127", Fix(SERVER_IP)),
    ("KOE201", Fix(REQUEST)),
    ("KOE202", Fix(REQUEST)),
    ("KOE204", Fix(REQUEST)),
    ("KOE205", Fix(SCOPES)),
    ("KOE207", Fix(REQUEST)),
    ("KOE237", TryLater),
    ("KOE303", Fix(REDIRECT)),
    ("KOE310", Fix(REQUEST)),
    ("KOE319", StartOver),
    ("KOE320", Spent),
    ("KOE322", StartOver),
    ("KOE406", UnderAge),
    ("KOE603", TryLater),
    ("KOE9798", TryLater),
    ("kapi-1", TryLater),
    ("kapi-2", Fix(REQUEST)),
    ("kapi-3", Fix(PERMISSION)),
    ("kapi-4", Refused),
    ("kapi-5", Fix(PERMISSION)),
    ("kapi-6", Fix(PERMISSION)),
    ("kapi-7", TryLater),
    ("kapi-8", Fix(REQUEST)),
    ("kapi-9", Fix(REQUEST)),
    ("kapi-10", TryLater),
    ("kapi-12", Fix(BLOCKED)),
    // No longer linked: the next login links again.
    ("kapi-101", StartOver),
    // Dormant or gone.
    ("kapi-103", Refused),
    ("kapi-301", Fix(BLOCKED)),
    ("kapi-401", StartOver),
    ("kapi-402", Fix("an item of the profile is missing consent: check [Kakao Login] > [Consent Items]")),
    ("kapi-405", Refused),
    ("kapi-406", UnderAge),
    ("kapi-603", TryLater),
    ("kapi-903", Fix(REST_KEY)),
    ("kapi-9798", TryLater),
];

/// What a code means; `None` for one that is not known. `message` tells the two kinds of -401 apart.
pub(super) fn verdict(code: &str, message: &str) -> Option<Verdict> {
    if code == "kapi-401" && message.starts_with("ip mismatched") {
        return Some(Answer::OperatorMustFix { fix: SERVER_IP }.into());
    }
    let (_, means) = CODES.iter().find(|(known, _)| *known == code)?;
    let answer = match means {
        StartOver | Spent => Answer::StartOver,
        TryLater => Answer::TryLater,
        UnderAge => Answer::UnderAge,
        Refused => Answer::Refused,
        Fix(fix) => Answer::OperatorMustFix { fix },
    };
    Some(Verdict { answer, code_spent: matches!(means, Spent) })
}

/// What an error in the callback's query means; `None` for pressing cancel. Anybody can write such a query, so it decides
/// nothing but the words shown.
pub(super) fn denial(error: &str, description: &str) -> Option<Answer> {
    match error {
        "access_denied" if description.to_ascii_lowercase().contains("under age") => Some(Answer::UnderAge),
        "access_denied" => None,
        "server_error" | "temporarily_unavailable" => Some(Answer::TryLater),
        "invalid_scope" => Some(Answer::OperatorMustFix { fix: SCOPES }),
        "unauthorized_client" => Some(Answer::OperatorMustFix { fix: BLOCKED }),
        "invalid_request" | "misconfigured" | "unsupported_response_type" => {
            Some(Answer::OperatorMustFix { fix: REQUEST })
        }
        _ => Some(Answer::StartOver),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(answer: Answer) -> &'static str {
        match answer {
            Answer::StartOver => "start over",
            Answer::TryLater => "try later",
            Answer::OperatorMustFix { .. } => "fix",
            Answer::Refused => "refused",
            Answer::UnderAge => "under age",
        }
    }

    #[test]
    fn every_code_says_who_can_do_something() {
        let expected = [
            ("start over", "KOE319 KOE320 KOE322 kapi-101 kapi-401"),
            ("try later", "KOE003 KOE237 KOE603 KOE9798 kapi-1 kapi-7 kapi-10 kapi-603 kapi-9798"),
            (
                "fix",
                "KOE001 KOE002 KOE004 KOE005 KOE006 KOE008 KOE009 KOE010 KOE101 KOE114 KOE126 KOE127 KOE201 KOE202 KOE204 \
                 KOE205 KOE207 KOE303 KOE310 kapi-2 kapi-3 kapi-5 kapi-6 kapi-8 kapi-9 kapi-12 kapi-301 kapi-402 kapi-903",
            ),
            ("refused", "kapi-4 kapi-103 kapi-405"),
            ("under age", "KOE406 kapi-406"),
        ];
        let mut seen = 0;
        for (wanted, codes) in expected {
            for code in codes.split_whitespace() {
                seen += 1;
                let verdict = verdict(code, "").unwrap_or_else(|| panic!("{code} is not known"));
                assert_eq!(kind(verdict.answer), wanted, "{code}");
                assert_eq!(verdict.code_spent, code == "KOE320", "{code}");
                if let Answer::OperatorMustFix { fix } = verdict.answer {
                    assert!(fix.contains('[') || fix.contains("developers.kakao.com"), "{code} names no place: {fix}");
                    assert!(!fix.contains("  "), "{code}: {fix}");
                }
            }
        }
        assert_eq!(seen, CODES.len());
        assert_eq!(verdict("KOE999", ""), None);
    }

    #[test]
    fn a_refused_server_address_is_not_a_dead_token() {
        let ip = verdict("kapi-401", "ip mismatched! callerIp=192.0.2.1. check out registered ips.").unwrap();
        assert_eq!(kind(ip.answer), "fix");
        assert_eq!(kind(verdict("kapi-401", "this access token does not exist").unwrap().answer), "start over");
    }

    #[test]
    fn a_cancel_is_no_fault_and_everything_else_has_an_answer() {
        assert_eq!(denial("access_denied", "User denied access"), None);
        for (error, description, wanted) in [
            ("access_denied", "Not allowed under age 14", "under age"),
            ("consent_required", "user consent required.", "start over"),
            ("login_required", "", "start over"),
            ("server_error", "", "try later"),
            ("invalid_scope", "", "fix"),
            ("unauthorized_client", "", "fix"),
            ("<script>", "<script>", "start over"),
        ] {
            assert_eq!(denial(error, description).map(kind), Some(wanted), "{error}");
        }
    }
}
