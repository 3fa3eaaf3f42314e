use std::borrow::Cow;
use std::time::Duration;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart};

/// The bytes of a report as text: UTF-16 where a byte order mark says so, else UTF-8, what is neither replaced.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let units = |pair: fn([u8; 2]) -> u16| -> String {
        let units: Vec<u16> = bytes[2..].as_chunks::<2>().0.iter().map(|two| pair(*two)).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes).into(),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes).into(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        bytes => String::from_utf8_lossy(bytes),
    }
}

/// An attribute's value; one with an entity of its own stays as written.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    // Looking for repeated names takes quadratic time.
    let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name.as_bytes())?;
    let value = found.normalized_value(XmlVersion::Implicit1_0);
    Some(value.map_or_else(|_| String::from_utf8_lossy(&found.value).into_owned(), Cow::into_owned))
}

/// What `&…;` in text stands for; an entity of its own stays as written.
pub(super) fn reference(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name = String::from_utf8_lossy(reference);
    match quick_xml::escape::resolve_predefined_entity(&name) {
        Some(text) => text.to_owned(),
        None => format!("&{name};"),
    }
}

/// `1.25`, or as surefire writes it `1,234.5`: seconds.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().replace(',', "").parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text_whatever_they_are() {
        assert_eq!(decode(b"\xef\xbb\xbf<a/>"), "<a/>");
        assert_eq!(decode(b"\xff\xfe<\0a\0/\0>\0"), "<a/>");
        assert_eq!(decode(b"\xfe\xff\0<\0a\0/\0>\0"), "<a/>");
        assert_eq!(decode(b"caf\xe9"), "caf\u{fffd}");
        assert_eq!(decode(b"\xff\xfe"), "");
    }

    #[test]
    fn times_are_seconds() {
        assert_eq!(duration("0.25"), Some(Duration::from_millis(250)));
        assert_eq!(duration("1,234.5"), Some(Duration::from_millis(1_234_500)));
        assert_eq!((duration("-1"), duration("NaN"), duration("1e300"), duration("")), (None, None, None, None));
    }
}
