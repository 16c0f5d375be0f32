//! The newest head of the ledger that was seen on this computer, kept from start to start.
//!
//! A log that was cut or exchanged holds together by itself; only somebody who saw more of it can
//! tell. The file holds no secret, and is a note and not a lock: two processes may write it, and
//! either note is true.

use interlock_ledger::{Seen, leaf::Head};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Name of the file.
pub(crate) const FILE: &str = "ledger-seen.json";

/// The note about one log.
pub(crate) struct SeenFile {
    path: PathBuf,
    log: String,
}

type Notes = BTreeMap<String, Head>;

impl SeenFile {
    pub(crate) fn new(folder: &Path, log: &str) -> Self {
        Self {
            path: folder.join(FILE),
            log: log.to_owned(),
        }
    }

    /// What was seen before; none when nothing was.
    pub(crate) fn read(&self) -> io::Result<Option<Head>> {
        Ok(self.notes()?.get(&self.log).copied())
    }

    fn notes(&self) -> io::Result<Notes> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Notes::default()),
            Err(error) => Err(error),
        }
    }

    fn write(&self, head: Head) -> io::Result<()> {
        let mut notes = self.notes()?;
        let known = notes.get(&self.log);
        if known.is_some_and(|known| known.size >= head.size) {
            return Ok(());
        }
        notes.insert(self.log.clone(), head);
        // Never half a note: a new file takes the place of the old one.
        let aside = self
            .path
            .with_extension(format!("{}.new", std::process::id()));
        fs::write(&aside, serde_json::to_vec_pretty(&notes)?)?;
        fs::rename(&aside, &self.path)
    }
}

impl Seen for SeenFile {
    fn keep(&self, head: Head) {
        if let Err(error) = self.write(head) {
            tracing::warn!(%error, "what was seen of the ledger cannot be remembered");
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use interlock_domain::Digest;

    fn head(size: u64) -> Head {
        Head {
            size,
            root: Digest::of(&size.to_be_bytes()),
        }
    }

    #[test]
    fn the_newest_head_of_each_log_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (
            SeenFile::new(folder.path(), "one"),
            SeenFile::new(folder.path(), "other"),
        );
        assert_eq!(one.read().unwrap(), None);
        one.keep(head(3));
        other.keep(head(1));
        // Another process may be behind.
        one.keep(head(2));
        assert_eq!(one.read().unwrap(), Some(head(3)));
        assert_eq!(other.read().unwrap(), Some(head(1)));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_note_that_cannot_be_read_is_no_empty_one_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{").unwrap();
        let note = SeenFile::new(folder.path(), "one");
        assert!(note.read().is_err());
        note.keep(head(3));
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), b"{");
    }
}
