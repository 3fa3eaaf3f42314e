use super::reader::words;

/// The format of the tests that a stage writes to its standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputReport {
    /// The Test Anything Protocol.
    Tap,
}

words!(OutputReport:
    "tap" => OutputReport::Tap,
);
