//! What outlives a restart: one file, `state.json`, with a section for each server.
//!
//! Sections are written together, a moment after the last change and at shutdown, to a new file that then replaces the
//! old one; a kill at any instant leaves either the old or the new state. Who must not forget what it is about to confirm
//! waits for [`StateFile::flush`]. Deleting the directory is a reset.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// How long changes are gathered before they are written.
const GATHER: Duration = Duration::from_millis(150);

/// Why the stored state cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file system refuses.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what this program wrote.
    #[error(
        "{path}: the practice state cannot be read ({source}); delete the directory to start afresh"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
}

/// Writes a section down as JSON text.
type Snapshot = Box<dyn Fn() -> String + Send + Sync>;

struct Inner {
    path: PathBuf,
    loaded: Mutex<Map<String, Value>>,
    sections: Mutex<Vec<(&'static str, Snapshot)>>,
    writing: Mutex<()>,
    changed: Notify,
    /// Somebody waits: do not gather any longer.
    hurry: Notify,
    is_kept_written: AtomicBool,
    /// How many flushes were asked for, and how many of them are done.
    asked: AtomicU64,
    done: watch::Sender<u64>,
}

/// The stored state; clones share it.
#[derive(Clone)]
pub struct StateFile {
    inner: Arc<Inner>,
}

impl fmt::Debug for StateFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StateFile").field(&self.inner.path).finish()
    }
}

impl StateFile {
    /// Reads the state of a directory, which is created when it does not exist.
    pub fn open(directory: &Path) -> Result<Self, StateError> {
        let path = directory.join("state.json");
        let fail = |source| StateError::Io {
            path: path.clone(),
            source,
        };
        std::fs::create_dir_all(directory).map_err(fail)?;
        let loaded = match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|source| StateError::Unreadable {
                    path: path.clone(),
                    source,
                })?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Map::new(),
            Err(error) => return Err(fail(error)),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                path,
                loaded: Mutex::new(loaded),
                sections: Mutex::new(Vec::new()),
                writing: Mutex::new(()),
                changed: Notify::new(),
                hurry: Notify::new(),
                is_kept_written: AtomicBool::new(false),
                asked: AtomicU64::new(0),
                done: watch::Sender::new(0),
            }),
        })
    }

    /// Takes the stored value of a section; none on a fresh start.
    pub fn take<T: DeserializeOwned>(&self, section: &str) -> Result<Option<T>, StateError> {
        let value = lock(&self.inner.loaded).remove(section);
        value
            .map(serde_json::from_value)
            .transpose()
            .map_err(|source| StateError::Unreadable {
                path: self.inner.path.clone(),
                source,
            })
    }

    /// Names a section and how its present value is read; a later registration of the same name replaces it.
    pub fn register(
        &self,
        section: &'static str,
        snapshot: impl Fn() -> Value + Send + Sync + 'static,
    ) {
        self.register_text(section, move || snapshot().to_string());
    }

    /// Names a section that writes itself down as JSON text, which is quicker for a large one.
    pub fn register_text(
        &self,
        section: &'static str,
        snapshot: impl Fn() -> String + Send + Sync + 'static,
    ) {
        let mut sections = lock(&self.inner.sections);
        sections.retain(|(name, _)| *name != section);
        sections.push((section, Box::new(snapshot)));
    }

    /// Says that something changed; the file is written a moment later.
    pub fn touch(&self) {
        self.inner.changed.notify_one();
    }

    /// Waits until everything that has changed so far is on disk.
    pub async fn flush(&self) {
        let inner = &self.inner;
        let number = inner.asked.fetch_add(1, Ordering::SeqCst) + 1;
        if !inner.is_kept_written.load(Ordering::SeqCst) {
            self.write_aside().await;
            return;
        }
        let mut done = inner.done.subscribe();
        inner.changed.notify_one();
        inner.hurry.notify_one();
        // The sender lives in `inner`, so that waiting ends only with the number.
        let _ = done.wait_for(|done| *done >= number).await;
    }

    /// Writes the file now.
    pub fn write(&self) -> Result<(), StateError> {
        let _one_at_a_time = lock(&self.inner.writing);
        // Sections that nobody registered in this process are kept as they were.
        let mut parts: Vec<String> = lock(&self.inner.loaded)
            .iter()
            .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
            .collect();
        for (name, snapshot) in lock(&self.inner.sections).iter() {
            parts.push(format!("{}:{}", Value::from(*name), snapshot()));
        }
        let next = self.inner.path.with_extension("json.new");
        let bytes = format!("{{{}}}", parts.join(","));
        let written = std::fs::File::create(&next).and_then(|mut file| {
            file.write_all(bytes.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&next, &self.inner.path)
        });
        written.map_err(|source| StateError::Io {
            path: self.inner.path.clone(),
            source,
        })
    }

    /// Writes the file after changes until it is stopped.
    pub async fn keep_written(self, stop: CancellationToken) {
        self.inner.is_kept_written.store(true, Ordering::SeqCst);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.inner.changed.notified() => {}
            }
            tokio::select! {
                () = tokio::time::sleep(GATHER) => {}
                () = self.inner.hurry.notified() => {}
            }
            let asked = self.inner.asked.load(Ordering::SeqCst);
            self.write_aside().await;
            self.inner.done.send_replace(asked);
        }
        self.inner.is_kept_written.store(false, Ordering::SeqCst);
        // Nobody is left waiting: the state is written at shutdown.
        self.inner.done.send_replace(u64::MAX);
    }

    /// Writes the file without holding up other tasks; a failure is logged, since nobody could do more about it.
    async fn write_aside(&self) {
        let state = self.clone();
        match tokio::task::spawn_blocking(move || state.write()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the practice state was not written"),
            Err(error) => tracing::error!(%error, "the practice state was not written"),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_come_back_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let state = StateFile::open(directory.path()).unwrap();
        assert_eq!(state.take::<Vec<u32>>("numbers").unwrap(), None);
        state.register("numbers", || serde_json::json!([1, 2]));
        state.register("other", || serde_json::json!("x"));
        state.write().unwrap();

        let again = StateFile::open(directory.path()).unwrap();
        assert_eq!(again.take("numbers").unwrap(), Some(vec![1, 2]));
        again.write().unwrap();
        let third = StateFile::open(directory.path()).unwrap();
        assert_eq!(third.take::<String>("other").unwrap().as_deref(), Some("x"));
    }

    #[test]
    fn a_damaged_file_is_named_and_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state.json");
        std::fs::write(&path, "{\"numbers\": [1,").unwrap();
        let error = StateFile::open(directory.path()).unwrap_err();
        assert!(error.to_string().contains("state.json"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"numbers\": [1,");
    }

    #[tokio::test]
    async fn a_flush_returns_once_the_change_is_on_disk() {
        use std::sync::atomic::AtomicU32;
        let directory = tempfile::tempdir().unwrap();
        let state = StateFile::open(directory.path()).unwrap();
        let number = Arc::new(AtomicU32::new(0));
        let shown = Arc::clone(&number);
        state.register("n", move || shown.load(Ordering::SeqCst).into());
        let stop = CancellationToken::new();
        let task = tokio::spawn(state.clone().keep_written(stop.clone()));
        for n in 1..=20 {
            number.store(n, Ordering::SeqCst);
            state.flush().await;
            let text = std::fs::read_to_string(directory.path().join("state.json")).unwrap();
            assert_eq!(text, format!("{{\"n\":{n}}}"));
        }
        stop.cancel();
        task.await.unwrap();
        state.flush().await;
    }

    #[tokio::test]
    async fn a_change_is_written_without_being_asked() {
        let directory = tempfile::tempdir().unwrap();
        let state = StateFile::open(directory.path()).unwrap();
        state.register("n", || serde_json::json!(7));
        let stop = CancellationToken::new();
        let task = tokio::spawn(state.clone().keep_written(stop.clone()));
        state.touch();
        let path = directory.path().join("state.json");
        for _ in 0..100 {
            if path.exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), r#"{"n":7}"#);
        stop.cancel();
        task.await.unwrap();
    }
}
