use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use sha2::{Digest, Sha256};

/// Which process made an object, so that another pipe can tell whether it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    host: String,
    boot: String,
    pid: u32,
    /// When the process began, in clock ticks since the machine did: a pid alone may be given out again. 0 where nobody can tell.
    start: u64,
    /// Where its pid counts: in a container of its own the same number is another process.
    namespace: String,
}

/// Whether an owner lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It runs on this machine.
    Alive,
    /// It ran on this machine, and does so no more.
    Dead,
    /// It is, or was, on another machine, or in another container: nobody here can tell.
    Elsewhere,
}

impl Owner {
    /// This process.
    pub fn this() -> Self {
        let pid = std::process::id();
        let start = match process(pid) {
            Process::There { start } => start,
            Process::Unseen | Process::Ended => 0,
        };
        Owner { host: host(), boot: boot(), pid, start, namespace: namespace() }
    }

    /// From a label; `None` where it is not of that form.
    pub fn parse(label: &str) -> Option<Self> {
        let mut parts = label.split(':');
        let owner = Owner {
            host: parts.next()?.to_owned(),
            boot: parts.next()?.to_owned(),
            pid: parts.next()?.parse().ok()?,
            start: parts.next()?.parse().ok()?,
            namespace: parts.next()?.to_owned(),
        };
        parts.next().is_none().then_some(owner)
    }

    /// Whether it lives. Dead is only who provably is.
    pub fn life(&self) -> Life {
        if self.host != host() {
            Life::Elsewhere
        } else if self.boot != boot() {
            Life::Dead
        } else if self.namespace != namespace() {
            Life::Elsewhere
        } else {
            match process(self.pid) {
                Process::There { start } if self.start == 0 || start == self.start => Life::Alive,
                Process::There { .. } | Process::Ended => Life::Dead,
                // Some process of that number is there, and may well be it.
                Process::Unseen => Life::Alive,
            }
        }
    }
}

/// `host:boot:pid:start:namespace`.
impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}:{}:{}", self.host, self.boot, self.pid, self.start, self.namespace)
    }
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A short hash of `bytes`, in hexadecimal.
pub fn short_hash(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The machine: its id and its name, since copies of one machine share the id. Hashed, since it is not to be shown.
fn host() -> String {
    let id = fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    short_hash(format!("{}\n{name}", id.trim()))
}

fn boot() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().chars().filter(char::is_ascii_hexdigit).take(12).collect()
}

/// The number of the namespace that processes are counted in; empty where the system knows none.
fn namespace() -> String {
    let link = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    link.to_string_lossy().chars().filter(char::is_ascii_digit).collect()
}

/// What can be seen of a process.
enum Process {
    /// It began at `start`.
    There { start: u64 },
    /// There is one of that number, and no more can be seen of it.
    Unseen,
    /// There is none, or it has ended and only waits to be buried.
    Ended,
}

fn process(pid: u32) -> Process {
    if let Some((state, start)) = stat(pid) {
        return if matches!(state, 'Z' | 'X') { Process::Ended } else { Process::There { start } };
    }
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    match pid.map(test_kill_process) {
        Some(Err(Errno::SRCH)) | None => Process::Ended,
        Some(_) => Process::Unseen,
    }
}

/// The state of a process and when it began.
fn stat(pid: u32) -> Option<(char, u64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, in parentheses, may hold spaces; field 3 is the state, field 22 the start time (proc(5)).
    let (_, rest) = stat.rsplit_once(") ")?;
    Some((rest.chars().next()?, rest.split(' ').nth(19)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_survives_its_label_and_tells_its_life() {
        let this = Owner::this();
        let read = Owner::parse(&this.to_string()).expect("it wrote the label itself");
        assert_eq!(read, this);
        assert_eq!(read.life(), Life::Alive);
        assert_eq!(Owner { start: this.start + 1, ..this.clone() }.life(), Life::Dead);
        assert_eq!(Owner { boot: "before".to_owned(), ..this.clone() }.life(), Life::Dead);
        assert_eq!(Owner { host: "other".to_owned(), ..this.clone() }.life(), Life::Elsewhere);
        assert_eq!(Owner { namespace: "other".to_owned(), ..this }.life(), Life::Elsewhere);
        assert_eq!(Owner::parse("nonsense"), None);
        assert_eq!(Owner::parse("a:b:1:1"), None);
    }

    #[test]
    fn who_only_waits_to_be_buried_is_dead() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().expect("it can be started");
        let Process::There { start } = process(child.id()) else { panic!("it runs") };
        let owner = Owner { pid: child.id(), start, ..Owner::this() };
        assert_eq!(owner.life(), Life::Alive);
        child.kill().expect("it runs");
        while owner.life() == Life::Alive {
            std::thread::yield_now();
        }
        assert_eq!(owner.life(), Life::Dead, "though nobody has waited for it");
        child.wait().expect("it has ended");
        assert_eq!(owner.life(), Life::Dead);
    }
}
