//! `pipe check`: what is found in any number of pipelines, shown in any form, mended where that was asked for.
//!
//! Main function: [`check`]. Nothing here opens a connection but [`online`], where that was asked for, and no process is
//! started but shellcheck, where that was.

mod args;
mod desk;
mod findings;
mod fix;
mod online;
mod round;
mod secrecy;
mod settings;
mod shellcheck;
mod statistics;
mod subject;
mod watch;
mod watched;

pub use args::CheckArgs;

use super::ExitStatus;
use settings::Settings;

/// Shows every finding at once. 0: none that fails, 1: findings, 2: usage, 3: a file cannot be read or written.
pub fn check(args: &CheckArgs) -> ExitStatus {
    match Settings::of(args) {
        Ok(settings) if args.watch => watch::watch(&settings),
        Ok(settings) => round::round(&settings, &mut round::Memory::new()).status,
        Err(status) => status,
    }
}
