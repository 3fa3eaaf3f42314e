use super::lookup::all;
use super::section::place;
use super::{NodeDef, Support, Type, Word};

/// The parts of a node that are checked and not run: words, properties, children.
fn parts_of(node: &NodeDef) -> Vec<String> {
    let code = |name: &str| format!("`{name}`");
    let words = |words: &[Word]| -> Vec<String> {
        words.iter().filter(|word| word.support == Support::Checked).map(|word| code(word.word)).collect()
    };
    let mut found = Vec::new();
    for argument in node.arguments {
        found.extend(words(argument.words));
        if let Type::Word(set) = argument.ty {
            found.extend(words(set));
        }
    }
    found.extend(words(node.flags));
    for property in node.properties {
        if property.support == Support::Checked {
            found.push(format!("`{}=`", property.name));
        } else if let Type::Word(set) = property.ty {
            let unready = set.iter().filter(|word| word.support == Support::Checked);
            found.extend(unready.map(|word| format!("`{}={}`", property.name, word.word)));
        }
    }
    found.extend(node.nodes().filter(|child| child.support == Support::Checked).map(|child| code(child.name)));
    found
}

/// All parts of the language that are checked and not run, with the places of each; what has the same places stands together.
pub(super) fn by_place() -> Vec<(Vec<String>, Vec<String>)> {
    let mut places_of: Vec<(String, Vec<String>)> = Vec::new();
    for node in all() {
        for part in parts_of(node) {
            match places_of.iter_mut().find(|(known, _)| *known == part) {
                Some((_, places)) if places.contains(&place(node)) => {}
                Some((_, places)) => places.push(place(node)),
                None => places_of.push((part, vec![place(node)])),
            }
        }
    }
    let mut grouped: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (part, places) in places_of {
        match grouped.iter_mut().find(|(known, _)| *known == places) {
            Some((_, parts)) => parts.push(part),
            None => grouped.push((places, vec![part])),
        }
    }
    grouped
}
