/// Whether a text is a date of RFC 3339 that exists, with or without a time.
pub(super) fn is_date(text: &str) -> bool {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    is_day(date) && time.is_none_or(is_time)
}

fn is_day(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// `09:30:00`, with a fraction and a zone where they are said.
fn is_time(text: &str) -> bool {
    let Some(clock) = text.get(..8) else { return false };
    let mut parts = clock.split(':');
    let is_clock = [23, 59, 60]
        .into_iter()
        .all(|most| parts.next().and_then(|part| digits(part, 2)).is_some_and(|number| number <= most));
    let mut rest = &text[8..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
        if end == 0 {
            return false;
        }
        rest = &fraction[end..];
    }
    let is_zone = match rest.strip_prefix(['+', '-']).map(|zone| zone.split_once(':')) {
        Some(Some((hours, minutes))) => {
            digits(hours, 2).is_some_and(|hours| hours < 24) && digits(minutes, 2).is_some_and(|minutes| minutes < 60)
        }
        Some(None) => false,
        None => matches!(rest, "" | "Z" | "z"),
    };
    is_clock && is_zone
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Whether a text is of the form `name@domain`, as a form of HTML takes it.
pub(super) fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let is_name = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() < 64
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    !name.is_empty() && name.chars().all(is_name) && domain.split('.').all(is_label)
}

/// Whether a text is a version of semver.org: `1.4.0-rc.1+build`.
pub(super) fn is_semver(text: &str) -> bool {
    let (text, build) = split_off(text, '+');
    let (core, release) = split_off(text, '-');
    let is_number = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_release = |part: &str| is_word(part) && (is_number(part) || part.bytes().any(|byte| !byte.is_ascii_digit()));
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && release.is_none_or(|release| release.split('.').all(is_release))
        && build.is_none_or(|build| build.split('.').all(is_word))
}

fn split_off(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn told_apart(is: fn(&str) -> bool, right: &[&str], wrong: &[&str]) {
        assert_eq!(right.iter().filter(|text| !is(text)).collect::<Vec<_>>(), [&""; 0]);
        assert_eq!(wrong.iter().filter(|text| is(text)).collect::<Vec<_>>(), [&""; 0]);
    }

    #[test]
    fn dates() {
        told_apart(
            is_date,
            &[
                "2026-11-24",
                "2024-02-29",
                "2026-11-24T09:30:00Z",
                "2026-11-24 09:30:00.123+01:00",
                "2026-12-31T23:59:60",
            ],
            &[
                "2026-02-29",
                "2026-13-01",
                "26-1-1",
                "2026-11-24T25:00:00Z",
                "2026-11-24T09:30",
                "2026-11-24T09:30:00.Z",
                "é",
                "",
                "2026-11-24T09:30:00+0100",
                "2026-11-24Tééééé",
            ],
        );
    }

    #[test]
    fn addresses_of_mail() {
        told_apart(is_email, &["a@b", "a.b+c@d-e.example"], &["a", "@b", "a@", "a b@c", "a@-b", "a@b..c", "a@b@c d"]);
    }

    #[test]
    fn semantic_versions() {
        told_apart(
            is_semver,
            &["1.4.0", "1.4.0-rc.1", "0.0.1+build.5", "1.0.0-alpha-b.0a+x"],
            &["1.4", "v1.4.0", "1.04.0", "1.4.0-", "1.4.0-01", "1.4.0+", "1.4.0.1", ""],
        );
    }
}
