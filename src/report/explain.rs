use std::time::Duration;

use super::engine_trouble::{engine_code, explain_engine_error};
use super::words::{plural, seconds};
use crate::diagnostic::{Diagnostic, codes::run};
use crate::diagnostic::{WHEN_SIGNAL_IGNORED, image_unavailable, login, missing_external, port_taken, unchecked_image};
use crate::event::{Attempt, Failure};
use crate::plan::{NodeId, Operation, Plan, Step, StepId};
use crate::source::Span;

/// Draws why a step failed under the line of the pipeline that asked for it.
pub fn explain_failure(plan: &Plan, step: StepId, failure: &Failure) -> Diagnostic {
    let step = plan.step(step);
    let name = &plan.node(step.node).name;
    let at = step.origin;
    match failure {
        Failure::ImageUnavailable { reference, message, auth } => image_unavailable(at, reference, message, *auth),
        Failure::BuildFailed { step: build_step, exit_code, log, dockerfile, lines, message } => {
            let place = match lines {
                Some((from, to)) if from == to => format!("{dockerfile}:{from}"),
                Some((from, to)) => format!("{dockerfile}:{from}-{to}"),
                None => dockerfile.clone(),
            };
            let what = match exit_code {
                Some(code) => format!("the build of `{name}` failed with exit code {code} at {place}"),
                None => format!("the build of `{name}` failed at {place}"),
            };
            let mut diagnostic = Diagnostic::new(run::BUILD_FAILED, what).label(at, "built here");
            if let Some(build_step) = build_step {
                diagnostic = diagnostic.note(format!("step: {build_step}"));
            }
            if exit_code.is_none() || log.is_empty() {
                diagnostic = diagnostic.note(message);
            }
            with_log(diagnostic, "last lines of the step", log).help(format!("mend {place}"))
        }
        Failure::CannotStart { message } => Diagnostic::new(run::CANNOT_START, format!("`{name}` cannot be started"))
            .label(at, "started here")
            .note(message)
            .help(if is_full(message) {
                ENGINE_IS_FULL
            } else {
                "name a program that the image has, with its full path where needed"
            }),
        Failure::PortTaken { port, span, holder } => port_taken(span.unwrap_or(at), *port, holder.as_deref()),
        Failure::StageFailed { code, oom_killed, log, dead, unwell } => {
            let mut diagnostic =
                Diagnostic::new(run::STAGE_FAILED, format!("`{name}` ended with {}", exit_words(*code, *oom_killed)))
                    .label(at, "run here");
            diagnostic = with_log(diagnostic, "last lines", log);
            for (service, code, log) in dead {
                diagnostic = diagnostic.note(format!("`{service}`, which it needs, had ended with exit code {code}"));
                diagnostic = with_log(diagnostic, &format!("last lines of `{service}`"), log);
            }
            for (service, attempt) in unwell {
                diagnostic = diagnostic.note(format!("`{service}`, which it needs, does not pass its check any more"));
                diagnostic = with_attempts(diagnostic, std::slice::from_ref(attempt));
            }
            match exit_help(*code, *oom_killed, memory(step)) {
                Some(help) => diagnostic.help(help),
                None if log.iter().any(|line| is_full(line)) => diagnostic.help(ENGINE_IS_FULL),
                None => match dead
                    .iter()
                    .map(|(service, ..)| service)
                    .chain(unwell.iter().map(|(service, _)| service))
                    .next()
                {
                    Some(service) => {
                        diagnostic.help(format!("mend `{service}` first: it was not well when `{name}` failed"))
                    }
                    None => diagnostic,
                },
            }
        }
        Failure::OutOfMemory { code, log } => {
            let what = format!("a process of `{name}` was killed for want of memory, though it exited {code}");
            let diagnostic =
                with_log(Diagnostic::new(run::STAGE_FAILED, what).label(at, "run here"), "last lines", log);
            let more = more_memory(memory(step));
            diagnostic.help(match &step.operation {
                Operation::RunStage(_) => format!("{more}; `oom warn` lets it pass with a warning"),
                _ => more,
            })
        }
        Failure::TimedOut { limit, log } => {
            let diagnostic =
                Diagnostic::new(run::TIMED_OUT, format!("`{name}` did not end within {}", seconds(*limit)))
                    .label(at, "run here");
            with_log(diagnostic, "last lines", log).help("give it more time with `timeout`, or mend what it waits for")
        }
        Failure::ServiceExited { code, oom_killed, was_ready, log, attempts } => {
            let (when, place, label) = if *was_ready {
                ("while it was needed", plan.node(step.node).origin, "this service")
            } else {
                ("before it was ready", at, "awaited by this check")
            };
            let diagnostic = Diagnostic::new(
                run::SERVICE_EXITED,
                format!("`{name}` ended {when}, with {}", exit_words(*code, *oom_killed)),
            )
            .label(place, label);
            let diagnostic = with_attempts(with_log(diagnostic, "last lines", log), attempts);
            let help = exit_help(*code, *oom_killed, memory(step)).unwrap_or_else(|| {
                "run the service's program in the foreground, and mend what its last lines say".to_owned()
            });
            diagnostic.help(help)
        }
        Failure::NotReady { waited, tries, attempts, log } => {
            let diagnostic = Diagnostic::new(
                run::NOT_READY,
                format!(
                    "`{name}` was not ready within {}; {}",
                    seconds(*waited),
                    plural(*tries as usize, "try", "tries")
                ),
            )
            .label(at, "awaited by this check");
            with_log(with_attempts(diagnostic, attempts), "last lines of the service", log)
                .help("mend what the tries complain of, or allow more time with `start-period` or `retries`")
        }
        Failure::ProbeToolMissing { command, attempt } => {
            let diagnostic = Diagnostic::new(
                run::PROBE_TOOL_MISSING,
                format!("the image of `{name}` does not have what its healthcheck runs"),
            )
            .label(at, "this check")
            .note(format!("tried: {command}"));
            with_attempts(diagnostic, std::slice::from_ref(attempt)).help(
                "use a check that needs no tool in the image: `healthcheck http=\"/\" port=N` or `healthcheck tcp=N`",
            )
        }
        Failure::UncheckedImage { image } => unchecked_image(at, name, image),
        Failure::ArtifactMissing { path, message, here, span } => {
            Diagnostic::new(run::ARTIFACT_MISSING, format!("the artifact `{path}` of `{name}` cannot be collected"))
                .label(*span, "wanted here")
                .note(message)
                .help(if *here && is_full(message) {
                    "make room on that disk, or write `to=\"…/\"` with a directory on another one"
                } else if *here {
                    "write `to=\"…/\"` with a directory that you may write to, or make this one writable"
                } else {
                    "name an absolute path that the stage writes; `on=failure` marks one that only a failure leaves"
                })
        }
        Failure::InputRefused { at, message, span } => {
            Diagnostic::new(run::CANNOT_START, format!("`{name}` cannot take its input at `{at}`"))
                .label(*span, "wanted here")
                .note(message)
                .help(if is_full(message) {
                    ENGINE_IS_FULL
                } else {
                    "write `at=` with a path whose directories are directories in the image, or not there at all"
                })
        }
        Failure::ReportFailed { path, message, span } => {
            Diagnostic::new(run::REPORT_FAILED, format!("the report `{path}` of `{name}` does not pass: {message}"))
                .label(*span, "read as a report")
                .help("mend the tests that it tells of, or the way they are found")
        }
        Failure::TestsFailed { failed, total, log } => {
            let code = if *failed == 0 { run::SUITE_FAILED } else { run::TEST_FAILED };
            let what = if *failed == 0 {
                format!("the suite `{name}` ended badly though no test of it failed")
            } else {
                format!("{failed} of {} in `{name}` failed", plural(*total, "test", "tests"))
            };
            with_log(Diagnostic::new(code, what).label(at, "run here"), "last lines", log)
        }
        Failure::NoTurn { name, holder, waited, span } => no_turn(*span, name, holder, *waited),
        Failure::NoTests { log } => {
            let diagnostic = Diagnostic::new(run::NO_TESTS_RAN, format!("`{name}` ran no test")).label(at, "run here");
            with_log(diagnostic, "last lines", log).help("write a test, or remove the suite")
        }
        Failure::MissingExternal { kind, name } => missing_external(at, kind, name),
        Failure::NameTaken { kind, name, span } => {
            let what = format!("the engine has a {kind} `{name}` that pipe did not make");
            Diagnostic::new(run::NAME_TAKEN, what)
                .label(span.unwrap_or(at), "needs that name")
                .note("what lacks pipe's label is never used and never removed")
                .help(format!("run `docker {kind} rm {name}` where nobody needs it, or have it called otherwise"))
        }
        Failure::PushFailed { reference, message } => {
            Diagnostic::new(run::PUSH_FAILED, format!("`{reference}` was not taken by its registry"))
                .label(at, "tagged here")
                .note(message)
                .help(format!("run `{}`, and check that you may write there", login(reference)))
        }
        Failure::Engine { operation, message, trouble } => {
            explain_engine_error(engine_code(*trouble), operation, message, &[]).label(at, "asked for here")
        }
    }
}

/// Draws a stop signal that a process did not heed, under what gave it its time.
pub fn explain_ignored(plan: &Plan, node: NodeId, signal: &str, grace: Duration, span: Span) -> Diagnostic {
    let name = &plan.node(node).name;
    Diagnostic::new(run::SIGNAL_IGNORED, format!("`{name}` ignored {signal} for {} and was killed", seconds(grace)))
        .label(span, "had so long to end")
        .help(WHEN_SIGNAL_IGNORED)
}

/// Why an attempt of a stage failed that is run again.
pub fn explain_attempt(plan: &Plan, node: NodeId, failure: &Failure) -> Diagnostic {
    let is_run = |step: &&Step| step.node == node && matches!(step.operation, Operation::RunStage(_));
    let step = plan.steps.iter().find(is_run).expect("a stage that is run again has a run");
    explain_failure(plan, step.id, failure)
}

pub(super) fn with_log(diagnostic: Diagnostic, title: &str, log: &[String]) -> Diagnostic {
    if log.is_empty() {
        return diagnostic;
    }
    let mut text = format!("{title}:");
    for line in log {
        text.push_str("\n  ");
        text.push_str(line);
    }
    diagnostic.note(text)
}

fn with_attempts(diagnostic: Diagnostic, attempts: &[Attempt]) -> Diagnostic {
    if attempts.is_empty() {
        return diagnostic;
    }
    let mut text = String::from("last tries of its check:");
    for attempt in attempts {
        let code = match attempt.code {
            Some(code) => format!("code {code}"),
            None if attempt.passed => "passed".to_owned(),
            None => "no answer".to_owned(),
        };
        text.push_str(&format!(
            "\n  #{} at {}, {code}, took {}",
            attempt.number,
            seconds(attempt.at),
            seconds(attempt.took)
        ));
        for line in attempt.output.lines().take(4) {
            text.push_str("\n     ");
            text.push_str(line);
        }
    }
    diagnostic.note(text)
}

pub(super) fn exit_words(code: i64, oom_killed: bool) -> String {
    let meaning = match code {
        _ if oom_killed => " (killed for want of memory)",
        126 => " (the program may not be executed)",
        127 => " (the program was not found)",
        130 => " (SIGINT)",
        137 => " (SIGKILL)",
        139 => " (SIGSEGV)",
        143 => " (SIGTERM)",
        _ => "",
    };
    format!("exit code {code}{meaning}")
}

/// What to do where there is no room left on the engine's disk.
const ENGINE_IS_FULL: &str = "make room on the engine's disk: `docker system df` shows what holds it, `pipe clean --images` removes what runs have built";

/// Whether a program or an engine complains that a disk is full.
fn is_full(words: &str) -> bool {
    words.to_ascii_lowercase().contains("no space left on device")
}

/// The most bytes of memory that the container of a step may use, where its author says so.
fn memory(step: &Step) -> Option<u64> {
    let container = match &step.operation {
        Operation::RunStage(stage) => stage.container.as_ref(),
        Operation::RunBats(file) => Some(&file.container),
        Operation::RunTool(tests) => Some(&tests.container),
        Operation::StartService(service) | Operation::AwaitReady { service, .. } => Some(&service.container),
        _ => None,
    };
    container.and_then(|container| container.limits.memory).map(|limit| limit.0)
}

fn exit_help(code: i64, oom_killed: bool, memory: Option<u64>) -> Option<String> {
    if oom_killed {
        return Some(more_memory(memory));
    }
    match (code, memory) {
        // An engine does not tell of every process that was killed for want of memory.
        (137, Some(limit)) => {
            let limit = size(limit);
            Some(format!(
                "somebody killed it (SIGKILL); it may have run out of memory: raise `resources memory=\"{limit}\"`"
            ))
        }
        (126, _) => Some("make the program executable in the image (`RUN chmod +x …`)".to_owned()),
        (127, _) => Some("name a program that the image has, or one that is on its PATH".to_owned()),
        _ => None,
    }
}

fn more_memory(memory: Option<u64>) -> String {
    match memory {
        Some(limit) => format!("raise `resources memory=\"{}\"`, or let the program use less", size(limit)),
        None => "give the engine's machine more memory, or let the program use less".to_owned(),
    }
}

/// As the pipeline writes it: in the largest unit that divides it.
fn size(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(unit, _)| bytes > 0 && bytes.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{}{name}", bytes / unit),
        None => format!("{bytes}B"),
    }
}

fn no_turn(at: Span, name: &str, holder: &str, waited: Duration) -> Diagnostic {
    let message = format!("the time of the run was up after {} of waiting for `{name}`", seconds(waited));
    Diagnostic::new(run::NO_TURN, message)
        .label(at, "one run at a time")
        .note(format!("{holder} holds it"))
        .help("wait for its end, or give this run a longer `timeout`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_show_number_time_code_and_output() {
        let attempt = Attempt {
            number: 3,
            at: Duration::from_millis(1200),
            took: Duration::from_millis(40),
            passed: false,
            code: Some(1),
            output: "refused\n".to_owned(),
        };
        let diagnostic = with_attempts(Diagnostic::new(run::NOT_READY, "x"), &[attempt]);
        assert_eq!(diagnostic.notes, ["last tries of its check:\n  #3 at 1.20s, code 1, took 0.04s\n     refused"]);
    }
}
