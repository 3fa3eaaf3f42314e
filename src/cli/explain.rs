use super::ExitStatus;
use super::args::ExplainArgs;
use super::terminal::{complain_of, print};
use crate::diagnostic::{Diagnostic, codes, listed, near};
use crate::schema;

/// Prints the page of a code or of a node of the language; the list of codes where nothing is asked for.
pub fn explain(args: &ExplainArgs) -> ExitStatus {
    let Some(topic) = &args.topic else {
        for code in codes::all() {
            print(code.slug());
        }
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
    let misses = near(topic, codes::all().map(|code| code.slug()));
    let help = if misses.is_empty() {
        "`pipe explain` alone lists all codes; nodes are named as in `service.healthcheck`".to_owned()
    } else {
        format!("did you mean {}?", listed(misses, "or"))
    };
    complain_of(Diagnostic::new(codes::command::UNKNOWN_TOPIC, format!("there is no page about `{topic}`")).help(help));
    ExitStatus::Usage
}
