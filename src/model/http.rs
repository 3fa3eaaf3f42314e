use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;

use super::{HttpVersion, Text};
use crate::source::Spanned;

/// An HTTP request.
#[derive(Debug, Clone)]
pub struct HttpRequest {
    /// `GET`.
    pub method: Spanned<String>,
    /// Absolute, or relative to the target.
    pub url: Text,
    /// Query parameters, added to those of `url`.
    pub query: Vec<(String, Text)>,
    /// Headers.
    pub headers: Vec<(String, Text)>,
    /// Cookies, besides those that earlier answers set.
    pub cookies: Vec<(String, Text)>,
    /// The body.
    pub body: Option<Body>,
    /// User and password.
    pub basic_auth: Option<(Text, Text)>,
    /// A bearer token.
    pub bearer: Option<Text>,
    /// Follow redirects.
    pub follow: bool,
    /// How many redirects at most; the client's own limit where it is not said.
    pub max_redirects: Option<u32>,
    /// From connecting to the last byte.
    pub timeout: Duration,
    /// Until the connection stands.
    pub connect_timeout: Option<Duration>,
    /// Take any certificate.
    pub insecure: bool,
    /// The certificates to trust; relative to the pipeline's directory.
    pub ca: Option<Spanned<PathBuf>>,
    /// Ask for a compressed answer.
    pub compressed: bool,
    /// The version of HTTP to speak.
    pub version: Option<HttpVersion>,
}

/// A request's body.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON, sent with its content type.
    Json(Text),
    /// Sent as it is.
    Text(Text),
    /// `application/x-www-form-urlencoded`.
    Form(IndexMap<String, Text>),
    /// `multipart/form-data`.
    Multipart(Vec<Part>),
    /// A file's bytes; relative to the pipeline's directory.
    File(Spanned<PathBuf>),
}

/// A part of a multipart body.
#[derive(Debug, Clone)]
pub enum Part {
    /// Text.
    Field {
        /// The field's name.
        name: String,
        /// Its value.
        value: Text,
    },
    /// A file's bytes.
    File {
        /// The field's name.
        name: Text,
        /// Relative to the pipeline's directory.
        path: Spanned<PathBuf>,
        /// Its content type; that of any bytes where it is not said.
        content_type: Option<Text>,
        /// What it is called there; the last part of its path where it is not said.
        filename: Option<Text>,
    },
}

impl HttpRequest {
    /// Looks at each text of it.
    pub fn texts(&self, look: &mut dyn FnMut(&Text)) {
        look(&self.url);
        self.query.iter().chain(&self.headers).chain(&self.cookies).for_each(|(_, value)| look(value));
        self.basic_auth.iter().flat_map(|(user, password)| [user, password]).chain(&self.bearer).for_each(&mut *look);
        match &self.body {
            Some(Body::Json(text) | Body::Text(text)) => look(text),
            Some(Body::Form(fields)) => fields.values().for_each(look),
            Some(Body::Multipart(parts)) => parts.iter().for_each(|part| part.texts(look)),
            Some(Body::File(_)) | None => {}
        }
    }
}

impl Part {
    fn texts(&self, look: &mut dyn FnMut(&Text)) {
        match self {
            Part::Field { value, .. } => look(value),
            Part::File { name, content_type, filename, .. } => {
                look(name);
                content_type.iter().chain(filename).for_each(look);
            }
        }
    }
}
