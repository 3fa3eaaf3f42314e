use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::args::SetArgs;
use crate::diagnostic::{Diagnostics, render};
use crate::source::Files;

/// `pipe check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The pipelines, or the directories that have one; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What standard input is shown as, and where its relative paths start; it is not read
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,
    /// How findings are shown [default: full; narratable where TERM=dumb or NO_GRAPHICS is set]
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    #[arg(help = format!("How findings are shown: {} [default: full]", format_names()))]
    #[arg(conflicts_with = "statistics")]
    pub format: Option<Format>,
    /// Write the findings to a file too, in any format; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub report: Vec<FormatFile>,
    /// Make errors of a code's findings, or of all `warnings`
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// Make errors of all warnings, as `--deny warnings` does
    #[arg(long)]
    pub deny_warnings: bool,
    /// Make warnings of a code's findings
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub warn: Vec<String>,
    /// Leave a code's findings out; errors cannot be
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub allow: Vec<String>,
    /// Show advice too
    #[arg(long)]
    pub pedantic: bool,
    /// Show all findings, however many
    #[arg(long)]
    pub all: bool,
    /// Show how often each code was found, instead of the findings
    #[arg(long)]
    pub statistics: bool,
    /// Mend what can be mended without a look, and show the rest; with `-`, the mended text is printed
    #[arg(long, conflicts_with_all = ["diff", "watch"])]
    pub fix: bool,
    /// Show what `--fix` would change, and change nothing
    #[arg(long, conflicts_with_all = ["watch", "statistics", "format"])]
    pub diff: bool,
    /// Let shellcheck look at the scripts too, where it is installed
    #[arg(long)]
    pub shellcheck: bool,
    /// Ask the engine and its registries too: whether images, ports and what is external are there
    #[arg(long)]
    pub online: bool,
    /// Check again whenever a file changes that the check looked at
    #[arg(long)]
    pub watch: bool,
    /// Values of params.
    #[command(flatten)]
    pub sets: SetArgs,
}

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Drawn under the text
    Full,
    /// A line each
    Concise,
    /// In sentences, for screen readers
    Narratable,
    /// A JSON document
    Json,
    /// A JSON object a line
    JsonLines,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub's workflows
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// Checkstyle's XML
    Checkstyle,
    /// The format of reviewdog
    Rdjson,
    /// JUnit's XML
    Junit,
}

/// A report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatFile {
    /// Its form.
    pub format: Format,
    /// Where to.
    pub path: PathBuf,
}

impl Format {
    /// Whether people read it.
    pub fn is_human(self) -> bool {
        matches!(self, Format::Full | Format::Concise | Format::Narratable)
    }

    /// All findings in this form, each line ended.
    pub fn text(self, diagnostics: &Diagnostics, files: &Files, style: &render::Style) -> String {
        let ended = |text: String| if text.is_empty() { text } else { text.trim_end().to_owned() + "\n" };
        match self {
            Format::Full => ended(render::full(diagnostics, files, style)),
            Format::Narratable => ended(render::narratable(diagnostics, files, style)),
            Format::Concise => render::concise(diagnostics, files),
            Format::Json => render::json(diagnostics, files),
            Format::JsonLines => render::json_lines(diagnostics, files),
            Format::Sarif => render::sarif(diagnostics, files),
            Format::Github => render::github(diagnostics, files),
            Format::Gitlab => render::gitlab(diagnostics, files),
            Format::Checkstyle => render::checkstyle(diagnostics, files),
            Format::Rdjson => render::rdjson(diagnostics, files),
            Format::Junit => render::junit(diagnostics, files),
        }
    }
}

fn format_names() -> String {
    let names = Format::value_variants().iter().filter_map(|format| format.to_possible_value());
    names.map(|name| name.get_name().to_owned()).collect::<Vec<_>>().join(", ")
}

fn report(text: &str) -> Result<FormatFile, String> {
    let wanted = || format!("a report is FORMAT=FILE, such as `sarif=pipe.sarif`; formats: {}", format_names());
    let (format, path) = text.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or_else(wanted)?;
    let format = Format::from_str(format, false).map_err(|_| wanted())?;
    Ok(FormatFile { format, path: path.into() })
}
