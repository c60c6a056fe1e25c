//! Where a page of the list begins, as an address carries it: opaque, and signed so that nobody makes one up.

use data_encoding::BASE64URL_NOPAD;

use crate::secret;
use crate::secret::KeyRing;
use crate::users::Key;
use crate::users::Order;
use crate::users::Spot;

/// What the key is derived for.
const PURPOSE: &str = "list-cursor";

/// Bytes of the signature: enough that guessing one is hopeless within any limit of requests.
const MAC: usize = 12;

/// Writes a spot down.
pub(super) fn write(keys: &KeyRing, spot: &Spot) -> String {
    let mut bytes = spot.seq.to_be_bytes().to_vec();
    match &spot.key {
        Key::Nothing => {}
        Key::Seen(at) => bytes.extend(at.to_be_bytes()),
        Key::Name(name) => bytes.extend(name.as_bytes()),
    }
    let mac = secret::mac(&keys.derive(PURPOSE), &[order_of(spot).as_bytes(), &bytes]);
    bytes.extend(&mac[..MAC]);
    BASE64URL_NOPAD.encode(&bytes)
}

/// Reads a spot of this order; `None` for anything that was not written here.
pub(super) fn read(keys: &KeyRing, order: Order, text: &str) -> Option<Spot> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let (bytes, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    let name = name_of(order);
    let ours = |key: &[u8; 32]| secret::same(&secret::mac(key, &[name.as_bytes(), bytes])[..MAC], mac);
    if !keys.derive_all(PURPOSE).iter().any(ours) {
        return None;
    }
    let (seq, key) = bytes.split_first_chunk::<8>()?;
    let key = match order {
        Order::Newest => key.is_empty().then_some(Key::Nothing)?,
        Order::LastSeen => Key::Seen(i64::from_be_bytes(key.try_into().ok()?)),
        Order::Name => Key::Name(String::from_utf8(key.to_vec()).ok()?),
    };
    Some(Spot { key, seq: i64::from_be_bytes(*seq) })
}

fn order_of(spot: &Spot) -> &'static str {
    name_of(match spot.key {
        Key::Nothing => Order::Newest,
        Key::Seen(_) => Order::LastSeen,
        Key::Name(_) => Order::Name,
    })
}

/// The word for an order in addresses.
pub(super) const fn name_of(order: Order) -> &'static str {
    match order {
        Order::Newest => "newest",
        Order::LastSeen => "last_seen",
        Order::Name => "name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn only_what_was_written_here_can_be_read() {
        let keys = KeyRing::new(Secret::new(vec![7; 32]), Vec::new());
        let later = KeyRing::new(Secret::new(vec![8; 32]), vec![Secret::new(vec![7; 32])]);
        for (order, key) in [
            (Order::Newest, Key::Nothing),
            (Order::LastSeen, Key::Seen(1_785_000_000_000_000)),
            (Order::Name, Key::Name("홍길동".into())),
            (Order::Name, Key::Name("\u{10FFFF}".into())),
        ] {
            let spot = Spot { key, seq: 42 };
            let text = write(&keys, &spot);
            assert_eq!(read(&keys, order, &text), Some(spot.clone()));
            assert_eq!(read(&later, order, &text), Some(spot), "a link outlives the change of the key");
            for other in [Order::Newest, Order::LastSeen, Order::Name].into_iter().filter(|other| *other != order) {
                assert_eq!(read(&keys, other, &text), None, "of another order");
            }
            let mut bytes = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
            for at in 0..bytes.len() {
                bytes[at] ^= 1;
                assert_eq!(read(&keys, order, &BASE64URL_NOPAD.encode(&bytes)), None, "byte {at}");
                bytes[at] ^= 1;
            }
            for bad in ["", "x", "1e9", "42", &text[1..], &format!("{text}="), &text.to_lowercase()] {
                assert_eq!(read(&keys, order, bad), None, "{bad}");
            }
        }
    }
}
