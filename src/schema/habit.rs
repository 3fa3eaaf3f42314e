use super::NodeDef;

/// What people write who come from elsewhere, where no single word of ours stands for it: in which nodes, the word, and what
/// to type instead.
const HABITS: &[(&[&str], &str, &str)] = &[
    (
        &["service", "stage", "template"],
        "build",
        "declare the image at the top level, `image app { build . }`, and name it here: `image app`",
    ),
    (&["service"], "deploy", "write what is in it on the service itself, or take it away"),
    (&["healthcheck"], "test", "write the command on the line of `healthcheck`: `healthcheck \"pg_isready\"`"),
    (&["healthcheck"], "disable", "write `healthcheck none`"),
    (&["needs"], "condition", "write `gate=healthy`, `gate=started` or `gate=succeeded`"),
    (&["healthcheck"], "retry", "write `retries`"),
    (&["http"], "method", "write the method first: `http GET \"/\"`"),
    (&["http"], "url", "write the URL after the method: `http GET \"/\"`"),
];

/// What to type for `written` in a `parent`, where that is more than another word.
pub fn habit(written: &str, parent: &NodeDef) -> Option<&'static str> {
    HABITS.iter().find(|(parents, word, _)| *word == written && parents.contains(&parent.name)).map(|(.., help)| *help)
}

#[cfg(test)]
mod tests {
    use super::super::lookup::all;
    use super::*;

    #[test]
    fn habits_are_told_where_the_word_means_nothing() {
        for (parents, word, _) in HABITS {
            for parent in *parents {
                let node = all().into_iter().find(|node| node.name == *parent).expect("in the table");
                let known = node.child(word).is_some() || node.property(word).is_some() || node.flag(word).is_some();
                assert!(!known, "`{parent}` has `{word}`");
            }
        }
    }
}
