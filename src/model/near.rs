/// The names of `known` that a person may have meant by `wanted`, nearest first, at most three.
///
/// Near is: the same but for case, `-` and `_`; or a Damerau-Levenshtein distance of at most a third of the length, and two for
/// short names; or one the beginning of the other.
pub fn near<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted_plain = plain(wanted);
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|name| *name != wanted)
        .filter_map(|name| {
            let name_plain = plain(name);
            if name_plain == wanted_plain {
                return Some((0, name));
            }
            let length = wanted_plain.chars().count();
            let distance = strsim::damerau_levenshtein(&wanted_plain, &name_plain);
            let allowed = if length <= 2 { 1 } else { (length / 3).max(2).min(length - 1) };
            if distance <= allowed {
                return Some((distance, name));
            }
            let shorter = wanted_plain.len().min(name_plain.len());
            let prefix = wanted_plain.starts_with(&name_plain) || name_plain.starts_with(&wanted_plain);
            (prefix && shorter >= 2).then_some((distance + 10, name))
        })
        .collect();
    found.sort();
    found.dedup();
    let best = found.first().map_or(0, |(distance, _)| *distance);
    found.into_iter().filter(|(distance, _)| *distance <= best + 1).take(3).map(|(_, name)| name).collect()
}

/// `a`, `b` and `c`, each in backticks.
pub(crate) fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>, last: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '-' && *c != '_').flat_map(char::to_lowercase).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let known = ["db", "migrate", "collectstatic", "app", "db-password"];
        assert_eq!(near("migrte", known), ["migrate"]);
        assert_eq!(near("collect_static", known), ["collectstatic"]);
        assert_eq!(near("DB_PASSWORD", known), ["db-password"]);
        assert_eq!(near("dbb", known), ["db"]);
        assert_eq!(near("zebra", known), [""; 0]);
        assert_eq!(near("x", known), [""; 0]);
    }

    #[test]
    fn lists_read_as_words() {
        assert_eq!(listed(["a"], "and"), "`a`");
        assert_eq!(listed(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
