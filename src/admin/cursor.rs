//! Where a page of a listing begins, as an address carries it: opaque, and signed together with the listing it belongs to.
//!
//! A place is only as good as the list it was found in: behind other filters it would show a page from somewhere in the
//! middle and call it the next one, and somebody who made places up could read a listing from wherever they like. So the
//! signature (HMAC-SHA-256, cut to 96 bits) covers the listing's own address, and a place of another listing is refused as
//! one that was made up. Nothing is kept for it: the key is derived from `secret.key`, so a link holds after a restart, in
//! every process with the same key, and through a change of the key as long as `secret.previous_keys` has the old one.

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

/// Writes down a place in a listing, which is named by the address of its first page.
pub(super) fn write(keys: &KeyRing, listing: &str, place: &[u8]) -> String {
    let mac = secret::mac(&keys.derive(PURPOSE), &[listing.as_bytes(), place]);
    BASE64URL_NOPAD.encode(&[place, &mac[..MAC]].concat())
}

/// Reads a place in this listing; `None` for anything that was not written here, and for it.
pub(super) fn read(keys: &KeyRing, listing: &str, text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let (place, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    let ours = |key: &[u8; 32]| secret::same(&secret::mac(key, &[listing.as_bytes(), place])[..MAC], mac);
    keys.derive_all(PURPOSE).iter().any(ours).then(|| place.to_vec())
}

/// As [`write()`], of a place after an id.
pub(super) fn write_id(keys: &KeyRing, listing: &str, id: &str) -> String {
    write(keys, listing, id.as_bytes())
}

/// As [`read()`], of what [`write_id`] wrote.
pub(super) fn read_id<T: std::str::FromStr>(keys: &KeyRing, listing: &str, text: &str) -> Option<T> {
    std::str::from_utf8(&read(keys, listing, text)?).ok()?.parse().ok()
}

/// As [`write()`], of a place in the list of users.
pub(super) fn write_spot(keys: &KeyRing, listing: &str, spot: &Spot) -> String {
    let mut place = spot.seq.to_be_bytes().to_vec();
    match &spot.key {
        Key::Nothing => {}
        Key::Seen(at) => place.extend(at.to_be_bytes()),
        Key::Name(name) => place.extend(name.as_bytes()),
    }
    write(keys, listing, &place)
}

/// As [`read()`], of what [`write_spot`] wrote; the order is part of what names the listing.
pub(super) fn read_spot(keys: &KeyRing, listing: &str, order: Order, text: &str) -> Option<Spot> {
    let place = read(keys, listing, text)?;
    let (seq, key) = place.split_first_chunk::<8>()?;
    let key = match order {
        Order::Newest => key.is_empty().then_some(Key::Nothing)?,
        Order::LastSeen => Key::Seen(i64::from_be_bytes(key.try_into().ok()?)),
        Order::Name => Key::Name(String::from_utf8(key.to_vec()).ok()?),
    };
    Some(Spot { key, seq: i64::from_be_bytes(*seq) })
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
    use crate::db::AuditId;
    use crate::secret::Secret;

    const HERE: &str = "/admin/users?status=banned";

    fn rings() -> (KeyRing, KeyRing, KeyRing) {
        let ring = |now: u8, before: &[u8]| {
            let secret = |byte: &u8| Secret::new(vec![*byte; 32]);
            KeyRing::new(secret(&now), before.iter().map(secret).collect())
        };
        (ring(7, &[]), ring(8, &[7]), ring(8, &[]))
    }

    #[test]
    fn l07_only_what_was_written_here_can_be_read() {
        let (keys, later, strange) = rings();
        for (order, key) in [
            (Order::Newest, Key::Nothing),
            (Order::LastSeen, Key::Seen(1_785_000_000_000_000)),
            (Order::Name, Key::Name("홍길동".into())),
            (Order::Name, Key::Name("\u{10FFFF}".into())),
        ] {
            let spot = Spot { key, seq: 42 };
            let text = write_spot(&keys, HERE, &spot);
            let read = |keys, listing, text: &str| read_spot(keys, listing, order, text);
            assert_eq!(read(&keys, HERE, &text), Some(spot.clone()));
            assert_eq!(read(&later, HERE, &text), Some(spot.clone()), "a link outlives the change of the key");
            assert_eq!(read(&strange, HERE, &text), None, "but not its end");
            assert_eq!(write_spot(&keys, HERE, &spot), text, "the same link every time");
            for other in ["", "/admin/users", "/admin/users?status=banned&role=user", "/admin/audit?status=banned"] {
                assert_eq!(read(&keys, other, &text), None, "{other}");
            }
            let mut bytes = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
            for at in 0..bytes.len() {
                bytes[at] ^= 1;
                assert_eq!(read(&keys, HERE, &BASE64URL_NOPAD.encode(&bytes)), None, "byte {at}");
                bytes[at] ^= 1;
            }
            for bad in ["", "x", "1e9", "42", &text[1..], &format!("{text}="), &text.to_lowercase()] {
                assert_eq!(read(&keys, HERE, bad), None, "{bad}");
            }
        }
    }

    #[test]
    fn l07_a_place_is_not_moved_between_its_listing_and_itself() {
        let (keys, ..) = rings();
        let text = write(&keys, "/admin/audit?q=a", b"b");
        assert_eq!(read(&keys, "/admin/audit?q=a", &text).as_deref(), Some(&b"b"[..]));
        let mut bytes = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        assert_eq!(bytes.remove(0), b'b');
        assert_eq!(read(&keys, "/admin/audit?q=ab", &BASE64URL_NOPAD.encode(&bytes)), None);
    }

    #[test]
    fn l07_an_id_is_read_as_what_it_is() {
        let (keys, ..) = rings();
        let id = AuditId::new();
        assert_eq!(read_id(&keys, HERE, &write_id(&keys, HERE, id.as_str())), Some(id.clone()));
        assert_eq!(read_id::<AuditId>(&keys, HERE, id.as_str()), None, "unsigned");
        assert_eq!(read_id::<AuditId>(&keys, HERE, &write(&keys, HERE, b"x")), None);
    }
}
