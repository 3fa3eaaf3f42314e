use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;

use super::ExitStatus;
use super::args::{HowArgs, KeepWhen, Progress, PushArgs, ReportFile, RunArgs};
use super::choice::{choice, refuse_empty};
use super::connect::with_engine;
use super::guardian::{Charge, Guard};
use super::identity::new_run;
use super::load::{Loaded, load_valid};
use super::locate::file_and_words;
use super::misuse::distinct_reports;
use super::not_run::refuse_not_run;
use super::outside::{known_secrets, secrets, values};
use super::owner::{Life, Owner};
use super::recovery::recover;
use super::signals;
use super::standing::Standing;
use super::state::homes;
use super::targets::{images, targets};
use super::terminal::{self, complain, complain_of};
use super::test_memory::TestMemory;
use crate::diagnostic::{Diagnostic, Diagnostics, codes::command, codes::engine::ENGINE_FAILED};
use crate::engine::labels;
use crate::engine::{Engine, EngineInfo};
use crate::event::{Outcome, Stamped, Summary, Verdict};
use crate::model::{Name, Pipeline, Runnable, Values};
use crate::plan::{Goal, Keep, Plan, plan};
use crate::report::{
    Context, Paced, Report, Reporter, Screen, explain_engine_error, json::Json, plain::Plain, tty::Tty,
};
use crate::run::{Masker, Options};
use crate::store::{Begun, LogFiles, RunDirectory, prune, prune_logs};

/// Events that wait for the screen; a slow terminal slows containers and grows no memory.
const BACKLOG: usize = 256;
/// How long the screen of an interrupted run may take to show the rest: a terminal that hangs must not hold the process.
const PARTING: Duration = Duration::from_secs(2);

/// `pipe run`: performs the plan and takes back everything that was made.
pub fn run(args: &RunArgs) -> ExitStatus {
    let keep = match args.keep {
        None => Keep::Nothing,
        Some(KeepWhen::Always) => Keep::Everything,
        Some(KeepWhen::OnFailure) => Keep::OnFailure,
    };
    let by = args.keep.map(|_| labels::KEPT);
    prepared(args, keep, by).map_or_else(|status| status, |prepared| prepared.perform(&args.how))
}

/// `pipe up`: as `pipe run`, and services stay.
pub fn up(args: &RunArgs) -> ExitStatus {
    let keep = if args.keep.is_some() { Keep::Everything } else { Keep::Services };
    prepared(args, keep, Some(labels::UP)).map_or_else(|status| status, |prepared| prepared.perform(&args.how))
}

/// `pipe push`: as `pipe run`, and tagged images are published when everything has passed.
pub fn push(args: &PushArgs) -> ExitStatus {
    let (file, words) = file_and_words(&args.words);
    let prepare = || {
        let (loaded, pipeline) = load_valid(file.as_deref(), &args.sets)?;
        let push = images(&pipeline, words)?;
        let goal = Goal { push: push.clone(), ..Goal::default() };
        let prepared = Prepared::new(loaded, &pipeline, goal, None)?;
        accepted(&pipeline, &prepared, &push)?;
        Ok(prepared)
    };
    prepare().map_or_else(|status| status, |prepared: Prepared| prepared.perform(&args.how))
}

/// Holds a push to publishing what its own run puts to the test.
fn accepted(pipeline: &Pipeline, prepared: &Prepared, images: &[Name]) -> Result<(), ExitStatus> {
    let suites = pipeline.runnables().values().any(|runnable| matches!(runnable, Runnable::Acceptance(_)));
    let unseen = |image: &&Name| !prepared.plan.accepts(image, !suites);
    let mut problems = Diagnostics::new();
    for image in images.iter().filter(unseen) {
        let (what, help) = if suites {
            ("no acceptance of this run needs", "let an acceptance that needs it be among the `default` targets")
        } else {
            ("nothing in this run runs", "let a stage or a service that runs it be among the `default` targets")
        };
        let message = format!("{what} `{image}`, so it is not published");
        problems.push(
            Diagnostic::new(command::NOT_ACCEPTED, message)
                .label(pipeline.images()[image].name.span, "tagged to be published")
                .help(help),
        );
    }
    if problems.is_empty() {
        return Ok(());
    }
    complain(&problems, prepared.loaded.files());
    Err(ExitStatus::Usage)
}

fn prepared(args: &RunArgs, keep: Keep, by: Option<&'static str>) -> Result<Prepared, ExitStatus> {
    let (file, words) = file_and_words(&args.words);
    let (loaded, pipeline) = load_valid(file.as_deref(), &args.sets)?;
    let targets = targets(&pipeline, words)?;
    let tests = choice(&args.choice, &loaded.identity)?;
    let mut prepared = Prepared::new(loaded, &pipeline, Goal { targets, keep, tests, ..Goal::default() }, by)?;
    refuse_empty(&pipeline, &prepared.plan, &args.choice)?;
    prepared.options.max_failures = args.max_failures.map(|most| most.get() as usize);
    Ok(prepared)
}

/// A plan with everything that performing it takes.
struct Prepared {
    loaded: Loaded,
    plan: Arc<Plan>,
    options: Options,
}

impl Prepared {
    fn new(loaded: Loaded, pipeline: &Pipeline, goal: Goal, kept_by: Option<&'static str>) -> Result<Self, ExitStatus> {
        let mut plan = plan(pipeline, &goal);
        let mut known = Values::default();
        if !plan.undecided.is_empty() {
            known = values(pipeline, &loaded.disk, |name| plan.undecided.contains(name)).map_err(|problems| {
                complain(&problems, loaded.files());
                ExitStatus::Usage
            })?;
            plan = crate::plan::plan(pipeline, &Goal { values: known.clone(), ..goal });
        }
        let demands = plan.demands();
        refuse_not_run(&loaded, pipeline, &plan, &demands)?;
        let is_missing = |name: &Name| demands.params.contains(name) && known.get(name.as_str()).is_none();
        let outside = values(pipeline, &loaded.disk, is_missing)
            .map(|found| known.with(found))
            .and_then(|values| Ok((values, secrets(pipeline, &loaded.disk, |name| demands.secrets.contains(name))?)));
        let (values, mut secrets) = outside.map_err(|problems| {
            complain(&problems, loaded.files());
            ExitStatus::Usage
        })?;
        // What this run does not need is hidden by it all the same.
        for (name, value) in known_secrets(pipeline, &loaded.disk) {
            secrets.entry(name).or_insert(value);
        }
        plan.values = values;
        let header = pipeline.header();
        let options = Options {
            jobs: header.parallel.map(|jobs| jobs.value as usize),
            identity: new_run(&header.name, &loaded.identity, kept_by),
            secrets,
            root: loaded.disk.root().to_owned(),
            keep_going: false,
            max_failures: None,
            update_snapshots: false,
            timeout: header.timeout.map(|timeout| timeout.value),
            is_dead: |owner| Owner::parse(owner).is_some_and(|owner| owner.life() == Life::Dead),
            directory: None,
        };
        Ok(Prepared { loaded, plan: Arc::new(plan), options })
    }

    fn perform(self, how: &HowArgs) -> ExitStatus {
        if let Err(status) = distinct_reports(how.report.iter().map(|report| report.path.as_path())) {
            return status;
        }
        if let Some(status) = unwritable(how) {
            return status;
        }
        let Prepared { loaded, plan, mut options } = self;
        if let Some(jobs) = how.jobs {
            options.jobs = Some(jobs.get() as usize);
        }
        options.keep_going = how.keep_going;
        options.update_snapshots = how.update_snapshots;
        with_engine(async |engine, info| {
            let control = match signals::watch() {
                Ok(control) => control,
                Err(error) => {
                    complain_of(explain_engine_error(ENGINE_FAILED, "watch signals", &error.to_string(), &[]));
                    return Ok(ExitStatus::Engine);
                }
            };
            if let Some(by) = options.identity.keep {
                let standing = Standing::of(engine.as_ref(), &options.identity.spec, Some(by)).await?;
                if let Some(run) = standing.busy.first() {
                    complain_of(still_coming_up(run));
                    return Ok(ExitStatus::Usage);
                }
                standing.make_room(engine.as_ref()).await?;
            }
            let homes = homes();
            options.directory =
                RunDirectory::create(&homes, &begun(&loaded, &plan, &options, &info)).ok().map(Arc::new);
            let guard = if how.no_guard { None } else { guard(&plan, &options, &info) };
            let masker = Masker::new(options.secrets.values().map(String::as_str));
            let context = Context {
                plan: plan.clone(),
                files: loaded.files().shown(|text| masker.blank(text)),
                style: terminal::output_style(),
                hide: Arc::new(move |text: &str| masker.text(text)),
            };
            let (events, received) = mpsc::channel(BACKLOG);
            let logs = options.directory.as_deref().map(LogFiles::path);
            let limited = options.max_failures.is_some();
            let memory = options.directory.clone().map(|directory| TestMemory::new(plan.clone(), directory, limited));
            let reporters = Reporters { memory, ..reporters(&context, how, logs) };
            let control = control.beside(recover_and_forget(engine.clone(), homes));
            let shown = tokio::task::spawn_blocking(move || show(received, reporters));
            let outcome = crate::run::run(plan, engine, options, control, events).await;
            if let Some(guard) = guard.filter(|_| is_done_with(&outcome)) {
                guard.dismiss();
            }
            let unwritten = match outcome.summary.verdict {
                Verdict::Interrupted { .. } => timeout(PARTING, shown).await.unwrap_or(Ok(Vec::new())),
                _ => parted(shown).await,
            };
            Ok(exit(&outcome, unwritten.unwrap_or_default()))
        })
    }
}

/// How the journal of a run begins.
fn begun(loaded: &Loaded, plan: &Plan, options: &Options, info: &EngineInfo) -> Begun {
    let leaves = match plan.keep {
        Keep::Nothing => Begun::NOTHING,
        Keep::Services => Begun::SERVICES,
        Keep::OnFailure => Begun::FAILURE,
        Keep::Everything => Begun::EVERYTHING,
    };
    Begun {
        version: Begun::VERSION,
        run: options.identity.run.clone(),
        pipeline: options.identity.pipeline.to_string(),
        file: loaded.identity.display().to_string(),
        created: options.identity.created,
        engine: info.address.clone(),
        leaves: leaves.to_owned(),
    }
}

/// A guardian for a run; none for one that leaves everything, and none where no process can be started: the next run cleans up then.
fn guard(plan: &Plan, options: &Options, info: &EngineInfo) -> Option<Guard> {
    let charge = Charge {
        run: options.identity.run.clone(),
        engine: info.address.clone(),
        directory: options.directory.as_ref().map(|directory| directory.path().to_owned()),
    };
    if plan.keep == Keep::Everything { None } else { Guard::post(&charge).ok() }
}

/// Whether a run needs nobody to clean up behind it: all it made is gone, or it left what it left on purpose.
fn is_done_with(outcome: &Outcome) -> bool {
    outcome.summary.kept > 0 || (outcome.settled && !leaves_something(&outcome.summary))
}

/// Whether something was left against the run's will, as far as it knows.
fn leaves_something(summary: &Summary) -> bool {
    !summary.left.is_empty() || !summary.unknown.is_empty()
}

/// Removes what dead runs left, and forgets runs of long ago.
async fn recover_and_forget(engine: Arc<dyn Engine>, homes: Vec<PathBuf>) -> Vec<String> {
    let old = homes.clone();
    tokio::task::spawn_blocking(move || {
        prune(&old, SystemTime::now());
        prune_logs(&old);
    });
    recover(engine, homes).await
}

/// Tells of a report that cannot be written, before anything is run for it.
fn unwritable(how: &HowArgs) -> Option<ExitStatus> {
    let (path, error) =
        how.report.iter().find_map(|report| Some((&report.path, Report::prepare(&report.path).err()?)))?;
    complain_of(report_unwritable(path, &error));
    Some(ExitStatus::Engine)
}

/// Two environments of one pipeline file would answer to the same names.
fn still_coming_up(run: &str) -> Diagnostic {
    Diagnostic::new(
        command::ALREADY_COMING_UP,
        format!("run {run} of this pipeline has not ended yet, and may stay up"),
    )
    .help("wait for its end, or stop it with Ctrl-C, then try again")
}

/// What came of the reports once all is shown. The run is over: a signal ends the wait for a screen that hangs.
async fn parted(shown: JoinHandle<Vec<Diagnostic>>) -> Result<Vec<Diagnostic>, JoinError> {
    let Ok(mut control) = signals::watch() else { return shown.await };
    tokio::select! {
        unwritten = shown => unwritten,
        _ = control.signal() => Ok(Vec::new()),
    }
}

/// The screen of a run and the reports that it writes.
struct Reporters {
    screen: Paced,
    reports: Vec<Report>,
    memory: Option<TestMemory>,
}

fn reporters(context: &Context, how: &HowArgs, logs: Option<PathBuf>) -> Reporters {
    let screen = || Screen::new(terminal::Output);
    let screen: Box<dyn Reporter> = match how.progress {
        Progress::Auto if terminal::is_live() => Box::new(Tty::new(context.clone(), terminal::live())),
        Progress::Auto | Progress::Plain => {
            Box::new(Plain::new(context.clone(), screen()).annotating(terminal::annotates()))
        }
        Progress::Quiet => Box::new(Plain::quiet(context.clone(), screen()).annotating(terminal::annotates())),
        Progress::Json => Box::new(Json::new(context.clone(), screen())),
    };
    let begin = |report: &ReportFile| Report::begin(context, report.format, &report.path);
    let reports = how.report.iter().map(begin).collect();
    Reporters { screen: Paced::new(screen, logs), reports, memory: None }
}

/// Shows events until the run has told all of them; which reports could not be written, and why.
fn show(mut events: mpsc::Receiver<Stamped>, mut reporters: Reporters) -> Vec<Diagnostic> {
    while let Some(stamped) = events.blocking_recv() {
        for report in &mut reporters.reports {
            report.handle(&stamped);
        }
        if let Some(memory) = &mut reporters.memory {
            memory.handle(&stamped);
        }
        reporters.screen.handle(&stamped);
    }
    reporters.screen.finish();
    reporters.reports.iter().filter_map(Report::error).map(|(path, error)| report_unwritable(path, error)).collect()
}

fn report_unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(command::REPORT_UNWRITABLE, format!("the report `{}` cannot be written", path.display()))
        .note(error.to_string())
        .help("name a file in a directory that you may write to: `--report junit=reports/pipe.xml`")
}

fn exit(outcome: &Outcome, unwritten: Vec<Diagnostic>) -> ExitStatus {
    let status = ExitStatus::of_run(outcome.summary.verdict, leaves_something(&outcome.summary));
    let is_lacking = !unwritten.is_empty();
    unwritten.into_iter().for_each(complain_of);
    if is_lacking && status == ExitStatus::Success { ExitStatus::Engine } else { status }
}
