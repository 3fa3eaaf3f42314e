use super::Grammar;
use super::reader::{Reader, words};
use crate::source::Spanned;

/// What is looked at, in what a probe found. `T` is a text: as written here, with its holes resolved in the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Query<T = Spanned<String>> {
    /// What one word asks for.
    Fact(Fact),
    /// The value of a header; the name is compared without case.
    Header(T),
    /// The value of a cookie that the answer sets.
    Cookie(T),
    /// What a JSONPath selects.
    Json(T),
    /// What an XPath selects.
    Xml(T),
    /// The first group, or all, of what a regular expression matches.
    Regex(T),
    /// A part of the server's certificate.
    Certificate(CertificateField),
    /// A cell of a table: the row from 0, and the column's name.
    Cell(u64, T),
    /// The value of a variable of an image.
    Env(T),
    /// The value of a label of an image.
    Label(T),
    /// A text of the author's own, its holes filled in.
    Value(T),
}

/// What one word asks for. A probe answers those that the schema table lists for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is its word, which the schema table describes")]
pub enum Fact {
    Status,
    Version,
    Url,
    Redirects,
    Ip,
    Body,
    Bytes,
    Lines,
    Size,
    Sha256,
    Sha512,
    Md5,
    Duration,
    Open,
    Refused,
    Banner,
    Exit,
    Stdout,
    Stderr,
    Text,
    Exists,
    Kind,
    Mode,
    Uid,
    Gid,
    Owner,
    Group,
    Link,
    State,
    Health,
    Restarts,
    OomKilled,
    ExitCode,
    StartedIn,
    PeakMemory,
    Memory,
    Cpu,
    Pids,
    Received,
    Sent,
    User,
    Labels,
    Entrypoint,
    Command,
    Workdir,
    Exposed,
    Volumes,
    Layers,
    Digest,
    Platform,
    Rows,
    RowCount,
    Columns,
    Scalar,
    Affected,
    Error,
    Reply,
    Addresses,
    Records,
    StoppedIn,
    Killed,
}

/// A part of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateField {
    /// Whom it is for.
    Subject,
    /// Who gave it.
    Issuer,
    /// From when on it is good.
    StartDate,
    /// Until when it is good.
    ExpireDate,
    /// Its number.
    SerialNumber,
    /// The names and addresses that it is good for.
    SubjectAltNames,
    /// All of it, in PEM.
    Pem,
}

/// The type of what a query finds, where it is the same whatever the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactType {
    /// A number.
    Number,
    /// `#true` or `#false`.
    Bool,
    /// Text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

/// Each word with what it asks for.
const FACTS: &[(&str, Fact)] = &[
    ("status", Fact::Status),
    ("version", Fact::Version),
    ("url", Fact::Url),
    ("redirects", Fact::Redirects),
    ("ip", Fact::Ip),
    ("body", Fact::Body),
    ("bytes", Fact::Bytes),
    ("lines", Fact::Lines),
    ("size", Fact::Size),
    ("sha256", Fact::Sha256),
    ("sha512", Fact::Sha512),
    ("md5", Fact::Md5),
    ("duration", Fact::Duration),
    ("open", Fact::Open),
    ("refused", Fact::Refused),
    ("banner", Fact::Banner),
    ("exit", Fact::Exit),
    ("stdout", Fact::Stdout),
    ("stderr", Fact::Stderr),
    ("text", Fact::Text),
    ("exists", Fact::Exists),
    ("kind", Fact::Kind),
    ("mode", Fact::Mode),
    ("uid", Fact::Uid),
    ("gid", Fact::Gid),
    ("owner", Fact::Owner),
    ("group", Fact::Group),
    ("link", Fact::Link),
    ("state", Fact::State),
    ("health", Fact::Health),
    ("restarts", Fact::Restarts),
    ("oom-killed", Fact::OomKilled),
    ("exit-code", Fact::ExitCode),
    ("started-in", Fact::StartedIn),
    ("peak-memory", Fact::PeakMemory),
    ("memory", Fact::Memory),
    ("cpu", Fact::Cpu),
    ("pids", Fact::Pids),
    ("received", Fact::Received),
    ("sent", Fact::Sent),
    ("user", Fact::User),
    ("labels", Fact::Labels),
    ("entrypoint", Fact::Entrypoint),
    ("command", Fact::Command),
    ("workdir", Fact::Workdir),
    ("exposed", Fact::Exposed),
    ("volumes", Fact::Volumes),
    ("layers", Fact::Layers),
    ("digest", Fact::Digest),
    ("platform", Fact::Platform),
    ("rows", Fact::Rows),
    ("row-count", Fact::RowCount),
    ("columns", Fact::Columns),
    ("scalar", Fact::Scalar),
    ("affected", Fact::Affected),
    ("error", Fact::Error),
    ("reply", Fact::Reply),
    ("addresses", Fact::Addresses),
    ("records", Fact::Records),
    ("stopped-in", Fact::StoppedIn),
    ("killed", Fact::Killed),
];

words!(CertificateField:
    "subject" => CertificateField::Subject,
    "issuer" => CertificateField::Issuer,
    "start-date" => CertificateField::StartDate,
    "expire-date" => CertificateField::ExpireDate,
    "serial-number" => CertificateField::SerialNumber,
    "subject-alt-names" => CertificateField::SubjectAltNames,
    "pem" => CertificateField::Pem,
);

impl CertificateField {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            CertificateField::Subject => "subject",
            CertificateField::Issuer => "issuer",
            CertificateField::StartDate => "start-date",
            CertificateField::ExpireDate => "expire-date",
            CertificateField::SerialNumber => "serial-number",
            CertificateField::SubjectAltNames => "subject-alt-names",
            CertificateField::Pem => "pem",
        }
    }
}

impl Query {
    /// The query whose word is the argument `at`, and the number of arguments before what follows it.
    pub(super) fn decode(node: Reader<'_>, at: usize) -> Option<(Self, usize)> {
        let word: Spanned<String> = node.argument(at)?;
        let next = at + 1;
        let text = || node.argument(next);
        Some(match word.value.as_str() {
            "header" => (Query::Header(text()?), at + 2),
            "cookie" => (Query::Cookie(text()?), at + 2),
            "json" => (Query::Json(text()?), at + 2),
            "xml" => (Query::Xml(text()?), at + 2),
            "regex" => (Query::Regex(text()?), at + 2),
            "env" => (Query::Env(text()?), at + 2),
            "label" => (Query::Label(text()?), at + 2),
            "value" => (Query::Value(text()?), at + 2),
            "certificate" => {
                let field: Spanned<CertificateField> = node.argument(next)?;
                (Query::Certificate(field.value), at + 2)
            }
            "cell" => {
                let row: Spanned<u64> = node.argument(next)?;
                (Query::Cell(row.value, node.argument(at + 2)?), at + 3)
            }
            word => (Query::Fact(Fact::named(word)?), next),
        })
    }
}

impl<T> Query<T> {
    /// The same query with other texts; `f` is told what each text is held to.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> Query<U> {
        match self {
            Query::Fact(fact) => Query::Fact(*fact),
            Query::Header(name) => Query::Header(f(name, Grammar::HeaderName)),
            Query::Cookie(name) => Query::Cookie(f(name, Grammar::Free)),
            Query::Json(path) => Query::Json(f(path, Grammar::JsonPath)),
            Query::Xml(path) => Query::Xml(f(path, Grammar::XPath)),
            Query::Regex(pattern) => Query::Regex(f(pattern, Grammar::Regex)),
            Query::Certificate(field) => Query::Certificate(*field),
            Query::Cell(row, column) => Query::Cell(*row, f(column, Grammar::Free)),
            Query::Env(name) => Query::Env(f(name, Grammar::Free)),
            Query::Label(name) => Query::Label(f(name, Grammar::Free)),
            Query::Value(text) => Query::Value(f(text, Grammar::Free)),
        }
    }

    /// Its word.
    pub fn word(&self) -> &'static str {
        match self {
            Query::Fact(fact) => fact.word(),
            Query::Header(_) => "header",
            Query::Cookie(_) => "cookie",
            Query::Json(_) => "json",
            Query::Xml(_) => "xml",
            Query::Regex(_) => "regex",
            Query::Certificate(_) => "certificate",
            Query::Cell(..) => "cell",
            Query::Env(_) => "env",
            Query::Label(_) => "label",
            Query::Value(_) => "value",
        }
    }

    /// The type of what it finds, where that is known beforehand.
    pub fn finds(&self) -> Option<FactType> {
        match self {
            Query::Fact(fact) => fact.ty(),
            Query::Certificate(CertificateField::SubjectAltNames) => Some(FactType::List),
            Query::Regex(_) | Query::Env(_) | Query::Label(_) | Query::Certificate(_) | Query::Value(_) => {
                Some(FactType::Text)
            }
            // A repeated header is a list, a cell is what the database makes of it.
            Query::Header(_) | Query::Cookie(_) | Query::Json(_) | Query::Xml(_) | Query::Cell(..) => None,
        }
    }
}

impl Fact {
    /// The one that `word` asks for.
    pub(super) fn named(word: &str) -> Option<Self> {
        FACTS.iter().find(|(own, _)| *own == word).map(|(_, fact)| *fact)
    }

    /// The word that asks for it.
    pub fn word(self) -> &'static str {
        FACTS.iter().find(|(_, fact)| *fact == self).map_or("", |(word, _)| word)
    }

    /// The type of what it finds, where that is known beforehand.
    pub fn ty(self) -> Option<FactType> {
        Some(match self {
            Fact::Status
            | Fact::Size
            | Fact::Duration
            | Fact::Exit
            | Fact::Uid
            | Fact::Gid
            | Fact::Restarts
            | Fact::ExitCode
            | Fact::StartedIn
            | Fact::PeakMemory
            | Fact::Memory
            | Fact::Cpu
            | Fact::Pids
            | Fact::Received
            | Fact::Sent
            | Fact::Layers
            | Fact::RowCount
            | Fact::Affected
            | Fact::StoppedIn => FactType::Number,
            Fact::Open | Fact::Refused | Fact::Exists | Fact::OomKilled | Fact::Killed => FactType::Bool,
            Fact::Version
            | Fact::Url
            | Fact::Ip
            | Fact::Body
            | Fact::Bytes
            | Fact::Sha256
            | Fact::Sha512
            | Fact::Md5
            | Fact::Banner
            | Fact::Stdout
            | Fact::Stderr
            | Fact::Text
            | Fact::Error
            | Fact::Kind
            | Fact::Mode
            | Fact::Owner
            | Fact::Group
            | Fact::Link
            | Fact::State
            | Fact::Health
            | Fact::User
            | Fact::Workdir
            | Fact::Digest
            | Fact::Platform => FactType::Text,
            Fact::Lines
            | Fact::Redirects
            | Fact::Entrypoint
            | Fact::Command
            | Fact::Exposed
            | Fact::Volumes
            | Fact::Rows
            | Fact::Columns
            | Fact::Addresses
            | Fact::Records => FactType::List,
            Fact::Labels => FactType::Object,
            Fact::Scalar | Fact::Reply => return None,
        })
    }
}

/// Whether a path is a singular query of RFC 9535: names and indexes only, so that it names one place or none.
pub fn names_one_place(path: &str) -> bool {
    let (mut quote, mut escaped, mut last) = (None, false, ' ');
    for c in path.chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if matches!(c, '*' | '?' | ',' | ':') || (c == '.' && last == '.') => return false,
            None => {}
        }
        last = c;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Type, find};

    #[test]
    fn every_query_of_the_table_is_known_and_every_known_one_is_in_the_table() {
        let probes = [
            "http",
            "tcp",
            "exec",
            "run",
            "logs",
            "file",
            "container",
            "stats",
            "image",
            "sql",
            "redis",
            "dns",
            "stop",
        ];
        let mut seen = std::collections::BTreeSet::new();
        for probe in probes {
            let node = find(&format!("acceptance.test.{probe}.expect")).expect("a probe has `expect`");
            let Type::Word(words) = node.arguments[0].ty else { panic!("`{probe}`") };
            for word in words.iter() {
                assert!(!word.takes.is_empty() || Fact::named(word.word).is_some(), "`{probe}` has `{}`", word.word);
                seen.insert(word.word);
            }
        }
        for (word, fact) in FACTS {
            assert!(seen.contains(word), "nothing answers `{word}`");
            assert_eq!(fact.word(), *word);
        }
    }
}
