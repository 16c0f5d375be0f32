//! The last known observations and every revision of a stack that was seen, in a SQLite file of
//! their own.
//!
//! What is here may be lost at any time without harm: a damaged file is moved aside and begun
//! anew. SQLite does not notice a bit that turned, so every row carries a digest of what it says; it
//! proves nothing about who wrote it, and nothing is decided by it. The record of promotions is not here but in `ledger`. Called by `host` at the start and
//! after every refresh.

mod damage;
mod history;
mod seal;

use interlock_app::ports::{SeenRevision, SnapshotFailed, SnapshotStore};
use interlock_domain::{Scope, Timestamp, stack::Stack};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

const SCHEMA: &str = "
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
DROP TABLE IF EXISTS snapshot;
CREATE TABLE IF NOT EXISTS known (
    key TEXT PRIMARY KEY, at TEXT NOT NULL, text TEXT NOT NULL, seal TEXT NOT NULL
) STRICT;
";
/// Longest wait for another window of ours that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Texts by key, each with its time.
#[derive(Debug)]
pub struct SqliteSnapshots {
    path: PathBuf,
    open: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    connection: Connection,
    /// Where a damaged file was moved.
    moved_to: Option<PathBuf>,
}

impl SqliteSnapshots {
    /// Opens or creates the file. A damaged one is kept beside under another name.
    pub fn open(path: &Path) -> Result<Self, SnapshotFailed> {
        let open = match connect(path) {
            Ok(connection) => Open {
                connection,
                moved_to: None,
            },
            Err(error) if damage::is_damage(&error) => begin_anew(path)?,
            Err(error) => return Err(failed(path, &error)),
        };
        Ok(Self {
            path: path.to_owned(),
            open: Mutex::new(open),
        })
    }

    /// Where a damaged file was moved, if one was found since the start.
    pub fn damaged(&self) -> Option<PathBuf> {
        self.lock().moved_to.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the file; one that turns out to be damaged is begun anew first.
    fn with<T>(
        &self,
        work: impl Fn(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, SnapshotFailed> {
        let mut open = self.lock();
        match work(&open.connection) {
            Err(error) if damage::is_damage(&error) => {
                // Closed first, so that nothing of it is written into the new file.
                if let Ok(nothing) = Connection::open_in_memory() {
                    open.connection = nothing;
                }
                *open = begin_anew(&self.path)?;
                work(&open.connection).map_err(|error| failed(&self.path, &error))
            }
            done => done.map_err(|error| failed(&self.path, &error)),
        }
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.execute_batch(SCHEMA)?;
    connection.execute_batch(history::SCHEMA)?;
    Ok(connection)
}

fn begin_anew(path: &Path) -> Result<Open, SnapshotFailed> {
    let moved_to = damage::move_aside(path).map_err(|error| SnapshotFailed {
        message: format!(
            "{} is damaged and cannot be moved aside: {error}.",
            path.display()
        ),
    })?;
    let connection = connect(path).map_err(|error| failed(path, &error))?;
    Ok(Open {
        connection,
        moved_to: Some(moved_to),
    })
}

fn failed(path: &Path, error: &rusqlite::Error) -> SnapshotFailed {
    let path = path.display();
    let message = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => format!("The disk is full: {path} cannot grow."),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            format!("{path} cannot be written: no permission.")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("{path} is in use by another program.")
        }
        _ => format!("{path} cannot be used: {error}."),
    };
    SnapshotFailed { message }
}

impl SnapshotStore for SqliteSnapshots {
    fn load(&self, key: &str) -> Result<Option<(Timestamp, String)>, SnapshotFailed> {
        let row: Option<(String, String)> = self.with(|connection| {
            let select = "SELECT at, text, seal FROM known WHERE key = ?1";
            let found: Option<(String, String, String)> = connection
                .query_row(select, [key], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            let Some((at, text, sealed)) = found else {
                return Ok(None);
            };
            seal::hold(&seal::of(&[key, &at, &text]), &sealed)?;
            Ok(Some((at, text)))
        })?;
        let Some((at, text)) = row else {
            return Ok(None);
        };
        let at = at.parse().map_err(|error| SnapshotFailed {
            message: format!("The time of `{key}` is damaged: {error}."),
        })?;
        Ok(Some((at, text)))
    }

    fn save(&self, key: &str, at: Timestamp, text: &str) -> Result<(), SnapshotFailed> {
        let insert = "INSERT INTO known (key, at, text, seal) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE
             SET at = excluded.at, text = excluded.text, seal = excluded.seal";
        let at = at.to_string();
        let sealed = seal::of(&[key, &at, text]);
        self.with(|connection| connection.execute(insert, params![key, at, text, sealed]))
            .map(drop)
    }

    fn observe(
        &self,
        scope: &Scope,
        at: Timestamp,
        stacks: &[Stack],
    ) -> Result<(), SnapshotFailed> {
        let seen = history::seen(stacks).map_err(|error| SnapshotFailed {
            message: format!("A stack cannot be written: {error}."),
        })?;
        let place = history::place(scope);
        self.with(|connection| history::observe(connection, &place, at, &seen))
    }

    fn revisions(&self, scope: &Scope) -> Result<Vec<SeenRevision>, SnapshotFailed> {
        let place = history::place(scope);
        let rows = self.with(|connection| history::rows(connection, &place))?;
        rows.into_iter().map(history::Row::read).collect()
    }

    fn template(&self, revision: &str) -> Result<Option<String>, SnapshotFailed> {
        let kept = self.with(|connection| history::template(connection, revision))?;
        kept.map(|(digest, packed)| history::unpack(revision, &digest, &packed))
            .transpose()
    }

    fn keep_template(&self, revision: &str, text: &str) -> Result<(), SnapshotFailed> {
        let packed = history::pack(text);
        self.with(|connection| history::keep_template(connection, revision, &packed))
    }

    fn without_template(&self, revisions: &[String]) -> Result<Vec<String>, SnapshotFailed> {
        self.with(|connection| history::without_template(connection, revisions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek as _, SeekFrom, Write as _};

    struct Place {
        folder: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Self {
            Self {
                folder: tempfile::tempdir().unwrap(),
            }
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("snapshots.db")
        }

        fn open(&self) -> SqliteSnapshots {
            SqliteSnapshots::open(&self.path()).unwrap()
        }

        fn names(&self) -> Vec<String> {
            let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn noon() -> Timestamp {
        at("2026-11-23T12:00:00.123456789Z")
    }

    #[test]
    fn what_was_kept_is_there_after_opening_again() {
        let place = Place::new();
        let large = "ñ✓x".repeat(2_000_000);
        {
            let store = place.open();
            store.save("a", at("2026-11-23T10:00:00Z"), "old").unwrap();
            store.save("a", noon(), &large).unwrap();
            store.save("", noon(), "").unwrap();
        }
        let store = place.open();
        assert_eq!(store.load("a").unwrap(), Some((noon(), large)));
        assert_eq!(store.load("").unwrap(), Some((noon(), String::new())));
        assert_eq!(store.load("b").unwrap(), None);
        assert_eq!(store.damaged(), None);
    }

    #[test]
    fn a_file_that_is_no_database_is_moved_aside_and_begun_anew() {
        let place = Place::new();
        std::fs::write(place.path(), vec![9_u8; 8192]).unwrap();
        let store = place.open();
        store.save("a", noon(), "text").unwrap();
        assert_eq!(store.load("a").unwrap(), Some((noon(), "text".into())));
        let damaged = store.damaged().unwrap();
        assert_eq!(std::fs::read(damaged).unwrap(), vec![9_u8; 8192]);
    }

    #[test]
    fn damage_that_is_found_while_working_is_moved_aside_too() {
        let place = Place::new();
        {
            let store = place.open();
            for key in 0..200 {
                store
                    .save(&format!("key-{key}"), noon(), &"x".repeat(3_000))
                    .unwrap();
            }
        }
        // The first page, which opening reads, stays as it is.
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .open(place.path())
            .unwrap();
        file.seek(SeekFrom::Start(4096)).unwrap();
        file.write_all(&vec![0xAB; 4096 * 150]).unwrap();
        drop(file);
        let store = place.open();
        assert_eq!(store.damaged(), None, "not seen at the start");
        assert_eq!(store.load("key-7").unwrap(), None);
        assert!(store.damaged().is_some());
        store.save("key-7", noon(), "new").unwrap();
        assert_eq!(store.load("key-7").unwrap(), Some((noon(), "new".into())));
    }

    #[test]
    fn an_older_damaged_file_is_not_overwritten() {
        let place = Place::new();
        for first in [1_u8, 2] {
            std::fs::write(place.path(), vec![first; 4096]).unwrap();
            drop(place.open());
        }
        let damaged = place
            .names()
            .iter()
            .filter(|n| n.contains("damaged"))
            .count();
        assert_eq!(damaged, 2, "{:?}", place.names());
    }

    #[test]
    fn a_full_disk_is_said_and_what_was_kept_stays() {
        let place = Place::new();
        let store = place.open();
        store.save("a", noon(), "kept").unwrap();
        let limit = "PRAGMA max_page_count = 4";
        store.lock().connection.execute_batch(limit).unwrap();
        let error = store.save("a", noon(), &"x".repeat(1_000_000)).unwrap_err();
        assert!(error.message.contains("disk is full"), "{error}");
        assert_eq!(store.load("a").unwrap(), Some((noon(), "kept".into())));
    }

    #[test]
    fn a_file_that_must_not_be_written_is_said() {
        let place = Place::new();
        let store = place.open();
        let only = "PRAGMA query_only = ON";
        store.lock().connection.execute_batch(only).unwrap();
        let error = store.save("a", noon(), "x").unwrap_err();
        assert!(error.message.contains("cannot be written"), "{error}");
        assert_eq!(store.load("a").unwrap(), None);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let error = SqliteSnapshots::open(Path::new("no/such/folder/s.db")).unwrap_err();
        assert!(error.message.contains("s.db"), "{error}");
    }

    #[test]
    fn threat_16_what_was_changed_past_the_program_is_not_taken_for_known() {
        for change in [
            "at = '2026-11-24T12:00:00Z'",
            "text = 'prod runs 9.9'",
            "key = 'b'",
        ] {
            let place = Place::new();
            let store = place.open();
            store.save("a", noon(), "prod runs 1.0").unwrap();
            let update = format!("UPDATE known SET {change}");
            store.lock().connection.execute_batch(&update).unwrap();
            for key in ["a", "b"] {
                assert_eq!(store.load(key).unwrap(), None, "{change}");
            }
            assert!(store.damaged().is_some(), "{change}");
        }
    }

    #[test]
    fn two_windows_share_one_file() {
        let place = Place::new();
        let (one, two) = (place.open(), place.open());
        std::thread::scope(|scope| {
            for (store, name) in [(&one, "one"), (&two, "two")] {
                scope.spawn(move || {
                    for round in 0..50 {
                        store.save(name, noon(), &round.to_string()).unwrap();
                    }
                });
            }
        });
        assert_eq!(one.load("two").unwrap(), Some((noon(), "49".into())));
        assert_eq!(two.load("one").unwrap(), Some((noon(), "49".into())));
    }
}
