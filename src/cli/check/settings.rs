use std::path::Path;

use indexmap::IndexMap;

use super::args::{CheckArgs, Format};
use crate::cli::ExitStatus;
use crate::cli::load::parse_sets;
use crate::cli::misuse::{distinct_reports, misuse};
use crate::cli::terminal::{annotates, complain, is_plain, output_style};
use crate::diagnostic::codes::hygiene::{SUPPRESSED_ERROR, UNKNOWN_CODE};
use crate::diagnostic::render::Style;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Level, Levels, Severity, codes, listed, near};
use crate::source::Files;

/// What the command line and the surroundings ask for.
pub struct Settings<'a> {
    /// As it was written.
    pub args: &'a CheckArgs,
    /// What the command line wants of codes.
    pub levels: Levels,
    /// `--set`.
    pub sets: IndexMap<String, String>,
    /// How findings are shown.
    pub format: Format,
    /// How they are drawn on standard output.
    pub style: Style,
    /// Whether annotations are wanted besides what people read.
    pub annotates: bool,
}

impl<'a> Settings<'a> {
    /// Complains of what cannot be meant.
    pub fn of(args: &'a CheckArgs) -> Result<Self, ExitStatus> {
        let reads_stdin = args.files.iter().any(|file| file == Path::new("-"));
        if args.stdin_filename.is_some() && !reads_stdin && !args.files.is_empty() {
            return Err(misuse("`--stdin-filename` names standard input, which no FILE `-` reads"));
        }
        if args.watch && (reads_stdin || args.stdin_filename.is_some()) {
            return Err(misuse("`--watch` waits for files to change, which standard input does not"));
        }
        distinct_reports(args.report.iter().map(|report| report.path.as_path()))?;
        let levels = levels(args)?;
        let format = args.format.unwrap_or(if is_plain() { Format::Narratable } else { Format::Full });
        let limit = if args.all { usize::MAX } else { Style::default().limit };
        Ok(Settings {
            args,
            levels,
            sets: parse_sets(&args.sets.set)?,
            format,
            style: Style { limit, more: Some("`--all` shows them"), ..output_style() },
            annotates: format.is_human() && annotates(),
        })
    }

    /// The least that is shown.
    pub fn least(&self) -> Severity {
        if self.args.pedantic { Severity::Advice } else { Severity::Warning }
    }
}

fn levels(args: &CheckArgs) -> Result<Levels, ExitStatus> {
    let mut levels = Levels::new("--deny");
    let mut wrong = Diagnostics::new();
    if args.deny_warnings {
        levels.deny_warnings();
    }
    for (level, option, words) in [
        (Level::Allow, "--allow", &args.allow),
        (Level::Warn, "--warn", &args.warn),
        (Level::Deny, "--deny", &args.deny),
    ] {
        for word in words {
            match codes::find(word) {
                None if level == Level::Deny && word == "warnings" => levels.deny_warnings(),
                None => wrong.push(unknown(option, word)),
                Some(code) if code.severity() == Severity::Error && level != Level::Deny => {
                    wrong.push(is_error(option, code));
                }
                Some(code) => {
                    if levels.set(code, level).is_some() {
                        return Err(misuse(&format!("`{code}` is named by two of `--allow`, `--warn` and `--deny`")));
                    }
                }
            }
        }
    }
    if wrong.is_empty() {
        return Ok(levels);
    }
    complain(&wrong, &Files::default());
    Err(ExitStatus::Usage)
}

fn unknown(option: &str, word: &str) -> Diagnostic {
    let groups: &[&str] = if option == "--deny" { &["warnings"] } else { &[] };
    let known = codes::all().map(|code| code.slug()).chain(groups.iter().copied());
    let help = match near(word, known) {
        misses if misses.is_empty() => "`pipe explain` lists all codes".to_owned(),
        misses => format!("write {}", listed(misses.iter().map(|miss| format!("{option} {miss}")), "or")),
    };
    let diagnostic = Diagnostic::new(UNKNOWN_CODE, format!("there is no code `{word}` to `{option}`")).help(help);
    Diagnostic { severity: Severity::Error, ..diagnostic }
}

fn is_error(option: &str, code: Code) -> Diagnostic {
    let diagnostic = Diagnostic::new(SUPPRESSED_ERROR, format!("`{code}` is an error, and stays one"))
        .note("the run would fail, or lie; only warnings and advice are a matter of opinion")
        .help(format!("take `{option} {code}` away, and mend what is found"));
    Diagnostic { severity: Severity::Error, ..diagnostic }
}
