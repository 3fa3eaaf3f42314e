use std::collections::HashMap;

use crate::ast;
use crate::source::Span;

/// The names that the holes of a list of steps may use besides those that are declared.
pub(super) struct Captures<'s> {
    /// What is known before the list begins.
    outer: Option<&'s Captures<'s>>,
    /// What the list itself captures, by name: the number of the first step that does, and where.
    own: HashMap<&'s str, (usize, Span)>,
    /// The columns of the rows that the list is run for; `None` where it is run once.
    columns: Option<Vec<String>>,
}

/// What is known of a name at a step.
pub(super) enum Found {
    /// It was captured before.
    Captured,
    /// It is captured by this step or a later one, there.
    Later(Span),
    /// Nothing captures it.
    Nowhere,
}

impl<'s> Captures<'s> {
    /// What `steps` capture, after what `outer` knows.
    pub fn of(steps: &'s [ast::Step], outer: Option<&'s Captures<'s>>) -> Self {
        let mut own = HashMap::new();
        for (at, captures) in numbered(steps) {
            for capture in captures {
                own.entry(capture.name.value.as_str()).or_insert((at, capture.name.span));
            }
        }
        Captures { outer, own, columns: None }
    }

    /// The same for steps that are run for the rows of a table.
    pub fn with_columns(self, columns: Option<Vec<String>>) -> Self {
        Captures { columns, ..self }
    }

    /// What is known of `name` at the step of that number.
    pub fn find(&self, name: &str, at: usize) -> Found {
        if self.outer.is_some_and(|outer| outer.captures(name)) {
            return Found::Captured;
        }
        match self.own.get(name) {
            Some((captured, _)) if *captured < at => Found::Captured,
            Some((_, span)) => Found::Later(*span),
            None => Found::Nowhere,
        }
    }

    /// Whether `name` is captured by the end of the list.
    fn captures(&self, name: &str) -> bool {
        self.own.contains_key(name) || self.outer.is_some_and(|outer| outer.captures(name))
    }

    /// The names that are known at the step of that number, in order.
    pub fn known(&self, at: usize) -> Vec<&'s str> {
        let mut names: Vec<&str> =
            self.own.iter().filter(|(_, (captured, _))| *captured < at).map(|(name, _)| *name).collect();
        if let Some(outer) = self.outer {
            names.extend(outer.known(usize::MAX));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The columns of the table, where there is one.
    pub fn columns(&self) -> Option<&[String]> {
        self.columns.as_deref()
    }
}

/// What each probe and action captures, with its number: steps are counted one by one, those in a wait too.
fn numbered(steps: &[ast::Step]) -> impl Iterator<Item = (usize, &[ast::Capture])> {
    let lists = steps.iter().flat_map(|step| {
        let action: &[ast::Action] = match step {
            ast::Step::Action(action) => std::slice::from_ref(action),
            ast::Step::Probe(_) | ast::Step::Wait(_) => &[],
        };
        let probes = step.probes().iter().map(|probe| probe.captures.as_slice());
        probes.chain(action.iter().map(|action| action.captures.as_slice()))
    });
    lists.enumerate()
}
