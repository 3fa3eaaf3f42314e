use std::collections::{HashMap, HashSet};

use super::declared::{check_name, is_word};
use super::resolver::Resolver;
use crate::ast::{self, Combination};
use crate::diagnostic::codes::graph::{EMPTY_MATRIX, MATRIX_LIMIT, MATRIX_NO_EFFECT, UNKNOWN_AXIS, UNUSED_AXIS};
use crate::diagnostic::codes::names::UNKNOWN_VARIABLE;
use crate::diagnostic::codes::shape::MISSING_PROPERTY;
use crate::diagnostic::{Diagnostic, listed};
use crate::source::{Span, Spanned};

/// How many instances a stage may have, those that are left out included.
const MOST_INSTANCES: usize = 256;
/// How many settings the instances of a file may hold together, so that a few lines cannot fill the memory.
const MOST_SETTINGS: usize = 400_000;

/// What `{{matrix.…}}` names where texts are being resolved.
#[derive(Debug, Default)]
pub(super) enum MatrixScope {
    /// Nothing: the text is in no stage with a matrix.
    #[default]
    Outside,
    /// Anything: the text is in a template, or in a stage whose matrix is broken.
    Open,
    /// The values of an instance.
    Instance {
        /// Each axis with its value.
        values: Vec<(String, String)>,
        /// The axes that were asked for.
        used: HashSet<String>,
    },
}

/// A value of each axis, in the order of the axes.
type Values = Vec<(String, String)>;

impl Resolver<'_> {
    /// The value of `{{matrix.AXIS}}`, as it is; told of where there is none.
    pub fn axis_value(&mut self, axis: &str, span: Span) -> Option<String> {
        let known: Vec<String> = match &mut self.matrix {
            MatrixScope::Open => return Some(format!("{{{{matrix.{axis}}}}}")),
            MatrixScope::Outside => {
                self.report(
                    Diagnostic::new(UNKNOWN_VARIABLE, format!("`{{{{matrix.{axis}}}}}` names nothing"))
                        .label(span, "in no matrix")
                        .help(format!("write it in a stage that has one: `matrix {{ {axis} \"a\" \"b\"; }}`")),
                );
                return None;
            }
            MatrixScope::Instance { values, used } => {
                if let Some((_, value)) = values.iter().find(|(name, _)| name == axis) {
                    used.insert(axis.to_owned());
                    return Some(value.clone());
                }
                values.iter().map(|(name, _)| name.clone()).collect()
            }
        };
        let words: Vec<&str> = known.iter().map(String::as_str).collect();
        let diagnostic =
            Diagnostic::new(UNKNOWN_AXIS, format!("the matrix has no axis `{axis}`")).label(span, "no such axis");
        let diagnostic = match self.declared.near(axis, &words).as_slice() {
            [only] => diagnostic.help(format!("did you mean `{{{{matrix.{only}}}}}`?")).suggestion(
                format!("write `{only}`"),
                span,
                format!("{{{{matrix.{only}}}}}"),
            ),
            _ => diagnostic.help(format!("add the axis: `{axis} \"a\" \"b\"`")),
        };
        self.report(diagnostic.note(format!("its axes: {}", listed(&known, "and"))));
        None
    }

    /// Whether a string asks for an axis in a place where any will do, so that nothing can be said of its value.
    pub fn is_open(&self, string: &str) -> bool {
        matches!(self.matrix, MatrixScope::Open) && string.contains("{{matrix.")
    }

    /// The combinations of a matrix; `None` where it is broken, which was told.
    pub fn combinations(&mut self, stage: &ast::Stage, matrix: &ast::Matrix) -> Option<Vec<Values>> {
        let before = self.diagnostics.iter().filter(|it| it.severity == crate::diagnostic::Severity::Error).count();
        let axes = self.axes(matrix);
        if axes.is_empty() && self.no_errors_since(before) {
            self.report(
                Diagnostic::new(EMPTY_MATRIX, format!("the matrix of `{}` has no axis", stage.name.value))
                    .label(matrix.word, "makes no instance")
                    .help("give it one: `python \"3.11\" \"3.12\"`"),
            );
        }
        let count = axes.iter().try_fold(1_usize, |count, (_, values)| count.checked_mul(values.len()));
        let count = count.and_then(|count| count.checked_add(matrix.include.len()));
        if count.is_none_or(|count| count > MOST_INSTANCES) {
            let count = count.map_or_else(|| "too many".to_owned(), |count| count.to_string());
            self.report(
                Diagnostic::new(MATRIX_LIMIT, format!("the matrix of `{}` has {count} combinations", stage.name.value))
                    .label(matrix.word, format!("more than {MOST_INSTANCES}"))
                    .help("leave out values, or make several stages")
                    .note(format!(
                        "a matrix has at most {MOST_INSTANCES} combinations, those that are left out included"
                    )),
            );
        }
        let excluded: Vec<Option<Vec<(usize, String)>>> =
            matrix.exclude.iter().map(|exclude| self.places(exclude, &axes)).collect();
        let included: Vec<Option<Values>> = matrix.include.iter().map(|include| self.whole(include, &axes)).collect();
        if !self.no_errors_since(before) {
            return None;
        }
        let mut hits = vec![0_usize; excluded.len()];
        let mut found: Vec<Values> = Vec::new();
        for combination in product(&axes) {
            let fits =
                |places: &Vec<(usize, String)>| places.iter().all(|(axis, value)| combination[*axis].1 == *value);
            let mut out = false;
            for (hit, places) in hits.iter_mut().zip(excluded.iter().flatten()) {
                if fits(places) {
                    *hit += 1;
                    out = true;
                }
            }
            if !out {
                found.push(combination);
            }
        }
        for (exclude, _) in matrix.exclude.iter().zip(&hits).filter(|(_, hits)| **hits == 0) {
            self.excludes_nothing(exclude, &axes);
        }
        let mut known: HashSet<Values> = found.iter().cloned().collect();
        for (node, include) in matrix.include.iter().zip(included.into_iter().flatten()) {
            if known.insert(include.clone()) {
                found.push(include);
            } else {
                self.report(
                    Diagnostic::new(MATRIX_NO_EFFECT, "the combination is there already")
                        .label(node.span, "adds nothing")
                        .help("take it away")
                        .fix("take it away", node.span, ""),
                );
            }
        }
        if found.is_empty() {
            let mut diagnostic =
                Diagnostic::new(EMPTY_MATRIX, format!("every combination of `{}` is left out", stage.name.value))
                    .label(matrix.word, "makes no instance")
                    .help("take an `exclude` away");
            for exclude in matrix.exclude.iter().take(6) {
                diagnostic = diagnostic.label(exclude.span, "leaves out");
            }
            self.report(diagnostic);
            return None;
        }
        let size = self.templates.merged.get(stage.name.value.as_str()).map_or(1, |merged| merged.size());
        self.settings_of_instances = self.settings_of_instances.saturating_add(size.saturating_mul(found.len()));
        if self.settings_of_instances > MOST_SETTINGS {
            self.report(
                Diagnostic::new(MATRIX_LIMIT, "the instances of this file have too many settings together")
                    .label(matrix.word, "one matrix too many")
                    .help("make fewer instances, or stages with fewer settings")
                    .note(format!(
                        "the limit is {MOST_SETTINGS} settings; it keeps a small file from filling the memory"
                    )),
            );
            return None;
        }
        Some(found)
    }

    /// Tells of axes of whose values nothing was made.
    pub fn axes_are_used(&mut self, matrix: &ast::Matrix, used: &HashSet<String>) {
        for axis in matrix.axes.iter().filter(|axis| axis.values.len() > 1 && !used.contains(&axis.name.value)) {
            self.report(
                Diagnostic::new(UNUSED_AXIS, format!("nothing in the stage differs by `{}`", axis.name.value))
                    .label(axis.name.span, "never asked for")
                    .help(format!("write `{{{{matrix.{}}}}}` where its value belongs", axis.name.value)),
            );
        }
    }

    fn no_errors_since(&self, before: usize) -> bool {
        self.diagnostics.count(crate::diagnostic::Severity::Error) == before
    }

    /// The axes with their values, each once.
    fn axes(&mut self, matrix: &ast::Matrix) -> Vec<(String, Vec<String>)> {
        let mut axes: Vec<(String, Vec<String>)> = Vec::new();
        let mut names: HashSet<&str> = HashSet::new();
        for axis in &matrix.axes {
            if !is_word(&axis.name.value) {
                check_name("axis", false, &[], &axis.name, &mut self.diagnostics);
            }
            if !names.insert(&axis.name.value) {
                continue;
            }
            let mut values: HashMap<&str, Span> = HashMap::new();
            let mut once = Vec::new();
            for value in &axis.values {
                if let Some(first) = values.get(value.value.as_str()) {
                    let message = format!("`{}` has `{}` twice", axis.name.value, value.value);
                    self.report(
                        Diagnostic::new(MATRIX_NO_EFFECT, message)
                            .label(value.span, "again")
                            .label(*first, "first")
                            .help("take the second one away")
                            .fix("take it away", self.with_blank_before(value.span), ""),
                    );
                    continue;
                }
                values.insert(&value.value, value.span);
                once.push(value.value.clone());
            }
            axes.push((axis.name.value.clone(), once));
        }
        axes
    }

    /// Each value of a combination with the place of its axis; `None` where something of it is unknown, which was told.
    fn places(&mut self, combination: &Combination, axes: &[(String, Vec<String>)]) -> Option<Vec<(usize, String)>> {
        if combination.values.is_empty() {
            self.report(
                Diagnostic::new(MISSING_PROPERTY, "a combination needs an axis and its value")
                    .label(combination.span, "names no axis")
                    .help(match axes.first() {
                        Some((axis, values)) => {
                            format!("write such as `{axis}=\"{}\"`", values.first().map_or("value", String::as_str))
                        }
                        None => "write such as `python=\"3.11\"`".to_owned(),
                    }),
            );
            return None;
        }
        let mut places = Vec::new();
        for (axis, value) in &combination.values {
            match axes.iter().position(|(name, _)| *name == axis.value) {
                Some(place) => places.push((place, value.value.clone())),
                None => {
                    let names: Vec<&str> = axes.iter().map(|(name, _)| name.as_str()).collect();
                    self.no_such_axis(axis, &names);
                }
            }
        }
        (places.len() == combination.values.len()).then_some(places)
    }

    fn no_such_axis(&mut self, axis: &Spanned<String>, names: &[&str]) {
        let diagnostic = Diagnostic::new(UNKNOWN_AXIS, format!("the matrix has no axis `{}`", axis.value))
            .label(axis.span, "no such axis");
        let diagnostic = match self.declared.near(&axis.value, names).as_slice() {
            [only] => diagnostic.help(format!("did you mean `{only}`?")).suggestion(
                format!("write `{only}`"),
                axis.span,
                *only,
            ),
            _ => diagnostic.help("name one of its axes, or add this one"),
        };
        self.report(match names {
            [] => diagnostic,
            names => diagnostic.note(format!("its axes: {}", listed(names, "and"))),
        });
    }

    /// A combination that gives every axis a value, in the order of the axes.
    fn whole(&mut self, combination: &Combination, axes: &[(String, Vec<String>)]) -> Option<Values> {
        let places: HashMap<usize, String> = self.places(combination, axes)?.into_iter().collect();
        let missing: Vec<&str> = axes
            .iter()
            .enumerate()
            .filter(|(place, _)| !places.contains_key(place))
            .map(|(_, (name, _))| name.as_str())
            .collect();
        if let Some(first) = missing.first() {
            self.report(
                Diagnostic::new(MISSING_PROPERTY, format!("`include` gives no value for {}", listed(&missing, "and")))
                    .label(combination.span, "not a whole combination")
                    .help(format!("add `{first}=\"value\"`")),
            );
            return None;
        }
        Some(axes.iter().enumerate().map(|(place, (name, _))| (name.clone(), places[&place].clone())).collect())
    }

    /// Tells of an `exclude` that leaves out nothing, at the value that no instance has.
    fn excludes_nothing(&mut self, exclude: &Combination, axes: &[(String, Vec<String>)]) {
        let stranger = exclude.values.iter().find_map(|(axis, value)| {
            let (_, values) = axes.iter().find(|(name, _)| *name == axis.value)?;
            (!values.contains(&value.value)).then_some((axis, value, values))
        });
        let Some((axis, value, values)) = stranger else {
            self.report(
                Diagnostic::new(MATRIX_NO_EFFECT, "no combination has all of these values")
                    .label(exclude.span, "leaves out nothing")
                    .help("take it away")
                    .fix("take it away", exclude.span, ""),
            );
            return;
        };
        let words: Vec<&str> = values.iter().map(String::as_str).collect();
        let message = format!("`{}` has no value `{}`, so nothing is left out", axis.value, value.value);
        let diagnostic = Diagnostic::new(MATRIX_NO_EFFECT, message).label(value.span, "no such value");
        let diagnostic = match self.declared.near(&value.value, &words).as_slice() {
            [only] => diagnostic.help(format!("did you mean `\"{only}\"`?")).suggestion(
                format!("write `\"{only}\"`"),
                value.span,
                format!("\"{only}\""),
            ),
            _ => diagnostic.help("take it away, or name a value of the axis"),
        };
        self.report(diagnostic.note(format!("its values: {}", listed(&words, "and"))));
    }

    /// The token with the blanks before it.
    fn with_blank_before(&self, span: Span) -> Span {
        let file = self.files.get(span.file);
        let before = &file.text()[..file.range(span).start];
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        Span { start: span.start - u32::try_from(blanks).unwrap_or_default(), ..span }
    }
}

/// Every combination, the last axis turning fastest.
fn product(axes: &[(String, Vec<String>)]) -> Vec<Values> {
    axes.iter().fold(vec![Vec::new()], |found, (name, values)| {
        found
            .iter()
            .flat_map(|begun| {
                values.iter().map(move |value| {
                    let mut next = begun.clone();
                    next.push((name.clone(), value.clone()));
                    next
                })
            })
            .collect()
    })
}
