//! What an admin asks, and how long the answers take.

use std::time::{Duration, Instant};

use super::people::{Known, between};
use crate::client::Admin;

/// Pages in front of the one that is a thousand deep.
const DEEP: usize = 1_000;

/// A kind of question.
pub(crate) struct Asked {
    pub(crate) name: &'static str,
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
}

/// One kind of question under way.
pub(crate) struct Timing {
    name: &'static str,
    times: Vec<Duration>,
}

impl Timing {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, times: Vec::new() }
    }

    /// Asks, and takes the time.
    pub(crate) async fn ask(&mut self, admin: &mut Admin, path: &str) -> String {
        let begun = Instant::now();
        let page = admin.page(path).await;
        self.times.push(begun.elapsed());
        page
    }

    /// The figures of the last so many.
    pub(crate) fn done(mut self, times: usize) -> Asked {
        let mut times = self.times.split_off(self.times.len().saturating_sub(times));
        times.sort();
        let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        eprintln!("{:40} {:8.2} {:8.2} {:8.2}", self.name, millis(median), millis(p99), millis(times[times.len() - 1]));
        Asked { name: self.name, median, p99 }
    }
}

/// Lists whose address has nothing that varies: asked again and again.
const LISTS: [(&str, &str); 14] = [
    ("first page", ""),
    ("last seen first", "sort=last_seen"),
    ("by name", "sort=name"),
    ("status: active", "status=active"),
    ("status: waiting", "status=waiting"),
    ("status: banned", "status=banned"),
    ("status: closed", "status=closed"),
    ("role: admin", "role=admin"),
    ("provider: Kakao", "provider=kakao"),
    ("provider: GitHub", "provider=github"),
    ("e-mail: unverified", "email=unverified"),
    ("e-mail: none", "email=none"),
    ("banned, by name, at GitHub", "status=banned&provider=github&sort=name"),
    ("banned, last seen first, no e-mail", "status=banned&email=none&sort=last_seen"),
];

/// Searches that millions match, or nobody.
const WORDS: [(&str, &[&str]); 4] = [
    ("one syllable (김, 이, 박, 최, 정)", &["김", "이", "박", "최", "정"]),
    ("one consonant (ㄱ, ㅇ, ㅎ)", &["ㄱ", "ㅇ", "ㅎ"]),
    ("what every address has (@example)", &["@example", "example", "@exam"]),
    ("nobody (힣힣, 뷁)", &["힣힣", "뷁", "뷁힣", "힣뷁"]),
];

/// Asks everything.
pub(crate) async fn ask(admin: &mut Admin, known: &Known, times: usize) -> Vec<Asked> {
    let mut rows = Vec::new();
    for (name, query) in LISTS {
        rows.push(each(admin, name, &[format!("/admin/users?{query}")], times).await);
        if rows.len() == 1 {
            rows.extend(deep(admin, times).await);
        }
    }
    rows.extend(varied(admin, known, times).await);
    for (name, words) in WORDS {
        let paths: Vec<String> = words.iter().map(|word| search(word, "")).collect();
        rows.push(each(admin, name, &paths, times).await);
    }
    rows.push(each(admin, "the dashboard", &["/admin".to_owned()], times).await);
    rows.push(each(admin, "the history", &["/admin/audit".to_owned()], times).await);
    rows
}

/// What is asked about somebody or some time, each time another.
async fn varied(admin: &mut Admin, known: &Known, times: usize) -> Vec<Asked> {
    let months = (0..600).map(|at| format!("joined_from={}&joined_to={}", known.day(at + 30), known.day(at)));
    let seen = (0..600).map(|at| format!("seen_from={}&seen_to={}&sort=last_seen", known.day(at + 7), known.day(at)));
    let narrow = (0..600).map(|at| {
        format!("joined_from={}&joined_to={}&status=banned&provider=naver", known.day(at + 30), known.day(at))
    });
    let list = |query: String| format!("/admin/users?{query}");
    let initials = |name: &String| name.chars().map(initial).collect::<String>();
    let mixed = |name: &String| {
        name.chars().enumerate().map(|(at, c)| if at == 1 { initial(c) } else { c }).collect::<String>()
    };
    let searches = |words: &[String]| words.iter().map(|word| search(word, "")).collect::<Vec<_>>();
    let kinds: [(&str, Vec<String>); 13] = [
        ("a month's sign-ups", months.map(list).collect()),
        ("banned at Naver among a month's sign-ups", narrow.map(list).collect()),
        ("a week's last logins, last seen first", seen.map(list).collect()),
        ("two syllables (길동)", searches(&known.given)),
        ("two syllables, banned", known.given.iter().map(|word| search(word, "&status=banned")).collect()),
        (
            "two syllables, banned at GitHub",
            known.given.iter().map(|word| search(word, "&status=banned&provider=github")).collect(),
        ),
        ("three initials (ㅎㄱㄷ)", known.full.iter().map(|name| search(&initials(name), "")).collect()),
        ("mixed (홍ㄱ동)", known.full.iter().map(|name| search(&mixed(name), "")).collect()),
        ("a whole name (홍길동)", searches(&known.full)),
        ("part of an e-mail address", searches(&known.emails)),
        ("provider:subject", searches(&known.identities)),
        ("a user's id", searches(&known.ids)),
        ("one user's page", known.ids.iter().map(|id| format!("/admin/users/{id}")).collect()),
    ];
    let mut rows = Vec::new();
    for (name, paths) in kinds {
        rows.push(each(admin, name, &paths, times).await);
    }
    rows
}

/// So many questions, from the last to the first; before them a tenth as many from the front.
async fn each(admin: &mut Admin, name: &'static str, paths: &[String], times: usize) -> Asked {
    assert!(!paths.is_empty(), "{name}: nothing to ask");
    let mut timing = Timing::new(name);
    for path in paths.iter().cycle().take(times / 10).chain(paths.iter().rev().cycle().take(times)) {
        timing.ask(admin, path).await;
    }
    timing.done(times)
}

/// From the first page on by the link to the next: the pages up to the thousandth, and the last of them by themselves.
async fn deep(admin: &mut Admin, times: usize) -> Option<Asked> {
    let (mut timing, mut path) = (Timing::new("up to 1,000 pages deep, by the links"), "/admin/users".to_owned());
    for _ in 0..DEEP {
        let page = timing.ask(admin, &path).await;
        let Some(link) = between(&page, "<a class=\"button button-quiet pages-older\" href=\"", "\"").next() else {
            break;
        };
        path = link.replace("&amp;", "&").replace("&#38;", "&");
    }
    Some(timing.done(times))
}

fn search(words: &str, more: &str) -> String {
    let words: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    format!("/admin/users?q={words}{more}")
}

/// The consonant that a syllable begins with.
fn initial(syllable: char) -> char {
    const INITIALS: [char; 19] = [
        'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ',
        'ㅎ',
    ];
    INITIALS[(u32::from(syllable) - u32::from('가')) as usize / 588]
}
