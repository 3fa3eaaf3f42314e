use indexmap::IndexSet;

use super::ExitStatus;
use super::terminal::complain_of;
use crate::diagnostic::{Diagnostic, codes::command, listed, near};
use crate::model::{Name, Pipeline, Runnable, Stage};

/// The runnables that the words name.
pub fn targets(pipeline: &Pipeline, words: &[String]) -> Result<Vec<Name>, ExitStatus> {
    let known = declared(pipeline);
    if known.is_empty() {
        let what = format!("`{}` declares nothing that could be run", pipeline.header().name);
        complain_of(Diagnostic::new(command::NOTHING_TO_RUN, what).help("declare a stage, a service or an acceptance"));
        return Err(ExitStatus::Usage);
    }
    let mut targets = Vec::new();
    let mut unknown = false;
    for word in words {
        let found = meant(pipeline, word);
        if found.is_empty() {
            unknown = true;
            complain_of(match word.split_once('[').and_then(|(of, _)| pipeline.instances().get(of)) {
                Some(instances) => unknown_target(word, &instances.iter().collect::<Vec<_>>(), "instance"),
                None => unknown_target(word, &known, "service, stage or acceptance"),
            });
        }
        targets.extend(found);
    }
    if unknown { Err(ExitStatus::Usage) } else { Ok(targets) }
}

/// The names as they are declared: a stage with a matrix once.
fn declared(pipeline: &Pipeline) -> Vec<&Name> {
    let mut names: IndexSet<&Name> = IndexSet::new();
    for (name, runnable) in pipeline.runnables() {
        names.insert(match runnable {
            Runnable::Stage(Stage { instance: Some(instance), .. }) => &instance.of,
            _ => name,
        });
    }
    names.into_iter().collect()
}

/// The runnables that a word means: one by its name, all instances of a stage, or those that have the values in brackets.
fn meant(pipeline: &Pipeline, word: &str) -> Vec<Name> {
    if let Some((name, _)) = pipeline.runnables().get_key_value(word) {
        return vec![name.clone()];
    }
    if let Some(instances) = pipeline.instances().get(word) {
        return instances.clone();
    }
    let Some((of, values)) = word.strip_suffix(']').and_then(|word| word.split_once('[')) else { return Vec::new() };
    let Some(values) = values.split(',').map(|pair| pair.trim().split_once('=')).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let fits = |name: &&Name| match &pipeline.runnables()[*name] {
        Runnable::Stage(Stage { instance: Some(instance), .. }) => {
            values.iter().all(|(axis, value)| instance.value(axis) == Some(*value))
        }
        _ => false,
    };
    pipeline.instances().get(of).into_iter().flatten().filter(fits).cloned().collect()
}

/// The images to publish: those that the words name, or all that have a tag.
pub fn images(pipeline: &Pipeline, words: &[String]) -> Result<Vec<Name>, ExitStatus> {
    let tagged: Vec<&Name> =
        pipeline.images().iter().filter(|(_, image)| !image.tags.is_empty()).map(|(name, _)| name).collect();
    if tagged.is_empty() {
        complain_of(
            Diagnostic::new(command::NOTHING_TO_PUSH, format!("no image of `{}` has a tag", pipeline.header().name))
                .help("add `tag \"registry.example.com/name:version\"` to an image"),
        );
        return Err(ExitStatus::Usage);
    }
    if words.is_empty() {
        return Ok(tagged.into_iter().cloned().collect());
    }
    named(words, &tagged, "tagged image")
}

fn named(words: &[String], known: &[&Name], kind: &str) -> Result<Vec<Name>, ExitStatus> {
    let mut out = Vec::new();
    let mut unknown = false;
    for word in words {
        match known.iter().find(|name| name.as_str() == word) {
            Some(name) => out.push((*name).clone()),
            None => {
                unknown = true;
                complain_of(unknown_target(word, known, kind));
            }
        }
    }
    if unknown { Err(ExitStatus::Usage) } else { Ok(out) }
}

fn unknown_target(word: &str, known: &[&Name], kind: &str) -> Diagnostic {
    let names = || known.iter().map(|name| name.as_str());
    let misses = near(word, names());
    let diagnostic = Diagnostic::new(command::UNKNOWN_TARGET, format!("there is no {kind} `{word}`"));
    if std::path::Path::new(word).exists() {
        return diagnostic.help(format!("write `./{word}` for the file or directory of that name"));
    }
    if misses.is_empty() {
        diagnostic.help(format!("name one of {}", listed(names(), "or")))
    } else {
        diagnostic
            .note(format!("there are {}", listed(names(), "and")))
            .help(format!("did you mean {}?", listed(misses, "or")))
    }
}
