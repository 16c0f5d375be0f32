//! The archive: files as they are, in the order of their paths, with the time of the ledger.
//!
//! ZIP (APPNOTE 6.3) without compression: what a compressor writes changes with its version and the
//! processor, and the same ledger has to give the same bytes. It writes no ZIP64, and says so when an
//! archive would need it.

use crate::File;
use interlock_domain::Timestamp;
use jiff::tz::TimeZone;

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It is over what an archive without ZIP64 holds.
    #[error("an archive holds at most 65534 files and less than 4 GiB, and this is more")]
    TooLarge,
    /// The index cannot be written as JSON.
    #[error("the index cannot be written: {0}")]
    Index(#[from] serde_json::Error),
}

/// Version 2.0, the first with folders.
const VERSION: u16 = 20;
/// Version 2.0 on Unix, so that the attributes below are Unix's.
const MADE_BY: u16 = (3 << 8) | VERSION;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// A file that everybody may read.
const ATTRIBUTES: u32 = 0o100_644 << 16;

/// Packs files into one archive.
pub fn zip(files: &[File], time: Option<Timestamp>) -> Result<Vec<u8>, PackError> {
    let stamp = stamp(time);
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (path, bytes) in files {
        let offset = length(out.len())?;
        let common = common(path, bytes, stamp)?;
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(path.as_bytes());
        out.extend(bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend(MADE_BY.to_le_bytes());
        directory.extend(&common);
        // No comment, disk 0, not known to be text.
        directory.extend([0; 6]);
        directory.extend(ATTRIBUTES.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let start = length(out.len())?;
    let count = u16::try_from(files.len()).ok().filter(|it| *it < u16::MAX);
    let count = count.ok_or(PackError::TooLarge)?;
    out.extend(&directory);
    length(out.len())?;
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(length(directory.len())?.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    Ok(out)
}

/// What stands before a file and again in the directory at the end.
fn common(path: &str, bytes: &[u8], (day, time): (u16, u16)) -> Result<Vec<u8>, PackError> {
    let size = length(bytes.len())?;
    let name = u16::try_from(path.len()).map_err(|_| PackError::TooLarge)?;
    let mut out = Vec::new();
    // Stored as it is.
    for word in [VERSION, FLAGS, 0, time, day] {
        out.extend(word.to_le_bytes());
    }
    for long in [crc32fast::hash(bytes), size, size] {
        out.extend(long.to_le_bytes());
    }
    // Nothing beside the name.
    for word in [name, 0] {
        out.extend(word.to_le_bytes());
    }
    Ok(out)
}

fn length(bytes: usize) -> Result<u32, PackError> {
    let length = u32::try_from(bytes).ok().filter(|it| *it < u32::MAX);
    length.ok_or(PackError::TooLarge)
}

/// A time in UTC as archives write it, day and time; their first day where it is none of theirs.
fn stamp(time: Option<Timestamp>) -> (u16, u16) {
    const FIRST: (u16, u16) = ((1 << 5) | 1, 0);
    let Some(time) = time.map(|it| it.to_zoned(TimeZone::UTC).datetime()) else {
        return FIRST;
    };
    let part = |number: i8| u16::try_from(number).unwrap_or_default();
    match u16::try_from(time.year()) {
        Ok(year @ 1980..=2107) => (
            ((year - 1980) << 9) | (part(time.month()) << 5) | part(time.day()),
            (part(time.hour()) << 11) | (part(time.minute()) << 5) | (part(time.second()) / 2),
        ),
        _ => FIRST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads an archive back by its directory, as readers do.
    fn unpacked(archive: &[u8]) -> Vec<File> {
        let word = |at: usize| usize::from(u16::from_le_bytes([archive[at], archive[at + 1]]));
        let long = |at: usize| word(at) | (word(at + 2) << 16);
        let end = archive.len() - 22;
        assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
        let mut at = long(end + 16);
        assert_eq!(at + long(end + 12), end);
        let mut files = Vec::new();
        for _ in 0..word(end + 10) {
            assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
            let (name, size) = (word(at + 28), long(at + 24));
            let path = String::from_utf8(archive[at + 46..at + 46 + name].to_vec()).unwrap();
            let start = long(at + 42);
            // Both headers say the same of it.
            assert_eq!(archive[start + 4..start + 30], archive[at + 6..at + 32]);
            let bytes = archive[start + 30 + name..start + 30 + name + size].to_vec();
            assert_eq!(crc32fast::hash(&bytes) as usize, long(at + 16));
            files.push((path, bytes));
            at += 46 + name;
        }
        files
    }

    proptest! {
        #[test]
        fn files_come_back_as_they_are(files in prop::collection::vec(("[a-z/é]{1,12}", prop::collection::vec(any::<u8>(), 0..40)), 0..8)) {
            let time = "2026-11-23T12:34:56Z".parse().ok();
            let archive = zip(&files, time).unwrap();
            prop_assert_eq!(unpacked(&archive), files.clone());
            prop_assert_eq!(archive, zip(&files, time).unwrap());
        }
    }

    #[test]
    fn times_are_those_of_the_ledger_where_archives_know_them() {
        let (day, time) = stamp("2026-11-23T12:34:56Z".parse().ok());
        assert_eq!(
            (1980 + (day >> 9), (day >> 5) & 15, day & 31),
            (2026, 11, 23)
        );
        assert_eq!(
            (time >> 11, (time >> 5) & 63, (time & 31) * 2),
            (12, 34, 56)
        );
        assert_eq!(stamp(Some(Timestamp::UNIX_EPOCH)), stamp(None));
    }

    #[test]
    fn more_files_than_an_archive_holds_are_refused() {
        let files: Vec<File> = (0..65_535).map(|at| (format!("{at}"), vec![])).collect();
        assert!(matches!(zip(&files, None), Err(PackError::TooLarge)));
    }
}
