//! Google's. An address is as good as Google's word for `gmail.com` and for the domain an organisation has there.

use super::{Oddity, Person, mailbox, person};

pub(super) static CAST: [Person; 7] = [
    person("110169484474386276334", "Gildong Hong", "hong@gmail.com", "sim-note-gmail"),
    person("110169484474386276335", "Chunhyang Seong", "chunhyang@gmail.com", "sim-note-gmail"),
    Person {
        oddities: &[Oddity::Domain("example.com")],
        ..person("110169484474386276336", "길동 홍", "hong@example.com", "sim-note-organisation")
    },
    // Proved once, when the account was made, and to nobody since.
    person("110169484474386276337", "Mongryong Lee", "mongryong@example.com", "sim-note-foreign-mailbox"),
    Person {
        mailbox: mailbox("woochi@gmail.com", false),
        ..person("110169484474386276338", "Woochi Jeon", "", "sim-note-unverified")
    },
    Person {
        oddities: &[Oddity::Domain("other.example")],
        ..person("110169484474386276339", "Heungbu Park", "heungbu@example.com", "sim-note-other-domain")
    },
    Person {
        oddities: &[Oddity::Bare],
        ..person("110169484474386276340", "Hwa Jang", "janghwa@gmail.com", "sim-note-bare-google")
    },
];
