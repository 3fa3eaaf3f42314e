use super::super::{Argument, Type, Word};

/// What an HTTP answer tells.
pub static HTTP: &[Word] = &[
    Word::new("status", "the status code"),
    Word::new("version", "the version of HTTP, such as `1.1`"),
    Word::new("url", "the URL, after redirects"),
    Word::new("redirects", "the URLs that redirects led to, a list"),
    Word::new("ip", "the address of the server that answered"),
    HEADER,
    COOKIE,
    BODY,
    BYTES,
    LINES,
    SIZE,
    SHA256,
    SHA512,
    MD5,
    JSON,
    XML,
    REGEX,
    DURATION,
    Word::new("certificate", "a part of the server's certificate").takes(CERTIFICATE),
    Word::new("value", "a text of your own, its holes filled in: what was captured before").takes(TEXT),
];

/// What a connection tells.
pub static TCP: &[Word] = &[
    Word::new("open", "whether the port accepts connections"),
    Word::new("refused", "whether the port refuses them, as one does where nobody listens"),
    Word::new("banner", "what the other side says, up to the time-out or its first line"),
    DURATION,
];

/// What a command tells.
pub static COMMAND: &[Word] = &[
    Word::new("exit", "the exit code"),
    Word::new("stdout", "the output"),
    Word::new("stderr", "the error output"),
    Word::new("lines", "the lines of the output"),
    Word::new("json", "what a JSONPath selects in the output").takes(PATH),
    Word::new("xml", "what an XPath selects in the output").takes(XPATH),
    Word::new("regex", "the first group, or all, of what a regular expression matches in the output").takes(PATTERN),
    Word::new("size", "the number of bytes in the output"),
    Word::new("sha256", "the SHA-256 of the output, in hexadecimal"),
    Word::new("sha512", "the SHA-512 of the output, in hexadecimal"),
    Word::new("md5", "the MD5 of the output, in hexadecimal"),
    Word::new("duration", "milliseconds from the command's start to its end"),
];

/// What a log tells.
pub static LOGS: &[Word] = &[
    Word::new("lines", "the lines, oldest first"),
    Word::new("text", "all of it"),
    Word::new("stdout", "what was written as output"),
    Word::new("stderr", "what was written as error output"),
    Word::new("regex", "the first group, or all, of what a regular expression matches").takes(PATTERN),
];

/// What a file in a container tells.
pub static FILE: &[Word] = &[
    Word::new("exists", "whether it is there"),
    Word::new("kind", "`file`, `directory`, `link` or `other`"),
    Word::new("mode", "its permissions, such as `\"0644\"`"),
    Word::new("uid", "the number of its owner"),
    Word::new("gid", "the number of its group"),
    Word::new("owner", "the name of its owner"),
    Word::new("group", "the name of its group"),
    Word::new("link", "where a link leads"),
    Word::new("body", "its content as text"),
    Word::new("bytes", "its content as bytes; what they are compared with is hexadecimal"),
    Word::new("lines", "its lines"),
    Word::new("size", "the number of its bytes"),
    Word::new("sha256", "the SHA-256 of its content, in hexadecimal"),
    Word::new("sha512", "the SHA-512 of its content, in hexadecimal"),
    Word::new("md5", "the MD5 of its content, in hexadecimal"),
    Word::new("json", "what a JSONPath selects in it").takes(PATH),
    Word::new("xml", "what an XPath selects in it").takes(XPATH),
    Word::new("regex", "the first group, or all, of what a regular expression matches in it").takes(PATTERN),
];

/// What the engine tells of a service's container.
pub static CONTAINER: &[Word] = &[
    Word::new("state", "`created`, `running`, `paused`, `restarting`, `exited` or `dead`"),
    Word::new("health", "`healthy`, `unhealthy`, `starting` or `none`"),
    Word::new("restarts", "how often it was restarted"),
    Word::new("oom-killed", "whether it ran out of memory"),
    Word::new("exit-code", "its exit code, where it has ended"),
    Word::new("started-in", "milliseconds from its start until it was ready"),
    Word::new("ip", "its address in the run's network"),
    Word::new("peak-memory", "the most bytes of memory that it used"),
];

/// What the engine measures of a service's container.
pub static STATS: &[Word] = &[
    Word::new("memory", "the bytes of memory that it uses"),
    Word::new("peak-memory", "the most bytes of memory that it used"),
    Word::new("cpu", "the processors that it keeps busy, in percent of one"),
    Word::new("pids", "the number of its processes and threads"),
    Word::new("received", "bytes received from networks"),
    Word::new("sent", "bytes sent to networks"),
];

/// What an image tells.
pub static IMAGE: &[Word] = &[
    Word::new("user", "the user that its commands run as"),
    Word::new("env", "the value of a variable").takes(NAME),
    Word::new("label", "the value of a label").takes(NAME),
    Word::new("labels", "all labels, an object"),
    Word::new("entrypoint", "the words of its entrypoint, a list"),
    Word::new("command", "the words of its command, a list"),
    Word::new("workdir", "the directory that commands start in"),
    Word::new("exposed", "the ports that it exposes, a list such as `8000/tcp`"),
    Word::new("volumes", "the paths of its volumes, a list"),
    Word::new("size", "the number of its bytes"),
    Word::new("layers", "the number of its layers"),
    Word::new("digest", "its id"),
    Word::new("platform", "what it runs on, such as `linux/amd64`"),
];

/// What a database answers.
pub static SQL: &[Word] = &[
    Word::new("rows", "the rows, a list of objects by column"),
    Word::new("row-count", "the number of rows"),
    Word::new("columns", "the names of the columns, a list"),
    Word::new("cell", "one cell").takes(CELL),
    Word::new("scalar", "the first cell of the first row"),
    Word::new("affected", "the number of rows that were changed"),
    Word::new("error", "what the server says, where it refuses the statement"),
    Word::new("json", "what a JSONPath selects in the rows").takes(PATH),
    Word::new("duration", "milliseconds from sending to the last row"),
];

/// What Redis answers.
pub static REDIS: &[Word] = &[
    Word::new("reply", "the reply: text, a number, a list or `#null`"),
    Word::new("lines", "the lines of the reply"),
    Word::new("json", "what a JSONPath selects in the reply").takes(PATH),
    Word::new("regex", "the first group, or all, of what a regular expression matches in the reply").takes(PATTERN),
    DURATION,
];

/// What a name server answers.
pub static DNS: &[Word] = &[
    Word::new("addresses", "the addresses, a list"),
    Word::new("records", "the records as text, a list: an address, a name, or `10 5 443 host` of `SRV`"),
    DURATION,
];

/// What the end of a container tells.
pub static STOP: &[Word] = &[
    Word::new("exit-code", "its exit code"),
    Word::new("stopped-in", "milliseconds from the signal to the end"),
    Word::new("killed", "whether its grace ran out and it was killed"),
];

const HEADER: Word = Word::new("header", "the value of a header").takes(&[Argument::new(
    "name",
    Type::Text,
    "The header, in any case.",
)]);

const COOKIE: Word =
    Word::new("cookie", "the value of a cookie that the answer sets, or `cookie[Attribute]` of it, such as `HttpOnly`")
        .takes(&[Argument::new("name", Type::Text, "The cookie.")]);

const BODY: Word = Word::new("body", "the body as text");
const BYTES: Word = Word::new("bytes", "the body as bytes; what they are compared with is hexadecimal");
const LINES: Word = Word::new("lines", "the lines of the body");
const SIZE: Word = Word::new("size", "the number of bytes in the body");
const SHA256: Word = Word::new("sha256", "the SHA-256 of the body, in hexadecimal");
const SHA512: Word = Word::new("sha512", "the SHA-512 of the body, in hexadecimal");
const MD5: Word = Word::new("md5", "the MD5 of the body, in hexadecimal");
const JSON: Word = Word::new("json", "what a JSONPath selects in the body").takes(PATH);
const XML: Word = Word::new("xml", "what an XPath selects in the body, XML or HTML").takes(XPATH);
const REGEX: Word =
    Word::new("regex", "the first group, or all, of what a regular expression matches in the body").takes(PATTERN);
const DURATION: Word = Word::new("duration", "milliseconds from sending to the last byte");

const PATH: &[Argument] =
    &[Argument::new("path", Type::JsonPath, "The JSONPath of RFC 9535, such as `$.items[0].title`.")];
const XPATH: &[Argument] = &[Argument::new("path", Type::XPath, "The XPath, such as `//item[1]/title`.")];
const PATTERN: &[Argument] = &[Argument::new("pattern", Type::Regex, "The regular expression.")];
const NAME: &[Argument] = &[Argument::new("name", Type::Text, "Its name.")];
const CELL: &[Argument] = &[
    Argument::new("row", Type::Integer { min: 0, max: i64::MAX }, "The row, from 0."),
    Argument::new("column", Type::Text, "The column's name."),
];
const TEXT: &[Argument] = &[Argument::new("text", Type::Text, "The text, such as `\"{{id}}\"`.")];
const CERTIFICATE: &[Argument] = &[Argument::new("field", Type::Word(CERTIFICATE_FIELDS), "Which part.")];

static CERTIFICATE_FIELDS: &[Word] = &[
    Word::new("subject", "whom it is for"),
    Word::new("issuer", "who gave it"),
    Word::new("start-date", "from when on it is good, a date"),
    Word::new("expire-date", "until when it is good, a date"),
    Word::new("serial-number", "its number, in hexadecimal"),
    Word::new("subject-alt-names", "the names and addresses that it is good for, a list"),
    Word::new("pem", "all of it, in PEM"),
];
