use super::layout::{Block, Body, Item, Node, What};
use super::string::reindented;
use super::trivia::Trivia;
use super::{INDENT, WIDTH};
use crate::syntax::token::{Kind, Token};

/// The text of a layout whose ranges lie in `source`.
pub(super) fn print(source: &str, block: &Block) -> String {
    let mut printer = Printer { source, out: String::with_capacity(source.len()), line: 0 };
    printer.lines(&block.items, 0);
    if !printer.out.is_empty() {
        printer.out.push('\n');
    }
    printer.out
}

struct Printer<'a> {
    source: &'a str,
    out: String,
    /// Where the last line of `out` begins.
    line: usize,
}

impl Printer<'_> {
    /// Items, each on a line of its own, but for comments that share one.
    fn lines(&mut self, items: &[Item], level: usize) {
        let mut led = false;
        for (at, (item, leads)) in items.iter().zip(leads(items)).enumerate() {
            let begins = at == 0 && level == 0;
            let joins = match &item.what {
                What::Node(_) => led,
                What::Comment { .. } => item.lines_before == 0 && !begins && (led || !leads),
            };
            if joins {
                self.push(" ");
            } else if !begins {
                if at > 0 && item.lines_before > 1 {
                    self.out.push('\n');
                }
                self.break_line(level);
            }
            match &item.what {
                What::Node(node) => drop(self.node(node, level, false)),
                What::Comment { range, .. } => self.comment(range.clone()),
            }
            led = leads;
        }
    }

    /// Whether it still fits where it must stay on one line.
    fn node(&mut self, node: &Node, level: usize, flat: bool) -> bool {
        for (at, part) in node.parts.iter().enumerate() {
            if at > 0 {
                self.gap(&part.gap, " ", level);
            }
            if let Some(gap) = &part.slashdash {
                self.push("/-");
                self.gap(gap, "", level);
            }
            match &part.body {
                Body::Entry(tokens) => {
                    for (index, (gap, token)) in tokens.iter().enumerate() {
                        if index > 0 {
                            self.gap(gap, "", level);
                        }
                        self.token(*token, level);
                    }
                }
                Body::Block(block) if block.items.is_empty() => self.push("{}"),
                Body::Block(block) => {
                    let fits = block.one_line && self.flat(block, level);
                    if flat && !fits {
                        return false;
                    }
                    if !fits {
                        self.push("{");
                        self.lines(&block.items, level + 1);
                        self.break_line(level);
                        self.push("}");
                    }
                }
            }
        }
        !flat || self.column() <= WIDTH
    }

    /// Writes a block on one line, or nothing where it does not fit.
    fn flat(&mut self, block: &Block, level: usize) -> bool {
        let start = self.out.len();
        self.push("{");
        let mut pending = false;
        for item in &block.items {
            let after_node = matches!(item.what, What::Comment { after_node: true, .. });
            if pending && !after_node {
                self.push(";");
                pending = false;
            }
            self.push(" ");
            let fits = match &item.what {
                What::Node(node) => {
                    pending = true;
                    self.node(node, level + 1, true)
                }
                What::Comment { range, .. } => {
                    self.comment(range.clone());
                    self.column() <= WIDTH
                }
            };
            if !fits {
                self.out.truncate(start);
                return false;
            }
        }
        self.push(" }");
        let fits = self.column() <= WIDTH;
        if !fits {
            self.out.truncate(start);
        }
        fits
    }

    /// What stands between two tokens, or `blank` where nothing does.
    fn gap(&mut self, gap: &[Trivia], blank: &str, level: usize) {
        if gap.is_empty() {
            return self.push(blank);
        }
        let mut fresh = false;
        let mut gap = gap.iter().peekable();
        while let Some(trivia) = gap.next() {
            // A line that goes on is as good as several with nothing on them.
            if fresh && *trivia == Trivia::Continuation && gap.next_if_eq(&&Trivia::LineEnd).is_some() {
                continue;
            }
            if !fresh && *trivia != Trivia::LineEnd {
                self.push(" ");
            }
            fresh = *trivia == Trivia::LineEnd;
            match trivia {
                Trivia::Comment(range) => self.comment(range.clone()),
                Trivia::Continuation => self.push("\\"),
                Trivia::LineEnd => self.break_line(level + 1),
            }
        }
        if !fresh {
            self.push(" ");
        }
    }

    fn token(&mut self, token: Token, level: usize) {
        let written = &self.source[token.range()];
        if token.kind == Kind::Text && written.contains(['\n', '\r']) {
            self.push_lines(&reindented(written, (level + 1) * INDENT));
        } else {
            self.push(written);
        }
    }

    fn comment(&mut self, range: std::ops::Range<usize>) {
        let written = &self.source[range];
        if written.starts_with("//") {
            self.push(written.trim_end());
        } else {
            self.push_lines(&written.replace("\r\n", "\n").replace('\r', "\n"));
        }
    }

    fn break_line(&mut self, level: usize) {
        self.out.push('\n');
        self.line = self.out.len();
        self.out.extend(std::iter::repeat_n(' ', level * INDENT));
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn push_lines(&mut self, text: &str) {
        self.out.push_str(text);
        if text.contains('\n') {
            self.line = self.out.rfind('\n').map_or(0, |at| at + 1);
        }
    }

    /// How many characters the last line has.
    fn column(&self) -> usize {
        self.out[self.line..].chars().count()
    }
}

/// Of each item, whether it is a comment before a node on the node's line.
fn leads(items: &[Item]) -> Vec<bool> {
    let mut leads = vec![false; items.len()];
    for (at, pair) in items.windows(2).enumerate().rev() {
        let free = matches!(pair[0].what, What::Comment { after_node: false, .. });
        leads[at] = free && pair[1].lines_before == 0 && (pair[1].is_node() || leads[at + 1]);
    }
    leads
}
