//! Marks of the processes of this machine that drive runs: a file that is locked while one lives.

use interlock_app::ports::Runners;
use interlock_domain::Digest;
use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// After this time the mark of a process that is gone is taken away.
const KEPT: Duration = Duration::from_hours(24 * 30);

/// The mark of this process, beside those of others.
#[derive(Debug)]
pub(crate) struct Marks {
    folder: PathBuf,
    /// Locked until this process ends, however it ends.
    _own: File,
}

impl Marks {
    /// Sets the mark of this process.
    pub fn set(folder: &Path, runner: &str) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        sweep(folder);
        let own = File::create(folder.join(name(runner)))?;
        own.try_lock().map_err(io::Error::from)?;
        Ok(Self {
            folder: folder.to_owned(),
            _own: own,
        })
    }
}

/// Name of this machine, for people.
pub fn machine() -> String {
    std::fs::read_to_string("/etc/hostname")
        .map_or_else(|_| "this machine".into(), |name| name.trim().to_owned())
}

impl Runners for Marks {
    fn is_gone(&self, runner: &str) -> bool {
        // Of another machine's process there is no mark here.
        File::open(self.folder.join(name(runner))).is_ok_and(|file| is_free(&file))
    }
}

fn name(runner: &str) -> String {
    Digest::of(runner.as_bytes()).to_string()
}

fn is_free(file: &File) -> bool {
    match file.try_lock_shared() {
        Ok(()) => file.unlock().is_ok(),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

/// Takes old marks away. What cannot be taken away does no harm.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let changed = path.metadata().and_then(|about| about.modified());
        let is_old = changed.is_ok_and(|at| {
            SystemTime::now()
                .duration_since(at)
                .is_ok_and(|age| age > KEPT)
        });
        if is_old && File::open(&path).is_ok_and(|file| is_free(&file)) {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_gone_once_its_mark_is_free_and_never_before() {
        let folder = tempfile::tempdir().unwrap();
        let own = Marks::set(folder.path(), "window 1").unwrap();
        let other = Marks::set(folder.path(), "window 2").unwrap();
        assert!(!own.is_gone("window 2") && !other.is_gone("window 1"));
        assert!(!own.is_gone("window 1"), "itself");
        drop(other);
        assert!(own.is_gone("window 2"));
        assert!(!own.is_gone("a window of another machine"));
        // Its name may come again.
        let again = Marks::set(folder.path(), "window 2").unwrap();
        assert!(!own.is_gone("window 2"));
        assert!(Marks::set(folder.path(), "window 2").is_err());
        drop(again);
    }
}
