use super::ExitStatus;
use super::terminal::complain_of;
use crate::diagnostic::{Diagnostic, codes::command, listed, near};
use crate::model::{Name, Pipeline};

/// The runnables that the words name.
pub fn targets(pipeline: &Pipeline, words: &[String]) -> Result<Vec<Name>, ExitStatus> {
    let known: Vec<&Name> = pipeline.runnables().keys().collect();
    if known.is_empty() {
        let what = format!("`{}` declares nothing that could be run", pipeline.header().name);
        complain_of(Diagnostic::new(command::NOTHING_TO_RUN, what).help("declare a stage, a service or an acceptance"));
        return Err(ExitStatus::Usage);
    }
    named(words, &known, "service, stage or acceptance")
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
