//! Arguments, environment, exit codes; wires the rooms together.
//!
//! Main function: [`main`]. Everything that a process knows of its surroundings (arguments, variables, signals, the terminal)
//! is looked up here and handed down as values.

mod args;
mod check;
mod choice;
mod clean;
mod connect;
mod disk;
mod environment;
mod errand;
mod exit;
mod explain;
mod fmt;
mod guardian;
mod host_command;
mod identity;
mod load;
mod locate;
mod logs;
mod misuse;
mod not_run;
mod origin;
mod outside;
mod owner;
mod recovery;
mod removal;
mod run;
mod run_log;
mod save;
mod show_plan;
mod signals;
mod standing;
mod state;
mod targets;
mod terminal;
mod test_memory;
mod version;
mod words;

pub use exit::ExitStatus;

use clap::Parser;

use args::{Args, Command};

/// Runs the command line; answers the process's exit code.
pub fn main() -> ExitStatus {
    if std::env::args_os().nth(1).is_some_and(|word| word == guardian::GUARDIAN) {
        return guardian::watch();
    }
    match Args::parse().command {
        Command::Check(args) => check::check(&args),
        Command::Plan(args) => show_plan::print_plan(&args),
        Command::Run(args) => run::run(&args),
        Command::Up(args) => run::up(&args),
        Command::Push(args) => run::push(&args),
        Command::Down(args) => environment::down(&args),
        Command::Ps(args) => environment::ps(&args),
        Command::Logs(args) => logs::logs(&args),
        Command::Port(args) => environment::port(&args),
        Command::Clean(args) => clean::clean(&args),
        Command::Version(args) => version::version(&args),
        Command::Fmt(args) => fmt::fmt(&args),
        Command::Explain(args) => explain::explain(&args),
    }
}
