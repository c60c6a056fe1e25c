//! How many there are: exactly as far as ten thousand, an honest estimate beyond, in words that say which of the two it is.

use fiiiiilm::seed;

use crate::kit::{TestApp, people};

/// What the page says: "모두 9,876명", "약 1만 6천 명".
fn total(body: &str) -> String {
    let words = body.split("id=\"total\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a total");
    words.trim().chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect()
}

/// Of a number as Korean says large ones, in thousands: "1만 6천", "2만".
fn thousands(words: &str) -> i64 {
    let (man, rest) = words.split_once('만').unwrap_or(("0", words));
    let number = |text: &str| text.trim().trim_end_matches('천').replace(',', "").parse().unwrap_or(0_i64);
    number(man) * 10 + number(rest)
}

/// Initial consonants of syllables, in the order of the code points.
const INITIALS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];

fn initial(c: char) -> Option<char> {
    let at = u32::from(c).checked_sub(0xAC00)? / (21 * 28);
    INITIALS.get(usize::try_from(at).ok()?).copied()
}

fn url(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

on_both! {
    async fn l08_counts_are_exact_to_ten_thousand_and_estimates_say_so_beyond(app: TestApp) {
        let plan = seed::Plan { users: 20_000, seed: 11 };
        seed::run(app.inspect().conn(), &plan, &jiff::tz::TimeZone::UTC, app.clock.now(), &mut |_| {}).unwrap();
        let mut admin = app.logged_in(people::ADMIN).await;
        let names = app.inspect().lines("select coalesce(name, '') as s from users");
        let having = |c: char| i64::try_from(names.iter().filter(|name| name.chars().any(|part| initial(part) == Some(c))).count()).unwrap();
        let common = INITIALS.into_iter().max_by_key(|c| having(*c)).unwrap();
        assert!(having(common) > 10_000, "{common}: {}", having(common));
        let number = |query: &str| app.inspect().number(query);
        let active = number("select count(*) as n from users where standing = 'active'");
        assert!(active > 10_000);
        for (query, exactly) in [
            (String::new(), number("select count(*) as n from users")),
            ("status=active".into(), active),
            ("status=active&sort=name".into(), active),
            (format!("q={}", url(&common.to_string())), having(common)),
        ] {
            let told = total(&admin.get(&format!("/admin/users?{query}")).await.body);
            let about = told.strip_prefix("약 ").and_then(|rest| rest.strip_suffix(" 명")).unwrap_or_else(|| panic!("{query}: {told}"));
            let about = thousands(about) * 1_000;
            assert!((exactly - about).abs() * 10 <= exactly, "{query}: {told}, and there are {exactly}");
        }
        let few = INITIALS.into_iter().filter(|c| having(*c) < 10_000).max_by_key(|c| having(*c)).unwrap();
        for (query, exactly) in [
            ("status=banned".to_owned(), number("select count(*) as n from users where standing = 'banned'")),
            ("status=waiting&sort=last_seen".into(), number("select count(*) as n from users where standing = 'waiting'")),
            ("provider=naver&status=active".into(), number("select count(*) as n from users u where standing = 'active' and exists (select 1 from identities i where i.user_id = u.id and i.provider = 'naver' and unlinked_at is null)")),
            (format!("q={}", url(&few.to_string())), having(few)),
        ] {
            assert!((1..=10_000).contains(&exactly), "{query}: {exactly}");
            let told = total(&admin.get(&format!("/admin/users?{query}")).await.body);
            let digits: String = told.chars().filter(char::is_ascii_digit).collect();
            assert!(told.starts_with("모두 ") && digits == exactly.to_string(), "{query}: {told}, and there are {exactly}");
        }
        admin.accept_language = "en".into();
        let told = total(&admin.get("/admin/users").await.body);
        assert_eq!(told, "About 20,000 people");
    }
}
