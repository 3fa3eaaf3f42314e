use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::tree::{Kind, MOST_DEPTH, Name};
use super::{NodeId, Tree};

impl Tree {
    /// Reads a document of XML; in words what is wrong with it. Entities of a document's own are not expanded but told of.
    pub fn read_xml(text: &str) -> Result<Tree, String> {
        let mut reader = Reader::from_str(text);
        let mut tree = Tree::new();
        let mut open: Vec<NodeId> = vec![tree.root()];
        let mut has_element = false;
        loop {
            let event = reader.read_event().map_err(|error| format!("at byte {}: {error}", reader.error_position()))?;
            let at = *open.last().expect("the root is never closed");
            let is_top = open.len() == 1;
            match event {
                Event::Start(start) => {
                    if is_top && has_element {
                        return Err("it has a second element beside the first".to_owned());
                    }
                    has_element = true;
                    if open.len() > MOST_DEPTH {
                        return Err(format!("its elements are nested more than {MOST_DEPTH} deep"));
                    }
                    open.push(element(&mut tree, at, &start)?);
                }
                Event::Empty(start) => {
                    if is_top && has_element {
                        return Err("it has a second element beside the first".to_owned());
                    }
                    has_element = true;
                    element(&mut tree, at, &start)?;
                }
                Event::End(_) => drop(open.pop()),
                Event::Text(text) => {
                    let text = text.decode().map_err(|error| error.to_string())?;
                    if !is_top {
                        tree.push_text(at, &text.replace("\r\n", "\n"))?;
                    } else if !text.trim().is_empty() {
                        return Err("it has text outside of its element".to_owned());
                    }
                }
                Event::CData(text) => {
                    tree.push_text(at, &text.decode().map_err(|error| error.to_string())?.replace("\r\n", "\n"))?;
                }
                Event::GeneralRef(entity) => {
                    let name = entity.decode().map_err(|error| error.to_string())?;
                    let c = entity.resolve_char_ref().map_err(|error| error.to_string())?;
                    let text = match c {
                        Some(c) => c.to_string(),
                        None => resolve_predefined_entity(&name)
                            .ok_or_else(|| format!("the entity `&{name};` is not known"))?
                            .to_owned(),
                    };
                    tree.push_text(at, &text)?;
                }
                Event::Comment(text) => {
                    let text = text.decode().map_err(|error| error.to_string())?.into_owned();
                    tree.push(at, Kind::Comment(text))?;
                }
                Event::PI(instruction) => {
                    let text = String::from_utf8_lossy(&instruction).into_owned();
                    let (target, rest) = text.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((&text, ""));
                    tree.push(at, Kind::Instruction(target.to_owned(), rest.trim_start().to_owned()))?;
                }
                Event::Decl(_) | Event::DocType(_) => {}
                Event::Eof if open.len() > 1 => {
                    let name = tree.name(at).map(|name| name.written()).unwrap_or_default();
                    return Err(format!("`<{name}>` is not closed"));
                }
                Event::Eof if !has_element => return Err("it has no element".to_owned()),
                Event::Eof => return Ok(tree),
            }
        }
    }
}

fn element(tree: &mut Tree, parent: NodeId, start: &BytesStart<'_>) -> Result<NodeId, String> {
    let written = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let mut declared = Vec::new();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = written(attribute.key.as_ref());
        let raw = String::from_utf8_lossy(&attribute.value);
        let value = quick_xml::escape::unescape(&raw).map_err(|error| error.to_string())?;
        let value = value.replace(['\n', '\t', '\r'], " ");
        match name.strip_prefix("xmlns") {
            Some("") => declared.push((String::new(), value)),
            Some(prefix) if prefix.starts_with(':') => declared.push((prefix[1..].to_owned(), value)),
            _ => attributes.push((Name::of(&name), value)),
        }
    }
    let id = tree.push(parent, Kind::Element(Name::of(&written(start.name().as_ref())), declared))?;
    for (name, value) in attributes {
        tree.push(id, Kind::Attribute(name, value))?;
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_a_tree() {
        let text = "<?xml version=\"1.0\"?><!DOCTYPE a><a x='1 &amp; 2'>b&lt;&#65;<![CDATA[<c>]]><!-- d --><?e f?></a>";
        let tree = Tree::read_xml(text).expect("it is XML");
        assert_eq!(tree.text(tree.root()), "b<A<c>");
        let a = tree.node(tree.root()).children[0];
        assert_eq!(tree.text(tree.node(a).attributes[0]), "1 & 2");
        assert_eq!(tree.node(a).children.len(), 3);
    }

    #[test]
    fn what_is_no_xml_is_told() {
        for (text, why) in [
            ("", "it has no element"),
            ("{\"a\": 1}", "outside of its element"),
            ("<a>", "`<a>` is not closed"),
            ("<a></b>", "at byte"),
            ("<a/><b/>", "a second element"),
            ("<a>&own;</a>", "`&own;` is not known"),
            ("<a x=1/>", ""),
        ] {
            let told = Tree::read_xml(text).expect_err(text);
            assert!(told.contains(why), "{text}: {told}");
        }
    }

    #[test]
    fn depth_and_size_have_bounds() {
        let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(Tree::read_xml(&deep(10_000)).is_ok());
        assert!(Tree::read_xml(&deep(10_001)).is_err_and(|why| why.contains("nested")));
        let wide = format!("<a>{}</a>", "<b/>".repeat(1_000_000));
        assert!(Tree::read_xml(&wide).is_err_and(|why| why.contains("nodes")));
    }
}
