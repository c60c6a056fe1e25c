//! Plots, drawn on the server: shapes without colours or words, which the style sheet and the page give them.

/// A bar of a plot that is a thousand wide and a hundred high, whatever the screen makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// What it stands for.
    pub number: i64,
}

/// The share of a bar's place that stays empty.
const GAP: f64 = 0.2;

/// A visible trace of what is not nothing.
const LEAST: f64 = 1.0;

/// One bar for each number, as high as its share of the top.
pub(super) fn bars(numbers: &[i64]) -> Vec<Bar> {
    let top = top(numbers);
    let place = 1000.0 / share(i64::try_from(numbers.len()).unwrap_or(1).max(1));
    let mut x = 0.0;
    let mut all = Vec::with_capacity(numbers.len());
    for number in numbers {
        let height = if *number == 0 { 0.0 } else { (share(*number) / share(top) * 100.0).max(LEAST) };
        all.push(Bar {
            x: round(x),
            y: round(100.0 - height),
            width: round(place * (1.0 - GAP)),
            height: round(height),
            number: *number,
        });
        x += place;
    }
    all
}

/// What the highest place of the plot stands for: 1, 2, 3, 4, 5, 6 or 8 and noughts, and nothing lower than the highest number.
pub(super) fn top(numbers: &[i64]) -> i64 {
    let highest = numbers.iter().copied().max().unwrap_or(0).max(1);
    let mut step = 1_i64;
    loop {
        for nice in [1, 2, 3, 4, 5, 6, 8] {
            match step.checked_mul(nice) {
                Some(top) if top >= highest => return top,
                Some(_) => {}
                None => return highest,
            }
        }
        match step.checked_mul(10) {
            Some(next) => step = next,
            None => return highest,
        }
    }
}

/// A number's part of the highest, in hundredths of the width.
pub(super) fn part(number: i64, highest: i64) -> f64 {
    if number == 0 { 0.0 } else { round((share(number) / share(highest.max(1)) * 100.0).max(LEAST)) }
}

#[expect(clippy::cast_precision_loss, reason = "a bar that is off by a billionth looks the same")]
const fn share(number: i64) -> f64 {
    number as f64
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_a_round_number_that_holds_them_all() {
        for (numbers, expected) in [
            (&[][..], 1),
            (&[0, 0], 1),
            (&[3, 1], 3),
            (&[5], 5),
            (&[6], 6),
            (&[9], 10),
            (&[101], 200),
            (&[310], 400),
            (&[1_234_567], 2_000_000),
            (&[i64::MAX], i64::MAX),
        ] {
            assert_eq!(top(numbers), expected, "{numbers:?}");
        }
    }

    #[test]
    fn bars_stand_on_the_ground_and_stay_inside() {
        let bars = bars(&[0, 1, 500, 1000]);
        assert_eq!(bars[0].height, 0.0);
        assert_eq!((bars[1].height, bars[2].height, bars[3].height), (1.0, 50.0, 100.0));
        assert!(bars.iter().all(|bar| bar.y + bar.height == 100.0 && bar.x + bar.width <= 1000.0), "{bars:?}");
        assert!(bars.windows(2).all(|pair| pair[0].x + pair[0].width < pair[1].x));
        assert_eq!((part(0, 10), part(1, 1_000_000), part(5, 10)), (0.0, 1.0, 50.0));
    }
}
