use std::time::Duration;

/// A time for people: `0.04s`, `12.3s`, `2m05s`.
pub fn seconds(time: Duration) -> String {
    let total = time.as_secs_f64();
    if total < 10.0 {
        format!("{total:.2}s")
    } else if total < 100.0 {
        format!("{total:.1}s")
    } else {
        format!("{}m{:02}s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// `1 test`, `2 tests`.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The name of a signal, as a shell knows it.
pub fn signal_name(signal: i32) -> String {
    match signal {
        1 => "SIGHUP".to_owned(),
        2 => "SIGINT".to_owned(),
        3 => "SIGQUIT".to_owned(),
        15 => "SIGTERM".to_owned(),
        other => format!("signal {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_three_figures() {
        assert_eq!(seconds(Duration::from_millis(40)), "0.04s");
        assert_eq!(seconds(Duration::from_millis(12_340)), "12.3s");
        assert_eq!(seconds(Duration::from_secs(125)), "2m05s");
    }
}
