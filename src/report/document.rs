use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::gitlab::Gitlab;
use super::html::Html;
use super::json::Json;
use super::junit::Junit;
use super::markdown::Markdown;
use super::tap::Tap;
use super::trace::Trace;
use super::{Context, Reporter, Screen};
use crate::event::{Event, Stamped, Summary};

/// A report that is one whole: it takes the events of a run, and gives its text when that has ended.
pub trait Document: Send {
    /// Takes an event.
    fn take(&mut self, stamped: &Stamped);

    /// The text.
    ///
    /// # Errors
    /// Why there is none.
    fn text(&mut self, summary: &Summary) -> io::Result<String>;
}

/// What a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// JUnit's XML, as CI services read it.
    Junit,
    /// TAP 14, <https://testanything.org/tap-version-14-specification.html>.
    Tap,
    /// A line an event, as `--progress json` shows them.
    Json,
    /// A page for a browser, whole in itself.
    Html,
    /// A summary in the Markdown of GitHub.
    Markdown,
    /// A report of code quality as GitLab reads it, which draws failures beside the lines of a merge request.
    Gitlab,
    /// Trace events of Chrome, which Perfetto opens.
    Trace,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [ReportFormat; 7] = [
        ReportFormat::Junit,
        ReportFormat::Tap,
        ReportFormat::Json,
        ReportFormat::Html,
        ReportFormat::Markdown,
        ReportFormat::Gitlab,
        ReportFormat::Trace,
    ];

    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ReportFormat::Junit => "junit",
            ReportFormat::Tap => "tap",
            ReportFormat::Json => "json",
            ReportFormat::Html => "html",
            ReportFormat::Markdown => "markdown",
            ReportFormat::Gitlab => "gitlab",
            ReportFormat::Trace => "trace",
        }
    }
}

/// A report of a run in a file.
pub struct Report {
    path: PathBuf,
    writer: Writer,
    error: Option<io::Error>,
}

enum Writer {
    Whole(Box<dyn Document>),
    Lines(Box<Json>),
    /// The file could not be opened.
    Nothing,
}

impl Report {
    /// Makes sure that a report can be written to `path` before a run is begun for it; what is there stays.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn prepare(path: &Path) -> io::Result<()> {
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent)?;
        }
        OpenOptions::new().create(true).append(true).open(path).map(drop)
    }

    /// Begins a report. What lay at `path` is replaced: by lines as they come, by a document when the run has ended.
    pub fn begin(context: &Context, format: ReportFormat, path: &Path) -> Self {
        let context = context.clone();
        let mut error = None;
        let writer = match format {
            ReportFormat::Json => match File::create(path) {
                Ok(file) => Writer::Lines(Box::new(Json::new(context, Screen::new(file)))),
                Err(why) => {
                    error = Some(why);
                    Writer::Nothing
                }
            },
            ReportFormat::Junit => Writer::Whole(Box::new(Junit::new(context))),
            ReportFormat::Tap => Writer::Whole(Box::new(Tap::new(context))),
            ReportFormat::Html => Writer::Whole(Box::new(Html::new(context))),
            ReportFormat::Markdown => Writer::Whole(Box::new(Markdown::new(context))),
            ReportFormat::Gitlab => Writer::Whole(Box::new(Gitlab::new(context))),
            ReportFormat::Trace => Writer::Whole(Box::new(Trace::new(context))),
        };
        Report { path: path.to_owned(), writer, error }
    }

    /// Where it lies, and why it could not be written, where it could not.
    pub fn error(&self) -> Option<(&Path, &io::Error)> {
        let error = match &self.writer {
            Writer::Lines(json) => json.error(),
            Writer::Whole(_) | Writer::Nothing => self.error.as_ref(),
        };
        error.map(|error| (self.path.as_path(), error))
    }
}

impl Reporter for Report {
    fn handle(&mut self, stamped: &Stamped) {
        let document = match &mut self.writer {
            Writer::Lines(json) => {
                json.handle(stamped);
                if matches!(stamped.event, Event::RunFinished(_)) {
                    json.rest();
                }
                return;
            }
            Writer::Nothing => return,
            Writer::Whole(document) => document,
        };
        document.take(stamped);
        if let Event::RunFinished(summary) = &stamped.event {
            self.error = document.text(summary).and_then(|text| std::fs::write(&self.path, text)).err();
        }
    }
}
