//! Apple's. A name is two parts there; here a blank stands between them.

use super::{Oddity, Person, mailbox, person};

pub(super) static CAST: [Person; 6] = [
    person("000117.0a1b2c3d4e5f60718293a4b5c6d7e8f9.0101", "길동 홍", "hong@example.com", "sim-note-ordinary"),
    Person {
        oddities: &[Oddity::StringFlags],
        ..person(
            "000117.1a1b2c3d4e5f60718293a4b5c6d7e8f9.0102",
            "춘향 성",
            "chunhyang@example.com",
            "sim-note-string-flags",
        )
    },
    Person {
        oddities: &[Oddity::Relay, Oddity::StringFlags],
        ..person("000117.2a1b2c3d4e5f60718293a4b5c6d7e8f9.0103", "청 심", "sim@example.com", "sim-note-relay")
    },
    Person {
        mailbox: mailbox("worker@example.com", false),
        oddities: &[Oddity::Managed],
        ..person("000117.3a1b2c3d4e5f60718293a4b5c6d7e8f9.0104", "몽룡 이", "", "sim-note-managed")
    },
    Person {
        mailbox: None,
        oddities: &[Oddity::Managed],
        ..person("000117.4a1b2c3d4e5f60718293a4b5c6d7e8f9.0105", "우치 전", "", "sim-note-no-email")
    },
    Person {
        name: None,
        oddities: &[Oddity::Bare],
        ..person("000117.5a1b2c3d4e5f60718293a4b5c6d7e8f9.0106", "", "janghwa@example.com", "sim-note-never-named")
    },
];
