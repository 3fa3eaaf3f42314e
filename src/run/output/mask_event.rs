use super::Masker;
use crate::event::{Attempt, CaseStatus, CheckFailure, Event, Failure, StepOutcome};

impl Masker {
    /// The event with secrets hidden wherever it carries text from outside. Lines of output are masked where they are cut.
    pub(in crate::run) fn event(&self, mut event: Event) -> Event {
        match &mut event {
            Event::StepSettled { outcome, .. } => self.outcome(outcome),
            Event::Retrying { failure, .. } => self.failure(failure),
            Event::Build { step, .. } => self.hide(step),
            Event::Probed { attempt, .. } => self.attempt(attempt),
            Event::Tested { case, .. } => {
                case.group.iter_mut().for_each(|group| self.hide(group));
                self.hide(&mut case.name);
                self.status(&mut case.status);
                case.earlier.iter_mut().for_each(|status| self.status(status));
                case.excerpt.iter_mut().for_each(|excerpt| self.lines(&mut excerpt.lines));
                case.logs.iter_mut().for_each(|log| self.lines(&mut log.lines));
            }
            Event::Collected { from, to, .. } => {
                self.hide(from);
                self.hide(to);
            }
            Event::Warning { message, .. } => self.hide(message),
            Event::Published { url, .. } => self.hide(url),
            Event::Transfer { what, .. } => self.hide(what),
            Event::RunStarted { .. }
            | Event::StepStarted(_)
            | Event::Output { .. }
            | Event::SignalIgnored { .. }
            | Event::Interrupted { .. }
            | Event::RunFinished(_) => {}
        }
        event
    }

    /// Hides secrets in what came of a step.
    pub(in crate::run) fn outcome(&self, outcome: &mut StepOutcome) {
        if let StepOutcome::Failed(failure) = outcome {
            self.failure(failure);
        }
    }

    fn failure(&self, failure: &mut Failure) {
        match failure {
            Failure::CannotStart { message } => self.hide(message),
            Failure::ImageUnavailable { reference: what, message, .. }
            | Failure::PushFailed { reference: what, message }
            | Failure::ArtifactMissing { path: what, message, .. }
            | Failure::InputRefused { at: what, message, .. }
            | Failure::ReportFailed { path: what, message, .. } => {
                self.hide(what);
                self.hide(message);
            }
            Failure::BuildFailed { step, log, message, .. } => {
                step.iter_mut().for_each(|step| self.hide(step));
                self.lines(log);
                self.hide(message);
            }
            Failure::StageFailed { log, dead, unwell, .. } => {
                self.lines(log);
                unwell.iter_mut().for_each(|(_, attempt)| self.attempt(attempt));
                dead.iter_mut().for_each(|(_, _, log)| self.lines(log));
            }
            Failure::OutOfMemory { log, .. }
            | Failure::TimedOut { log, .. }
            | Failure::TestsFailed { log, .. }
            | Failure::NoTests { log } => {
                self.lines(log);
            }
            Failure::ServiceExited { log, attempts, .. } | Failure::NotReady { log, attempts, .. } => {
                self.lines(log);
                attempts.iter_mut().for_each(|attempt| self.attempt(attempt));
            }
            Failure::ProbeToolMissing { command, attempt } => {
                self.hide(command);
                self.attempt(attempt);
            }
            Failure::Engine { operation, message, .. } => {
                self.hide(operation);
                self.hide(message);
            }
            Failure::MissingExternal { name, .. } | Failure::NameTaken { name, .. } => self.hide(name),
            Failure::UncheckedImage { image } => self.hide(image),
            // Nothing of it comes from a container.
            Failure::NoTurn { .. } => {}
            Failure::PortTaken { .. } => {}
        }
    }

    fn status(&self, status: &mut CaseStatus) {
        match status {
            CaseStatus::Passed => {}
            CaseStatus::Skipped(text) | CaseStatus::Failed(text) => self.hide(text),
            CaseStatus::Checks(failures) => failures.iter_mut().for_each(|failure| self.check(failure)),
        }
    }

    fn check(&self, check: &mut CheckFailure) {
        self.hide(&mut check.subject);
        self.hide(&mut check.expected);
        self.hide(&mut check.actual);
        check.tries.iter_mut().for_each(|tries| self.hide(&mut tries.outcome));
        check.difference.iter_mut().for_each(|text| self.hide(text));
        if let Some(exchange) = &mut check.exchange {
            self.hide(&mut exchange.request);
            exchange.response.iter_mut().for_each(|text| self.hide(text));
        }
    }

    fn attempt(&self, attempt: &mut Attempt) {
        self.hide(&mut attempt.output);
    }

    fn lines(&self, lines: &mut [String]) {
        lines.iter_mut().for_each(|line| self.hide(line));
    }

    fn hide(&self, text: &mut String) {
        *text = self.text(text);
    }
}
