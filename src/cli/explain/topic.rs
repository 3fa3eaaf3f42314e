use crate::diagnostic::{Code, Diagnostic, codes, listed, near};
use crate::schema::{self, NodeDef};

/// What a page may be about.
#[derive(Debug)]
pub enum Topic {
    /// A code.
    Code(Code),
    /// All nodes whose paths end in the words that were asked for.
    Nodes(Vec<&'static NodeDef>),
}

impl Topic {
    /// What `words` name: a code, a node by its path or the end of it, or a property by its node's and its own name. Where they name
    /// nothing, what they may have been meant for.
    pub fn find(words: &str) -> Result<Topic, Box<Diagnostic>> {
        let words = words.trim();
        if let Some(code) = codes::find(words) {
            return Ok(Topic::Code(code));
        }
        let nodes = schema::matching(words);
        if !nodes.is_empty() {
            return Ok(Topic::Nodes(nodes));
        }
        let of_entry = words.rsplit_once('.').map(|(path, name)| {
            schema::matching(path).into_iter().filter(|node| has_entry(node, name)).collect::<Vec<_>>()
        });
        of_entry.filter(|nodes| !nodes.is_empty()).map(Topic::Nodes).ok_or_else(|| Box::new(unknown(words)))
    }
}

/// Whether a property, a flag or an argument of the node is called so.
fn has_entry(node: &NodeDef, name: &str) -> bool {
    node.property(name).is_some() || node.flag(name).is_some() || node.arguments.iter().any(|it| it.name == name)
}

fn unknown(words: &str) -> Diagnostic {
    let paths = schema::paths();
    let names = || schema::names().into_iter().chain(codes::all().map(|code| code.slug()));
    let of_entry = || paths.iter().filter(|(_, node)| has_entry(node, words)).map(|(path, _)| path.clone());
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<String>>();
    let ways: [&dyn Fn() -> Vec<String>; 4] =
        [&|| owned(schema::alias_anywhere(words)), &|| owned(near(words, names())), &|| near_child(words), &|| {
            of_entry().take(3).collect()
        }];
    let meant = ways.iter().map(|way| way()).find(|meant| !meant.is_empty()).unwrap_or_default();
    let help = if meant.is_empty() {
        "`pipe explain --list` lists all topics; nodes are named as in `service.healthcheck`".to_owned()
    } else {
        let commands: Vec<String> = meant.iter().map(|name| format!("pipe explain {name}")).collect();
        format!("type {}", listed(commands, "or"))
    };
    Diagnostic::new(codes::command::UNKNOWN_TOPIC, format!("there is no page about `{words}`")).help(help)
}

/// `service.helthcheck`: the nodes of a parent that there is, which are called nearly so.
fn near_child(words: &str) -> Vec<String> {
    let Some((path, name)) = words.rsplit_once('.') else { return Vec::new() };
    let names: Vec<&str> =
        schema::matching(path).into_iter().flat_map(|parent| parent.nodes()).map(|node| node.name).collect();
    near(name, names).into_iter().map(|name| format!("{path}.{name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str) -> String {
        match Topic::find(words) {
            Ok(Topic::Code(code)) => code.slug().to_owned(),
            Ok(Topic::Nodes(nodes)) => nodes.iter().map(|node| node.name).collect::<Vec<_>>().join(" "),
            Err(diagnostic) => diagnostic.help.clone().unwrap_or_default(),
        }
    }

    #[test]
    fn codes_nodes_and_their_properties_are_topics() {
        assert_eq!(found("stage-failed"), "stage-failed");
        assert_eq!(found("service.healthcheck"), "healthcheck");
        assert_eq!(found("matrix"), "matrix");
        assert_eq!(found("healthcheck.interval"), "healthcheck");
        assert!(found("timeout").starts_with("timeout timeout"));
    }

    #[test]
    fn what_is_no_topic_leads_to_one() {
        assert_eq!(found("stage-faild"), "type `pipe explain stage-failed`");
        assert_eq!(found("service.helthcheck"), "type `pipe explain service.healthcheck`");
        assert_eq!(found("depends_on"), "type `pipe explain needs`");
        assert!(found("interval").contains("healthcheck"), "{}", found("interval"));
        assert!(found("zebra").contains("--list"));
    }
}
