use super::duration::Decimal;

/// Why a text is no size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeError {
    /// The size that was probably meant.
    pub meant: Option<String>,
}

/// The units of a size, in bytes.
const UNITS: &[(&str, u64)] = &[
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// Reads `"64MiB"`, `"1.5GiB"`, `"512kB"`: a number and one of `B kB MB GB TB KiB MiB GiB TiB`. The answer is in bytes.
pub fn parse_size(text: &str) -> Result<u64, SizeError> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(number_end);
    let Some(decimal) = Decimal::parse(number) else { return Err(SizeError { meant: None }) };
    match UNITS.iter().find(|(known, _)| *known == unit) {
        Some((_, bytes)) => decimal.times(*bytes).ok_or(SizeError { meant: None }),
        None => {
            let meant = meant(unit).map(|unit| format!("{number}{unit}"));
            Err(SizeError { meant: meant.filter(|meant| parse_size(meant).is_ok()) })
        }
    }
}

/// Docker's `m` and `mb` are powers of two, and so is what its user means.
fn meant(unit: &str) -> Option<&'static str> {
    match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" | "byte" | "bytes" => Some("B"),
        "k" | "kb" | "kib" => Some("KiB"),
        "m" | "mb" | "mib" => Some("MiB"),
        "g" | "gb" | "gib" => Some("GiB"),
        "t" | "tb" | "tib" => Some("TiB"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bytes() {
        assert_eq!(parse_size("64MiB"), Ok(64 << 20));
        assert_eq!(parse_size("1.5KiB"), Ok(1536));
        assert_eq!(parse_size("512kB"), Ok(512_000));
        assert_eq!(parse_size("0B"), Ok(0));
    }

    #[test]
    fn what_is_meant_is_named() {
        let meant = |text| parse_size(text).unwrap_err().meant;
        assert_eq!(meant("64m").as_deref(), Some("64MiB"));
        assert_eq!(meant("64 MB").as_deref(), Some("64MiB"));
        assert_eq!(meant("64").as_deref(), Some("64B"));
        assert_eq!(meant("lots"), None);
        assert_eq!(meant("64 parsecs"), None);
        assert_eq!(meant("99999999999TiB"), None);
    }
}
