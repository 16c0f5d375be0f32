//! The embedded store: one SQLite file whose tables refuse update and delete.

use crate::store::{LogStore, StoreError};
use interlock_domain::Digest;
use rusqlite::{
    Connection, ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior, params,
};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS leaf (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS document (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS leaf_keeps BEFORE UPDATE ON leaf BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS leaf_stays BEFORE DELETE ON leaf BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS document_keeps BEFORE UPDATE ON document BEGIN SELECT RAISE(ABORT, 'documents are kept'); END;
CREATE TRIGGER IF NOT EXISTS document_stays BEFORE DELETE ON document BEGIN SELECT RAISE(ABORT, 'documents are kept'); END;
";

/// A log in a SQLite file. Several processes may have it open.
///
/// It is tamper-evident only against those who do not hold the machine.
pub struct SqliteStore {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl SqliteStore {
    /// Opens or creates the file.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path).map_err(translate)?;
        connection
            .busy_timeout(Duration::from_secs(5))
            .map_err(translate)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            )
            .map_err(translate)?;
        connection.execute_batch(SCHEMA).map_err(translate)?;
        Ok(Self {
            path: path.to_owned(),
            connection: Mutex::new(connection),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn translate(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged {
            reason: error.to_string(),
        },
        _ => StoreError::Unavailable {
            reason: error.to_string(),
        },
    }
}

fn place_number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| StoreError::Damaged {
        reason: format!("place {seq} is out of range"),
    })
}

impl LogStore for SqliteStore {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let connection = self.lock();
        let mut select = connection
            .prepare_cached("SELECT seq, bytes FROM leaf WHERE seq >= ?1 ORDER BY seq")
            .map_err(translate)?;
        let rows = select
            .query_map([place_number(seq)?], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .map_err(translate)?;
        let mut leaves = Vec::new();
        for (expected, row) in (place_number(seq)?..).zip(rows) {
            let (at, bytes) = row.map_err(translate)?;
            if at != expected {
                return Err(StoreError::Damaged {
                    reason: format!("entry {expected} is missing"),
                });
            }
            leaves.push(bytes);
        }
        Ok(leaves)
    }

    fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let connection = self.lock();
        // Takes the write lock at once: upgrading a read lock would fail beside another writer.
        let transaction = Transaction::new_unchecked(&connection, TransactionBehavior::Immediate)
            .map_err(translate)?;
        let size: i64 = transaction
            .query_row("SELECT count(*) FROM leaf", [], |row| row.get(0))
            .map_err(translate)?;
        let place = place_number(seq)?;
        if place > size {
            return Err(StoreError::Damaged {
                reason: format!("entry {seq} would leave a gap after {size}"),
            });
        }
        match transaction.execute(
            "INSERT INTO leaf (seq, bytes) VALUES (?1, ?2)",
            params![place, bytes],
        ) {
            Ok(_) => transaction.commit().map_err(translate),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                Err(StoreError::SlotTaken { seq })
            }
            Err(error) => Err(translate(error)),
        }
    }

    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.lock()
            .query_row(
                "SELECT bytes FROM document WHERE sha256 = ?1",
                [digest.to_string()],
                |row| row.get(0),
            )
            .optional()
            .map_err(translate)
    }

    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        self.lock()
            .execute(
                "INSERT OR IGNORE INTO document (sha256, bytes) VALUES (?1, ?2)",
                params![digest.to_string(), bytes],
            )
            .map_err(translate)?;
        Ok(digest)
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }
}
