//! Rules for source files: size, tests that run, nothing tied to one machine.

use interlock_acceptance::repository::{files, has_extension, read, root};
use std::collections::BTreeSet;

const LONGEST_FILE: usize = 600;

/// Longer by nature and not read by people: generated, or one fact a line.
const NOT_WRITTEN_BY_HAND: [&str; 2] = ["ui/src/contract/index.ts", "ui/package-lock.json"];

fn is_source(path: &str) -> bool {
    has_extension(path, &["rs", "ts", "tsx", "css", "js", "mjs", "py", "sh"])
        && !NOT_WRITTEN_BY_HAND.contains(&path)
}

#[test]
fn no_source_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<String> = files()
        .into_iter()
        .filter(|path| is_source(path))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "split these by concept: {long:#?}");
}

#[test]
fn no_test_is_switched_off() {
    // Written in two parts so that this file does not find itself.
    let switches = [
        concat!("#[", "ignore"),
        concat!("test", ".skip("),
        concat!("it", ".skip("),
        concat!("describe", ".skip("),
        concat!("pytest", ".skip("),
        concat!("pytest.mark", ".skip"),
    ];
    let mut off = Vec::new();
    for path in files().into_iter().filter(|path| is_source(path)) {
        let text = read(&path);
        let found = switches.iter().filter(|switch| text.contains(**switch));
        off.extend(found.map(|switch| format!("{path}: {switch}")));
    }
    assert!(
        off.is_empty(),
        "a test that does not run proves nothing: {off:#?}"
    );
}

#[test]
fn nothing_names_a_place_on_one_machine_or_another_registry() {
    let places = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("../sha", "red/"),
        concat!("C:", "\\Users"),
    ];
    let mut tied = Vec::new();
    for path in files() {
        if !is_source(&path) && !has_extension(&path, &["toml", "json", "md", "html"]) {
            continue;
        }
        // Test data may show paths of people who do not exist.
        if path.starts_with("src-tauri/tests/") || path.ends_with("package-lock.json") {
            continue;
        }
        let text = read(&path);
        for place in places.iter().filter(|place| text.contains(**place)) {
            tied.push(format!("{path}: {place}"));
        }
    }
    assert!(tied.is_empty(), "{tied:#?}");
    let lock = root().join("ui/package-lock.json");
    if lock.exists() {
        for line in read(lock)
            .lines()
            .filter(|line| line.contains("\"resolved\""))
        {
            assert!(line.contains("https://registry.npmjs.org/"), "{line}");
        }
    }
}

/// Files of a test folder that its `main.rs` (or a module of it) must name.
fn unlisted(folder: &str, all: &BTreeSet<String>) -> Vec<String> {
    let inside: Vec<&String> = all
        .iter()
        .filter(|path| path.starts_with(folder) && has_extension(path, &["rs"]))
        .collect();
    inside
        .iter()
        .filter(|path| !path.ends_with("/main.rs") && !path.ends_with("/lib.rs"))
        .filter(|path| !is_named(path, all))
        .map(|path| (*path).clone())
        .collect()
}

fn is_named(path: &str, all: &BTreeSet<String>) -> bool {
    let path = path.strip_suffix("/mod.rs").map_or_else(
        || path.strip_suffix(".rs").unwrap_or(path).to_owned(),
        str::to_owned,
    );
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let mut parents = vec![
        format!("{folder}/main.rs"),
        format!("{folder}/lib.rs"),
        format!("{folder}/mod.rs"),
        format!("{folder}.rs"),
    ];
    // In a crate's test folder every file is a test of its own and may declare the module.
    if folder.ends_with("/tests") {
        parents.extend(
            all.iter()
                .filter(|file| {
                    file.rsplit_once('/')
                        .is_some_and(|(place, _)| place == folder)
                })
                .cloned(),
        );
    }
    parents
        .iter()
        .filter(|parent| all.contains(*parent))
        .any(|parent| {
            read(parent)
                .lines()
                .map(|line| {
                    line.trim_start_matches("pub ")
                        .trim_start_matches("pub(crate) ")
                })
                .any(|line| line == format!("mod {name};"))
        })
}

#[test]
fn every_file_of_the_test_folders_is_compiled_into_a_test() {
    let all: BTreeSet<String> = files().into_iter().collect();
    let mut forgotten = unlisted("tests/", &all);
    forgotten.extend(unlisted("src-tauri/tests/", &all));
    // Test folders of crates: `tests/NAME.rs` is a test by itself, modules below it must be named.
    for path in all
        .iter()
        .filter(|path| path.starts_with("src-tauri/crates/"))
    {
        let Some((crate_folder, inside)) = path.split_once("/tests/") else {
            continue;
        };
        let is_module = inside.contains('/') && has_extension(inside, &["rs"]);
        if crate_folder.contains("/src/") || !is_module || inside.ends_with("/main.rs") {
            continue;
        }
        if !is_named(path, &all) && !is_declared_anywhere(crate_folder, path, &all) {
            forgotten.push(path.clone());
        }
    }
    assert!(forgotten.is_empty(), "no test includes: {forgotten:#?}");
}

/// A module two folders down is named by a test file beside the folder.
fn is_declared_anywhere(crate_folder: &str, path: &str, all: &BTreeSet<String>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    all.iter()
        .filter(|other| other.starts_with(&format!("{crate_folder}/tests/")) && *other != path)
        .filter(|other| has_extension(other, &["rs"]))
        .any(|other| {
            let text = read(other);
            let module = name.trim_end_matches(".rs");
            text.contains(&format!("mod {module};")) || text.contains(&format!("/{name}\""))
        })
}
