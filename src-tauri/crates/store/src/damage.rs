//! A damaged file: how it is known, and how it is moved out of the way without being lost.

use rusqlite::ErrorCode;
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

/// Files that SQLite keeps beside the database; they belong to the damaged one.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];
/// Damaged files that are kept; afterwards the last one is overwritten.
const KEPT: u32 = 5;

/// Whether an error means that the file's content is not sound.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}

/// Moves a database and its companions aside and answers where the database went.
pub(crate) fn move_aside(path: &Path) -> io::Result<PathBuf> {
    let free = (1..KEPT)
        .map(|number| with_suffix(path, &format!(".damaged-{number}")))
        .find(|name| !name.exists());
    let aside = free.unwrap_or_else(|| with_suffix(path, &format!(".damaged-{KEPT}")));
    fs::rename(path, &aside)?;
    for companion in COMPANIONS {
        match fs::rename(with_suffix(path, companion), with_suffix(&aside, companion)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(aside)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}
