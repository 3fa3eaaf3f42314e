//! Codes about KDL text.

codes! {
    /// Bytes that are no UTF-8.
    NOT_UTF8 = "not-utf8", Error;
    /// A text larger or more deeply nested than any pipeline.
    TEXT_LIMIT = "text-limit", Error;
    /// A character that KDL allows nowhere.
    DISALLOWED_CHARACTER = "disallowed-character", Error;
    /// A character that looks like another one, or like nothing.
    CONFUSABLE_CHARACTER = "confusable-character", Warning;
    /// Lines that do not all end alike.
    MIXED_LINE_ENDINGS = "mixed-line-endings", Advice;
    /// `{` without its `}`.
    UNCLOSED_BRACE = "unclosed-brace", Error;
    /// `}` without its `{`.
    STRAY_BRACE = "stray-brace", Error;
    /// `{` without a node before it on its line.
    BRACE_ON_ITS_OWN = "brace-on-its-own", Error;
    /// A string without its closing quotes.
    UNCLOSED_STRING = "unclosed-string", Error;
    /// `/*` without its `*/`.
    UNCLOSED_COMMENT = "unclosed-comment", Error;
    /// Two nodes on one line.
    MISSING_SEPARATOR = "missing-separator", Error;
    /// `true` for `#true`.
    BARE_KEYWORD = "bare-keyword", Error;
    /// A value that KDL takes in quotes only.
    UNQUOTED_VALUE = "unquoted-value", Error;
    /// `.5`, `0xFG` or a number too large.
    BAD_NUMBER = "bad-number", Error;
    /// `# comment`.
    HASH_COMMENT = "hash-comment", Error;
    /// `key: value`.
    KEY_COLON = "key-colon", Error;
    /// A file in YAML.
    YAML_TEXT = "yaml-text", Error;
    /// `key = value`.
    EQUALS_AFTER_NAME = "equals-after-name", Error;
    /// `[a, b]`, `"a", "b"` or `- item`.
    LIST_SYNTAX = "list-syntax", Error;
    /// `'text'`.
    SINGLE_QUOTES = "single-quotes", Error;
    /// `“text”`.
    TYPOGRAPHIC_QUOTES = "typographic-quotes", Error;
    /// `/- kdl-version 1`.
    KDL1_VERSION = "kdl1-version", Warning;
    /// A string of several lines in plain quotes.
    KDL1_MULTILINE_STRING = "kdl1-multiline-string", Error;
    /// `r"text"` of KDL 1.
    KDL1_RAW_STRING = "kdl1-raw-string", Error;
    /// `"""` whose lines do not fit its quotes.
    MULTILINE_STRING = "multiline-string", Error;
    /// A backslash that starts no escape.
    BAD_ESCAPE = "bad-escape", Error;
    /// `/-` with nothing to take out.
    BAD_SLASHDASH = "bad-slashdash", Error;
    /// `"say "hi""`.
    QUOTE_IN_STRING = "quote-in-string", Error;
    /// `"a"b`: values without a blank between.
    GLUED_VALUES = "glued-values", Error;
    /// `"$.a" == 5`.
    NO_OPERATORS = "no-operators", Error;
    /// `name=` or `(type)` with nothing after it, or `=value`.
    MISSING_VALUE = "missing-value", Error;
    /// `(type` without its `)`.
    UNCLOSED_TYPE = "unclosed-type", Error;
    /// `a { … } { … }`.
    SECOND_BLOCK = "second-block", Error;
    /// `;` with no node before it.
    STRAY_SEMICOLON = "stray-semicolon", Error;
    /// Whatever else KDL does not allow.
    KDL_SYNTAX = "kdl-syntax", Error;
}
