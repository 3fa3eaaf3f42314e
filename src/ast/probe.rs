use std::time::Duration;

use super::reader::{Reader, words};
use super::{Capture, Check, ContainerSettings, EnvValue, HttpRequest};
use crate::source::{Span, Spanned};

/// One look at something, with what is expected of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// What is looked at.
    pub look: Look,
    /// `expect …`, `require …` and `stop-if …`, in order.
    pub checks: Vec<Check>,
    /// `capture NAME QUERY`, in order.
    pub captures: Vec<Capture>,
    /// The node's name.
    pub word: Span,
    /// The whole node.
    pub span: Span,
}

/// What a probe looks at.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// `http METHOD URL { … }`.
    Http(Box<HttpRequest>),
    /// `tcp SERVICE PORT`.
    Tcp(TcpLook),
    /// `exec SERVICE A B…`.
    Exec(Box<ExecLook>),
    /// `run IMAGE A B…`.
    Run(Box<RunLook>),
    /// `logs SERVICE`.
    Logs {
        /// Who wrote it.
        service: Spanned<String>,
        /// From when on.
        since: Option<Spanned<LogsSince>>,
    },
    /// `file PLACE PATH`.
    File {
        /// In what: a service, a volume or an image.
        place: Spanned<String>,
        /// Where.
        path: Spanned<String>,
    },
    /// `container SERVICE`.
    Container(Spanned<String>),
    /// `stats SERVICE`.
    Stats(Spanned<String>),
    /// `image NAME`.
    Image(Spanned<String>),
    /// `sql SERVICE "…"`.
    Sql(SqlLook),
    /// `redis SERVICE A B…`.
    Redis {
        /// Whose.
        service: Spanned<String>,
        /// The command and its arguments.
        words: Vec<Spanned<String>>,
        /// How long it may take.
        timeout: Option<Spanned<Duration>>,
    },
    /// `dns NAME type=AAAA`.
    Dns {
        /// What is resolved.
        name: Spanned<String>,
        /// To what.
        record: Option<Spanned<DnsRecord>>,
        /// How long it may take.
        timeout: Option<Spanned<Duration>>,
    },
}

/// `tcp SERVICE PORT send="…" timeout="1s"`.
#[derive(Debug, Clone, PartialEq)]
pub struct TcpLook {
    /// The service.
    pub service: Spanned<String>,
    /// The container's port; the service's only port where it is missing.
    pub port: Option<Spanned<u16>>,
    /// What is sent once the connection stands.
    pub send: Option<Spanned<String>>,
    /// How long it may take.
    pub timeout: Option<Spanned<Duration>>,
    /// The node's name and arguments.
    pub span: Span,
}

/// `exec SERVICE A B… { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExecLook {
    /// The service.
    pub service: Spanned<String>,
    /// The program and its arguments.
    pub words: Vec<Spanned<String>>,
    /// `stdin "…"`.
    pub stdin: Option<Spanned<String>>,
    /// `env`, `workdir`, `user` and `timeout`; nothing else stands there.
    pub settings: ContainerSettings,
}

/// `run IMAGE A B… { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct RunLook {
    /// The program and its arguments.
    pub words: Vec<Spanned<String>>,
    /// `stdin "…"`.
    pub stdin: Option<Spanned<String>>,
    /// Its container; the image stands there, and neither `command` nor `needs` does.
    pub settings: ContainerSettings,
}

/// `sql SERVICE "…" client=postgres`.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlLook {
    /// The service.
    pub service: Spanned<String>,
    /// The statement.
    pub statement: Spanned<String>,
    /// Which client; by the image where it is missing.
    pub client: Option<Spanned<SqlClient>>,
    /// The database's user.
    pub user: Option<Spanned<String>>,
    /// The database.
    pub database: Option<Spanned<String>>,
    /// `password (secret)NAME`.
    pub password: Option<EnvValue>,
    /// How long it may take.
    pub timeout: Option<Spanned<Duration>>,
}

/// From when on a log is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogsSince {
    /// Since the test began.
    #[default]
    Test,
    /// Since the service started.
    Start,
}

/// A client of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlClient {
    /// `mariadb`.
    Mariadb,
    /// `mysql`.
    Mysql,
    /// `psql`.
    Postgres,
    /// `sqlite3`.
    Sqlite,
}

/// A type of a record of a name server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DnsRecord {
    /// IPv4 addresses.
    #[default]
    A,
    /// IPv6 addresses.
    Aaaa,
    /// The name that a name stands for.
    Cname,
    /// Hosts and ports of a service.
    Srv,
}

words!(LogsSince:
    "test" => LogsSince::Test,
    "start" => LogsSince::Start,
);

words!(SqlClient:
    "mariadb" => SqlClient::Mariadb,
    "mysql" => SqlClient::Mysql,
    "postgres" => SqlClient::Postgres,
    "sqlite" => SqlClient::Sqlite,
);

words!(DnsRecord:
    "A" => DnsRecord::A,
    "AAAA" => DnsRecord::Aaaa,
    "CNAME" => DnsRecord::Cname,
    "SRV" => DnsRecord::Srv,
);

impl Probe {
    /// A probe; nothing of other nodes.
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let look = Look::decode(node)?;
        Some(Probe {
            look,
            checks: node.all().filter_map(Check::decode).collect(),
            captures: node.children("capture").filter_map(Capture::decode).collect(),
            word: node.name().span,
            span: node.span(),
        })
    }

    /// The probes in `parent`.
    pub(super) fn decode_all(parent: Reader<'_>) -> Vec<Self> {
        parent.all().filter_map(Probe::decode).collect()
    }
}

impl Look {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(match node.name().value.as_str() {
            "http" => Look::Http(Box::new(HttpRequest::decode(node)?)),
            "tcp" => Look::Tcp(TcpLook {
                service: node.argument(0)?,
                port: node.argument(1),
                send: node.property("send"),
                timeout: node.property("timeout"),
                span: node.entries().last().map_or(node.name().span, |last| node.name().span.to(last.span)),
            }),
            "exec" => Look::Exec(Box::new(ExecLook {
                service: node.argument(0)?,
                words: node.arguments(1),
                stdin: node.value("stdin"),
                settings: ContainerSettings::decode(node),
            })),
            "run" => {
                let image = node.argument(0)?;
                let settings = ContainerSettings { image: Some(image), ..ContainerSettings::decode(node) };
                Look::Run(Box::new(RunLook { words: node.arguments(1), stdin: node.value("stdin"), settings }))
            }
            "logs" => Look::Logs { service: node.argument(0)?, since: node.property("since") },
            "file" => Look::File { place: node.argument(0)?, path: node.argument(1)? },
            "container" => Look::Container(node.argument(0)?),
            "stats" => Look::Stats(node.argument(0)?),
            "image" => Look::Image(node.argument(0)?),
            "sql" => Look::Sql(SqlLook::decode(node)?),
            "redis" => {
                Look::Redis { service: node.argument(0)?, words: node.arguments(1), timeout: node.value("timeout") }
            }
            "dns" => {
                Look::Dns { name: node.argument(0)?, record: node.property("type"), timeout: node.property("timeout") }
            }
            _ => return None,
        })
    }
}

impl SqlLook {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(SqlLook {
            service: node.argument(0)?,
            statement: node.argument(1)?,
            client: node.property("client"),
            user: node.property("user"),
            database: node.property("database"),
            password: node.child("password").and_then(|password| {
                let entry = password.entry(0)?;
                let is_secret = entry.annotation.as_ref().is_some_and(|annotation| annotation.value == "secret");
                let value = password.read(entry)?;
                Some(if is_secret { EnvValue::Secret(value) } else { EnvValue::Text(value) })
            }),
            timeout: node.property("timeout"),
        })
    }
}
