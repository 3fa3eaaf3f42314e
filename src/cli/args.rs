use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

pub use super::check::CheckArgs;
pub use super::explain::ExplainArgs;
pub use super::fmt::FmtArgs;
use super::words::parse_age;
use crate::report::ReportFormat;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Builds, runs and tests an application on Docker, from one declarative file.
///
/// A pipeline.kdl says which images are built, which services must be healthy before what, which stages run, and which
/// acceptance tests must pass. Where no FILE is named, pipeline.kdl is looked for in this directory and above it.
#[derive(Debug, Parser)]
#[command(name = "pipe", version, arg_required_else_help = true, max_term_width = 100, after_help = FIRST_STEPS)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where to begin, and what the exit codes say.
const FIRST_STEPS: &str = "\
Begin with:
  pipe check            what is wrong with the file, before anything runs
  pipe run              everything that the pipeline wants, and nothing left behind
  pipe run unit         one stage and what it needs
  pipe up app           a service and what it needs, left running
  pipe explain service  what may be written in a service

Exit codes:
  0      passed
  1      a stage or a test failed; `pipe check` found errors
  2      the pipeline or the command line is wrong
  3      the engine failed, something was left behind, or a file could not be read or written
  4      the pipeline's time-out
  128+n  ended by signal n";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find everything that can be known before a container starts
    Check(CheckArgs),
    /// Write pipelines in their one form; what is KDL 1 becomes KDL 2
    Fmt(FmtArgs),
    /// Show what a run would do, step by step, without doing it
    #[command(override_usage = "pipe plan [OPTIONS] [FILE] [TARGET]...")]
    Plan(PlanArgs),
    /// Run the pipeline, or the targets named, and take back everything that was made
    #[command(override_usage = "pipe run [OPTIONS] [FILE] [TARGET]...")]
    Run(RunArgs),
    /// Bring services up and leave them running; what an earlier `pipe up` of this file left is replaced
    #[command(override_usage = "pipe up [OPTIONS] [FILE] [TARGET]...")]
    Up(RunArgs),
    /// Remove what `pipe up` (or `--keep`) left running
    Down(FileArgs),
    /// List what of this pipeline is there
    Ps(FileArgs),
    /// Show what the containers of this pipeline have written, or those of a run that is over
    #[command(override_usage = "pipe logs [OPTIONS] [FILE] [NAME]...\n       pipe logs [OPTIONS] RUN/NAME")]
    Logs(LogsArgs),
    /// Print where a service's port can be reached
    #[command(override_usage = "pipe port [OPTIONS] [FILE] SERVICE [PORT]")]
    Port(PortArgs),
    /// Remove what runs of this pipeline left: containers, networks, volumes, dangling images
    ///
    /// Log files go by themselves: each run removes those of all but the last 20 runs, and more where they have more than 1 GiB together.
    Clean(CleanArgs),
    /// Print the version of what the pipeline releases: its param `app-version`, as JSON
    Version(VersionArgs),
    /// Print the page of a diagnostic code or of a part of the language
    Explain(ExplainArgs),
    /// Run the pipeline, and publish its tagged images when everything has passed
    #[command(override_usage = "pipe push [OPTIONS] [FILE] [IMAGE]...")]
    Push(PushArgs),
}

/// The pipeline and the values it is given.
#[derive(Debug, ClapArgs)]
pub struct SetArgs {
    /// Give a param its value
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

/// `pipe plan`.
#[derive(Debug, ClapArgs)]
pub struct PlanArgs {
    /// The pipeline; then services, stages or acceptances, without which all that it wants by default is planned
    #[arg(value_name = "TARGET")]
    pub words: Vec<String>,
    /// Values of params.
    #[command(flatten)]
    pub sets: SetArgs,
    /// Which tests.
    #[command(flatten)]
    pub choice: ChoiceArgs,
}

/// Which tests of the acceptances are run.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct ChoiceArgs {
    /// Only tests whose tags are these: 'crud and not slow'
    #[arg(long, value_name = "FILTER")]
    pub tags: Option<String>,
    /// Only tests with this in their name ACCEPTANCE/TEST, in any case; `*` stands for anything
    #[arg(long, value_name = "PATTERN")]
    pub test: Vec<String>,
    /// Only tests that failed when they were last run
    #[arg(long)]
    pub failed: bool,
    /// Draw the order of tests by lot; the seed, which is printed, repeats it
    #[arg(long, num_args = 0..=1, require_equals = true, value_name = "SEED")]
    pub shuffle: Option<Option<u64>>,
}

/// `pipe run` and `pipe up`.
#[derive(Debug, ClapArgs)]
pub struct RunArgs {
    /// The pipeline; then services, stages or acceptances, without which all that it wants by default is run
    #[arg(value_name = "TARGET")]
    pub words: Vec<String>,
    /// Values of params.
    #[command(flatten)]
    pub sets: SetArgs,
    /// Which tests.
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// Begin no more tests when so many have failed
    #[arg(long, value_name = "N")]
    pub max_failures: Option<NonZeroU32>,
    /// How it is run.
    #[command(flatten)]
    pub how: HowArgs,
    /// Leave everything in place when the run has ended; what an earlier `--keep` left is replaced
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "always", require_equals = true, value_name = "WHEN")]
    pub keep: Option<KeepWhen>,
}

/// How a run is performed and shown.
#[derive(Debug, ClapArgs)]
pub struct HowArgs {
    /// How many builds, pulls and stages at once [default: processors of the engine's machine]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroU32>,
    /// Go on with what does not depend on a failure
    #[arg(long)]
    pub keep_going: bool,
    /// Make the snapshots of tests anew instead of comparing with them
    #[arg(long)]
    pub update_snapshots: bool,
    /// Start no guardian process, which takes back what the run made should the run itself be killed
    #[arg(long)]
    pub no_guard: bool,
    /// How the run is shown
    #[arg(long, value_enum, default_value_t = Progress::Auto)]
    pub progress: Progress,
    /// Write a report, of as many kinds as wanted: junit, tap, json, html, markdown, gitlab or trace
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub report: Vec<ReportFile>,
}

/// When the environment of a run is left in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeepWhen {
    /// Whatever happens
    Always,
    /// When something failed
    OnFailure,
}

/// How a run is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// Live on a terminal, lines elsewhere
    Auto,
    /// Lines with the node's name in front
    Plain,
    /// One JSON object a line
    Json,
    /// Failures and the end alone
    Quiet,
}

/// A report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// In what.
    pub format: ReportFormat,
    /// Where to.
    pub path: PathBuf,
}

fn jobs(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| "write a number from 1 on".to_owned())
}

fn report(text: &str) -> Result<ReportFile, String> {
    let named = |name: &str| ReportFormat::ALL.into_iter().find(|format| format.name() == name);
    let (name, path) = text.split_once('=').unwrap_or((text, ""));
    match named(name) {
        Some(format) if !path.is_empty() => Ok(ReportFile { format, path: path.into() }),
        Some(format) => Err(format!("say where to: `{}=FILE`", format.name())),
        None => {
            let names: Vec<&str> = ReportFormat::ALL.into_iter().map(ReportFormat::name).collect();
            Err(format!("a report is `FORMAT=FILE`, with one of {}", names.join(", ")))
        }
    }
}

/// `pipe push`.
#[derive(Debug, ClapArgs)]
pub struct PushArgs {
    /// The pipeline, then images; all that have a tag where none is named
    #[arg(value_name = "IMAGE")]
    pub words: Vec<String>,
    /// Values of params.
    #[command(flatten)]
    pub sets: SetArgs,
    /// How it is run.
    #[command(flatten)]
    pub how: HowArgs,
}

/// Commands that want a pipeline and nothing else.
#[derive(Debug, ClapArgs)]
pub struct FileArgs {
    /// The pipeline
    pub file: Option<PathBuf>,
}

/// `pipe logs`.
#[derive(Debug, ClapArgs)]
pub struct LogsArgs {
    /// The pipeline, then services or stages; all where none is named. RUN/NAME: from the log files of that run; RUN/IMAGE.build: what a build wrote
    #[arg(value_name = "NAME")]
    pub words: Vec<String>,
    /// Wait for more; of RUN/NAME as long as that run goes on
    #[arg(long, short)]
    pub follow: bool,
    /// Only so many lines from the end
    #[arg(long, short = 'n', value_name = "N")]
    pub tail: Option<u32>,
}

/// `pipe port`.
#[derive(Debug, ClapArgs)]
pub struct PortArgs {
    /// The pipeline, a service, and its port in the container where it has several
    #[arg(value_name = "SERVICE", required = true)]
    pub words: Vec<String>,
}

/// `pipe clean`.
#[derive(Debug, ClapArgs)]
pub struct CleanArgs {
    /// The pipeline
    pub file: Option<PathBuf>,
    /// What runs of any pipeline left
    #[arg(long, conflicts_with = "file")]
    pub all: bool,
    /// Only what is older: 30m, 12h, 1d, 2w
    #[arg(long, value_name = "AGE", value_parser = parse_age)]
    pub older: Option<Duration>,
    /// Also the tagged images that runs have built
    #[arg(long)]
    pub images: bool,
    /// Also the volumes of `mount cache`, which runs keep on purpose
    #[arg(long, alias = "caches")]
    pub volumes: bool,
    /// Also what runs on other machines left, of which nobody here can tell whether they are alive: what is older than a day, or than
    /// `--older` says
    #[arg(long)]
    pub all_hosts: bool,
    /// Show what would be removed, by run, with age and size
    #[arg(long)]
    pub dry_run: bool,
}

/// `pipe version`.
#[derive(Debug, ClapArgs)]
pub struct VersionArgs {
    /// The pipeline
    pub file: Option<PathBuf>,
    /// Values of params.
    #[command(flatten)]
    pub sets: SetArgs,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_seed_stands_behind_an_equals_sign_only() {
        let shuffle = |words: &[&str]| match Args::parse_from(words).command {
            Command::Run(run) => (run.choice.shuffle, run.words),
            other => panic!("{other:?}"),
        };
        assert_eq!(shuffle(&["pipe", "run", "--shuffle", "unit"]), (Some(None), vec!["unit".to_owned()]));
        assert_eq!(shuffle(&["pipe", "run", "--shuffle=7"]), (Some(Some(7)), vec![]));
        assert_eq!(shuffle(&["pipe", "run"]).0, None);
    }

    #[test]
    fn keep_takes_its_word_behind_an_equals_sign_only() {
        let args = Args::parse_from(["pipe", "run", "--keep", "unit"]);
        let Command::Run(run) = args.command else { panic!("a run") };
        assert_eq!((run.keep, run.words), (Some(KeepWhen::Always), vec!["unit".to_owned()]));
    }
}
