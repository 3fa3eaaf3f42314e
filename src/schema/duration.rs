use std::fmt;
use std::time::Duration;

/// Why a text is no duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationError {
    /// The bytes of the text that are at fault; empty at its end where something is missing.
    pub at: std::ops::Range<usize>,
    /// What is at fault.
    pub kind: DurationErrorKind,
}

/// What is at fault in a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationErrorKind {
    /// There is nothing.
    Empty,
    /// A number should stand here.
    NoNumber,
    /// A number without a unit.
    NoUnit,
    /// A unit that there is not.
    UnknownUnit,
    /// A unit that does not come after a larger one.
    Order,
    /// More than a year.
    TooLong,
}

/// The units of a duration, largest first, in nanoseconds.
const UNITS: &[(&str, u64)] =
    &[("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)];

/// The most that a duration may be: a year.
const LONGEST: u64 = 365 * 24 * UNITS[0].1;

/// Reads `"2h"`, `"1m30s"`, `"1.5s"`, `"500ms"`: numbers with the units `h`, `m`, `s`, `ms`, each at most once, larger before smaller.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let fail = |at, kind| Err(DurationError { at, kind });
    if text.is_empty() {
        return fail(0..0, DurationErrorKind::Empty);
    }
    let mut nanos: u64 = 0;
    let mut smallest_seen = 0;
    let mut at = 0;
    while at < text.len() {
        let number_end = at + prefix(&text[at..], |c| c.is_ascii_digit() || c == '.');
        let unit_end = number_end + prefix(&text[number_end..], char::is_alphabetic);
        let Some(number) = Decimal::parse(&text[at..number_end]) else {
            // What stands in place of a number, or what should be one.
            let wrong = text[at..].chars().next().map_or(0, char::len_utf8);
            let end = if number_end > at { number_end } else { at + wrong };
            return fail(at..end, DurationErrorKind::NoNumber);
        };
        if unit_end == number_end {
            let wrong = text[number_end..].chars().next().map_or(0, char::len_utf8);
            return fail(number_end..number_end + wrong, DurationErrorKind::NoUnit);
        }
        let Some(unit) = UNITS.iter().position(|(unit, _)| *unit == &text[number_end..unit_end]) else {
            return fail(number_end..unit_end, DurationErrorKind::UnknownUnit);
        };
        if unit < smallest_seen {
            return fail(at..unit_end, DurationErrorKind::Order);
        }
        smallest_seen = unit + 1;
        match number.times(UNITS[unit].1).and_then(|part| nanos.checked_add(part)).filter(|sum| *sum <= LONGEST) {
            Some(sum) => nanos = sum,
            None => return fail(0..text.len(), DurationErrorKind::TooLong),
        }
        at = unit_end;
    }
    Ok(Duration::from_nanos(nanos))
}

/// A number as digits, with the value of its fraction kept exact.
pub(super) struct Decimal {
    whole: u64,
    /// The digits after the point, at most nine.
    fraction: u64,
    /// Ten to the number of those digits.
    scale: u64,
}

impl Decimal {
    /// `12` or `1.5`: digits on both sides of a point, at most nine after it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = |text: &str| (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        digits(whole)?;
        digits(fraction)?;
        let scale = 10u64.checked_pow(u32::try_from(fraction.len()).ok().filter(|len| *len <= 9)?)?;
        Some(Decimal { whole: whole.parse().unwrap_or(u64::MAX), fraction: fraction.parse().ok()?, scale })
    }

    /// This many times `unit`, rounded down; `None` past the range.
    pub(super) fn times(&self, unit: u64) -> Option<u64> {
        let fraction = u128::from(unit) * u128::from(self.fraction) / u128::from(self.scale);
        self.whole.checked_mul(unit)?.checked_add(u64::try_from(fraction).ok()?)
    }
}

fn prefix(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

impl fmt::Display for DurationErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DurationErrorKind::Empty => "nothing here",
            DurationErrorKind::NoNumber => "a number is missing",
            DurationErrorKind::NoUnit => "a unit is missing",
            DurationErrorKind::UnknownUnit => "no unit of time",
            DurationErrorKind::Order => "larger units come first",
            DurationErrorKind::TooLong => "more than a year",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_add_up() {
        let of = |text| parse_duration(text).map(|duration| duration.as_millis());
        assert_eq!(of("3s"), Ok(3_000));
        assert_eq!(of("1m30s"), Ok(90_000));
        assert_eq!(of("500ms"), Ok(500));
        assert_eq!(of("2h"), Ok(7_200_000));
        assert_eq!(of("1.5s"), Ok(1_500));
        assert_eq!(of("0s"), Ok(0));
        assert_eq!(of("1h1m1s1ms"), Ok(3_661_001));
    }

    #[test]
    fn faults_are_placed() {
        let fault = |text: &str| parse_duration(text).map_err(|error| (error.at, error.kind)).unwrap_err();
        assert_eq!(fault(""), (0..0, DurationErrorKind::Empty));
        assert_eq!(fault("30"), (2..2, DurationErrorKind::NoUnit));
        assert_eq!(fault("1m30"), (4..4, DurationErrorKind::NoUnit));
        assert_eq!(fault("3 s"), (1..2, DurationErrorKind::NoUnit));
        assert_eq!(fault("5 min"), (1..2, DurationErrorKind::NoUnit));
        assert_eq!(fault("5min"), (1..4, DurationErrorKind::UnknownUnit));
        assert_eq!(fault("fast"), (0..1, DurationErrorKind::NoNumber));
        assert_eq!(fault("-3s"), (0..1, DurationErrorKind::NoNumber));
        assert_eq!(fault("1.s"), (0..2, DurationErrorKind::NoNumber));
        assert_eq!(fault("30s1m"), (3..5, DurationErrorKind::Order));
        assert_eq!(fault("1s1s"), (2..4, DurationErrorKind::Order));
        assert_eq!(fault("9000h"), (0..5, DurationErrorKind::TooLong));
        assert_eq!(fault("99999999999999999999h").1, DurationErrorKind::TooLong);
        assert_eq!(fault("3é").1, DurationErrorKind::UnknownUnit);
    }
}
