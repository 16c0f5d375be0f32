//! The last known observations, in a SQLite file of their own.
//!
//! What is here may be lost at any time without harm: a damaged file is moved aside and begun
//! anew. The record of promotions is not here but in `ledger`.

use interlock_app::ports::{SnapshotFailed, SnapshotStore};
use interlock_domain::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

const SCHEMA: &str = "
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS snapshot (key TEXT PRIMARY KEY, at TEXT NOT NULL, text TEXT NOT NULL) STRICT;
";

/// Texts by key, each with its time.
#[derive(Debug)]
pub struct SqliteSnapshots {
    connection: Mutex<Connection>,
}

impl SqliteSnapshots {
    /// Opens or creates the file. A damaged one is kept beside under another name.
    pub fn open(path: &Path) -> Result<Self, SnapshotFailed> {
        match Self::try_open(path) {
            Ok(store) => Ok(store),
            Err(error) if is_damage(&error) => {
                let aside = aside(path);
                move_aside(path, &aside)?;
                Self::try_open(path).map_err(|error| failed(path, &error))
            }
            Err(error) => Err(failed(path, &error)),
        }
    }

    fn try_open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}

fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".damaged");
    path.with_file_name(name)
}

fn move_aside(path: &Path, aside: &Path) -> Result<(), SnapshotFailed> {
    std::fs::rename(path, aside).map_err(|error| SnapshotFailed {
        message: format!(
            "{} is damaged and cannot be moved aside: {error}",
            path.display()
        ),
    })
}

fn failed(path: &Path, error: &rusqlite::Error) -> SnapshotFailed {
    SnapshotFailed {
        message: format!("{} cannot be used: {error}", path.display()),
    }
}

impl SnapshotStore for SqliteSnapshots {
    fn load(&self, key: &str) -> Result<Option<(Timestamp, String)>, SnapshotFailed> {
        let row: Option<(String, String)> = self
            .lock()
            .query_row(
                "SELECT at, text FROM snapshot WHERE key = ?1",
                [key],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(|error| SnapshotFailed {
                message: error.to_string(),
            })?;
        let Some((at, text)) = row else {
            return Ok(None);
        };
        let at = at.parse().map_err(|error| SnapshotFailed {
            message: format!("the time of `{key}` is damaged: {error}"),
        })?;
        Ok(Some((at, text)))
    }

    fn save(&self, key: &str, at: Timestamp, text: &str) -> Result<(), SnapshotFailed> {
        self.lock()
            .execute(
                "INSERT INTO snapshot (key, at, text) VALUES (?1, ?2, ?3)
                 ON CONFLICT (key) DO UPDATE SET at = excluded.at, text = excluded.text",
                params![key, at.to_string(), text],
            )
            .map(drop)
            .map_err(|error| SnapshotFailed {
                message: error.to_string(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_kept_is_there_after_opening_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        let large = "x".repeat(5_000_000);
        {
            let store = SqliteSnapshots::open(&path).unwrap();
            store.save("a", at("2026-11-23T10:00:00Z"), "old").unwrap();
            store.save("a", at("2026-11-23T12:00:00Z"), &large).unwrap();
        }
        let store = SqliteSnapshots::open(&path).unwrap();
        assert_eq!(
            store.load("a").unwrap(),
            Some((at("2026-11-23T12:00:00Z"), large))
        );
        assert_eq!(store.load("b").unwrap(), None);
    }

    #[test]
    fn a_damaged_file_is_moved_aside_and_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.db");
        std::fs::write(&path, vec![9_u8; 8192]).unwrap();
        let store = SqliteSnapshots::open(&path).unwrap();
        store.save("a", at("2026-11-23T10:00:00Z"), "text").unwrap();
        assert!(folder.path().join("s.db.damaged").exists());
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let error = SqliteSnapshots::open(Path::new("no/such/folder/s.db")).unwrap_err();
        assert!(error.message.contains("s.db"), "{error}");
    }
}
