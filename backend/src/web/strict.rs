//! JSON taken by its names alone, however deep inside. serde would also read a struct from an array, by the order of its
//! fields, and a choice from `{"name":null}`: a request means neither.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor, value::StrDeserializer},
};

/// A value that is read strictly.
pub struct Strictly<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Strictly<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(Strict(deserializer)).map(Self)
    }
}

/// Whatever has a part in reading, wrapped so that what is inside it is read strictly too.
struct Strict<T>(T);

/// Reads the fields of a struct.
struct Fields<V>(V);

/// Reads one of several by its name.
struct Choice<V>(V);

/// What holds no other values.
macro_rules! plain {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<D> {
    type Error = D::Error;

    plain! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Strict(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Strict(visitor))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, Strict(visitor))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_seq(Strict(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(length, Strict(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple_struct(name, length, Strict(visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Strict(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Fields(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_str(Choice(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// What holds no other values either.
macro_rules! given {
    ($($method:ident: $kind:ty),*) => {$(
        fn $method<E: Error>(self, value: $kind) -> Result<V::Value, E> {
            self.0.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Strict<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    given! {
        visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64,
        visit_str: &str, visit_borrowed_str: &'de str, visit_string: String
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Strict(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Strict(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Strict(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Strict(entries))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Fields<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Strict(entries))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Choice<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of several names")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.0.visit_enum(StrDeserializer::<E>::new(name))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Strict(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Strict(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Strict(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Leaf {
        number: i64,
        text: Option<String>,
        colour: Option<Colour>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wrapped(Leaf);

    /// A struct in everything that one can be in.
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Tree {
        bare: Leaf,
        maybe: Option<Leaf>,
        listed: Vec<Leaf>,
        named: BTreeMap<String, Leaf>,
        wrapped: Option<Wrapped>,
        paired: Option<(i64, Leaf)>,
        deeper: Option<Box<Tree>>,
    }

    fn read(text: &str) -> Result<Tree, String> {
        serde_json::from_str(text).map(|Strictly(tree)| tree).map_err(|error| error.to_string())
    }

    /// Every place of a [`Tree`] with this in the place of each [`Leaf`].
    fn places(leaf: &str) -> Vec<String> {
        let mut places: Vec<String> = [
            r#"{"bare":LEAF}"#,
            r#"{"maybe":LEAF}"#,
            r#"{"listed":[{},LEAF]}"#,
            r#"{"named":{"a":LEAF}}"#,
            r#"{"wrapped":LEAF}"#,
            r#"{"paired":[1,LEAF]}"#,
        ]
        .map(|place| place.replace("LEAF", leaf))
        .to_vec();
        let deeper: Vec<String> = places.iter().map(|place| format!(r#"{{"deeper":{place}}}"#)).collect();
        places.extend(deeper);
        places
    }

    #[test]
    fn an_object_is_read_as_serde_reads_it() {
        for leaf in ["{}", r#"{"number":7}"#, r#"{"text":"ñ\n","colour":"red"}"#, r#"{"text":null,"colour":null}"#] {
            for place in places(leaf) {
                assert_eq!(read(&place).unwrap(), serde_json::from_str::<Tree>(&place).unwrap(), "{place}");
            }
        }
    }

    #[test]
    fn an_array_is_no_object_at_any_depth() {
        for leaf in ["[]", "[7]", "[[]]", "[null]", r#"[7,"x","red"]"#, "7", "true", r#""x""#] {
            for place in places(leaf) {
                let refused = read(&place).unwrap_err();
                assert!(refused.contains("expected a JSON object at line 1"), "{place}: {refused}");
            }
        }
        assert!(read("[]").is_err());
        assert!(read(r#"{"deeper":[]}"#).is_err());
    }

    #[test]
    fn a_choice_is_its_name() {
        for colour in [r#"{"red":null}"#, r#"["red"]"#, "0", "true", r#""blue""#, r#""red\u0000""#] {
            for place in places(&format!(r#"{{"colour":{colour}}}"#)) {
                assert!(read(&place).is_err(), "{place}");
            }
        }
        let refused = read(r#"{"bare":{"colour":"blue"}}"#).unwrap_err();
        assert!(refused.starts_with("unknown variant `blue`, expected `red` at line 1"), "{refused}");
    }
}
