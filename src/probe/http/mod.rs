//! A client for HTTP/1 as tests and healthchecks need it: one connection an exchange, so that nothing is answered from the
//! state of an earlier one; no proxy, no cache, no decompression. TLS is not spoken: an `https` URL is an error.
//!
//! Main type: [`Client`].

mod answer;
mod client;
mod connection;
mod cookies;
mod curl;
mod error;
mod multipart;
mod request;

#[cfg(test)]
pub(in crate::probe) mod server;

pub use answer::{Answer, BODY_LIMIT};
pub use client::Client;
pub use cookies::Cookies;
pub use curl::{curl_line, response_text};
pub use error::{ErrorKind, HttpError};
pub use multipart::Multipart;
pub use request::{Request, Url, form, parse_url};
