//! Who: names as they are common in Korea, and a few nicknames of people who love film.

use super::families::FAMILIES;
use super::latin;
use super::random::Random;

/// Given names that were common among those born in a decade.
type Decade = [&'static str; 40];

const SIXTIES: Decade = [
    "영수", "영호", "영철", "정호", "성수", "상철", "종수", "광수", "경수", "병철", "재호", "성호", "진호", "동수",
    "용호", "기철", "창수", "명수", "태식", "인호", "영숙", "미숙", "정숙", "경숙", "순자", "영희", "미경", "현숙",
    "은숙", "명숙", "경희", "정희", "혜숙", "옥희", "영미", "춘자", "말순", "금순", "선희", "복자",
];

const SEVENTIES: Decade = [
    "정훈", "성훈", "상훈", "성진", "동현", "지훈", "병수", "재영", "승호", "기영", "용준", "상우", "준호", "정우",
    "진우", "형준", "영진", "태호", "민호", "석진", "은주", "미영", "지영", "은정", "현정", "은영", "현주", "선영",
    "혜진", "정은", "수진", "미정", "윤정", "경아", "소영", "은경", "희정", "연주", "지은", "혜경",
];

const EIGHTIES: Decade = [
    "지훈", "성민", "현우", "준영", "상현", "진영", "재현", "민수", "동훈", "승현", "정민", "성현", "영준", "태훈",
    "민철", "준혁", "재훈", "경민", "상민", "우진", "지혜", "지은", "수진", "혜진", "은지", "보람", "아름", "유진",
    "민정", "현정", "지영", "미나", "보라", "하나", "슬기", "선영", "나영", "수정", "혜원", "진아",
];

const NINETIES: Decade = [
    "민준", "현준", "동현", "성민", "준영", "승민", "지호", "재원", "태윤", "도현", "건우", "상윤", "민재", "우석",
    "형석", "지원", "현수", "주원", "찬호", "승우", "유진", "민지", "수빈", "지원", "지현", "은지", "예진", "예지",
    "다은", "수연", "소연", "하늘", "혜리", "가영", "다혜", "채원", "지수", "연우", "세영", "윤아",
];

const NOUGHTIES: Decade = [
    "민준", "지훈", "현우", "준서", "우진", "건우", "예준", "서준", "도윤", "시우", "하준", "주원", "지호", "지후",
    "준우", "유찬", "은우", "선우", "시윤", "태민", "서연", "서현", "지우", "민서", "수빈", "예은", "하은", "지민",
    "윤서", "채원", "서윤", "하윤", "지유", "지아", "수아", "나은", "소율", "다인", "예린", "가은",
];

/// Decades by how many of a hundred people here were born in them.
const DECADES: [(&Decade, u64); 5] =
    [(&SIXTIES, 5), (&SEVENTIES, 13), (&EIGHTIES, 25), (&NINETIES, 36), (&NOUGHTIES, 21)];

const HOW: [&str; 32] = [
    "느린",
    "흐린날",
    "새벽",
    "오후네시",
    "골목",
    "여름",
    "빛바랜",
    "서랍속",
    "망원동",
    "을지로",
    "성수동",
    "바닷가",
    "겨울",
    "첫눈",
    "주말",
    "두번째",
    "오래된",
    "우연한",
    "노을",
    "비오는날",
    "초여름",
    "옥상",
    "기차역",
    "장마철",
    "낡은",
    "할머니의",
    "연남동",
    "구름낀",
    "막차",
    "봄밤",
    "제주",
    "초점나간",
];

const WHAT: [&str; 24] = [
    "필름",
    "암실",
    "현상소",
    "노출계",
    "뷰파인더",
    "셔터",
    "서른여섯컷",
    "카메라",
    "감도400",
    "흑백사진",
    "슬라이드",
    "네거티브",
    "인화지",
    "다중노출",
    "빛샘",
    "일회용카메라",
    "중형카메라",
    "렌즈",
    "삼각대",
    "스캔본",
    "밀착인화",
    "필름통",
    "사진첩",
    "빨간등",
];

const EMOJI: [&str; 16] =
    ["🎞️", "📷", "🌷", "🐈", "☁️", "✨", "🌊", "🍀", "🫧", "🌙", "🧡", "🐶", "🍑", "☕", "🌸", "👩‍🎨"];

/// A person's true name, Hangul and Latin.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrueName {
    pub(super) family: &'static str,
    pub(super) given: &'static str,
}

/// Draws a true name.
pub(super) fn true_name(random: &mut Random) -> TrueName {
    let family = random.weighted(&FAMILIES).unwrap_or("김");
    let given = random.weighted(&DECADES).and_then(|decade| random.one_of(decade)).unwrap_or("지원");
    TrueName { family, given }
}

/// What the person calls themselves at the provider; `None` where they did not let us know.
pub(super) fn nickname(random: &mut Random, name: TrueName) -> Option<String> {
    let TrueName { family, given } = name;
    Some(match random.below(1000) {
        0..730 => format!("{family}{given}"),
        730..810 => given.to_owned(),
        810..900 => film(random),
        900..950 => latin_nickname(random, name),
        950..980 => format!("{given}{}", random.one_of(&EMOJI)?),
        980..985 => {
            let flower = random.one_of(&EMOJI)?;
            format!("{flower}{family}{given}{flower}")
        }
        _ => return None,
    })
}

fn film(random: &mut Random) -> String {
    let (how, what) = (random.one_of(&HOW).unwrap_or("느린"), random.one_of(&WHAT).unwrap_or("필름"));
    match random.below(4) {
        0 => format!("{how} {what}"),
        1 => format!("{how}{what}{}", random.below(100)),
        _ => format!("{how}{what}"),
    }
}

fn latin_nickname(random: &mut Random, name: TrueName) -> String {
    let (family, given) = (latin::family(name.family), latin::given(name.given));
    match random.below(4) {
        0 => format!("{} {}", capitalised(&given), capitalised(&family)),
        1 => format!("{given}_film"),
        2 => format!("{given}.{}", family.chars().next().unwrap_or('k')),
        _ => format!("{given}{}", 60 + random.below(50)),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// An address at a domain that belongs to nobody (RFC 2606 section 3).
pub(super) fn email(random: &mut Random, name: TrueName) -> String {
    let (family, given) = (latin::family(name.family), latin::given(name.given));
    let domain = random.weighted(&[("example.com", 7), ("example.org", 3)]).unwrap_or("example.com");
    let number = random.below(10_000);
    match random.below(4) {
        0 => format!("{family}{given}{number}@{domain}"),
        1 => format!("{given}_{number:04}@{domain}"),
        // Some providers hand it on as it was typed.
        2 if random.per_mille(40) => format!("{}.{}{number}@{domain}", capitalised(&given), capitalised(&family)),
        _ => format!("{given}.{family}{number}@{domain}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn family_names_are_as_frequent_as_in_the_census() {
        let mut random = Random::new(3, 1, 1);
        let drawn: Vec<&str> = (0..100_000).map(|_| true_name(&mut random).family).collect();
        // Four standard deviations of so many draws are half a percent at most.
        for (name, share) in [("김", 21.5), ("이", 14.7), ("박", 8.4), ("최", 4.7), ("윤", 2.1), ("장", 2.05)] {
            let count = u32::try_from(drawn.iter().filter(|family| **family == name).count()).unwrap();
            let percent = f64::from(count) / 1_000.0;
            assert!((percent - share).abs() < 0.55, "{name}: {percent}");
        }
    }

    #[test]
    fn names_fit_what_a_provider_would_hand_on() {
        let mut random = Random::new(3, 1, 1);
        for _ in 0..10_000 {
            let name = true_name(&mut random);
            if let Some(nickname) = nickname(&mut random, name) {
                assert!((1..=30).contains(&nickname.chars().count()), "{nickname}");
                assert_eq!(nickname.trim(), nickname);
            }
            let email = email(&mut random, name);
            assert!(email.is_ascii() && email.len() < 64 && !email.starts_with('@'), "{email}");
        }
    }
}
