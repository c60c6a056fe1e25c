//! Adding lines of the history up.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::days::{Day, bounds_of};
use super::table::{Count, Kind};
use crate::clock::Moment;

/// Sums of lines by day, kind and provider. Lines come in the order of time or nearly so: the day is worked out anew only
/// where it changes.
#[derive(Debug)]
pub(super) struct Sums<'a> {
    zone: &'a TimeZone,
    /// The day of the last line: when it begins, and when the next one does.
    today: Option<(Moment, Moment, Day)>,
    days: HashMap<Day, HashMap<(Kind, &'a str), i64>>,
    here: HashMap<(Kind, &'a str), i64>,
}

impl<'a> Sums<'a> {
    pub(super) fn new(zone: &'a TimeZone) -> Self {
        Self { zone, today: None, days: HashMap::new(), here: HashMap::new() }
    }

    /// One more line. Most are of no interest.
    pub(super) fn add(&mut self, at: Moment, action: &str, provider: &'a str) {
        let kinds: &[Kind] = match action {
            "login.ok" => &[Kind::Login],
            "login.created" => &[Kind::SignUp, Kind::Login],
            "login.waits" => &[Kind::SignUp],
            _ => return,
        };
        if self.today.as_ref().is_none_or(|(begin, end, _)| at < *begin || at >= *end) {
            self.close();
            self.today = Some(bounds_of(self.zone, at));
        }
        for kind in kinds {
            *self.here.entry((*kind, provider)).or_default() += 1;
        }
    }

    fn close(&mut self) {
        let Some((_, _, day)) = self.today.take() else { return };
        let sums = self.days.entry(day).or_default();
        for (what, number) in self.here.drain() {
            *sums.entry(what).or_default() += number;
        }
    }

    /// What came of it.
    pub(super) fn counts(mut self) -> Vec<Count> {
        self.close();
        let count = |day: &Day, (kind, provider): (Kind, &str), number| Count {
            day: day.clone(),
            kind,
            provider: provider.to_owned(),
            reason: String::new(),
            number,
        };
        let days = self.days.into_iter();
        days.flat_map(|(day, sums)| {
            sums.into_iter().map(|(what, number)| count(&day, what, number)).collect::<Vec<_>>()
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix_seconds;

    #[test]
    fn a_new_person_is_a_sign_up_and_a_login_and_one_who_waits_is_no_login() {
        let utc = TimeZone::UTC;
        let mut sums = Sums::new(&utc);
        for action in ["login.ok", "login.created", "login.waits", "login.refused", "user.ban"] {
            sums.add(from_unix_seconds(1_795_446_000), action, "kakao");
        }
        let counts = sums.counts();
        let number = |kind| counts.iter().filter(|count| count.kind == kind).map(|count| count.number).sum::<i64>();
        assert_eq!((number(Kind::Login), number(Kind::SignUp), number(Kind::Failure)), (2, 2, 0));
    }

    #[test]
    fn a_line_belongs_to_the_day_of_the_site_in_whatever_order_they_come() {
        // The second before and the second of a midnight in Seoul, and a day of 23 hours in New York.
        let (seoul, new_york) = (TimeZone::get("Asia/Seoul").unwrap(), TimeZone::get("America/New_York").unwrap());
        for (zone, first, second) in [(&seoul, 1_795_532_399, 1_795_532_400), (&new_york, 1_772_945_999, 1_773_028_800)]
        {
            let mut sums = Sums::new(zone);
            for at in [first, second, first, second, second] {
                sums.add(from_unix_seconds(at), "login.ok", "kakao");
            }
            let mut counts = sums.counts();
            counts.sort_by(|one, other| one.day.cmp(&other.day));
            let days: Vec<(String, i64)> = counts.into_iter().map(|count| (count.day, count.number)).collect();
            let wanted = [first, second].map(|at| super::super::day_of(zone, from_unix_seconds(at)));
            assert_eq!(days, [(wanted[0].clone(), 2), (wanted[1].clone(), 3)]);
        }
    }
}
