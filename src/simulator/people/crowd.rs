//! A thousand more people at Kakao, for whoever wants many at once: a load test with one person alone would measure how logins
//! of one person wait for each other. They are on no page; their numbers, [`FIRST`] and those after it, are all there is to say.

use std::sync::LazyLock;

use super::{Person, person};

/// The number of the first.
const FIRST: u64 = 3_910_000_000;

/// How many there are.
const MANY: usize = 1_000;

const FAMILIES: [&str; 10] = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임"];
const FIRSTS: [&str; 10] = ["민", "서", "지", "예", "하", "도", "주", "현", "수", "은"];
const SECONDS: [&str; 10] = ["준", "윤", "우", "진", "아", "연", "호", "영", "빈", "경"];

static CROWD: LazyLock<Vec<Person>> = LazyLock::new(|| (0..MANY).map(somebody).collect());

/// Whoever has this number.
pub(super) fn find(id: &str) -> Option<&'static Person> {
    let place = id.parse::<u64>().ok()?.checked_sub(FIRST)?;
    // The number in another spelling is nobody's.
    CROWD.get(usize::try_from(place).ok()?).filter(|person| person.id == id)
}

/// Leaks a few bytes, once: people are as good as written down.
fn somebody(place: usize) -> Person {
    let digit = |n: usize| place / n % 10;
    let name = [FAMILIES[digit(100)], FIRSTS[digit(10)], SECONDS[digit(1)]].concat();
    let id: &str = format!("{}{place:03}", FIRST / 1_000).leak();
    person(id, name.leak(), format!("crowd{place:03}@example.com").leak(), "sim-note-ordinary")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_in_the_crowd_is_found_by_their_own_number_only() {
        let names: std::collections::HashSet<_> =
            (0..1_000).map(|place| find(&(FIRST + place).to_string()).unwrap().name.unwrap()).collect();
        assert_eq!(names.len(), 1_000);
        for other in ["3909999999", "3910001000", "03910000001", "+3910000001", "", "3910000001 "] {
            assert!(find(other).is_none(), "{other}");
        }
    }
}
