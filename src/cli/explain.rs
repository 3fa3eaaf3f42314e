use super::ExitStatus;
use super::args::ExplainArgs;
use super::terminal::{complain_of, print};
use crate::diagnostic::render::wrapped;
use crate::diagnostic::{Diagnostic, codes, listed, near};
use crate::schema;

/// Prints the page of a code or of a node of the language; the list of codes where nothing is asked for.
pub fn explain(args: &ExplainArgs) -> ExitStatus {
    let Some(topic) = &args.topic else {
        print(&format!(
            "parts of the language, such as `pipe explain service` or `pipe explain service.healthcheck`:\n{}\n",
            columns(schema::names())
        ));
        print(&format!(
            "codes of diagnostics, such as `pipe explain stage-failed`:\n{}",
            columns(codes::all().map(|code| code.slug()))
        ));
        return ExitStatus::Success;
    };
    if let Some(code) = codes::find(topic) {
        print(code.page().trim_end());
        return ExitStatus::Success;
    }
    if let Some(page) = schema::explain(topic) {
        print(page.trim_end());
        return ExitStatus::Success;
    }
    let known = || schema::names().into_iter().chain(codes::all().map(|code| code.slug()));
    let meant = match schema::alias_anywhere(topic) {
        aliases if aliases.is_empty() => near(topic, known()),
        aliases => aliases,
    };
    let help = if meant.is_empty() {
        "`pipe explain` alone lists all topics; nodes are named as in `service.healthcheck`".to_owned()
    } else {
        let commands: Vec<String> = meant.iter().map(|name| format!("pipe explain {name}")).collect();
        format!("type {}", listed(commands, "or"))
    };
    complain_of(Diagnostic::new(codes::command::UNKNOWN_TOPIC, format!("there is no page about `{topic}`")).help(help));
    ExitStatus::Usage
}

/// Words in lines of at most 78 characters, indented.
fn columns<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let text = words.into_iter().collect::<Vec<_>>().join(" ");
    wrapped(&text, 76).iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
