use encoding_rs::{Encoding, UTF_8};

/// The text that `bytes` are in the encoding of that name (a label of the WHATWG's Encoding Standard: `utf-8`, `iso-8859-1`,
/// `gb2312`); in words why they are none. A byte order mark is no part of the text.
pub(super) fn decode(bytes: &[u8], charset: &str) -> Result<String, String> {
    let encoding = named(charset)?;
    let text = if encoding == UTF_8 {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    } else {
        let (text, broken) = encoding.decode_with_bom_removal(bytes);
        (!broken).then(|| text.into_owned())
    };
    text.ok_or_else(|| format!("{} bytes that are not {}", bytes.len(), encoding.name()))
}

/// The bytes of `text` in the encoding of that name; in words what it cannot write.
pub(super) fn encode(text: &str, charset: &str) -> Result<Vec<u8>, String> {
    let encoding = named(charset)?;
    if encoding.output_encoding() != encoding {
        return Err(format!("`{charset}` is an encoding that is only read, never written"));
    }
    let (bytes, _, broken) = encoding.encode(text);
    if broken {
        Err(format!("the text has characters that {} has not", encoding.name()))
    } else {
        Ok(bytes.into_owned())
    }
}

fn named(charset: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label_no_replacement(charset.as_bytes())
        .ok_or_else(|| format!("`{charset}` is the name of no encoding; write one such as `utf-8` or `iso-8859-1`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_and_written_in_encodings() {
        assert_eq!(decode(b"\xc4\xe3\xba\xc3", "gb2312").as_deref(), Ok("你好"));
        assert_eq!(decode(b"caf\xe9", "ISO-8859-1").as_deref(), Ok("café"));
        assert_eq!(decode(b"\xef\xbb\xbfa", "utf-8").as_deref(), Ok("a"));
        assert!(decode(b"\xff\xfe", "gb2312").is_err(), "a mark of another encoding is no text");
        assert_eq!(decode(b"\xff", "utf8"), Err("1 bytes that are not UTF-8".to_owned()));
        assert_eq!(encode("你好", "gb2312").as_deref(), Ok(&b"\xc4\xe3\xba\xc3"[..]));
        assert!(encode("你好", "iso-8859-1").is_err_and(|why| why.contains("has not")));
        assert!(encode("a", "utf-16le").is_err() && decode(b"", "klingon").is_err());
    }
}
