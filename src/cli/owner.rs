use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

/// Which process made an object, so that another pipe can tell whether it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    host: String,
    boot: String,
    pid: u32,
    /// When the process began, in clock ticks since the machine did: a pid alone may be given out again.
    start: u64,
}

/// Whether an owner lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It runs on this machine.
    Alive,
    /// It ran on this machine, and does so no more.
    Dead,
    /// It is, or was, on another machine: nobody here can tell.
    Elsewhere,
}

impl Owner {
    /// This process.
    pub fn this() -> Self {
        let pid = std::process::id();
        Owner { host: host(), boot: boot(), pid, start: start_of(pid).unwrap_or(0) }
    }

    /// From a label; `None` where it is not of that form.
    pub fn parse(label: &str) -> Option<Self> {
        let mut parts = label.split(':');
        let owner = Owner {
            host: parts.next()?.to_owned(),
            boot: parts.next()?.to_owned(),
            pid: parts.next()?.parse().ok()?,
            start: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(owner)
    }

    /// Whether it lives.
    pub fn life(&self) -> Life {
        if self.host != host() {
            Life::Elsewhere
        } else if self.boot == boot() && start_of(self.pid) == Some(self.start) {
            Life::Alive
        } else {
            Life::Dead
        }
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}:{}", self.host, self.boot, self.pid, self.start)
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

fn host() -> String {
    // Hashed, since the machine's id is not to be shown.
    let id = fs::read_to_string("/etc/machine-id")
        .or_else(|_| fs::read_to_string("/etc/hostname"))
        .unwrap_or_else(|_| std::env::var("HOSTNAME").unwrap_or_default());
    short_hash(id.trim())
}

fn boot() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().chars().filter(char::is_ascii_hexdigit).take(12).collect()
}

fn start_of(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, in parentheses, may hold spaces; field 22 is the start time (proc(5)).
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(19)?.parse().ok()
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
        assert_eq!(Owner { host: "other".to_owned(), ..this }.life(), Life::Elsewhere);
        assert_eq!(Owner::parse("nonsense"), None);
    }
}
