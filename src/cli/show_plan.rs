use super::ExitStatus;
use super::args::PlanArgs;
use super::load::load_valid;
use super::locate::file_and_words;
use super::outside::masker;
use super::targets::targets;
use super::terminal::print;
use crate::plan::{Goal, plan};

/// How to read a line.
const LEGEND: &str = "\
// #step [steps that come before] what it is about  what is done  (why)
// #3: once it succeeded, #3!: once it ended, #3?: once it ended or will never begin; all that is ready runs side by side
";

/// Prints the plan of a run, a line a step. Runs nothing, not even the commands of params, and needs no engine.
pub fn print_plan(args: &PlanArgs) -> ExitStatus {
    let (file, words) = file_and_words(&args.words);
    let planned = load_valid(file.as_deref(), &args.sets).and_then(|(loaded, pipeline)| {
        let goal = Goal { targets: targets(&pipeline, words)?, ..Goal::default() };
        let plan = plan(&pipeline, &goal);
        // An author may have written the value of a secret into a command.
        Ok(masker(Some(&pipeline), &loaded.disk).text(&plan.to_string()))
    });
    match planned {
        Ok(plan) => {
            print(LEGEND);
            print(plan.trim_end());
            ExitStatus::Success
        }
        Err(status) => status,
    }
}
