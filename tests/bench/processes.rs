//! Processes as Linux shows them: children, start times, memory.

use std::fs;
use std::time::{Duration, SystemTime};

/// Ticks of a second in `/proc`, the same on every Linux that has a window.
const TICKS: f64 = 100.0;

/// A process.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its id.
    pub id: u32,
    /// Its program's name, cut by the kernel.
    pub name: String,
    parent: u32,
    started_ticks: f64,
}

/// Memory in MB of a million bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Pages in memory, shared ones counted whole.
    pub resident: f64,
    /// The same with shared pages divided by who shares them.
    pub proportional: f64,
    /// Pages that nobody else has.
    pub own: f64,
}

fn read(id: u32) -> Option<Process> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (before, after) = text.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    Some(Process {
        id,
        name: before.split_once('(')?.1.to_owned(),
        parent: fields.get(1)?.parse().ok()?,
        started_ticks: fields.get(19)?.parse().ok()?,
    })
}

fn all() -> Vec<Process> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(read)
        .collect()
}

/// Children of a process.
pub fn children(of: u32) -> Vec<Process> {
    all().into_iter().filter(|each| each.parent == of).collect()
}

/// Children of a process, their children and so on.
pub fn descendants(of: u32) -> Vec<Process> {
    let all = all();
    let mut found: Vec<Process> = Vec::new();
    let mut open = vec![of];
    while let Some(id) = open.pop() {
        for each in all.iter().filter(|each| each.parent == id) {
            open.push(each.id);
            found.push(each.clone());
        }
    }
    found
}

impl Process {
    /// When it started, in milliseconds since 1970.
    pub fn started_millis(&self) -> Option<f64> {
        let uptime = fs::read_to_string("/proc/uptime").ok()?;
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()?;
        let up: f64 = uptime.split_whitespace().next()?.parse().ok()?;
        let age = Duration::try_from_secs_f64(up - self.started_ticks / TICKS).ok()?;
        Some((now.checked_sub(age)?).as_secs_f64() * 1000.0)
    }

    /// What it takes.
    pub fn memory(&self) -> Option<Memory> {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id)).ok()?;
        let of = |key: &str| -> f64 {
            text.lines()
                .filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
                .filter_map(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok())
                .sum::<f64>()
                * 1024.0
                / 1e6
        };
        Some(Memory {
            resident: of("Rss"),
            proportional: of("Pss"),
            own: of("Private_Clean") + of("Private_Dirty"),
        })
    }
}
