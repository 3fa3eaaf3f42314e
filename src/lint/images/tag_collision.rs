use std::collections::HashMap;

use crate::diagnostic::codes::images::TAG_COLLISION;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// Two images with one tag: which one bears it in the end is a matter of luck.
pub(super) const RULE: Rule = Rule::written(TAG_COLLISION, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let mut firsts: HashMap<&str, (Span, &str)> = HashMap::new();
    for image in &written.spec.images {
        for tag in &image.tags {
            let Some((first, other)) = firsts.get(tag.value.as_str()) else {
                firsts.insert(&tag.value, (tag.span, &image.name.value));
                continue;
            };
            let message = if *other == image.name.value {
                format!("image `{other}` has the tag `{}` twice", tag.value)
            } else {
                format!("images `{other}` and `{}` have one tag, `{}`", image.name.value, tag.value)
            };
            diagnostics.push(
                Diagnostic::new(TAG_COLLISION, message)
                    .label(tag.span, "again here")
                    .label(*first, "first here")
                    .help("give each image a tag of its own"),
            );
        }
    }
}
