//! `pipe explain`: the page of a code or of a part of the language, and lists of both.
//!
//! Main function: [`explain`]. What it says comes from the pages of `specs/codes` and from the table of `schema`; here it is put
//! together and shown.

mod args;
mod evidence;
mod list;
mod page;
mod pager;
mod topic;
mod wire;

pub use args::ExplainArgs;

use super::ExitStatus;
use super::terminal::{complain_of, output_style, print};
use crate::diagnostic::codes;
use crate::diagnostic::render::{markdown, wrapped};
use crate::schema;
use args::{Form, Listed};
use pager::page_out;
use topic::Topic;

/// Shows what was asked for; what there is to ask for where nothing was.
pub fn explain(args: &ExplainArgs) -> ExitStatus {
    match (&args.topic, args.list) {
        (Some(topic), _) => match Topic::find(topic) {
            Ok(topic) => show(args.format, || page::markdown(&topic), || wire::topic(&topic)),
            Err(diagnostic) => {
                complain_of(*diagnostic);
                return ExitStatus::Usage;
            }
        },
        (None, Some(listed)) => show(args.format, || list::markdown(listed), || wire::list(listed)),
        (None, None) => show(args.format, overview, || wire::list(Listed::All)),
    }
    ExitStatus::Success
}

fn show(form: Form, page: impl FnOnce() -> String, value: impl FnOnce() -> serde_json::Value) {
    match form {
        Form::Text => page_out(&markdown(&page(), &output_style())),
        Form::Markdown => print(page().trim_end()),
        Form::Json => print(&serde_json::to_string_pretty(&value()).expect("its keys are strings")),
    }
}

/// Every topic in a few lines.
fn overview() -> String {
    format!(
        "parts of the language, such as `pipe explain service` or `pipe explain service.healthcheck`:\n\n```text\n{}\n```\n\n\
         codes of diagnostics, such as `pipe explain stage-failed`:\n\n```text\n{}\n```\n\n`pipe explain --list` says what each is.\n",
        columns(schema::names()),
        columns(codes::all().map(|code| code.slug()))
    )
}

fn columns<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    wrapped(&words.into_iter().collect::<Vec<_>>().join(" "), 76).join("\n")
}
