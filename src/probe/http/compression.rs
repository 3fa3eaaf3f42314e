use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::{BODY_LIMIT, ErrorKind, HttpError};

/// What is asked for.
pub(super) const ACCEPTED: &str = "gzip, deflate, br";

/// How often a body may be compressed; nobody does it twice, and each time takes its time.
const MOST_TIMES: usize = 8;

/// A body as it was before it was compressed, of at most [`BODY_LIMIT`] bytes; `encodings` is what `Content-Encoding` says, the
/// last one applied last.
pub(super) fn decompressed<'a>(
    body: Bytes,
    encodings: impl DoubleEndedIterator<Item = &'a str>,
    place: &str,
) -> Result<Bytes, HttpError> {
    let mut body = body;
    for (times, encoding) in encodings.rev().enumerate() {
        if body.is_empty() {
            break;
        }
        if times == MOST_TIMES {
            let message = format!("`{place}` answers in more than {MOST_TIMES} encodings in each other");
            return Err(HttpError::new(ErrorKind::Encoding, message));
        }
        let read = match encoding.to_ascii_lowercase().as_str() {
            "identity" => continue,
            "gzip" | "x-gzip" => bounded(MultiGzDecoder::new(&body[..])),
            // Some servers leave the header of zlib away.
            "deflate" => bounded(ZlibDecoder::new(&body[..])).or_else(|_| bounded(DeflateDecoder::new(&body[..]))),
            "br" => bounded(brotli_decompressor::Decompressor::new(&body[..], 4096)),
            other => {
                let message = format!("`{place}` answers in the encoding `{other}`; {ACCEPTED} were asked for");
                return Err(HttpError::new(ErrorKind::Encoding, message));
            }
        };
        body = match read {
            Ok(Some(read)) => Bytes::from(read),
            Ok(None) => {
                let most = BODY_LIMIT / (1024 * 1024);
                let message = format!("the body of `{place}` is larger than {most} MiB once it is decompressed");
                return Err(HttpError::new(ErrorKind::TooLarge, message));
            }
            Err(error) => {
                let message = format!("the body of `{place}` is no {encoding}: {error}");
                return Err(HttpError::new(ErrorKind::Encoding, message));
            }
        };
    }
    Ok(body)
}

/// All of it; `None` where it is too much.
fn bounded(reader: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut read = Vec::new();
    reader.take(BODY_LIMIT as u64 + 1).read_to_end(&mut read)?;
    Ok((read.len() <= BODY_LIMIT).then_some(read))
}

/// 64 MiB of zeros, as `brotli` at its best writes them.
#[cfg(test)]
pub(in crate::probe) const BROTLI_BOMB: &[u8] =
    b"\xcf\xff\xff\x7f\xf8\x27\x00\xe2\xb1\x40\x20\xf7\xfe\x9f\xff\xff\xff\xf0\x4f\x00\xc4\x61\x01\x80\xee\xfd\x3f\
    \xff\xff\xff\xe1\x9f\x00\x88\xc3\x22\x00\xdd\xfb\xff\xfc\xff\xff\xc7\x3f\x01\x10\x87\x05\x00\xba\xf7\xff";

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn of(body: Vec<u8>, encodings: &[&str]) -> Result<Bytes, ErrorKind> {
        decompressed(Bytes::from(body), encodings.iter().copied(), "here").map_err(|error| error.kind)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    }

    #[test]
    fn bodies_are_as_they_were() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"hello").expect("memory takes all");
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(b"hello").expect("memory takes all");
        let hello = Ok(Bytes::from_static(b"hello"));
        assert_eq!(of(gzip(b"hello"), &["GZIP"]), hello);
        assert_eq!(of(zlib.finish().expect("it ends"), &["deflate"]), hello);
        assert_eq!(of(raw.finish().expect("it ends"), &["deflate"]), hello);
        // What `printf hello | brotli` writes.
        assert_eq!(of(b"\x0b\x02\x80hello\x03".to_vec(), &["br"]), hello);
        assert_eq!(of(gzip(&gzip(b"hello")), &["gzip", "identity", "gzip"]), hello);
        assert_eq!(of(Vec::new(), &["gzip"]), Ok(Bytes::new()));
    }

    #[test]
    fn what_is_none_and_what_is_too_much_are_told() {
        assert_eq!(of(b"hello".to_vec(), &["gzip"]), Err(ErrorKind::Encoding));
        assert_eq!(of(b"hello".to_vec(), &["deflate"]), Err(ErrorKind::Encoding));
        assert_eq!(of(b"hello".to_vec(), &["br"]), Err(ErrorKind::Encoding));
        assert_eq!(of(b"hello".to_vec(), &["zstd"]), Err(ErrorKind::Encoding));
        assert_eq!(of(gzip(b"hello")[..15].to_vec(), &["gzip"]), Err(ErrorKind::Encoding));
        let bomb = gzip(&vec![0; BODY_LIMIT + 1]);
        assert!(bomb.len() < 200_000);
        assert_eq!(of(bomb, &["gzip"]), Err(ErrorKind::TooLarge));
        assert_eq!(of(BROTLI_BOMB.to_vec(), &["br"]), Err(ErrorKind::TooLarge));
        assert_eq!(of(gzip(b"hello"), &["identity"; MOST_TIMES + 1]), Err(ErrorKind::Encoding));
    }
}
