use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use bytes::Bytes;

use super::Observed;
use super::filter::hex;
use crate::model::Encoding;

/// What a text was before it was encoded: text, or bytes where it is no UTF-8.
pub(super) fn decoded(encoding: Encoding, text: &str) -> Result<Observed, String> {
    let bytes = match encoding {
        Encoding::Base64 => {
            STANDARD_NO_PAD.decode(text.trim().trim_end_matches('=')).map_err(|error| error.to_string())
        }
        Encoding::Base64Url => {
            URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).map_err(|error| error.to_string())
        }
        Encoding::Hex => unhex(text.trim()).ok_or_else(|| "it is no hexadecimal".to_owned()),
        Encoding::Url => Ok(percent_decoded(text)),
        Encoding::Html => Ok(html_decoded(text).into_bytes()),
    };
    let bytes = bytes.map_err(|why| format!("the text cannot be decoded: {why}"))?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Observed::Text(text),
        Err(error) => Observed::Bytes(Bytes::from(error.into_bytes())),
    })
}

/// Text or bytes encoded.
pub(super) fn encoded(encoding: Encoding, bytes: &[u8]) -> String {
    match encoding {
        Encoding::Base64 => STANDARD.encode(bytes),
        Encoding::Base64Url => URL_SAFE_NO_PAD.encode(bytes),
        Encoding::Hex => hex(bytes),
        Encoding::Url => percent_encoded(bytes),
        Encoding::Html => html_encoded(&String::from_utf8_lossy(bytes)),
    }
}

/// The bytes of hexadecimal, in upper or lower case.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// What RFC 3986 leaves as it is stays; all other bytes are escaped.
pub(super) fn percent_encoded(bytes: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let parts =
        bytes.iter().map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") });
    parts.collect()
}

pub(super) fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let byte = escaped.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(unhex);
        match byte.as_deref() {
            Some([byte]) => {
                out.push(*byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

/// The entities that HTML cannot do without, and those of XML.
const ENTITIES: [(&str, char); 6] =
    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{a0}')];

fn html_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c => out.push(c),
        }
    }
    out
}

fn html_decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest entity of a code point is `&#x10FFFF;`.
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((end, entity(&rest[1..end])?))) {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => number.parse().ok(),
            };
            code.and_then(char::from_u32)
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<Observed, String> {
        Ok(Observed::Text(text.to_owned()))
    }

    #[test]
    fn encodings_go_there_and_back() {
        let all = [
            (Encoding::Base64, "a b&<é>", "YSBiJjzDqT4="),
            (Encoding::Base64Url, "a b&<é>", "YSBiJjzDqT4"),
            (Encoding::Url, "a b&é", "a%20b%26%C3%A9"),
            (Encoding::Html, "a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#x27;"),
            (Encoding::Hex, "é", "c3a9"),
        ];
        for (encoding, plain, written) in all {
            assert_eq!(encoded(encoding, plain.as_bytes()), written);
            assert_eq!(decoded(encoding, written), text(plain));
        }
        assert_eq!(decoded(Encoding::Html, "&unknown; &#65;&#x1F600; & &amp"), text("&unknown; A😀 & &amp"));
        assert_eq!(decoded(Encoding::Url, "100%"), text("100%"));
        for (encoding, broken) in [(Encoding::Base64, "!"), (Encoding::Base64Url, "a+"), (Encoding::Hex, "abc")] {
            assert!(decoded(encoding, broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn what_is_no_text_is_bytes() {
        let bytes = Ok(Observed::Bytes(Bytes::from_static(b"\xff\x00")));
        assert_eq!(decoded(Encoding::Hex, "FF00"), bytes);
        assert_eq!(decoded(Encoding::Base64, "/wA="), bytes);
        assert_eq!(decoded(Encoding::Url, "%ff%00"), bytes);
        assert_eq!(encoded(Encoding::Base64, b"\xff\x00"), "/wA=");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_decoded_or_told(text in "(%|&|#|x|;|[0-9a-f=]|é|.){0,20}") {
            for encoding in [Encoding::Base64, Encoding::Base64Url, Encoding::Url, Encoding::Html, Encoding::Hex] {
                let _ = decoded(encoding, &text);
                let written = encoded(encoding, text.as_bytes());
                proptest::prop_assert_eq!(decoded(encoding, &written), Ok(Observed::Text(text.clone())));
            }
        }
    }
}
