//! A last known state with four columns, where the practice estate has three.

use crate::estates::{EstateFile, STAGE_ACCOUNT};
use crate::refresh;
use interlock_app::estate::parse;
use interlock_store::SqliteSnapshots;
use std::fs;
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

/// Writes an estate with a fourth environment, and a last known state in which that has what qa
/// has. Its account lets nobody in, so the window goes on showing what was last known of it.
pub fn four_columns(
    runtime: &Runtime,
    three: &EstateFile,
    name: &str,
    stacks: usize,
    data: &Path,
) -> PathBuf {
    let host = refresh::open(runtime, &three.write(&format!("{name} three")), data);
    refresh::refresh(runtime, &host, stacks);
    let console = host.console();
    let mut snapshot = console.snapshot().as_ref().clone();
    let qa = snapshot
        .scopes
        .iter()
        .find(|state| state.scope.environment.as_str() == "qa")
        .expect("qa was refreshed");
    let text = serde_json::to_string(qa).expect("a state is JSON");
    let text = text
        .replace("-qa\"", "-stage\"")
        .replace("\"qa\"", "\"stage\"")
        .replace(qa.scope.account.as_str(), STAGE_ACCOUNT);
    let stage = serde_json::from_str(&text).expect("it still is a state");
    snapshot.scopes.push(stage);

    let file = three.with_stage().write(name);
    let text = fs::read_to_string(&file).expect("it was just written");
    let estate = parse(&text, name).unwrap_or_else(|error| panic!("{error}"));
    let folder = data.join(name.replace(' ', "-"));
    fs::create_dir_all(&folder).expect("the data folder can be made");
    let store = SqliteSnapshots::open(&folder.join("last-known.db"))
        .unwrap_or_else(|error| panic!("{error}"));
    snapshot.save(&store, &estate, console.now());
    runtime.block_on(host.close());
    file
}
