use std::fmt;

/// Why a file tells no tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JunitError {
    /// It is not XML, or ends in the middle; where and why.
    NotXml(String),
    /// XML of another kind, and its root element.
    NotJunit(String),
    /// Elements stand deeper in each other than any report needs.
    TooDeep,
    /// More tests than are told one by one, and how many that is.
    TooMany(usize),
    /// A report without a single test.
    NoTests,
}

impl fmt::Display for JunitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JunitError::NotXml(why) => write!(f, "the report is not whole XML: {why}"),
            JunitError::NotJunit(root) => {
                write!(f, "the report is no JUnit: its root is `{root}`, not `testsuites` or `testsuite`")
            }
            JunitError::TooDeep => f.write_str("the report's elements stand too deep in each other"),
            JunitError::TooMany(most) => write!(f, "the report holds more than {most} tests"),
            JunitError::NoTests => f.write_str("the report holds no test"),
        }
    }
}

impl std::error::Error for JunitError {}
