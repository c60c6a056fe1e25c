//! Naver's. It never says whether an address is verified, so none is.

use super::{Mailbox, Oddity, Person, mailbox, person};

const fn at(id: &'static str, name: &'static str, address: &'static str, note: &'static str) -> Person {
    Person { mailbox: mailbox(address, false), ..person(id, name, address, note) }
}

const NOBODY: Option<Mailbox> = None;

pub(super) static CAST: [Person; 8] = [
    at("hK3vQ9-fRz0TqYw2mB7nLs5XcD1eJa8uGi4oPb6tWzE", "홍길동", "hong@naver.com", "sim-note-ordinary-naver"),
    at("sC7pLm2Xw9_vNb4kQ1zRt8yHj5dFg0aUe3iOo6T-BqA", "성춘향", "chunhyang@naver.com", "sim-note-ordinary-naver"),
    at("exT5rNa1MaiL-Zx8Cv6Bn4Mq2Wp0Ly7Kj9Hg3Fd5Sa1", "이몽룡", "hong@example.com", "sim-note-external-mail"),
    Person { mailbox: NOBODY, ..at("nOmA1lQw3Er5Ty7Ui9Op1As3Df5Gh7Jk9Lz2Xc4Vb6", "심청", "", "sim-note-no-email") },
    Person {
        name: None,
        ..at("nOnAmE2wS4eD6rF8tG0yH1uJ3iK5oL7pZ9xC2vB4nM6", "", "noname@naver.com", "sim-note-no-name")
    },
    at("32742776", "허생", "heosaeng@naver.com", "sim-note-digits-id"),
    at(
        "-_Ab0Cd1Ef2Gh3Ij4Kl5Mn6Op7Qr8St9Uv0Wx1Yz2aB3cD4eF5gH6iJ7kL8mN9o=",
        "전우치",
        "woochi@naver.com",
        "sim-note-64-characters",
    ),
    Person {
        oddities: &[Oddity::NotATester],
        ..at("tEsTeR0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2", "콩쥐", "kongjwi@naver.com", "sim-note-not-a-tester")
    },
];
