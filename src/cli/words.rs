use std::time::Duration;

use crate::schema::parse_duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Seconds in one figure: `40s`, `3m`, `2h`, `5d`.
pub fn elapsed(seconds: u64) -> String {
    match seconds {
        0..MINUTE => format!("{seconds}s"),
        MINUTE..HOUR => format!("{}m", seconds / MINUTE),
        HOUR..DAY => format!("{}h", seconds / HOUR),
        _ => format!("{}d", seconds / DAY),
    }
}

/// Reads an age: `30m`, `12h`, `1d`, `2w`.
pub fn parse_age(text: &str) -> Result<Duration, String> {
    let days = |text: &str, each: u64| {
        let days = text.parse::<u64>().ok()?.checked_mul(each * DAY)?;
        Some(Duration::from_secs(days))
    };
    let read = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(number), _) => days(number, 1),
        (_, Some(number)) => days(number, 7),
        _ => parse_duration(text).ok(),
    };
    read.ok_or_else(|| "write an age such as `30m`, `12h`, `1d` or `2w`".to_owned())
}

/// Bytes in three figures: `820 B`, `12.3 MB`.
pub fn bytes(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < units.len() {
        value /= 1_000.0;
        unit += 1;
    }
    if value < 100.0 { format!("{value:.1} {}", units[unit]) } else { format!("{value:.0} {}", units[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_and_told() {
        for (text, seconds, told) in [
            ("40s", 40, "40s"),
            ("30m", 1_800, "30m"),
            ("12h", 43_200, "12h"),
            ("1d", 86_400, "1d"),
            ("2w", 1_209_600, "14d"),
        ] {
            assert_eq!(parse_age(text).map(|age| age.as_secs()), Ok(seconds), "{text}");
            assert_eq!(elapsed(seconds), told);
        }
        for text in ["", "d", "1", "-1d", "1.5d", "99999999999999999999w", "soon"] {
            assert!(parse_age(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_keep_three_figures() {
        for (size, told) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (12_345_678, "12.3 MB"),
            (999_960, "1.0 MB"),
            (450_000_000_000, "450 GB"),
        ] {
            assert_eq!(bytes(size), told);
        }
    }
}
