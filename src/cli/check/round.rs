use std::collections::HashMap;
use std::path::PathBuf;

use super::args::{Format, FormatFile};
use super::findings::Findings;
use super::fix::{Mended, mended};
use super::online::Online;
use super::settings::Settings;
use super::shellcheck::shellcheck;
use super::statistics::statistics;
use super::subject::{NoText, Subject};
use super::watched::Watched;
use crate::analysis::{Analysis, Analyzer};
use crate::cli::ExitStatus;
use crate::cli::connect::complain_about;
use crate::cli::locate::FILE;
use crate::cli::origin::{Origin, Refusal};
use crate::cli::save::save;
use crate::cli::terminal::{complain_of, error_style, print, remark, write};
use crate::diagnostic::render::{self, Style};
use crate::diagnostic::{Diagnostic, Diagnostics, codes::command};
use crate::engine::EngineError;

/// How one look at all pipelines ended.
pub struct Round {
    /// How the command ends.
    pub status: ExitStatus,
    /// Every path that was looked at, where somebody waits for changes.
    pub watched: Watched,
}

/// What is known of pipelines, by the name that they are shown under, for those who look at them again and again.
pub type Memory = HashMap<PathBuf, Analyzer>;

/// Looks at all pipelines once, mends them where that was asked for, and shows what is left.
pub fn round(settings: &Settings<'_>, memory: &mut Memory) -> Round {
    let mut hand = Hand {
        settings,
        memory,
        online: None,
        findings: Findings::default(),
        watched: Watched::default(),
        worst: ExitStatus::Success,
    };
    if let (true, Ok(here)) = (settings.args.watch, std::env::current_dir()) {
        settings.args.files.iter().for_each(|file| hand.watched.note(pipeline_of(here.join(file))));
    }
    if settings.args.online {
        match Online::connect() {
            Ok(online) => hand.online = Some(online),
            Err(error) => hand.fail(&error),
        }
    }
    let mut seen = Vec::new();
    for origin in origins(settings) {
        match origin {
            Ok(origin) if seen.contains(&origin.shown) => {}
            Ok(origin) => {
                seen.push(origin.shown.clone());
                hand.look_at(origin);
            }
            Err(refusal) => hand.refuse(refusal),
        }
    }
    hand.findings.diagnostics.sort();
    hand.show();
    for report in &settings.args.report {
        hand.write(report);
    }
    let status = if hand.worst.code() > hand.findings.status().code() { hand.worst } else { hand.findings.status() };
    Round { status, watched: hand.watched }
}

fn origins(settings: &Settings<'_>) -> Vec<Result<Origin, Refusal>> {
    let stdin_filename = settings.args.stdin_filename.as_deref();
    match settings.args.files.as_slice() {
        [] if stdin_filename.is_some() => vec![Origin::of(Some("-".as_ref()), stdin_filename)],
        [] => vec![Origin::of(None, None)],
        files => files.iter().map(|file| Origin::of(Some(file), stdin_filename)).collect(),
    }
}

/// The pipeline that a directory has, or could have.
fn pipeline_of(path: PathBuf) -> PathBuf {
    if path.is_dir() { path.join(FILE) } else { path }
}

/// A round that is going on.
struct Hand<'a> {
    settings: &'a Settings<'a>,
    memory: &'a mut Memory,
    /// The engine, where it is to be asked and answers.
    online: Option<Online>,
    findings: Findings,
    watched: Watched,
    /// The worst of what happened besides what was found.
    worst: ExitStatus,
}

impl Hand<'_> {
    fn look_at(&mut self, origin: Origin) {
        if let Some(name) = origin.file().and_then(|file| file.file_name()) {
            self.watched.note(origin.root.join(name));
        }
        let least = self.settings.least();
        let mut subject = match Subject::read(origin, self.settings) {
            Ok(Ok(subject)) => subject,
            Ok(Err(NoText { files, diagnostics })) => return self.findings.take(&files, &[], diagnostics, least),
            Err(refusal) => return self.refuse(refusal),
        };
        let args = self.settings.args;
        if args.watch && !(args.fix || args.diff || args.shellcheck || args.online) {
            let analyzer = self.memory.entry(subject.origin.shown.clone()).or_default();
            let found = subject.findings(analyzer, self.settings);
            self.findings.take(&found.files, &found.secrets, found.diagnostics, least);
            self.watched.extend(subject.desk.asked());
            return;
        }
        let mut analysis = if self.settings.args.fix || self.settings.args.diff {
            let mended = mended(&mut subject, self.settings);
            if self.settings.args.diff { self.show_changes(mended) } else { self.write_changes(&subject, mended) }
        } else {
            subject.analysis(&subject.text, self.settings)
        };
        if self.settings.args.shellcheck {
            match shellcheck(&analysis) {
                Ok(found) => self.take_in(&mut analysis, found),
                Err(diagnostic) => {
                    complain_of(*diagnostic);
                    self.worsen(ExitStatus::Engine);
                }
            }
        }
        if let Some(online) = &self.online {
            match online.look(&analysis, &subject.origin) {
                Ok(found) => self.take_in(&mut analysis, found),
                Err(error) => self.fail(&error),
            }
        }
        let Analysis { files, diagnostics, spec, pipeline, .. } = analysis;
        self.findings.take(&files, &spec.secrets, diagnostics, least);
        self.watched.extend(subject.desk.asked());
        if !args.watch && args.files.len() <= 1 {
            // The process ends sooner than all values of a large pipeline are given back one by one.
            std::mem::forget((spec, pipeline));
        }
    }

    /// What was found besides, as the file and the command line want it.
    fn take_in(&self, analysis: &mut Analysis, found: Diagnostics) {
        let found = analysis.granted(found);
        analysis.diagnostics.extend(self.settings.levels.apply(found));
    }

    /// The engine cannot be asked.
    fn fail(&mut self, error: &EngineError) {
        complain_about(error);
        self.worsen(ExitStatus::Engine);
    }

    fn refuse(&mut self, refusal: Refusal) {
        if let Ok(here) = std::env::current_dir() {
            self.watched.note(pipeline_of(here.join(&refusal.path)));
        }
        self.findings.refuse(refusal);
    }

    fn worsen(&mut self, status: ExitStatus) {
        if status.code() > self.worst.code() {
            self.worst = status;
        }
    }

    fn show_changes(&mut self, mended: Mended) -> Analysis {
        for (shown, change) in &mended.changes {
            self.worsen(ExitStatus::Failed);
            let path = shown.display().to_string();
            write(&render::diff(&path, &change.before, &change.after, &self.settings.style));
        }
        mended.analysis
    }

    fn write_changes(&mut self, subject: &Subject, mended: Mended) -> Analysis {
        let mut is_written = true;
        for (shown, change) in &mended.changes {
            let Some(path) = &change.path else { continue };
            if let Err(diagnostic) = save(path, &change.before, &change.after) {
                complain_of(*diagnostic);
                self.worsen(ExitStatus::Engine);
                remark(&format!("{}: nothing was written", shown.display()));
                is_written = false;
            }
        }
        if subject.origin.file().is_none() {
            let change = mended.changes.values().find(|change| change.path.is_none());
            write(change.map_or(&subject.text, |change| &change.after));
        }
        if is_written {
            mended.fixed.iter().for_each(|line| remark(line));
        }
        mended.analysis
    }

    /// Shows what was found: on standard output, unless something else stands there.
    fn show(&self) {
        let Findings { diagnostics, files, .. } = &self.findings;
        let args = self.settings.args;
        if args.diff {
            if diagnostics.has_errors() {
                remark(&format!("left: {}", self.findings.summary()));
            }
            return;
        }
        let prints_text =
            args.fix && (args.stdin_filename.is_some() || args.files.iter().any(|file| file.as_os_str() == "-"));
        let (write, style): (fn(&str), _) = if prints_text {
            (|text| remark(text.trim_end()), Style { limit: self.settings.style.limit, ..error_style() })
        } else {
            (write, self.settings.style.clone())
        };
        if args.statistics {
            return write(&statistics(diagnostics));
        }
        let text = self.settings.format.text(diagnostics, files, &style);
        if !text.is_empty() {
            write(&text);
        }
        if matches!(self.settings.format, Format::Full | Format::Narratable) {
            let gap = if text.is_empty() { "" } else { "\n" };
            write(&format!("{gap}{}\n", self.findings.summary()));
        }
        if self.settings.annotates && !diagnostics.is_empty() {
            print(render::github(diagnostics, files).trim_end());
        }
    }

    fn write(&mut self, report: &FormatFile) {
        let style = Style { color: false, unicode: true, limit: usize::MAX, ..Style::default() };
        let text = report.format.text(&self.findings.diagnostics, &self.findings.files, &style);
        if let Err(error) = std::fs::write(&report.path, text) {
            let message = format!("the report `{}` cannot be written", report.path.display());
            complain_of(
                Diagnostic::new(command::REPORT_UNWRITABLE, message)
                    .note(error.to_string())
                    .help("name a file in a directory that is there and that you may write to"),
            );
            self.worsen(ExitStatus::Engine);
        }
    }
}
