//! The SQLite store when the power is cut, the disk is full, or several programs write at once.
//!
//! What is simulated: a process that is killed without warning at any point of a sequence of
//! writes, after which its files are what a disk would hold whose cache was written out in full;
//! and then every shorter write-ahead log, cut at each frame and at bytes between, which is what a
//! disk may hold that lost the end of the file. A log that was cut may have lost acknowledged
//! entries, because SQLite had synced what the test takes away; it must still be a prefix of what
//! was written, or be refused. One that was not cut must have every acknowledged entry.
//!
//! What is not simulated: a disk that says "synced" and lies, sectors written in another order
//! before a sync, and rot in the middle of a page whose content SQLite does not check. The last is
//! found by the roots that entries commit to, not by the store.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use interlock_ledger::{LogStore as _, SqliteStore, StoreError};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// Not a test of its own: writes entries for the tests below, in a process of its own.
#[test]
fn writer_process() {
    let Some(path) = std::env::var_os("WRITER_FILE") else {
        return;
    };
    let name = std::env::var("WRITER_NAME").unwrap();
    let count: u64 = std::env::var("WRITER_COUNT").unwrap().parse().unwrap();
    let store = match SqliteStore::open(Path::new(&path)) {
        Ok(store) => store,
        Err(error) => return say(&format!("refused {error}")),
    };
    let mut seq = 0;
    for number in 0..count {
        let bytes = entry(&name, number);
        loop {
            seq += store.leaves_from(seq).unwrap().len() as u64;
            match store.put_leaf(seq, bytes.as_bytes()) {
                Ok(()) => break,
                Err(StoreError::SlotTaken { .. }) => {}
                Err(error) => return say(&format!("refused {error}")),
            }
        }
        say(&format!("wrote {seq} {number}"));
    }
    say("done");
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

fn entry(name: &str, number: u64) -> String {
    format!("{name} {number} {}", "x".repeat(300))
}

/// A writer in a process of its own; killed and waited for when dropped.
struct Writer {
    child: Child,
    lines: BufReader<ChildStdout>,
    name: String,
}

impl Writer {
    fn start(path: &Path, name: &str, count: u64) -> Self {
        Self::with(
            Command::new(std::env::current_exe().unwrap()),
            path,
            name,
            count,
        )
    }

    fn with(mut command: Command, path: &Path, name: &str, count: u64) -> Self {
        let mut child = command
            .args(["--exact", "writer_process", "--nocapture", "--quiet"])
            .env("WRITER_FILE", path)
            .env("WRITER_NAME", name)
            .env("WRITER_COUNT", count.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            lines: BufReader::new(child.stdout.take().unwrap()),
            child,
            name: name.into(),
        }
    }

    /// The next acknowledged entry, with its place; none at the end.
    fn next(&mut self) -> Option<Result<(u64, String), String>> {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            let line = line.trim_end();
            if let Some(told) = line.strip_prefix("wrote ") {
                let (seq, number) = told.split_once(' ').unwrap();
                let bytes = entry(&self.name, number.parse().unwrap());
                return Some(Ok((seq.parse().unwrap(), bytes)));
            }
            if let Some(why) = line.strip_prefix("refused ") {
                return Some(Err(why.to_owned()));
            }
            if line == "done" {
                return None;
            }
        }
    }

    /// Ends it without warning; what it had said before counts.
    fn kill(mut self) -> Vec<(u64, String)> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::iter::from_fn(|| self.next())
            .map(Result::unwrap)
            .collect()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn texts(leaves: Vec<Vec<u8>>) -> Vec<String> {
    leaves
        .into_iter()
        .map(|bytes| String::from_utf8(bytes).unwrap())
        .collect()
}

fn read(path: &Path) -> Result<Vec<String>, StoreError> {
    Ok(texts(SqliteStore::open(path)?.leaves_from(0)?))
}

/// The files as a disk holds them: the database and its write-ahead log. The third file is an
/// index in memory that all processes lost.
fn copy(from: &Path, to: &Path) {
    for end in ["", "-wal"] {
        let (from, to) = (beside(from, end), beside(to, end));
        let _ = fs::remove_file(&to);
        if from.exists() {
            fs::copy(from, to).unwrap();
        }
    }
    let _ = fs::remove_file(beside(to, "-shm"));
}

fn beside(path: &Path, end: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[test]
fn fault_46_after_a_kill_at_any_point_every_acknowledged_entry_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (path, image) = (folder.path().join("l.db"), folder.path().join("image.db"));
    let mut acknowledged: BTreeMap<u64, String> = BTreeMap::new();
    let mut cuts = 0;
    // Over a thousand pages in all, so that checkpoints are among the points.
    for round in 0..14 {
        let mut writer = Writer::start(&path, &format!("r{round}"), 10_000);
        for _ in 0..=(round * 7 % 61) {
            let (seq, bytes) = writer.next().unwrap().unwrap();
            acknowledged.insert(seq, bytes);
        }
        acknowledged.extend(writer.kill());
        copy(&path, &image);
        let written = read(&image).unwrap();
        for (seq, bytes) in &acknowledged {
            let there = usize::try_from(*seq).ok().and_then(|seq| written.get(seq));
            assert_eq!(there, Some(bytes), "round {round}, entry {seq}");
        }
        if round % 3 == 0 {
            cuts += cut_everywhere(&path, &image, &written);
        }
    }
    assert!(cuts > 100, "{cuts}");
}

/// Opens the image with its write-ahead log cut at every frame and between.
fn cut_everywhere(path: &Path, image: &Path, written: &[String]) -> usize {
    let log = beside(path, "-wal");
    let Ok(size) = fs::metadata(&log).map(|data| data.len()) else {
        return 0;
    };
    // A header of 32 bytes, then frames: 24 bytes and a page of 4096 each.
    let frame = 24 + 4096;
    let frames = size.saturating_sub(32) / frame;
    // Not all of a long log, but all of its end.
    let first = frames.saturating_sub(24);
    let mut lengths = vec![0, 1, 31, 32];
    for number in first..frames {
        let start = 32 + number * frame;
        lengths.extend([start, start + 1, start + 23, start + 24, start + 2000]);
    }
    let mut shortest = usize::MAX;
    for length in &lengths {
        copy(path, image);
        let cut = fs::OpenOptions::new()
            .write(true)
            .open(beside(image, "-wal"))
            .unwrap();
        cut.set_len(*length).unwrap();
        drop(cut);
        match read(image) {
            Ok(left) => {
                assert!(
                    left.len() <= written.len() && left == written[..left.len()],
                    "cut at {length}: not a prefix"
                );
                shortest = shortest.min(left.len());
            }
            Err(error) => assert!(matches!(error, StoreError::Damaged { .. }), "{error}"),
        }
        // The store goes on from there.
        if let Ok(store) = SqliteStore::open(image) {
            let next = store.leaves_from(0).unwrap().len() as u64;
            store.put_leaf(next, b"after").unwrap();
        }
    }
    assert!(shortest <= written.len());
    lengths.len()
}

#[test]
fn fault_46_a_torn_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (path, image) = (folder.path().join("l.db"), folder.path().join("image.db"));
    {
        let store = SqliteStore::open(&path).unwrap();
        for number in 0..60 {
            store
                .put_leaf(number, entry("w", number).as_bytes())
                .unwrap();
        }
    }
    let whole = fs::read(&path).unwrap();
    let written = read(&path).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 8, "{pages}");
    let mut refused = 0;
    for page in 1..pages {
        for tear in ["cut", "zeros", "noise"] {
            let mut torn = whole.clone();
            match tear {
                "cut" => torn.truncate(page * 4096),
                "zeros" => torn[page * 4096..(page + 1) * 4096].fill(0),
                _ => torn[page * 4096..page * 4096 + 64].fill(0xA5),
            }
            fs::write(&image, &torn).unwrap();
            for end in ["-wal", "-shm"] {
                let _ = fs::remove_file(beside(&image, end));
            }
            match read(&image) {
                // A page that is free, or an index that repeats what is elsewhere.
                Ok(left) => assert_eq!(left, written, "page {page} {tear}"),
                Err(error) => {
                    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
                    assert_eq!(fs::read(&image).unwrap(), torn, "page {page} {tear}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > pages, "{refused} of {}", 3 * pages);
    // What can be read is still there for saving, and nothing can be written.
    let mut torn = whole;
    let last = torn.len() - 4096;
    torn[last..].fill(0);
    fs::write(&image, &torn).unwrap();
    let error = SqliteStore::open(&image).err().unwrap();
    assert!(
        error.to_string().contains("interlock ledger export"),
        "{error}"
    );
    let saved = SqliteStore::open_to_save(&image).unwrap();
    assert!(saved.put_leaf(60, b"x").is_err());
}

#[test]
fn fault_46_a_full_disk_refuses_the_entry_and_keeps_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    // No file of the writer may grow beyond 200 blocks; it is told so instead of being ended.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\""]);
    shell.arg(std::env::current_exe().unwrap());
    let mut writer = Writer::with(shell, &path, "w", 10_000);
    let mut acknowledged = Vec::new();
    let why = loop {
        match writer.next().unwrap() {
            Ok(wrote) => acknowledged.push(wrote),
            Err(why) => break why,
        }
    };
    assert!(why.contains("cannot be used"), "{why}");
    drop(writer);
    assert!(acknowledged.len() > 3);
    let store = SqliteStore::open(&path).unwrap();
    let written = texts(store.leaves_from(0).unwrap());
    for (seq, bytes) in &acknowledged {
        assert_eq!(&written[usize::try_from(*seq).unwrap()], bytes);
    }
    store.put_leaf(written.len() as u64, b"after").unwrap();
}

#[test]
fn fault_47_sixteen_processes_write_one_log_and_some_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    let acknowledged: Vec<(u64, String)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..16)
            .map(|number| {
                let path = &path;
                scope.spawn(move || {
                    let mut writer = Writer::start(path, &format!("w{number}"), 12);
                    let mut wrote = Vec::new();
                    let killed_after = if number % 3 == 0 { 1 + number / 3 } else { 99 };
                    while let Some(told) = writer.next() {
                        wrote.push(told.unwrap());
                        if wrote.len() == killed_after {
                            wrote.extend(writer.kill());
                            break;
                        }
                    }
                    wrote
                })
            })
            .collect();
        writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect()
    });
    let written = read(&path).unwrap();
    let mut places: Vec<u64> = acknowledged.iter().map(|(seq, _)| *seq).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(
        places.len(),
        acknowledged.len(),
        "two writers were given one place"
    );
    for (seq, bytes) in &acknowledged {
        assert_eq!(&written[usize::try_from(*seq).unwrap()], bytes);
    }
    let mut once = written.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), written.len(), "an entry was written twice");
    assert!(acknowledged.len() >= 10 * 12);
    // A killed writer may have written one entry more than it could say.
    assert!(written.len() <= acknowledged.len() + 6);
}

#[test]
fn guards_come_back_and_cannot_be_gone_around() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    let store = SqliteStore::open(&path).unwrap();
    store.put_leaf(0, b"first").unwrap();
    let digest = store.put_document(b"kept").unwrap();
    store.put_document(b"kept").unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(
        "DROP TRIGGER leaf_keeps; CREATE TRIGGER leaf_keeps BEFORE UPDATE ON leaf BEGIN SELECT 1; END;
         DROP TRIGGER document_stays;",
    )
    .unwrap();
    drop(SqliteStore::open(&path).unwrap());
    for statement in [
        "UPDATE leaf SET bytes = x'00'",
        "DELETE FROM leaf",
        "REPLACE INTO leaf (seq, bytes) VALUES (0, x'00')",
        "INSERT OR REPLACE INTO leaf (seq, bytes) VALUES (0, x'00')",
        "INSERT INTO leaf (seq, bytes) VALUES (0, x'00') ON CONFLICT DO UPDATE SET bytes = x'00'",
        "UPDATE document SET bytes = x'00'",
        "DELETE FROM document",
        "REPLACE INTO document SELECT sha256, x'00' FROM document",
    ] {
        assert!(raw.execute(statement, []).is_err(), "{statement}");
    }
    assert_eq!(store.leaves_from(0).unwrap(), [b"first".to_vec()]);
    assert_eq!(store.document(&digest).unwrap().unwrap(), b"kept");
    assert_eq!(
        store.put_leaf(0, b"other"),
        Err(StoreError::SlotTaken { seq: 0 })
    );
}

#[test]
fn a_database_of_another_program_or_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    drop(SqliteStore::open(&path).unwrap());
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch("PRAGMA user_version=2").unwrap();
    let error = SqliteStore::open(&path).err().unwrap();
    assert!(error.to_string().contains("later version"), "{error}");
    raw.execute_batch("PRAGMA user_version=1; PRAGMA application_id=7")
        .unwrap();
    assert!(matches!(
        SqliteStore::open(&path).err(),
        Some(StoreError::Damaged { .. })
    ));
    drop(raw);
    let other = folder.path().join("other.db");
    let raw = rusqlite::Connection::open(&other).unwrap();
    raw.execute_batch("CREATE TABLE money (amount INTEGER)")
        .unwrap();
    drop(raw);
    let before = fs::read(&other).unwrap();
    assert!(matches!(
        SqliteStore::open(&other).err(),
        Some(StoreError::Damaged { .. })
    ));
    assert_eq!(fs::read(&other).unwrap(), before);
}
