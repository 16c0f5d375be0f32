//! The command table, the permission files, the capability, the isolation gate, the desktop's
//! handlers and the generated TypeScript say the same.
//!
//! With `INTERLOCK_WRITE_CONTRACT` set (`make contract`) the permission files, the capability and
//! the gate's list are written first.

use interlock_acceptance::repository::{read, root};
use interlock_contract::commands::{Effect, Row, rows};
use interlock_contract::events::CHANNEL;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

const CAPABILITY: &str = "src-tauri/capabilities/main.json";
const GATE_LIST: &str = "src-tauri/isolation/commands.js";
/// The one style that is not a file: Tauri's rule that hides the isolation frame, by its digest.
const HIDES_ISOLATION_FRAME: &str = "'sha256-YEercZJImS+vUX2bz7vkQ0aA4rtBIPLuCEWz+yraQ/g='";
const PERMISSIONS: &str = "src-tauri/permissions";

fn permission_name(row: &Row) -> String {
    format!("allow-{}", row.name.replace('_', "-"))
}

fn permission_file(row: &Row) -> String {
    let what = match row.effect {
        Effect::Reads => "which reads only",
        Effect::Changes => "which changes the record, a system, or who acts",
    };
    format!(
        "# Written by `make contract` from the command table.\n\n\
         [[permission]]\n\
         identifier = \"{}\"\n\
         description = \"Lets a window call `{}`, {what}.\"\n\
         commands.allow = [\"{}\"]\n",
        permission_name(row),
        row.name,
        row.name
    )
}

fn capability() -> String {
    let events = ["core:event:allow-listen", "core:event:allow-unlisten"];
    let permissions: Vec<String> = events
        .into_iter()
        .map(str::to_owned)
        .chain(rows().iter().map(permission_name))
        .collect();
    let capability = json!({
        "identifier": "main",
        "description": "What the main window may ask of the core: every command of the table, and to hear its events.",
        "windows": ["main"],
        "permissions": permissions,
    });
    format!("{}\n", serde_json::to_string_pretty(&capability).unwrap())
}

fn gate_list() -> String {
    let mut text = String::from(
        "// Written by `make contract` from the command table.\n\
         globalThis.interlockCommands = Object.freeze([\n",
    );
    for row in rows() {
        let _ = writeln!(text, "  \"{}\",", row.name);
    }
    let _ = write!(text, "]);\nglobalThis.interlockEvent = \"{CHANNEL}\";\n");
    text
}

/// What must stand in which file.
fn expected() -> BTreeMap<PathBuf, String> {
    let mut files: BTreeMap<PathBuf, String> = rows()
        .iter()
        .map(|row| {
            let name = format!("{PERMISSIONS}/{}.toml", row.name.replace('_', "-"));
            (root().join(name), permission_file(row))
        })
        .collect();
    files.insert(root().join(CAPABILITY), capability());
    files.insert(root().join(GATE_LIST), gate_list());
    files
}

#[test]
fn permission_files_capability_and_gate_are_those_of_the_table() {
    let expected = expected();
    if std::env::var_os("INTERLOCK_WRITE_CONTRACT").is_some() {
        for entry in fs::read_dir(root().join(PERMISSIONS)).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (path, text) in &expected {
            fs::write(path, text).unwrap();
        }
    }
    for (path, text) in &expected {
        let found = fs::read_to_string(path).unwrap_or_default();
        assert!(
            found == *text,
            "{} is stale: run `make contract`",
            path.display()
        );
    }
    for entry in fs::read_dir(root().join(PERMISSIONS)).unwrap() {
        let path = entry.unwrap().path();
        assert!(
            expected.contains_key(&path),
            "no row of the table for {}",
            path.display()
        );
    }
}

#[test]
fn no_other_capability_exists_and_the_configuration_names_this_one() {
    let folder = root().join("src-tauri/capabilities");
    let files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(files, ["main.json"]);
    let configuration: Value = serde_json::from_str(&read("tauri.conf.json")).unwrap();
    assert_eq!(
        configuration["app"]["security"]["capabilities"],
        json!(["main"])
    );
}

#[test]
fn the_generated_typescript_is_that_of_the_table() {
    assert!(
        read("ui/src/contract/index.ts") == interlock_contract::typescript::generate(),
        "ui/src/contract/index.ts is stale: run `make contract`"
    );
}

#[test]
fn the_desktop_takes_its_handlers_from_the_table() {
    // One handler a row follows from handing the table to one macro; a desktop test then calls
    // every row. Here: that nobody registers commands beside the table.
    let source = read("src-tauri/src/commands.rs");
    assert!(source.contains("with_commands!(dispatch);"));
    for path in interlock_acceptance::repository::files() {
        if path.starts_with("src-tauri/src/") {
            let source = read(&path);
            for beside in ["generate_handler!", "#[tauri::command]"] {
                assert!(!source.contains(beside), "{path} has {beside}");
            }
        }
    }
}

#[test]
fn threat_01_the_security_policy_lets_nothing_inline_and_nothing_from_outside_in() {
    let configuration: Value = serde_json::from_str(&read("tauri.conf.json")).unwrap();
    let security = &configuration["app"]["security"];
    let policy = security["csp"].as_object().unwrap();
    for (directive, sources) in policy {
        for source in sources.as_str().unwrap().split(' ') {
            let harmless = matches!(source, "'self'" | "'none'" | "data:" | "ipc:")
                || source == "http://ipc.localhost"
                || (directive == "style-src" && source == HIDES_ISOLATION_FRAME);
            assert!(harmless, "{directive} allows {source}");
        }
    }
    assert_eq!(policy["connect-src"], "ipc: http://ipc.localhost");
    assert_eq!(policy["script-src"], "'self'");
    assert_eq!(configuration["app"]["withGlobalTauri"], false);
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(security["pattern"]["use"], "isolation");
}
