use super::ExitStatus;
use super::args::PlanArgs;
use super::choice::{choice, chosen_tests, refuse_empty};
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
        let tests = choice(&args.choice, &loaded.identity)?;
        let goal = Goal { targets: targets(&pipeline, words)?, tests, ..Goal::default() };
        let plan = plan(&pipeline, &goal);
        refuse_empty(&pipeline, &plan, &args.choice)?;
        // An author may have written the value of a secret into a command.
        let tests: String = chosen_tests(&plan).into_iter().map(|line| line + "\n").collect();
        Ok(masker(Some(&pipeline), &loaded.disk).text(&format!("{tests}{plan}")))
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
