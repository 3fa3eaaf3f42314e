//! A client for HTTP/1 and HTTP/2, with TLS and without, as tests and healthchecks need it: no proxy and no cache. Answers are read
//! whole and bounded, connections are used again while they stand.
//!
//! Main type: [`Client`].

mod answer;
mod certificate;
mod client;
mod compression;
mod connection;
mod connections;
mod cookies;
mod curl;
mod error;
mod exchange;
mod multipart;
mod request;
mod trust;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod secure;
#[cfg(test)]
pub(in crate::probe) mod server;

pub use answer::{Answer, BODY_LIMIT};
pub use certificate::Certificate;
pub use client::Client;
#[cfg(test)]
pub(in crate::probe) use compression::BROTLI_BOMB;
pub use connections::Connections;
pub use cookies::Cookies;
pub use curl::{curl_line, response_text};
pub use error::{ErrorKind, HttpError};
pub use multipart::Multipart;
pub use request::{Request, Url, form, parse_url};
pub use trust::Trust;
