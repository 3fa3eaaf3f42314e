use std::sync::LazyLock;

use super::{DOCUMENT, NodeDef};

/// What people write who come from elsewhere, and what it is called here; several where it depends on the place.
const ALIASES: &[(&str, &[&str])] = &[
    ("args", &["arg"]),
    ("artifacts", &["artifact"]),
    ("assert", &["expect"]),
    ("build-arg", &["arg"]),
    ("cmd", &["command"]),
    ("container-name", &["hostname"]),
    ("cwd", &["workdir"]),
    ("depends", &["needs"]),
    ("depends-on", &["needs"]),
    ("env-files", &["env-file"]),
    ("environment", &["env"]),
    ("expose", &["port"]),
    ("extend", &["extends"]),
    ("from", &["image", "pull"]),
    ("headers", &["header"]),
    ("health", &["healthcheck"]),
    ("images", &["image"]),
    ("it", &["test"]),
    ("job", &["stage"]),
    ("jobs", &["stage"]),
    ("labels", &["label"]),
    ("mounts", &["mount"]),
    ("networks", &["network"]),
    ("params", &["param"]),
    ("password", &["secret"]),
    ("ports", &["port"]),
    ("publish", &["port"]),
    ("request", &["http"]),
    ("requires", &["needs"]),
    ("run", &["command", "sh"]),
    ("script", &["sh"]),
    ("secrets", &["secret"]),
    ("services", &["service"]),
    ("shell", &["sh"]),
    ("stages", &["stage"]),
    ("step", &["stage", "sh"]),
    ("steps", &["stage", "sh"]),
    ("stop-grace-period", &["stop"]),
    ("stop-signal", &["stop"]),
    ("tags", &["tag"]),
    ("task", &["stage"]),
    ("tasks", &["stage"]),
    ("tests", &["test"]),
    ("tmpfs", &["mount"]),
    ("vars", &["param"]),
    ("variable", &["param", "env"]),
    ("variables", &["param", "env"]),
    ("volumes", &["volume", "mount"]),
    ("volume", &["mount"]),
    ("wait-for", &["needs"]),
    ("working-dir", &["workdir"]),
];

/// The nodes of `parent` that `written`, a word of another tool, probably means; `depends_on` and `dependsOn` are one word.
pub fn alias(written: &str, parent: &NodeDef) -> Vec<&'static str> {
    let plain = |word: &str| word.replace(['-', '_'], "").to_ascii_lowercase();
    let written = plain(written);
    let meant = ALIASES.iter().filter(|(from, _)| plain(from) == written).flat_map(|(_, to)| *to);
    meant.copied().filter(|name| parent.child(name).is_some()).collect()
}

/// The nodes of the whole language that `written`, a word of another tool, probably means.
pub fn alias_anywhere(written: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = all().into_iter().flat_map(|parent| alias(written, parent)).collect();
    let mut seen = Vec::new();
    found.retain(|name| {
        !seen.contains(name) && {
            seen.push(*name);
            true
        }
    });
    found
}

/// The names of all nodes, in the order of the table, each once.
pub fn names() -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    for node in all().into_iter().skip(1) {
        if !found.contains(&node.name) {
            found.push(node.name);
        }
    }
    found
}

/// The names of the nodes in which a node called `name` may stand, in the order of the table.
pub fn parents(name: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> =
        all().into_iter().filter(|parent| parent.child(name).is_some()).map(|parent| parent.name).collect();
    let mut seen = Vec::new();
    found.retain(|name| {
        !seen.contains(name) && {
            seen.push(*name);
            true
        }
    });
    found
}

/// The node at `path`, from the top level down: `service.healthcheck`.
pub fn find(path: &str) -> Option<&'static NodeDef> {
    path.split('.').try_fold(&DOCUMENT, |node, name| node.child(name)).filter(|node| !std::ptr::eq(*node, &DOCUMENT))
}

/// The nodes that `topic` names: the one at that path from the top level down, or else all whose paths end so: `healthcheck`,
/// `http.expect`.
pub fn matching(topic: &str) -> Vec<&'static NodeDef> {
    match find(topic) {
        Some(node) => vec![node],
        None => {
            let mut names = topic.rsplit('.');
            let last = names.next().unwrap_or_default();
            let parents: Vec<&str> = names.collect();
            let found = all().into_iter().skip(1).filter(|node| node.name == last);
            found.filter(|node| stands_in(node, &parents)).collect()
        }
    }
}

/// Whether parents of that name, the nearest first, may hold the node.
fn stands_in(node: &'static NodeDef, parents: &[&str]) -> bool {
    let Some((nearest, further)) = parents.split_first() else { return true };
    let holds = |parent: &&'static NodeDef| parent.nodes().any(|child| std::ptr::eq(child, node));
    all().into_iter().filter(|parent| parent.name == *nearest).filter(holds).any(|parent| stands_in(parent, further))
}

/// Each node of the table once with its shortest path, in the order of the table, parents before children.
pub fn paths() -> Vec<(String, &'static NodeDef)> {
    let mut found: Vec<(String, &'static NodeDef)> = vec![(String::new(), &DOCUMENT)];
    let mut next = 0;
    while next < found.len() {
        let (path, parent) = found[next].clone();
        for node in parent.nodes() {
            if !found.iter().any(|(_, seen)| std::ptr::eq(*seen, node)) {
                found
                    .push((if path.is_empty() { node.name.to_owned() } else { format!("{path}.{}", node.name) }, node));
            }
        }
        next += 1;
    }
    found.remove(0);
    found
}

/// Each node of the table once, the root first, parents before children.
pub(super) fn all() -> Vec<&'static NodeDef> {
    static ALL: LazyLock<Vec<&'static NodeDef>> = LazyLock::new(walked);
    ALL.clone()
}

fn walked() -> Vec<&'static NodeDef> {
    let mut found: Vec<&'static NodeDef> = vec![&DOCUMENT];
    let mut next = 0;
    while next < found.len() {
        for node in found[next].nodes() {
            if !found.iter().any(|seen| std::ptr::eq(*seen, node)) {
                found.push(node);
            }
        }
        next += 1;
    }
    found
}

/// The id of a node: its name, and a number where several have that name.
pub(super) fn definition_id(node: &NodeDef, nodes: &[&'static NodeDef]) -> String {
    let of_name: Vec<_> = nodes.iter().filter(|other| other.name == node.name).collect();
    let at = of_name.iter().position(|other| std::ptr::eq(**other, node)).unwrap_or_default();
    if at == 0 { node.name.to_owned() } else { format!("{}-{}", node.name, at + 1) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{Arity, Body, Part, Rule};
    use super::*;

    #[test]
    fn the_table_holds_together() {
        for node in all() {
            let names: Vec<_> = node.nodes().map(|child| child.name).collect();
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "`{}` has two of one name", node.name);
            assert!(node.doc.ends_with('.'), "the sentence of `{}` has an end", node.name);
            for argument in node.arguments.iter().rev().skip(1) {
                assert_ne!(argument.arity, Arity::Many, "`{}`", node.name);
            }
            if let Body::Entries(_) = node.body {
                assert!(node.arguments.is_empty() && node.flags.is_empty(), "`{}`", node.name);
            }
            let parts = node.rules.iter().flat_map(|rule| match rule {
                Rule::AtMostOne(parts) | Rule::ExactlyOne(parts) | Rule::AtLeastOne(parts) => parts.to_vec(),
                Rule::Alone(part) => vec![*part],
                Rule::Asserts | Rule::PortOnce => Vec::new(),
            });
            for part in parts.chain(node.properties.iter().filter_map(|property| property.requires)) {
                let argument = |name| node.arguments.iter().find(|argument| argument.name == name);
                let there = match part {
                    Part::Argument(name) => argument(name).is_some(),
                    Part::Word(name, word) => argument(name).and_then(|argument| argument.word(word)).is_some(),
                    Part::Flag(name) => node.flag(name).is_some(),
                    Part::Property(name) => node.property(name).is_some(),
                    Part::Child(name) => node.child(name).is_some(),
                };
                assert!(there, "`{}` speaks of {part:?}", node.name);
            }
        }
    }

    #[test]
    fn aliases_name_nodes_that_there_are() {
        let known: BTreeSet<_> = all().into_iter().map(|node| node.name).collect();
        for (_, meant) in ALIASES {
            assert!(meant.iter().all(|name| known.contains(name)), "{meant:?}");
        }
        let service = find("service").expect("in the table");
        assert_eq!(alias("volumes", service), ["mount"]);
        assert_eq!(alias("volumes", &DOCUMENT), ["volume"]);
        assert_eq!(alias("run", service), ["command", "sh"]);
        for word in ["depends_on", "depends-on", "dependsOn"] {
            assert_eq!(alias(word, service), ["needs"]);
        }
    }

    #[test]
    fn topics_are_paths_or_their_ends() {
        let names = |topic: &str| matching(topic).iter().map(|node| node.name).collect::<Vec<_>>();
        assert_eq!(names("service.healthcheck"), ["healthcheck"]);
        assert_eq!(names("healthcheck.command"), ["command"]);
        assert!(names("timeout").len() >= 2);
        assert_eq!(names("volume.healthcheck"), [""; 0]);
        assert_eq!(names(""), [""; 0]);
        let paths = paths();
        assert_eq!(paths.len() + 1, all().len());
        assert!(paths.iter().all(|(path, node)| std::ptr::eq(find(path).expect("a path leads there"), *node)));
    }

    #[test]
    fn nodes_know_their_parents() {
        assert_eq!(parents("healthcheck"), ["template", "service"]);
        assert_eq!(parents("header"), ["http"]);
        assert_eq!(parents("matrix"), ["stage"]);
        assert!(find("service.healthcheck.command").is_some());
        assert!(find("service.artifact").is_none());
        assert!(find("").is_none());
    }
}
