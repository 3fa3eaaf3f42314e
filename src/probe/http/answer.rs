use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;

use super::Certificate;

/// The most bytes of a body that are taken.
pub const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// A whole answer, after redirects where they were followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// `1.0`, `1.1` or `2`.
    pub version: &'static str,
    /// The URL that gave it.
    pub url: String,
    /// The URLs that redirects led to, in order.
    pub redirects: Vec<String>,
    /// Who gave it.
    pub ip: Option<IpAddr>,
    /// The certificate of the server, in words why it does not read; none where no TLS was spoken.
    pub certificate: Option<Result<Certificate, String>>,
    /// Headers in order, names in lower case, bytes that are not UTF-8 replaced.
    pub headers: Vec<(String, String)>,
    /// The body, its chunks put together and, where that was asked for, decompressed.
    pub body: Bytes,
    /// From connecting to the last byte, redirects included.
    pub took: Duration,
}

impl Answer {
    /// The values of a header, in order; the name is compared without case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of a cookie that the answer sets; the last one where it sets it twice.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.header("set-cookie")
            .filter_map(|line| line.split(';').next()?.split_once('='))
            .filter(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim())
            .last()
    }

    /// An attribute of a cookie that the answer sets: its value, empty where it has none; the name is compared without case.
    pub fn cookie_attribute(&self, name: &str, attribute: &str) -> Option<&str> {
        let line = self.header("set-cookie").filter(|line| {
            line.split(';').next().and_then(|pair| pair.split_once('=')).is_some_and(|(key, _)| key.trim() == name)
        });
        let attributes = line.last()?.split(';').skip(1).map(|part| part.split_once('=').unwrap_or((part, "")));
        attributes.filter(|(key, _)| key.trim().eq_ignore_ascii_case(attribute)).map(|(_, value)| value.trim()).last()
    }
}
