//! Places in a stretch, as they lie in the database: few as numbers of two bytes, many as a bit for each place. Which of the
//! two is shorter decides, so a set has only one form.

use crate::error::AppError;
use crate::error::AppResult;

/// Few: little-endian numbers that rise.
const FEW: u8 = 0;

/// Many: place 0 is the lowest bit of the first byte; what would be empty at the end is left out.
const MANY: u8 = 1;

/// A set as it was read.
#[derive(Clone, Copy)]
enum Set<'a> {
    Few(&'a [u8]),
    Many(&'a [u8]),
}

impl<'a> Set<'a> {
    fn read(bytes: &'a [u8]) -> AppResult<Self> {
        match bytes.split_first() {
            Some((&FEW, numbers)) if numbers.len().is_multiple_of(2) => Ok(Self::Few(numbers)),
            Some((&MANY, bits)) => Ok(Self::Many(bits)),
            _ => Err(AppError::internal("the search index is damaged: a set of places that is none")),
        }
    }

    fn places(self) -> Vec<u16> {
        match self {
            Self::Few(numbers) => {
                numbers.chunks_exact(2).filter_map(|two| two.try_into().ok().map(u16::from_le_bytes)).collect()
            }
            Self::Many(bits) => places_of(bits),
        }
    }
}

fn places_of(bits: &[u8]) -> Vec<u16> {
    let mut places = Vec::new();
    for (at, byte) in (0_u16..).step_by(8).zip(bits) {
        let mut left = *byte;
        while left != 0 {
            places.push(at + u16::try_from(left.trailing_zeros()).unwrap_or(0));
            left &= left - 1;
        }
    }
    places
}

fn has(bits: &[u8], place: u16) -> bool {
    bits.get(usize::from(place / 8)).is_some_and(|byte| byte >> (place % 8) & 1 == 1)
}

/// The set of these places, which rise.
pub(super) fn written(places: &[u16]) -> Vec<u8> {
    let long = places.last().map_or(0, |last| usize::from(last / 8) + 1);
    if places.len() * 2 <= long {
        return std::iter::once(FEW).chain(places.iter().flat_map(|place| place.to_le_bytes())).collect();
    }
    let mut bytes = vec![0; 1 + long];
    bytes[0] = MANY;
    for place in places {
        bytes[1 + usize::from(place / 8)] |= 1 << (place % 8);
    }
    bytes
}

/// The places of a set, rising.
///
/// # Errors
/// When these bytes are none.
pub(super) fn read(bytes: &[u8]) -> AppResult<Vec<u16>> {
    Ok(Set::read(bytes)?.places())
}

/// The places that all of these sets have, rising; of no sets, none.
///
/// # Errors
/// When one of them is no set.
pub(super) fn common(sets: &[&[u8]]) -> AppResult<Vec<u16>> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for bytes in sets {
        match Set::read(bytes)? {
            Set::Few(numbers) => few.push(numbers),
            Set::Many(bits) => many.push(bits),
        }
    }
    few.sort_by_key(|numbers| numbers.len());
    let mut few = few.into_iter();
    let Some(fewest) = few.next() else { return Ok(common_bits(&many)) };
    let mut places = Set::Few(fewest).places();
    places.retain(|place| many.iter().all(|bits| has(bits, *place)));
    for numbers in few {
        if places.is_empty() {
            break;
        }
        let other = Set::Few(numbers).places();
        let mut others = other.iter().peekable();
        places.retain(|place| {
            while others.next_if(|other| *other < place).is_some() {}
            others.peek() == Some(&place)
        });
    }
    Ok(places)
}

fn common_bits(all: &[&[u8]]) -> Vec<u16> {
    let Some((first, rest)) = all.split_first() else { return Vec::new() };
    let mut bits = first.to_vec();
    for other in rest {
        bits.truncate(other.len());
        bits.iter_mut().zip(*other).for_each(|(byte, other)| *byte &= other);
    }
    places_of(&bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places of which about one in `of` is there, of so many.
    fn some(of: u32, many: u16, chance: u32) -> Vec<u16> {
        let mut state = chance;
        (0..many)
            .filter(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 16).is_multiple_of(of)
            })
            .collect()
    }

    #[test]
    fn what_is_written_is_read() {
        for places in [vec![], vec![0], vec![61_439], vec![0, 1, 2, 3], some(2, 61_440, 1), some(100, 61_440, 2)] {
            let bytes = written(&places);
            assert_eq!(read(&bytes).unwrap(), places);
            assert!(bytes.len() <= 1 + 61_440 / 8, "{}", bytes.len());
        }
        assert_eq!(written(&[3, 900])[0], FEW);
        assert_eq!(written(&(0..100).collect::<Vec<_>>())[0], MANY);
        for broken in [&[][..], &[FEW, 1], &[7, 0, 0]] {
            assert!(read(broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn what_all_have() {
        let densities = [2, 3, 50, 900];
        let sets: Vec<Vec<u16>> = (1..).zip(densities).map(|(chance, of)| some(of, 61_440, chance)).collect();
        for wanted in 1_u8..16 {
            let chosen: Vec<&Vec<u16>> =
                sets.iter().enumerate().filter(|(at, _)| wanted >> at & 1 == 1).map(|(_, set)| set).collect();
            let bytes: Vec<Vec<u8>> = chosen.iter().map(|set| written(set)).collect();
            let expected: Vec<u16> =
                (0..61_440).filter(|place| chosen.iter().all(|set| set.binary_search(place).is_ok())).collect();
            assert_eq!(common(&bytes.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap(), expected);
        }
        assert!(common(&[]).unwrap().is_empty());
        let (short, long) = (written(&(0..20).collect::<Vec<_>>()), written(&(10..400).collect::<Vec<_>>()));
        assert_eq!(common(&[&long, &short]).unwrap(), (10..20).collect::<Vec<_>>());
    }
}
