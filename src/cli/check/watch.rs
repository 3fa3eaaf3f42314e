use std::io::IsTerminal;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::round::{Memory, round};
use super::settings::Settings;
use super::watched::{Watched, mark};
use crate::cli::ExitStatus;
use crate::cli::terminal::{complain_of, print, write};
use crate::diagnostic::{Diagnostic, codes::engine::ENGINE_FAILED};

/// How often the files are looked at: soon enough for a person, and no load for some dozens of files.
const EVERY: Duration = Duration::from_millis(200);

/// Checks again whenever one of the files changes that the check looked at, until a signal ends it.
///
/// The few files are asked for, not watched by the kernel: that works the same in mounts of containers and of networks, where no event
/// arrives, for files that are not there yet, and for editors that put a new file in the place of the old.
pub fn watch(settings: &Settings<'_>) -> ExitStatus {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return cannot(&error),
    };
    runtime.block_on(async {
        let mut control = match crate::cli::signals::watch() {
            Ok(control) => control,
            Err(error) => return cannot(&error),
        };
        let signal = tokio::select! {
            signal = control.signal() => signal,
            never = keep_checking(settings) => match never {},
        };
        ExitStatus::Signal(signal.number)
    })
}

async fn keep_checking(settings: &Settings<'_>) -> std::convert::Infallible {
    let mut cause = None;
    let mut memory = Memory::new();
    loop {
        if std::io::stdout().is_terminal() {
            write("\u{1b}[2J\u{1b}[H");
        }
        let round = round(settings, &mut memory);
        let why = cause.take().map_or(String::new(), |cause: String| format!("{cause} changed; "));
        let watched = match round.watched.len() {
            1 => "1 file".to_owned(),
            many => format!("{many} files"),
        };
        print(&format!("[{}] {why}watching {watched}", clock()));
        cause = Some(changed(&round.watched).await);
    }
}

/// Waits for the first of the files to change, and for the change to be over.
async fn changed(watched: &Watched) -> String {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(path) = watched.changed() else { continue };
        let mut last = mark(path);
        loop {
            tokio::time::sleep(EVERY / 4).await;
            let now = mark(path);
            if now == last {
                return path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            }
            last = now;
        }
    }
}

/// The time of the day, in UTC.
fn clock() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("{:02}:{:02}:{:02} UTC", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}

fn cannot(error: &std::io::Error) -> ExitStatus {
    complain_of(Diagnostic::new(ENGINE_FAILED, "the files cannot be watched").note(error.to_string()));
    ExitStatus::Engine
}
