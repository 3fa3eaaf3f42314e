//! How much memory a process takes, seen from outside.

use std::time::Duration;

/// Looks at the memory of a process until it is gone; the most that it had, in KiB.
pub fn watched(process: u32) -> std::thread::JoinHandle<u64> {
    std::thread::spawn(move || {
        let mut peak = 0;
        // A process that has ended has no memory.
        while let Some(now) = high_water(process) {
            peak = now;
            std::thread::sleep(Duration::from_millis(10));
        }
        peak
    })
}

/// The most memory that a process has had so far, in KiB.
fn high_water(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
