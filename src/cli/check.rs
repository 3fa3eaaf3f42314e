use super::ExitStatus;
use super::args::{CheckArgs, Format};
use super::load::load;
use super::terminal::{output_style, print};
use crate::diagnostic::{Diagnostics, Severity, render};

/// Shows every finding at once. 0: none that fails, 1: findings, 2: usage, 3: the file cannot be read.
pub fn check(args: &CheckArgs) -> ExitStatus {
    let loaded = match load(args.file.as_deref(), &args.sets) {
        Ok(loaded) => loaded,
        Err(status) => return status,
    };
    let least = if args.pedantic { Severity::Advice } else { Severity::Warning };
    let shown: Diagnostics =
        loaded.analysis.diagnostics.iter().filter(|diagnostic| diagnostic.severity >= least).cloned().collect();
    match args.format {
        Format::Full if shown.is_empty() => {}
        Format::Full => {
            print(render::full(&shown, loaded.files(), &output_style()).trim_end());
            print("");
        }
        Format::Concise if shown.is_empty() => {}
        Format::Concise => print(render::concise(&shown, loaded.files()).trim_end()),
        Format::Json => print(render::json(&shown, loaded.files()).trim_end()),
    }
    if args.format == Format::Full {
        print(&match &loaded.analysis.pipeline {
            Some(_) if shown.is_empty() => format!("{}: no findings", loaded.files().root().path().display()),
            _ => render::count(&shown),
        });
    }
    let failing = if args.deny_warnings { Severity::Warning } else { Severity::Error };
    if shown.iter().any(|diagnostic| diagnostic.severity >= failing) { ExitStatus::Failed } else { ExitStatus::Success }
}
