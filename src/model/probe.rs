use std::time::Duration;

use indexmap::IndexMap;

use super::{Capture, Check, Container, DnsRecord, EnvValue, HttpRequest, ImageUse, LogsSince, Name, SqlClient, Text};
use crate::source::{Span, Spanned};

/// One look at something, with what is expected of it.
#[derive(Debug, Clone)]
pub struct Probe {
    /// What is looked at.
    pub look: Look,
    /// What is expected, in order.
    pub checks: Vec<Check>,
    /// What is kept for later probes, in order.
    pub captures: Vec<Capture>,
    /// The whole node.
    pub span: Span,
}

/// What a probe looks at.
#[derive(Debug, Clone)]
pub enum Look {
    /// An HTTP request and its answer.
    Http(Box<HttpRequest>),
    /// A connection.
    Tcp(TcpLook),
    /// A command in a running service.
    Exec(Box<ExecLook>),
    /// A command in a container of its own.
    Run(Box<RunLook>),
    /// What a service wrote.
    Logs {
        /// The service.
        service: Spanned<Name>,
        /// From when on.
        since: LogsSince,
    },
    /// A file.
    File {
        /// In what it lies.
        place: FilePlace,
        /// Where it lies there.
        path: Text,
    },
    /// A service's container.
    Container(Spanned<Name>),
    /// What a service's container uses.
    Stats(Spanned<Name>),
    /// An image.
    Image(Spanned<ImageUse>),
    /// A statement to a database.
    Sql(Box<SqlLook>),
    /// A command to Redis.
    Redis {
        /// Whose.
        service: Spanned<Name>,
        /// The command and its arguments.
        words: Vec<Text>,
        /// How long it may take.
        timeout: Duration,
    },
    /// A name of the run's network.
    Dns {
        /// The name.
        name: Text,
        /// What it resolves to.
        record: DnsRecord,
        /// How long it may take.
        timeout: Duration,
    },
}

/// In what a file is looked at.
#[derive(Debug, Clone)]
pub enum FilePlace {
    /// The container of a service.
    Service(Spanned<Name>),
    /// A declared volume.
    Volume(Spanned<Name>),
    /// An image, of which nothing is run.
    Image(Spanned<ImageUse>),
}

/// A connection to a port of a service.
#[derive(Debug, Clone)]
pub struct TcpLook {
    /// The service.
    pub service: Spanned<Name>,
    /// The container's port.
    pub port: u16,
    /// What is sent once the connection stands.
    pub send: Option<Text>,
    /// How long it may take.
    pub timeout: Duration,
}

/// A command in a running service.
#[derive(Debug, Clone)]
pub struct ExecLook {
    /// The service.
    pub service: Spanned<Name>,
    /// The program and its arguments.
    pub words: Vec<Text>,
    /// What it reads.
    pub stdin: Option<Text>,
    /// Its variables, besides those of the container.
    pub env: IndexMap<String, EnvValue>,
    /// Where it starts.
    pub workdir: Option<Text>,
    /// Who it runs as.
    pub user: Option<Text>,
    /// How long it may take.
    pub timeout: Duration,
}

/// A command in a container of its own.
#[derive(Debug, Clone)]
pub struct RunLook {
    /// The program and its arguments.
    pub words: Vec<Text>,
    /// What it reads.
    pub stdin: Option<Text>,
    /// Its container; the command is `words`.
    pub container: Container,
}

/// A statement to the database of a service.
#[derive(Debug, Clone)]
pub struct SqlLook {
    /// The service.
    pub service: Spanned<Name>,
    /// The statement.
    pub statement: Text,
    /// By which client; `None`: by what the image is known for.
    pub client: Option<SqlClient>,
    /// The database's user.
    pub user: Option<Text>,
    /// The database.
    pub database: Option<Text>,
    /// The user's password.
    pub password: Option<EnvValue>,
    /// How long it may take.
    pub timeout: Duration,
}

impl Probe {
    /// Looks at each text of it, and at each secret.
    pub fn values(&self, look: &mut dyn FnMut(&EnvOrText<'_>)) {
        self.look.values(look);
        let mut text = |text: &Text| look(&EnvOrText::Text(text));
        for check in &self.checks {
            check.map(&mut |it: &Text, _| text(it));
        }
        for capture in &self.captures {
            capture.map(&mut |it: &Text, _| text(it));
        }
    }
}

/// A text or a secret that a probe needs.
#[derive(Debug, Clone, Copy)]
pub enum EnvOrText<'a> {
    /// A text.
    Text(&'a Text),
    /// The value of a variable.
    Env(&'a EnvValue),
    /// A container of its own.
    Container(&'a Container),
}

impl Look {
    fn values(&self, look: &mut dyn FnMut(&EnvOrText<'_>)) {
        let mut text = |text: &Text| look(&EnvOrText::Text(text));
        match self {
            Look::Http(request) => request.texts(&mut text),
            Look::Tcp(tcp) => tcp.send.iter().for_each(text),
            Look::File { path, .. } => text(path),
            Look::Redis { words, .. } => words.iter().for_each(text),
            Look::Dns { name, .. } => text(name),
            Look::Exec(exec) => {
                exec.words.iter().chain(&exec.stdin).chain(&exec.workdir).chain(&exec.user).for_each(text);
                exec.env.values().for_each(|value| look(&EnvOrText::Env(value)));
            }
            Look::Run(run) => {
                run.words.iter().chain(&run.stdin).for_each(text);
                look(&EnvOrText::Container(&run.container));
            }
            Look::Sql(sql) => {
                [&sql.statement].into_iter().chain(&sql.user).chain(&sql.database).for_each(text);
                sql.password.iter().for_each(|value| look(&EnvOrText::Env(value)));
            }
            Look::Logs { .. } | Look::Container(_) | Look::Stats(_) | Look::Image(_) => {}
        }
    }

    /// The word that it begins with.
    pub fn word(&self) -> &'static str {
        match self {
            Look::Http(_) => "http",
            Look::Tcp(_) => "tcp",
            Look::Exec(_) => "exec",
            Look::Run(_) => "run",
            Look::Logs { .. } => "logs",
            Look::File { .. } => "file",
            Look::Container(_) => "container",
            Look::Stats(_) => "stats",
            Look::Image(_) => "image",
            Look::Sql(_) => "sql",
            Look::Redis { .. } => "redis",
            Look::Dns { .. } => "dns",
        }
    }
}
