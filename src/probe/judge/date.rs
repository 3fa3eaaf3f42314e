use std::fmt::Write as _;
use std::time::SystemTime;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::Observed;

/// The moment that a text names by a format of strftime. Without a zone it is UTC, without a time it is midnight.
pub(super) fn to_date(text: &str, format: &str) -> Result<DateTime<Utc>, String> {
    readable(format)?;
    let told = match DateTime::parse_from_str(text, format) {
        Ok(date) => return Ok(date.to_utc()),
        Err(error) => error,
    };
    let naive = NaiveDateTime::parse_from_str(text, format)
        .or_else(|_| NaiveDate::parse_from_str(text, format).map(|day| day.and_time(chrono::NaiveTime::MIN)));
    naive.map(|date| date.and_utc()).map_err(|error| {
        let why = if matches!(told.kind(), chrono::format::ParseErrorKind::NotEnough) { error } else { told };
        format!("the text is no date of the format `{format}`: {why}")
    })
}

/// A date as text, by a format of strftime.
pub(super) fn date_format(observed: &Observed, format: &str) -> Result<String, String> {
    readable(format)?;
    let date = date_of(observed, "date-format")?;
    let mut text = String::new();
    write!(text, "{}", date.format(format)).map_err(|_| format!("a date cannot be written as `{format}`"))?;
    Ok(text)
}

/// How many whole days a date lies after `now`; below 0 where it lies before.
pub(super) fn days_after(observed: &Observed, now: SystemTime, filter: &str) -> Result<f64, String> {
    let date = date_of(observed, filter)?;
    Ok((date - DateTime::<Utc>::from(now)).num_days() as f64)
}

/// A date, or a text of RFC 3339 that is one, with or without a time.
fn date_of(observed: &Observed, filter: &str) -> Result<DateTime<Utc>, String> {
    if let Observed::Date(date) = observed {
        return Ok(*date);
    }
    let Some(text) = observed.as_text() else {
        return Err(format!("{} is no date; `{filter}` takes a date", observed.kind()));
    };
    let day =
        |text: &str| Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_time(chrono::NaiveTime::MIN).and_utc());
    let date = DateTime::parse_from_rfc3339(text).ok().map(|date| date.to_utc()).or_else(|| day(text));
    date.ok_or_else(|| format!("the text is no date of RFC 3339; `{filter}` takes a date, and `to-date` makes one"))
}

fn readable(format: &str) -> Result<(), String> {
    match StrftimeItems::new(format).any(|item| matches!(item, Item::Error)) {
        true => Err(format!("`{format}` is no format of strftime; write one such as `%Y-%m-%d`")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn text(text: &str) -> Observed {
        Observed::Text(text.to_owned())
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).expect("a date").to_utc()
    }

    #[test]
    fn texts_become_dates_by_a_format() {
        assert_eq!(to_date("24.11.2026", "%d.%m.%Y"), Ok(at("2026-11-24T00:00:00Z")));
        assert_eq!(to_date("2026-11-24 09:30:00", "%Y-%m-%d %H:%M:%S"), Ok(at("2026-11-24T09:30:00Z")));
        assert_eq!(to_date("2026-11-24T09:30:00+01:00", "%+"), Ok(at("2026-11-24T08:30:00Z")));
        assert_eq!(to_date("Tue, 24 Nov 2026 09:30:00 GMT", "%a, %d %b %Y %T GMT"), Ok(at("2026-11-24T09:30:00Z")));
        assert!(to_date("yesterday", "%Y").is_err_and(|why| why.contains("no date of the format `%Y`")));
        assert!(to_date("2026", "%Q").is_err_and(|why| why.contains("no format of strftime")));
    }

    #[test]
    fn dates_become_texts_by_a_format() {
        let date = Observed::Date(at("2026-11-24T09:30:00Z"));
        assert_eq!(date_format(&date, "%Y/%m/%d").as_deref(), Ok("2026/11/24"));
        assert_eq!(date_format(&text("2026-11-24T23:30:00-01:00"), "%F %H").as_deref(), Ok("2026-11-25 00"));
        assert_eq!(date_format(&text("2026-11-24"), "%d").as_deref(), Ok("24"));
        assert!(date_format(&date, "%Q").is_err());
        assert!(date_format(&Observed::Number(1.0), "%F").is_err_and(|why| why.contains("a number is no date")));
        assert!(date_format(&text("today"), "%F").is_err_and(|why| why.contains("RFC 3339")));
    }

    #[test]
    fn days_are_counted_whole() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * 10);
        let days = |date: &str| days_after(&text(date), now, "days-after-now");
        assert_eq!(days("1970-01-21"), Ok(10.0));
        assert_eq!(days("1970-01-12T23:59:59Z"), Ok(1.0));
        assert_eq!(days("1970-01-01"), Ok(-10.0));
    }
}
