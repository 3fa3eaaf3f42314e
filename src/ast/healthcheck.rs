use std::time::Duration;

use super::reader::Reader;
use super::{Language, Words};
use crate::source::{Span, Spanned};

/// `healthcheck TEST interval=… retries=…`.
#[derive(Debug, Clone, PartialEq)]
pub struct Healthcheck {
    /// What is tried; missing only where a diagnostic says so.
    pub test: Option<HealthTest>,
    /// The pause between two tries.
    pub interval: Option<Spanned<Duration>>,
    /// How long one try may take.
    pub timeout: Option<Spanned<Duration>>,
    /// How many failures are borne; at least 1.
    pub retries: Option<Spanned<u32>>,
    /// Time to come up in which failures do not count.
    pub start_period: Option<Spanned<Duration>>,
    /// The pause between tries within the start period.
    pub start_interval: Option<Spanned<Duration>>,
    /// How many passes in a row make it ready; at least 1.
    pub successes: Option<Spanned<u32>>,
    /// How long the passes must span.
    pub stable: Option<Spanned<Duration>>,
    /// The whole node.
    pub span: Span,
}

/// What a healthcheck tries.
#[derive(Debug, Clone, PartialEq)]
pub enum HealthTest {
    /// `healthcheck "command line"`.
    Shell {
        /// The line, or lines.
        script: Spanned<String>,
        /// What its annotation says of it; without one it is for the image's shell.
        language: Option<Spanned<Language>>,
    },
    /// `healthcheck { command A B }`.
    Command(Words),
    /// `healthcheck http="/path" port=8000 status=200 body-contains="ok"`.
    Http {
        /// The path.
        path: Spanned<String>,
        /// The container's port; the service's only port where it is missing.
        port: Option<Spanned<u16>>,
        /// The status wanted.
        status: Option<Spanned<u16>>,
        /// Must be in the body.
        body_contains: Option<Spanned<String>>,
    },
    /// `healthcheck tcp=5432`.
    Tcp(Spanned<u16>),
    /// `healthcheck log="listening on .*"`: an expression that a line of the output matches.
    Log(Spanned<String>),
    /// `healthcheck image`: what the image declares; the word's place.
    Image(Span),
    /// `healthcheck none`; the word's place.
    None(Span),
}

impl Healthcheck {
    pub(super) fn decode(node: Reader<'_>) -> Self {
        Healthcheck {
            test: HealthTest::decode(node),
            interval: node.property("interval"),
            timeout: node.property("timeout"),
            retries: node.property("retries"),
            start_period: node.property("start-period"),
            start_interval: node.property("start-interval"),
            successes: node.property("successes"),
            stable: node.property("stable"),
            span: node.span(),
        }
    }
}

impl HealthTest {
    fn decode(node: Reader<'_>) -> Option<Self> {
        if let Some(line) = node.argument::<String>(0) {
            return Some(match line.value.as_str() {
                "none" => HealthTest::None(line.span),
                "image" => HealthTest::Image(line.span),
                _ => HealthTest::Shell { script: line, language: Language::of_argument(node, 0) },
            });
        }
        if let Some(path) = node.property("http") {
            return Some(HealthTest::Http {
                path,
                port: node.property("port"),
                status: node.property("status"),
                body_contains: node.property("body-contains"),
            });
        }
        if let Some(pattern) = node.property("log") {
            return Some(HealthTest::Log(pattern));
        }
        node.property("tcp").map(HealthTest::Tcp).or_else(|| node.words("command").map(HealthTest::Command))
    }
}
