use super::ExitStatus;
use super::args::ExplainArgs;
use super::terminal::{complain_of, print};
use crate::diagnostic::{Diagnostic, codes};
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
    let near = codes::all()
        .map(|code| (strsim::damerau_levenshtein(code.slug(), topic), code.slug()))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    let help = match near {
        Some((_, slug)) => format!("did you mean `pipe explain {slug}`?"),
        None => "`pipe explain` alone lists all codes; nodes are named as in `service.healthcheck`".to_owned(),
    };
    complain_of(Diagnostic::new(codes::command::UNKNOWN_TOPIC, format!("there is no page about `{topic}`")).help(help));
    ExitStatus::Usage
}
