use super::Word;

/// The type of an argument or property.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// A name that the author gives: of a runnable, an image, a variable. Not interpolated.
    Name,
    /// A string that is taken as it is.
    String,
    /// A string or a number, taken as it is spelled. Not interpolated.
    Spelled,
    /// A string in which `{{…}}` is filled in. Numbers are taken as they are spelled.
    Text,
    /// The path of a file or directory on the host, relative to the directory of the file that it stands in. Not interpolated.
    Path,
    /// A script for a shell, interpolated; its annotation says for which interpreter.
    Script,
    /// An absolute path in a container, interpolated.
    ContainerPath,
    /// `[registry/]name[:tag][@digest]`, interpolated.
    ImageReference,
    /// A URL, absolute or relative to the target, interpolated.
    Url,
    /// JSON text, interpolated.
    Json,
    /// A regular expression, interpolated.
    Regex,
    /// A JSONPath of RFC 9535, interpolated.
    JsonPath,
    /// An XPath 1.0, interpolated.
    XPath,
    /// One word of a closed set.
    Word(&'static [Word]),
    /// An integer within both bounds, inclusive.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// An integer or a number with a fraction.
    Number,
    /// `#true` or `#false`.
    Boolean,
    /// `"1m30s"`.
    Duration {
        /// Whether `"0s"` may stand.
        zero: bool,
    },
    /// `"64MiB"`.
    Size,
    /// An integer from 1 to 65535.
    Port,
    /// `8000`, `"8080:8000"` or `"0.0.0.0:8080:8000"`.
    PublishedPort,
    /// An IP address.
    Address,
    /// The name of a signal, such as `SIGTERM`.
    Signal,
    /// Words separated by blanks.
    Words,
    /// A string, a number, a boolean or `#null`.
    Any,
}

impl Type {
    /// With its article: “a duration”.
    pub fn noun(&self) -> &'static str {
        match self {
            Type::Name => "a name",
            Type::Script => "a script",
            Type::String | Type::Text | Type::Spelled => "a string",
            Type::Path | Type::ContainerPath => "a path",
            Type::ImageReference => "an image reference",
            Type::Url => "a URL",
            Type::Json => "a JSON text",
            Type::Regex => "a regular expression",
            Type::JsonPath => "a JSONPath",
            Type::XPath => "an XPath",
            Type::Word(_) => "a word",
            Type::Integer { .. } => "an integer",
            Type::Number => "a number",
            Type::Boolean => "a boolean",
            Type::Duration { .. } => "a duration",
            Type::Size => "a size",
            Type::Port => "a port number",
            Type::PublishedPort => "a port",
            Type::Address => "an IP address",
            Type::Signal => "a signal",
            Type::Words => "words",
            Type::Any => "a value",
        }
    }

    /// One way to write it in KDL.
    pub fn example(&self) -> String {
        match self {
            Type::Name => "app".to_owned(),
            Type::String | Type::Text => "\"text\"".to_owned(),
            Type::Script => "\"echo hello\"".to_owned(),
            Type::Spelled => "\"3.11\"".to_owned(),
            Type::Path => "\"./dir\"".to_owned(),
            Type::ContainerPath => "\"/path\"".to_owned(),
            Type::ImageReference => "\"busybox:1.35\"".to_owned(),
            Type::Url => "\"/todos\"".to_owned(),
            Type::Json => "#\"{\"title\": \"x\"}\"#".to_owned(),
            Type::Regex => "\"^http\"".to_owned(),
            Type::JsonPath => "\"$.title\"".to_owned(),
            Type::XPath => "\"//title\"".to_owned(),
            Type::Word(words) => words.first().map_or("word", |word| word.word).to_owned(),
            Type::Integer { min, .. } => 3.max(*min).to_string(),
            Type::Number => "1.5".to_owned(),
            Type::Boolean => "#true".to_owned(),
            Type::Duration { .. } => "\"3s\"".to_owned(),
            Type::Size => "\"64MiB\"".to_owned(),
            Type::Port | Type::PublishedPort => "8000".to_owned(),
            Type::Address => "\"127.0.0.1\"".to_owned(),
            Type::Signal => "SIGTERM".to_owned(),
            Type::Words => "\"slow nightly\"".to_owned(),
            Type::Any => "\"value\"".to_owned(),
        }
    }

    /// What it takes, for the reference.
    pub fn doc(&self) -> &'static str {
        match self {
            Type::Name => "A name that the author gives: of a runnable, an image, a variable. It is taken as it is.",
            Type::String => "A string that is taken as it is.",
            Type::Spelled => "A string that is taken as it is. A number may stand for the string that it spells.",
            Type::Text => {
                "A string in which `{{…}}` is filled in; a literal `{{` is written `{{{{`. A number may stand for the string that it spells."
            }
            Type::Script => {
                "A script in which `{{…}}` is filled in, for `/bin/sh`; as `(bash)\"…\"` for bash, as `(python)\"…\"` for Python 3, which \
                 the image must have."
            }
            Type::Path => {
                "A file or directory of the host, relative to the directory of the pipeline file that names it. It is taken as it is."
            }
            Type::ContainerPath => "An absolute path in a container, in which `{{…}}` is filled in.",
            Type::ImageReference => {
                "The name of a declared image, or `[registry/]name:tag` or `[registry/]name@digest`; `{{…}}` is filled in."
            }
            Type::Url => "An absolute URL, or a path of the target; `{{…}}` is filled in.",
            Type::Json => "A text of JSON, best in a raw string: `#\"{\"title\": \"x\"}\"#`; `{{…}}` is filled in.",
            Type::Regex => {
                "A regular expression of the `regex` crate, without look-around and back-references; `{{…}}` is filled in."
            }
            Type::JsonPath => "A JSONPath of RFC 9535; `{{…}}` is filled in.",
            Type::XPath => {
                "An XPath 1.0 of the W3C, with all of its axes, node tests, operators and functions, but for three things: there are no \
                 variables (`{{…}}` is filled in instead), there is no axis `namespace`, and prefixes are those of the document: `a:b` \
                 selects what is written `a:b`, and `b` what is written without a prefix, whatever its namespace."
            }
            Type::Word(_) => "One word of a closed set.",
            Type::Integer { .. } => "An integer, without quotes.",
            Type::Number => "An integer or a number with a fraction, without quotes.",
            Type::Boolean => "`#true` or `#false`.",
            Type::Duration { .. } => {
                "Numbers with the units `h`, `m`, `s` and `ms`, each at most once and larger units first: `\"2h\"`, `\"1m30s\"`, `\"1.5s\"`, \
                 `\"500ms\"`. A year at most."
            }
            Type::Size => {
                "A number with one of the units `B`, `kB`, `MB`, `GB`, `TB` (powers of 1000) and `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024)."
            }
            Type::Port => "An integer from 1 to 65535.",
            Type::PublishedPort => {
                "The container's port, or `\"HOST:CONTAINER\"`, or `\"ADDRESS:HOST:CONTAINER\"`; an IPv6 address stands in brackets. A range `\"8000-8010\"` \
                 stands for each of its ports, 100 at most, and `/udp` or `/sctp` behind it for another protocol."
            }
            Type::Address => "An IPv4 or IPv6 address.",
            Type::Signal => "The name of a signal of Linux, with its `SIG`.",
            Type::Words => "Words in one string, separated by blanks.",
            Type::Any => "A string, a number, a boolean or `#null`; `{{…}}` is filled in where it is a string.",
        }
    }

    /// One of each type, in the order of the reference.
    pub(super) fn all() -> Vec<Type> {
        vec![
            Type::Name,
            Type::String,
            Type::Spelled,
            Type::Text,
            Type::Script,
            Type::Path,
            Type::ContainerPath,
            Type::ImageReference,
            Type::Url,
            Type::Json,
            Type::JsonPath,
            Type::XPath,
            Type::Regex,
            Type::Word(&[]),
            Type::Words,
            Type::Integer { min: 0, max: i64::MAX },
            Type::Number,
            Type::Boolean,
            Type::Duration { zero: true },
            Type::Size,
            Type::Port,
            Type::PublishedPort,
            Type::Address,
            Type::Signal,
            Type::Any,
        ]
    }

    /// What the reference calls it; the key of its entry there.
    pub fn title(&self) -> &'static str {
        match self {
            Type::Name => "name",
            Type::String => "string",
            Type::Spelled => "string or number",
            Type::Text => "text",
            Type::Script => "script",
            Type::Path => "path",
            Type::ContainerPath => "container path",
            Type::ImageReference => "image reference",
            Type::Url => "URL",
            Type::Json => "JSON",
            Type::Regex => "regular expression",
            Type::JsonPath => "JSONPath",
            Type::XPath => "XPath",
            Type::Word(_) => "word",
            Type::Integer { .. } => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::Duration { .. } => "duration",
            Type::Size => "size",
            Type::Port => "port",
            Type::PublishedPort => "published port",
            Type::Address => "IP address",
            Type::Signal => "signal",
            Type::Words => "words",
            Type::Any => "value",
        }
    }

    /// The annotations that name the language inside a value of this type.
    pub fn languages(&self) -> &'static [&'static str] {
        match self {
            Type::String | Type::Text | Type::Any => &["sh", "bash", "python", "json", "regex", "sql"],
            Type::Script => &["sh", "bash", "python"],
            Type::Json => &["json"],
            Type::Regex => &["regex"],
            _ => &[],
        }
    }

    /// Whether KDL's value for it is a string.
    pub fn is_string(&self) -> bool {
        !matches!(
            self,
            Type::Integer { .. } | Type::Number | Type::Boolean | Type::Port | Type::PublishedPort | Type::Any
        )
    }
}
