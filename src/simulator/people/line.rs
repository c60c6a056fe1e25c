//! LINE's. It has no flag for addresses, so none is verified.

use super::{Oddity, Person, mailbox, person};

const fn at(id: &'static str, name: &'static str, address: &'static str, note: &'static str) -> Person {
    Person { mailbox: mailbox(address, false), ..person(id, name, address, note) }
}

pub(super) static CAST: [Person; 5] = [
    at("U0a1b2c3d4e5f60718293a4b5c6d7e801", "홍길동", "hong@example.com", "sim-note-ordinary-line"),
    at("U0a1b2c3d4e5f60718293a4b5c6d7e802", "太郎", "taro@example.com", "sim-note-ordinary-line"),
    Person { mailbox: None, ..at("U0a1b2c3d4e5f60718293a4b5c6d7e803", "심청", "", "sim-note-no-email") },
    Person {
        default_picture: true,
        ..at("U0a1b2c3d4e5f60718293a4b5c6d7e804", "임꺽정", "kkeokjeong@example.com", "sim-note-no-picture")
    },
    Person {
        oddities: &[Oddity::WrongBrowser],
        ..at("U0a1b2c3d4e5f60718293a4b5c6d7e805", "전우치", "woochi@example.com", "sim-note-wrong-browser")
    },
];
