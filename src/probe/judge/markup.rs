use super::Observed;
use crate::xpath::{Expression, Tree, Value};

/// How many bytes of text are selected: elements in each other are all the same text.
const MOST_TEXT: usize = 64 << 20;

/// What a text that XPaths are asked of is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// XML.
    Xml,
    /// HTML.
    Html,
    /// Whatever it looks like.
    Guessed,
}

impl Syntax {
    /// Reads a text; in words why it cannot be read.
    pub fn read(self, text: &str) -> Result<Tree, String> {
        let begins = |word: &str| {
            let begin = text.trim_start();
            begin.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word))
        };
        match self {
            Syntax::Html => Tree::read_html(text),
            Syntax::Guessed if begins("<!doctype html") || begins("<html") => Tree::read_html(text),
            Syntax::Xml | Syntax::Guessed => Tree::read_xml(text),
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Syntax::Xml | Syntax::Guessed => "XML",
            Syntax::Html => "HTML",
        }
    }
}

/// What an XPath selects in a document: nodes as their texts, or the one value of an expression.
pub(super) fn select(path: &str, tree: &Tree) -> Observed {
    let expression = match Expression::parse(path) {
        Ok(expression) => expression,
        Err(error) => return Observed::Broken(format!("the XPath `{path}` does not read: {error}")),
    };
    match expression.evaluate(tree) {
        Ok(Value::Nodes(nodes)) => {
            let mut texts = Vec::with_capacity(nodes.len());
            let mut bytes = 0;
            for node in nodes {
                let text = tree.text(node);
                bytes += text.len();
                if bytes > MOST_TEXT {
                    return Observed::Broken(format!("the XPath `{path}` selects more than {} MiB", MOST_TEXT >> 20));
                }
                texts.push(text.into());
            }
            Observed::Selected(texts)
        }
        Ok(Value::Bool(truth)) => Observed::Json(truth.into()),
        Ok(Value::Number(number)) if number.is_nan() => Observed::Broken(format!("`{path}` gives no number")),
        Ok(Value::Number(number)) => Observed::Number(number),
        Ok(Value::Text(text)) => Observed::Text(text),
        Err(why) => Observed::Broken(why),
    }
}
