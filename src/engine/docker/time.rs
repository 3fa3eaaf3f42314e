/// Seconds since 1970 of `2026-11-24T05:59:01.123456789Z` or `…+02:00`; 0 for what is no such time.
pub(super) fn seconds(text: &str) -> i64 {
    parse(text).unwrap_or_default()
}

/// The same with nanoseconds, as the API is told times: `1795499941.123456789`; `None` for what is no such time.
pub(super) fn stamp(text: &str) -> Option<String> {
    let seconds = parse(text)?;
    let fraction: String = match text.get(19..)?.strip_prefix('.') {
        Some(rest) => rest.chars().take_while(char::is_ascii_digit).take(9).collect(),
        None => String::new(),
    };
    Some(format!("{seconds}.{fraction:0<9}"))
}

fn parse(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let zone = text.get(19..)?.trim_start_matches(|it: char| it == '.' || it.is_ascii_digit());
    let offset = match zone.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), ..] => {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    // Days since 1970 in the proleptic Gregorian calendar; the year begins in March, so that the leap day comes last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(days * 86_400 + hour * 3_600 + (minute - offset) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::{seconds, stamp};

    #[test]
    fn times_of_the_api_are_read() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), 0);
        assert_eq!(seconds("2024-02-29T12:34:56.789Z"), 1_709_210_096);
        assert_eq!(seconds("2024-02-29T14:34:56+02:00"), 1_709_210_096);
        assert_eq!(seconds("2000-12-31T23:59:59Z"), 978_307_199);
        assert_eq!(seconds(""), 0);
        assert_eq!(seconds("yesterday"), 0);
        assert_eq!(stamp("2024-02-29T12:34:56.789Z").as_deref(), Some("1709210096.789000000"));
        assert_eq!(stamp("yesterday"), None);
    }
}
