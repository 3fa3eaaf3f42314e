use std::io::{IsTerminal, Write};
use std::process::{Command, ExitStatus, Stdio};

use crate::cli::terminal::print;

/// What shows text a screen at a time where `PAGER` names nothing: it ends by itself where one screen holds all of it, lets colours
/// through, and leaves the screen as it is.
const PAGER: &str = "less -FRX";
/// What a shell answers where there is no such program.
const NOT_FOUND: i32 = 127;

/// Shows text through a pager where standard output is a terminal; as it is elsewhere, and where no pager is there.
pub fn page_out(text: &str) {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let pager = std::env::var("PAGER").unwrap_or_else(|_| PAGER.to_owned());
    let wanted = std::io::stdout().is_terminal() && !dumb && !pager.trim().is_empty();
    if !wanted || !shown(&pager, text) {
        print(text);
    }
}

/// Whether the pager showed it.
fn shown(pager: &str, text: &str) -> bool {
    let mut command = Command::new("sh");
    command.args(["-c", pager]).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // Who has read enough closes it.
        let _ = input.write_all(text.as_bytes()).and_then(|()| input.write_all(b"\n"));
    }
    child.wait().is_ok_and(|status: ExitStatus| status.code() != Some(NOT_FOUND))
}
