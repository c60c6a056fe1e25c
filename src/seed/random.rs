//! Chance that can be repeated: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
//! OOPSLA 2014). For made-up people only, never for secrets.

/// A stream of numbers, fixed by what it was begun with.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// A stream of its own for every such triple: a person's does not depend on who was made before.
    pub(super) fn new(seed: u64, run: u64, number: u64) -> Self {
        let mut state = Self(seed);
        for part in [run, number] {
            state = Self(state.next() ^ part);
        }
        Self(state.next())
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, and 0 when there is none.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// True in so many of a thousand cases.
    pub(super) fn per_mille(&mut self, share: u64) -> bool {
        self.below(1000) < share
    }

    /// One of them, all alike.
    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let at = self.below(u64::try_from(choices.len()).unwrap_or(0));
        choices.get(usize::try_from(at).ok()?).copied()
    }

    /// One of them, by weight.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(T, u64)]) -> Option<T> {
        let mut left = self.below(choices.iter().map(|(_, weight)| weight).sum());
        choices.iter().find_map(|(choice, weight)| {
            if left < *weight {
                return Some(*choice);
            }
            left -= weight;
            None
        })
    }

    /// Bytes for an id.
    pub(super) fn ten_bytes(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.next().to_be_bytes());
        bytes[8..].copy_from_slice(&self.next().to_be_bytes()[..2]);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_reference() {
        let mut random = Random(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn weights_are_kept() {
        let mut random = Random::new(1, 1, 1);
        let drawn = (0..10_000).filter(|_| random.weighted(&[(true, 1), (false, 0), (false, 3)]) == Some(true)).count();
        assert!((2_300..2_700).contains(&drawn), "{drawn}");
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let mut random = Random::new(0, 0, 0);
        assert_eq!((random.below(0), random.one_of::<u8>(&[]), random.weighted::<u8>(&[])), (0, None, None));
    }
}
