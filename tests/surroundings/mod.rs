//! What a user or a CI service may have set and a test must not see.

use std::process::Command;

/// The variables that change how `pipe` draws, or who it believes to be in front of it.
const VARIABLES: [&str; 9] =
    ["CI", "GITHUB_ACTIONS", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "NO_GRAPHICS", "LESS", "PAGER", "LINES"];

/// The command is run as if nobody had said anything about drawing, on a terminal of the usual kind if on one.
pub fn without_wishes(command: &mut Command) -> &mut Command {
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.env("TERM", "xterm")
}
