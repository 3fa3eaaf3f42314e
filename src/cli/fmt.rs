use std::path::{Path, PathBuf};

use clap::Args;

use super::ExitStatus;
use super::origin::{Origin, Refusal};
use super::save::save;
use super::terminal::{complain, complain_of, output_style, print, remark, write};
use crate::diagnostic::{Diagnostics, Severity, render};
use crate::source::Files;
use crate::syntax::{decode_utf8, format};

/// `pipe fmt`.
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// The pipelines, or the directories that have one; `-` reads standard input and prints what it becomes
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// List the files that would change, and change nothing
    #[arg(long)]
    pub check: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub diff: bool,
    /// What standard input is shown as; it is not read
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,
}

/// Writes pipelines in their one form. 0: they have it, 1: some would change, 2: one has mistakes, 3: one cannot be read or written.
pub fn fmt(args: &FmtArgs) -> ExitStatus {
    let stdin_filename = args.stdin_filename.as_deref();
    let origins = match args.files.as_slice() {
        [] if stdin_filename.is_some() => vec![Origin::of(Some(Path::new("-")), stdin_filename)],
        [] => vec![Origin::of(None, None)],
        files => files.iter().map(|file| Origin::of(Some(file), stdin_filename)).collect(),
    };
    let ends = origins.into_iter().map(|origin| origin.and_then(|origin| one(args, &origin)).unwrap_or_else(refused));
    ends.max_by_key(|status| status.code()).unwrap_or(ExitStatus::Success)
}

fn refused(refusal: Refusal) -> ExitStatus {
    complain_of(*refusal.diagnostic);
    refusal.status
}

fn one(args: &FmtArgs, origin: &Origin) -> Result<ExitStatus, Refusal> {
    let mut files = Files::default();
    let (text, broken) = decode_utf8(origin.read()?);
    let source = files.add(&origin.shown, &text);
    let (formatted, diagnostics) = match broken {
        Some(broken) => (None, Diagnostics::from_iter([broken.diagnostic(&source)])),
        None => format(&source),
    };
    let shown = origin.shown.display().to_string();
    let Some(formatted) = formatted else {
        let errors: Diagnostics = diagnostics.into_iter().filter(|it| it.severity == Severity::Error).collect();
        complain(&errors, &files);
        remark(&format!("{shown}: not formatted, {}", render::count(&errors)));
        return Ok(ExitStatus::Usage);
    };
    let is_same = formatted == text;
    if args.check || args.diff {
        if args.check && !is_same {
            print(&shown);
        }
        if args.diff {
            write(&render::diff(&shown, &text, &formatted, &output_style()));
        }
        return Ok(if is_same { ExitStatus::Success } else { ExitStatus::Failed });
    }
    let Some(path) = origin.file() else {
        write(&formatted);
        return Ok(ExitStatus::Success);
    };
    if !is_same {
        if let Err(diagnostic) = save(path, &text, &formatted) {
            complain_of(*diagnostic);
            return Ok(ExitStatus::Engine);
        }
        remark(&format!("formatted {shown}"));
    }
    Ok(ExitStatus::Success)
}
