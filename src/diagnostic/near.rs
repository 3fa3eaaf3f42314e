/// The names of `known` that a person may have meant by `written`, nearest first, at most three.
///
/// Near is the same but for case, `-` and `_`, or a Damerau-Levenshtein distance of at most 2, and of 1 for short names.
pub fn near<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let plain_written = plain(written);
    let length = plain_written.chars().count();
    let allowed = match length {
        0 | 1 => 0,
        2 | 3 => 1,
        _ => 2.max(length / 4),
    };
    // The distance is at least the difference of the lengths, which costs nothing to see.
    let is_as_long = |name: &str| name.chars().filter(|c| !is_joint(*c)).take(64).count().abs_diff(length) <= allowed;
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|name| *name != written && (!name.is_ascii() || is_as_long(name)))
        .map(|name| (strsim::damerau_levenshtein(&plain_written, &plain(name)), name))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    found.sort_unstable();
    found.dedup();
    let best = found.first().map_or(0, |(distance, _)| *distance);
    found.into_iter().filter(|(distance, _)| *distance == best).take(3).map(|(_, name)| name).collect()
}

/// `` `a`, `b` and `c` ``, with `last` between the last two.
pub fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>, last: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// Without what people mix up; cut, since a name may be of any length.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !is_joint(*c)).flat_map(char::to_lowercase).take(64).collect()
}

fn is_joint(c: char) -> bool {
    matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let known = ["db", "migrate", "collectstatic", "app", "db-password", "healthcheck"];
        assert_eq!(near("migrte", known), ["migrate"]);
        assert_eq!(near("collect_static", known), ["collectstatic"]);
        assert_eq!(near("DB_PASSWORD", known), ["db-password"]);
        assert_eq!(near("healtcheck", known), ["healthcheck"]);
        assert_eq!(near("dbb", known), ["db"]);
        assert_eq!(near("zebra", known), [""; 0]);
        assert_eq!(near("x", known), [""; 0]);
    }

    #[test]
    fn lists_read_as_words() {
        assert_eq!(listed(["a"], "and"), "`a`");
        assert_eq!(listed(["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(listed([""; 0], "or"), "");
    }
}
