use super::Word;

/// The type of an argument or property.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// A name that the author gives: of a runnable, an image, a variable. Not interpolated.
    Name,
    /// A string that is taken as it is.
    String,
    /// A string in which `{{…}}` is filled in. Numbers are taken as they are spelled.
    Text,
    /// The path of a file or directory on the host, relative to the pipeline's own directory. Not interpolated.
    Path,
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
            Type::String | Type::Text => "a string",
            Type::Path | Type::ContainerPath => "a path",
            Type::ImageReference => "an image reference",
            Type::Url => "a URL",
            Type::Json => "a JSON text",
            Type::Regex => "a regular expression",
            Type::JsonPath => "a JSONPath",
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
            Type::Path => "\"./dir\"".to_owned(),
            Type::ContainerPath => "\"/path\"".to_owned(),
            Type::ImageReference => "\"busybox:1.35\"".to_owned(),
            Type::Url => "\"/todos\"".to_owned(),
            Type::Json => "#\"{\"title\": \"x\"}\"#".to_owned(),
            Type::Regex => "\"^http\"".to_owned(),
            Type::JsonPath => "\"$.title\"".to_owned(),
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

    /// Whether KDL's value for it is a string.
    pub fn is_string(&self) -> bool {
        !matches!(
            self,
            Type::Integer { .. } | Type::Number | Type::Boolean | Type::Port | Type::PublishedPort | Type::Any
        )
    }

    /// Whether a number may stand for the string that it spells.
    pub fn takes_numbers(&self) -> bool {
        matches!(self, Type::Text)
    }
}
