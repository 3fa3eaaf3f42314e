use std::fmt;
use std::io;

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpError {
    /// To branch on.
    pub kind: ErrorKind,
    /// In words: ``nobody listens at `127.0.0.1:8000` ``.
    pub message: String,
}

/// Why no answer came, to branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The URL, the method or a header cannot be sent.
    BadRequest,
    /// The host has no address.
    Dns,
    /// Nobody listens there.
    Refused,
    /// There is no way there.
    Unreachable,
    /// The connection was broken.
    Reset,
    /// The connection was closed before the answer was whole.
    Closed,
    /// No whole answer in time.
    TimedOut,
    /// What came is not HTTP.
    NotHttp,
    /// The body is larger than [`BODY_LIMIT`](super::BODY_LIMIT).
    TooLarge,
    /// Redirects without end.
    TooManyRedirects,
    /// A scheme that is not spoken.
    Scheme,
    /// TLS failed: the certificate is not trusted, or the server speaks none.
    Tls,
    /// What was compressed cannot be decompressed.
    Encoding,
}

impl HttpError {
    /// An error of `kind`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        HttpError { kind, message: message.into() }
    }

    /// What the operating system said while talking to `place`.
    pub(super) fn from_io(error: &io::Error, place: &str) -> Self {
        use io::ErrorKind as Io;
        match error.kind() {
            Io::ConnectionRefused => Self::new(ErrorKind::Refused, format!("nobody listens at `{place}`")),
            Io::ConnectionReset | Io::BrokenPipe | Io::ConnectionAborted => {
                Self::new(ErrorKind::Reset, format!("`{place}` broke the connection"))
            }
            Io::UnexpectedEof => Self::new(ErrorKind::Closed, format!("`{place}` closed the connection")),
            Io::TimedOut => Self::new(ErrorKind::TimedOut, format!("`{place}` does not take the connection")),
            _ => Self::new(ErrorKind::Unreachable, format!("`{place}` cannot be reached: {error}")),
        }
    }

    /// What rustls said while TLS was agreed upon with `place`.
    pub(super) fn from_tls(error: &io::Error, place: &str) -> Self {
        use tokio_rustls::rustls::Error as Tls;
        match error.get_ref().and_then(|error| error.downcast_ref::<Tls>()) {
            Some(Tls::InvalidCertificate(why)) => {
                Self::new(ErrorKind::Tls, format!("the certificate of `{place}` is not trusted: {why}"))
            }
            Some(Tls::InvalidMessage(_)) => Self::new(ErrorKind::Tls, format!("`{place}` does not speak TLS")),
            Some(error) => Self::new(ErrorKind::Tls, format!("TLS with `{place}` fails: {error}")),
            None if error.kind() == io::ErrorKind::UnexpectedEof => {
                Self::new(ErrorKind::Tls, format!("`{place}` closed the connection instead of speaking TLS"))
            }
            None => Self::from_io(error, place),
        }
    }

    /// What hyper said while talking to `place`.
    pub(super) fn from_hyper(error: &hyper::Error, place: &str) -> Self {
        if error.is_parse() {
            return Self::new(ErrorKind::NotHttp, format!("what `{place}` answers is not HTTP: {error}"));
        }
        let early =
            || Self::new(ErrorKind::Closed, format!("`{place}` closed the connection before its answer was whole"));
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = cause {
            match error.downcast_ref::<io::Error>() {
                Some(error) if error.kind() == io::ErrorKind::UnexpectedEof => return early(),
                // The sizes of chunks, and what follows the last of them.
                Some(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                    return Self::new(ErrorKind::NotHttp, format!("the answer of `{place}` cannot be read: {error}"));
                }
                Some(error) => return Self::from_io(error, place),
                None => cause = error.source(),
            }
        }
        if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            return early();
        }
        Self::new(ErrorKind::NotHttp, format!("the answer of `{place}` cannot be read: {error}"))
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for HttpError {}
