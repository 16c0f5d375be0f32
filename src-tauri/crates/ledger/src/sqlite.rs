//! The embedded store: one SQLite file whose tables refuse update and delete.
//!
//! What is acknowledged is on the disk: WAL with `synchronous=FULL`, both read back after they
//! were asked for. A file that does not hold together, or is no ledger, is not opened for writing;
//! what can still be read of it is for `interlock ledger export`.

use crate::store::{LogStore, StoreError};
use interlock_domain::Digest;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior,
    params,
};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

/// Marks the file as a ledger: `Ilck`, in the place where SQLite keeps a program's own mark.
const APPLICATION_ID: i32 = 0x496c_636b;
/// Version of the tables.
const USER_VERSION: i32 = 1;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS leaf (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS document (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
";

/// Name, moment, table and message of each guard. `INSERT OR REPLACE` removes a row without a
/// DELETE trigger being asked (unless recursive triggers are on), so inserts over a row that is
/// there are refused as well.
const GUARDS: [(&str, &str, &str, &str); 6] = [
    (
        "leaf_keeps",
        "BEFORE UPDATE ON leaf",
        "",
        "the log is append-only",
    ),
    (
        "leaf_stays",
        "BEFORE DELETE ON leaf",
        "",
        "the log is append-only",
    ),
    (
        "leaf_once",
        "BEFORE INSERT ON leaf",
        "WHEN EXISTS (SELECT 1 FROM leaf WHERE seq = NEW.seq)",
        "the entry is already written",
    ),
    (
        "document_keeps",
        "BEFORE UPDATE ON document",
        "",
        "documents are kept",
    ),
    (
        "document_stays",
        "BEFORE DELETE ON document",
        "",
        "documents are kept",
    ),
    (
        "document_once",
        "BEFORE INSERT ON document",
        "WHEN EXISTS (SELECT 1 FROM document WHERE sha256 = NEW.sha256)",
        "documents are kept",
    ),
];

fn guard_text((name, moment, when, message): (&str, &str, &str, &str)) -> String {
    format!("CREATE TRIGGER {name} {moment} {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")
}

/// A log in a SQLite file. Several processes may have it open.
///
/// It is tamper-evident only against those who do not hold the machine.
pub struct SqliteStore {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl SqliteStore {
    /// Opens or creates the file. A damaged one, or one that is no ledger, is refused and left as
    /// it is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path).map_err(translate)?;
        connection
            .busy_timeout(Duration::from_secs(5))
            .map_err(translate)?;
        refuse_foreign(&connection)?;
        settle(&connection)?;
        check_whole(&connection)?;
        make_tables(&connection)?;
        Ok(Self {
            path: path.to_owned(),
            connection: Mutex::new(connection),
        })
    }

    /// Opens what is there for reading only, without asking whether it is whole: to save what can
    /// be read of a damaged ledger. Every write is refused by SQLite itself.
    pub fn open_to_save(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(translate)?;
        connection
            .busy_timeout(Duration::from_secs(5))
            .map_err(translate)?;
        refuse_foreign(&connection)?;
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

/// A file of another program, or of a later version of this one, is nobody's to write into.
fn refuse_foreign(connection: &Connection) -> Result<(), StoreError> {
    let mark: i32 = pragma(connection, "application_id")?;
    let version: i32 = pragma(connection, "user_version")?;
    if mark == APPLICATION_ID && version > USER_VERSION {
        return Err(StoreError::Unavailable {
            reason: format!(
                "it was written by a later version of this program (format {version}, this one knows {USER_VERSION})"
            ),
        });
    }
    if mark != 0 && mark != APPLICATION_ID {
        return Err(damaged("the file is the database of another program"));
    }
    if mark == APPLICATION_ID {
        return Ok(());
    }
    // Ledgers from before the mark have these tables and no others; a new file has none.
    let strangers: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('leaf', 'document')",
            [],
            |row| row.get(0),
        )
        .map_err(translate)?;
    if strangers > 0 {
        return Err(damaged("the file is the database of another program"));
    }
    Ok(())
}

/// Asks for durability and makes sure that it was granted: SQLite answers with the mode that it
/// could set, for example `delete` on a network drive.
fn settle(connection: &Connection) -> Result<(), StoreError> {
    let mode: String = connection
        .query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0))
        .map_err(translate)?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(StoreError::Unavailable {
            reason: format!(
                "SQLite cannot keep a write-ahead log there (mode `{mode}`); put the file on a local disk"
            ),
        });
    }
    connection
        .execute_batch("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF;")
        .map_err(translate)?;
    let level: i32 = pragma(connection, "synchronous")?;
    if level < 2 {
        return Err(StoreError::Unavailable {
            reason: format!("SQLite does not sync each write (level {level})"),
        });
    }
    Ok(())
}

/// Reads every page. A page that was lost is found now, and not when its entry is asked for.
fn check_whole(connection: &Connection) -> Result<(), StoreError> {
    let mut check = connection
        .prepare("PRAGMA integrity_check(3)")
        .map_err(translate)?;
    let told: Vec<String> = check
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .map_err(translate)?;
    if told == ["ok"] {
        return Ok(());
    }
    Err(broken(&told.join("; ")))
}

/// Whether the file is marked, and tables and guards are there as they must be.
fn is_made(connection: &Connection) -> Result<bool, StoreError> {
    let kept: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('leaf', 'document')",
            [],
            |row| row.get(0),
        )
        .map_err(translate)?;
    let mark: i32 = pragma(connection, "application_id")?;
    let version: i32 = pragma(connection, "user_version")?;
    if kept != 2 || mark != APPLICATION_ID || version != USER_VERSION {
        return Ok(false);
    }
    for guard in GUARDS {
        if guard_kept(connection, guard.0)?.as_deref() != Some(&guard_text(guard)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn guard_kept(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    connection
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1",
            [name],
            |row| row.get(0),
        )
        .optional()
        .map_err(translate)
}

fn make_tables(connection: &Connection) -> Result<(), StoreError> {
    if is_made(connection)? {
        return Ok(());
    }
    // Two processes may make the same new file: one after the other, and the second finds all.
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)
        .map_err(translate)?;
    transaction.execute_batch(SCHEMA).map_err(translate)?;
    for guard in GUARDS {
        let (name, ..) = guard;
        let text = guard_text(guard);
        if guard_kept(&transaction, name)?.as_deref() == Some(&text) {
            continue;
        }
        // Missing, or one that only bears the name.
        transaction
            .execute_batch(&format!("DROP TRIGGER IF EXISTS {name}; {text};"))
            .map_err(translate)?;
    }
    transaction
        .execute_batch(&format!(
            "PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={USER_VERSION};"
        ))
        .map_err(translate)?;
    transaction.commit().map_err(translate)
}

fn pragma<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<T, StoreError> {
    connection
        .query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
        .map_err(translate)
}

fn damaged(reason: impl Into<String>) -> StoreError {
    StoreError::Damaged {
        reason: reason.into(),
    }
}

/// Damage with what to do about it.
fn broken(what: &str) -> StoreError {
    damaged(format!(
        "{what}. Nothing is written to it any more; save what can be read with `interlock ledger export`, and start from the last export or the team's ledger"
    ))
}

fn translate(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => broken(&error.to_string()),
        Some(ErrorCode::NotADatabase) => damaged(error.to_string()),
        Some(ErrorCode::DiskFull) => StoreError::Unavailable {
            reason: "the disk is full; nothing was written".into(),
        },
        _ => StoreError::Unavailable {
            reason: error.to_string(),
        },
    }
}

fn place_number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| damaged(format!("place {seq} is out of range")))
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
                return Err(damaged(format!("entry {expected} is missing")));
            }
            leaves.push(bytes);
        }
        Ok(leaves)
    }

    fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let connection = self.lock();
        // One statement is one transaction, which takes the write lock at once.
        let mut insert = connection
            .prepare_cached(
                "INSERT INTO leaf (seq, bytes) SELECT ?1, ?2 \
                 WHERE ?1 = 0 OR EXISTS (SELECT 1 FROM leaf WHERE seq = ?1 - 1)",
            )
            .map_err(translate)?;
        match insert.execute(params![place_number(seq)?, bytes]) {
            Ok(1) => Ok(()),
            Ok(_) => Err(damaged(format!("entry {seq} would leave a gap"))),
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
                "INSERT INTO document (sha256, bytes) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM document WHERE sha256 = ?1)",
                params![digest.to_string(), bytes],
            )
            .map_err(translate)?;
        Ok(digest)
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }
}
