use std::time::Duration;

use crate::model::{Command, ImageSource, Text};
use crate::plan::{Operation, Step};

/// A time for people: `0.04s`, `12.3s`, `2m05s`.
pub fn seconds(time: Duration) -> String {
    let total = time.as_secs_f64();
    if total < 10.0 {
        format!("{total:.2}s")
    } else if total < 100.0 {
        format!("{total:.1}s")
    } else {
        format!("{}m{:02}s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// `1 test`, `2 tests`.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What a step does, in one line: the command that runs, the context that is built.
pub fn doing(step: &Step) -> String {
    match &step.operation {
        Operation::ProvideImage(image) => match &image.source {
            ImageSource::Build(build) => {
                let target = build.target.as_ref().map_or(String::new(), |target| format!(" target={target}"));
                format!("build {}{target}", build.context.display())
            }
            ImageSource::Pull { reference, .. } => format!("pull {}", reference.value),
            ImageSource::Import(path) => format!("import {}", path.display()),
            ImageSource::Load(path) => format!("load {}", path.display()),
        },
        Operation::RunStage(stage) => {
            let container = stage.container.as_ref();
            let command = container.and_then(|container| container.command.as_ref());
            format!("run {}", command.map_or("the image's command".to_owned(), command_line))
        }
        Operation::StartService(service) => {
            let command = service.container.command.as_ref();
            format!("start {}", command.map_or("the image's command".to_owned(), command_line))
        }
        Operation::RunBats(bats) => format!("run bats {}", bats.file.display()),
        Operation::RunTests(acceptance) => format!("run {}", plural(acceptance.tests.len(), "test", "tests")),
        other => other.verb().to_owned(),
    }
}

fn command_line(command: &Command) -> String {
    match command {
        Command::Exec { words, .. } => words.iter().map(quoted).collect::<Vec<_>>().join(" "),
        Command::Shell { script, .. } => {
            let script = script.to_string();
            let mut lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
            let first = lines.next().unwrap_or_default().to_owned();
            if lines.next().is_some() { format!("{first} …") } else { first }
        }
    }
}

fn quoted(word: &Text) -> String {
    let word = word.to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@%+{}".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_three_figures() {
        assert_eq!(seconds(Duration::from_millis(40)), "0.04s");
        assert_eq!(seconds(Duration::from_millis(12_340)), "12.3s");
        assert_eq!(seconds(Duration::from_secs(125)), "2m05s");
    }
}
