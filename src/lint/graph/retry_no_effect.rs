use crate::diagnostic::codes::graph::RETRY_NO_EFFECT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Retry, RetryOn, Runnable, Stage};

/// A `retry` after failures that there cannot be.
pub(super) const RULE: Rule = Rule::meant(RETRY_NO_EFFECT, check);

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for runnable in subject.pipeline.runnables().values() {
        let Runnable::Stage(stage) = runnable else { continue };
        if let Some(retry) = &stage.retry
            && let Some((why, help)) = why_not(stage, retry)
        {
            let diagnostic = Diagnostic::new(RETRY_NO_EFFECT, why).label(retry.span, "never run again").help(help);
            diagnostics.push(if retry.times == 0 {
                diagnostic.fix("take it away", retry.span, "")
            } else {
                diagnostic
            });
        }
    }
}

fn why_not(stage: &Stage, retry: &Retry) -> Option<(String, String)> {
    let Some(container) = &stage.container else {
        return Some(("a stage without a container does not fail".to_owned(), "take `retry` away".to_owned()));
    };
    if retry.times == 0 {
        return Some((
            "`retry 0` never runs a stage again".to_owned(),
            "write how many times, or take it away".to_owned(),
        ));
    }
    retry.on.iter().find_map(|on| match on {
        RetryOn::Exit(code) if stage.expect_exit.contains(code) => Some((
            format!("an exit with {code} is a success here"),
            format!("take `{code}` out of `on=`, or out of `expect-exit`"),
        )),
        RetryOn::Timeout if container.timeout.is_none() => {
            Some(("the stage has no time-out that could pass".to_owned(), "give it one: `timeout \"10m\"`".to_owned()))
        }
        RetryOn::Any | RetryOn::Exit(_) | RetryOn::Oom | RetryOn::Timeout => None,
    })
}
