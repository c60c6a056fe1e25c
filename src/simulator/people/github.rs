//! GitHub's. Numbers beyond 2^53 stand for those that a JavaScript number spoils.

use super::{Oddity, Person, mailbox, person};

pub(super) static CAST: [Person; 8] = [
    Person {
        oddities: &[Oddity::Handle("gildong")],
        ..person("583231", "홍길동", "hong@gmail.com", "sim-note-ordinary")
    },
    Person {
        name: None,
        oddities: &[Oddity::Handle("nameless")],
        ..person("9007199254740993", "", "nameless@example.com", "sim-note-null-name")
    },
    Person {
        mailbox: mailbox("chunhyang@example.com", false),
        oddities: &[Oddity::Handle("chunhyang")],
        ..person("583233", "성춘향", "", "sim-note-unverified-primary")
    },
    Person {
        mailbox: None,
        oddities: &[Oddity::Handle("simcheong"), Oddity::NoList],
        ..person("583234", "심청", "", "sim-note-no-list")
    },
    Person {
        oddities: &[Oddity::Handle("mongryong"), Oddity::SecondPage],
        ..person("583235", "이몽룡", "mongryong@example.com", "sim-note-second-page")
    },
    Person {
        mailbox: None,
        oddities: &[Oddity::Handle("shower"), Oddity::Shows("admin@example.com")],
        ..person("583236", "전우치", "", "sim-note-public-mail")
    },
    Person {
        oddities: &[
            Oddity::Handle("suspended"),
            Oddity::TurnedAway(
                "application_suspended",
                "Your application has been suspended. Contact support@github.com.",
            ),
        ],
        ..person("583237", "콩쥐", "kongjwi@example.com", "sim-note-suspended")
    },
    Person {
        oddities: &[Oddity::Handle("octo-admin")],
        ..person("583238", "🎞️필름 토끼📷", "hong@example.com", "sim-note-emoji-github")
    },
];
