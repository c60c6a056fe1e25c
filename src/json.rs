//! JSON from outside. A repeated member is refused at every depth: two readers of `{"sub":"a","sub":"b"}` see two
//! different people, and `serde_json::Value` alone would quietly keep the last.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A JSON object whose members are all named once.
pub type Object = Map<String, Value>;

/// Reads one object, nothing before or after it but white space. Depth is bounded by `serde_json` (128).
#[must_use]
pub fn object(bytes: &[u8]) -> Option<Object> {
    match serde_json::from_slice(bytes) {
        Ok(Unique(Value::Object(object))) => Some(object),
        _ => None,
    }
}

/// Reads one list, of whatever; otherwise as [`object`].
#[must_use]
pub fn list(bytes: &[u8]) -> Option<Vec<Value>> {
    match serde_json::from_slice(bytes) {
        Ok(Unique(Value::Array(list))) => Some(list),
        _ => None,
    }
}

/// Any JSON value without repeated members.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Unique)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Unique(value))) = members.next_entry::<String, Unique>()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("repeated member"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_object_without_repeated_members_is_read() {
        assert_eq!(object(br#" {"id":1376016924429759228} "#).unwrap()["id"].as_i64(), Some(1_376_016_924_429_759_228));
        for bad in [
            &br#"{"id":1,"id":2}"#[..],
            br#"{"a":{"b":1,"b":1}}"#,
            br#"{"a":[{"b":1,"b":1}]}"#,
            br#"{"id":1,"\u0069d":2}"#,
            br#"{"id":1"#,
            br#"{"id":NaN}"#,
            br#"{"id":1}x"#,
            b"[]",
            b"null",
            b"\"x\"",
            b"",
            b"<html>",
            b"\xff\xfe{\0}\0",
            b"\xef\xbb\xbf{}",
        ] {
            assert_eq!(object(bad), None, "{}", String::from_utf8_lossy(bad));
        }
        assert_eq!(list(br#"[{"a":1},2]"#).map(|list| list.len()), Some(2));
        assert!(list(br#"[{"a":1,"a":2}]"#).is_none() && list(b"{}").is_none());
        assert_eq!(object(format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000)).as_bytes()), None);
    }
}
