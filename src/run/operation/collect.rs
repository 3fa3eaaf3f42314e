use std::path::{Path, PathBuf};

use tokio::io::AsyncReadExt;

use crate::event::{Event, Failure, TestCase};
use crate::model::{Artifact, ArtifactOn, ReportKind};
use crate::probe::junit;
use crate::probe::tap::Tap;
use crate::run::artifact::{Fetched, Unfetched, fetch};
use crate::run::end::{Done, End};
use crate::run::session::Task;

/// Copies artifacts out of a stage's container, whether it succeeded or not. What is amiss fails a stage that succeeded; of one
/// that failed it is only told, since the stage's own failure says more.
pub(super) async fn collect(task: &Task, artifacts: &[Artifact]) -> Done {
    tokio::select! {
        done = collect_all(task, artifacts) => done,
        () = task.cancel.killed() => Err(End::Cancelled),
    }
}

async fn collect_all(task: &Task, artifacts: &[Artifact]) -> Done {
    let passed = task.facts.has_passed(task.step().node);
    let mut first: Option<Failure> = None;
    for artifact in artifacts {
        let wanted = match artifact.on {
            ArtifactOn::Always => true,
            ArtifactOn::Success => passed,
            ArtifactOn::Failure => !passed,
        };
        if !wanted {
            continue;
        }
        match collect_one(task, artifact).await? {
            Ok(()) => {}
            Err(failure) if passed => drop(first.get_or_insert(failure)),
            Err(failure) => tell_beside(task, failure).await,
        }
    }
    first.map_or(Ok(()), |failure| Err(failure.into()))
}

async fn collect_one(task: &Task, artifact: &Artifact) -> Done<Result<(), Failure>> {
    let path = task.fill(&artifact.path)?;
    let to = task.fill_any(&artifact.to)?;
    let destination = task.path(&Artifact::destination(&path, to.as_deref()));
    let container = task.container()?;
    let run = &task.identity().run;
    let Fetched { files, left_out } = match fetch(&*task.engine, &container, &path, &destination, run).await {
        Ok(fetched) => fetched,
        Err(Unfetched::There(message)) => {
            return Ok(Err(Failure::ArtifactMissing { path, message, here: false, span: artifact.span }));
        }
        Err(Unfetched::Here(message)) => {
            return Ok(Err(Failure::ArtifactMissing { path, message, here: true, span: artifact.span }));
        }
        Err(Unfetched::Engine(error)) => return Err(error.into()),
    };
    if let Some(left_out) = left_out {
        task.warn(format!("left out of `{path}`, since only files and directories are taken: {left_out}")).await;
    }
    let shown = destination.strip_prefix(&task.options.root).unwrap_or(&destination).display().to_string();
    let node = task.step().node;
    task.teller.tell(Event::Collected { node, from: path.clone(), to: shown }).await;
    let Some(kind) = artifact.report else { return Ok(Ok(())) };
    let read = read_report(task, kind, &files).await;
    Ok(read.map_err(|message| Failure::ReportFailed { path, message, span: artifact.span }))
}

/// Tells the tests of a report; answers in words what is amiss.
async fn read_report(task: &Task, kind: ReportKind, files: &[PathBuf]) -> Result<(), String> {
    let files: Vec<&PathBuf> = files.iter().filter(|file| files.len() == 1 || is_report(file, kind)).collect();
    if files.is_empty() {
        return Err("there is no report in it".to_owned());
    }
    let (mut total, mut failed, mut amiss) = (0, 0, None);
    for file in files {
        let bytes = whole(file).await.map_err(|error| format!("`{}`: {error}", file.display()))?;
        let (cases, problem) = match kind {
            ReportKind::Junit => junit_cases(&bytes),
            ReportKind::Tap => tap_cases(&task.node().name, &bytes),
        };
        amiss = amiss.or(problem);
        for case in cases {
            total += 1;
            failed += usize::from(case.status.is_failure());
            task.noticed(&case);
            task.teller.tell(Event::Tested { node: task.step().node, case }).await;
        }
    }
    match amiss {
        _ if failed > 0 => Err(format!("{failed} of {total} tests failed, though the stage ended well")),
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

/// How large a report may be, in bytes.
const MOST: u64 = 64 << 20;

/// A report, unless it is larger than [`MOST`].
async fn whole(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    tokio::fs::File::open(file).await?.take(MOST + 1).read_to_end(&mut bytes).await?;
    match bytes.len() as u64 > MOST {
        true => Err(std::io::Error::other(format!("it is larger than {} MiB, which no report is", MOST >> 20))),
        false => Ok(bytes),
    }
}

fn is_report(file: &Path, kind: ReportKind) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match kind {
        ReportKind::Junit => extension == Some("xml"),
        ReportKind::Tap => matches!(extension, Some("tap" | "t")),
    }
}

fn junit_cases(bytes: &[u8]) -> (Vec<TestCase>, Option<String>) {
    match junit::read(bytes) {
        Ok(report) => (report.cases, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    }
}

fn tap_cases(group: &str, bytes: &[u8]) -> (Vec<TestCase>, Option<String>) {
    let mut tap = Tap::new(Some(group.to_owned()));
    let text = String::from_utf8_lossy(bytes);
    let mut cases: Vec<TestCase> = text.lines().flat_map(|line| tap.line(line)).collect();
    let (rest, verdict) = tap.finish();
    cases.extend(rest);
    (cases, verdict.problem.map(|problem| problem.to_string()))
}

async fn tell_beside(task: &Task, failure: Failure) {
    // That the report of a stage that failed tells of failed tests is no news.
    if let Failure::ArtifactMissing { path, message, .. } = failure {
        task.warn(format!("`{path}` was not collected: {message}")).await;
    }
}
