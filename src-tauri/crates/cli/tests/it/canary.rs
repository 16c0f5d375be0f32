//! A search for secret values in everything that a use left behind.
//!
//! A value may lie there as it is, in base64 (alone, or somewhere inside of what was encoded), in
//! hexadecimal, or percent-encoded; in a file of its own format or packed into a database.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A value that must stand nowhere, under the name that a finding is told with.
#[derive(Debug, Clone)]
pub struct Canary {
    name: String,
    forms: Vec<(&'static str, String)>,
}

impl Canary {
    pub fn new(name: impl Into<String>, value: &str) -> Self {
        assert!(value.len() >= 12, "too short to be told from chance");
        let mut forms = vec![
            ("plain", value.to_owned()),
            ("hexadecimal", hex::encode(value)),
            ("HEXADECIMAL", hex::encode_upper(value)),
            ("escaped", value.replace('/', "\\/")),
        ];
        for (name, upper) in [("percent", true), ("percent, small", false)] {
            forms.push((name, percent(value, upper)));
        }
        // What stands before it in the encoded text shifts it by 0, 1 or 2 bytes; the signs at
        // both ends depend on the neighbours too.
        for (shift, cut) in [(0, 0), (1, 2), (2, 3)] {
            let shifted = [&vec![0; shift], value.as_bytes()].concat();
            let encoded = STANDARD_NO_PAD.encode(&shifted);
            let whole = shifted.len() / 3 * 4;
            let inner = &encoded[cut..whole];
            forms.push(("base64", inner.to_owned()));
            let url = inner.replace('+', "-").replace('/', "_");
            forms.push(("base64 of addresses", url));
        }
        let mut kept: Vec<(&'static str, String)> = Vec::new();
        for form in forms {
            if kept.iter().all(|(_, known)| *known != form.1) {
                kept.push(form);
            }
        }
        Self {
            name: name.into(),
            forms: kept,
        }
    }

    fn form_in(&self, text: &str) -> Option<&'static str> {
        let found = self.forms.iter().find(|(_, form)| text.contains(form));
        found.map(|(name, _)| *name)
    }
}

fn percent(value: &str, upper: bool) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        let plain = byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        let _ = match (plain, upper) {
            (true, _) => write!(text, "{}", char::from(byte)),
            (false, true) => write!(text, "%{byte:02X}"),
            (false, false) => write!(text, "%{byte:02x}"),
        };
        text
    })
}

/// Every canary that stands in some bytes, with where that is.
pub fn found_in(place: &str, bytes: &[u8], canaries: &[Canary]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let told = |canary: &Canary| {
        let form = canary.form_in(&text)?;
        Some(format!("{place}: {} ({form})", canary.name))
    };
    canaries.iter().filter_map(told).collect()
}

/// Every canary in the files below a folder: the bytes of each file, and each value of a database,
/// unpacked where it is packed.
pub fn found_below(folder: &Path, canaries: &[Canary]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(folder) {
        let place = file.display().to_string();
        let bytes = fs::read(&file).unwrap();
        found.extend(found_in(&place, &bytes, canaries));
        if bytes.starts_with(b"SQLite format 3") {
            found.extend(found_in_database(&file, canaries));
        }
    }
    found
}

/// All files below a folder, in order; what is no file has no content.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort_by_key(|path| std::cmp::Reverse(path.clone()));
    for path in paths {
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            found.extend(files(&path));
        } else if kind.is_file() {
            found.push(path);
        }
    }
    found
}

fn found_in_database(file: &Path, canaries: &[Canary]) -> Vec<String> {
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut tables = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .unwrap();
    let names: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut found = Vec::new();
    for table in names {
        let mut all = database
            .prepare(&format!("SELECT * FROM \"{table}\""))
            .unwrap();
        let columns = all.column_count();
        let mut rows = all.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let bytes = match row.get_ref(column).unwrap() {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                    ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => continue,
                };
                let place = format!("{}, table {table}", file.display());
                found.extend(found_in(&place, &bytes, canaries));
                if let Ok(unpacked) = miniz_oxide::inflate::decompress_to_vec(&bytes) {
                    found.extend(found_in(&place, &unpacked, canaries));
                }
            }
        }
    }
    found
}

#[test]
fn a_planted_value_is_found_in_every_form_and_another_is_not() {
    let secret = "practice/only~canary+of a test?0001";
    let canary = [Canary::new("planted", secret)];
    let pack = |text: &str| miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6);
    for before in ["", "a", "ab", "user:", "Bearer "] {
        let whole = format!("{before}{secret} and more");
        for encoded in [
            whole.clone(),
            base64::engine::general_purpose::STANDARD.encode(&whole),
            base64::engine::general_purpose::URL_SAFE.encode(&whole),
            hex::encode(&whole),
            hex::encode_upper(&whole),
            format!("?token={}", percent(secret, true)),
            format!("?token={}", percent(secret, false)),
        ] {
            assert_eq!(found_in("here", encoded.as_bytes(), &canary).len(), 1);
        }
    }
    assert!(found_in("here", b"practice/only~canary+of another", &canary).is_empty());

    // Long enough to be packed, so that only its unpacked text shows it.
    let long = format!("{} {secret}", "the text of a template ".repeat(200));
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("below")).unwrap();
    fs::write(folder.path().join("below/log"), format!("x{secret}")).unwrap();
    let database = Connection::open(folder.path().join("below/kept.db")).unwrap();
    database
        .execute_batch("CREATE TABLE kept (what BLOB)")
        .unwrap();
    database
        .execute("INSERT INTO kept VALUES (?1)", [pack(&long)])
        .unwrap();
    drop(database);
    let found = found_below(folder.path(), &canary);
    assert!(found[0].contains("below/log: planted (plain)"), "{found:?}");
    assert!(found[1].contains("below/kept.db, table kept"), "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");
}
