use std::time::Duration;

use base64::Engine as _;
use bytes::Bytes;
pub use url::Url;

use super::{ErrorKind, HttpError, Trust};
use crate::model::HttpVersion;

/// A request, with everything filled in.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`.
    pub method: String,
    /// Where to; absolute. User and password in it become basic authentication.
    pub url: Url,
    /// Headers; they win over those that the client would send itself.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Bytes>,
    /// Follow redirects.
    pub follow: bool,
    /// How many redirects at most; beyond them there is no answer.
    pub max_redirects: usize,
    /// From connecting to the last byte, redirects included.
    pub timeout: Duration,
    /// Until a connection stands, its TLS included; the whole time-out where it is not said.
    pub connect_timeout: Option<Duration>,
    /// Whose certificates are taken.
    pub trust: Trust,
    /// Ask for a compressed answer, and decompress it.
    pub compressed: bool,
    /// The version to speak; over TLS the best that both know, and 1.1 otherwise, where it is not said.
    pub version: Option<HttpVersion>,
}

/// How many redirects are followed, as browsers and curl do by default (in that order of magnitude).
const REDIRECTS: usize = 10;

impl Request {
    /// A request without headers and body, that does not follow redirects.
    pub fn new(method: impl Into<String>, url: Url, timeout: Duration) -> Self {
        Request {
            method: method.into(),
            url,
            headers: Vec::new(),
            body: None,
            follow: false,
            max_redirects: REDIRECTS,
            timeout,
            connect_timeout: None,
            trust: Trust::System,
            compressed: false,
            version: None,
        }
    }

    /// Whether a header of this name is set; compared without case.
    pub fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name))
    }

    /// Sets a header unless the author has set it.
    pub fn default_header(&mut self, name: &str, value: impl Into<String>) {
        if !self.has_header(name) {
            self.headers.push((name.to_owned(), value.into()));
        }
    }

    /// Adds query parameters, percent-encoded.
    pub fn add_query<'a>(&mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let mut pairs = pairs.into_iter().peekable();
        if pairs.peek().is_some() {
            self.url.query_pairs_mut().extend_pairs(pairs);
        }
    }

    /// Sends cookies, `name=value; …`, besides those that earlier answers set and the author's own header.
    pub fn add_cookies(&mut self, line: &str) {
        match self.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("cookie")) {
            Some((_, value)) => *value = format!("{value}; {line}"),
            None => self.headers.push(("Cookie".to_owned(), line.to_owned())),
        }
    }

    /// Sends user and password.
    pub fn basic_auth(&mut self, user: &str, password: &str) {
        let token = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        self.default_header("Authorization", format!("Basic {token}"));
    }
}

/// `text` as an absolute `http` or `https` URL, resolved against `base` where it is relative.
pub fn parse_url(text: &str, base: Option<&Url>) -> Result<Url, HttpError> {
    let parsed = match Url::parse(text) {
        Err(url::ParseError::RelativeUrlWithoutBase) => match base {
            Some(base) => base.join(text),
            None => {
                return Err(HttpError::new(
                    ErrorKind::BadRequest,
                    format!("the URL `{text}` is relative, and there is no target"),
                ));
            }
        },
        parsed => parsed,
    };
    let url =
        parsed.map_err(|error| HttpError::new(ErrorKind::BadRequest, format!("`{text}` is not a URL: {error}")))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => {
            Err(HttpError::new(ErrorKind::Scheme, format!("`{text}`: `{other}` is not spoken, only http and https")))
        }
    }
}

/// The body and content type of a form.
pub fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("http://127.0.0.1:32771").expect("a URL")
    }

    #[test]
    fn relative_urls_go_to_the_target() {
        assert_eq!(parse_url("/todos?a=1", Some(&base())).unwrap().as_str(), "http://127.0.0.1:32771/todos?a=1");
        assert_eq!(parse_url("todos", Some(&base())).unwrap().as_str(), "http://127.0.0.1:32771/todos");
        assert_eq!(parse_url("https://other/x", Some(&base())).unwrap().as_str(), "https://other/x");
    }

    #[test]
    fn what_is_not_http_is_refused() {
        assert_eq!(parse_url("ftp://x/", None).unwrap_err().kind, ErrorKind::Scheme);
        assert_eq!(parse_url("/todos", None).unwrap_err().kind, ErrorKind::BadRequest);
        assert_eq!(parse_url("http://[", None).unwrap_err().kind, ErrorKind::BadRequest);
    }

    #[test]
    fn query_parameters_are_added_and_encoded() {
        let mut request = Request::new("GET", parse_url("/a?x=1", Some(&base())).unwrap(), Duration::from_secs(1));
        request.add_query([("q", "a b&c"), ("é", "")]);
        assert_eq!(request.url.query(), Some("x=1&q=a+b%26c&%C3%A9="));
        let mut plain = Request::new("GET", base(), Duration::from_secs(1));
        plain.add_query([]);
        assert_eq!(plain.url.query(), None);
    }

    #[test]
    fn the_authors_header_wins() {
        let mut request = Request::new("GET", base(), Duration::from_secs(1));
        request.headers.push(("authorization".into(), "mine".into()));
        request.basic_auth("u", "p");
        assert_eq!(request.headers.len(), 1);
    }
}
