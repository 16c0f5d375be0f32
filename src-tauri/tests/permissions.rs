//! What windows may ask of the core, with the compiled permissions.

use crate::fake::{Shell, call, call_from, call_with};
use interlock_contract::events::CHANNEL;
use serde_json::json;
use tauri::ipc::InvokeBody;

#[test]
fn threat_03_a_window_that_no_capability_names_may_call_nothing() {
    let shell = Shell::start();
    let other = shell.other_window();
    for command in interlock_desktop::commands::NAMES {
        let refusal = call(&other, command, json!({})).unwrap_err();
        let text = refusal.as_str().unwrap_or_default();
        assert!(text.contains("not allowed"), "{command}: {refusal}");
    }
}

#[test]
fn the_main_window_may_not_call_what_the_table_does_not_have() {
    let shell = Shell::start();
    let window = shell.main_window();
    for command in [
        "estate_delete",
        "plugin:window|close",
        "plugin:path|resolve_directory",
    ] {
        assert!(call(&window, command, json!({})).is_err(), "{command}");
    }
}

#[test]
fn the_main_window_may_listen_and_not_emit() {
    let shell = Shell::start();
    let window = shell.main_window();
    let listen = json!({ "event": CHANNEL, "target": { "kind": "Any" }, "handler": 1 });
    call_with(&window, "plugin:event|listen", InvokeBody::Json(listen)).unwrap();

    let emit = json!({ "event": CHANNEL, "payload": {} });
    let refusal = call_with(&window, "plugin:event|emit", InvokeBody::Json(emit)).unwrap_err();
    assert!(
        refusal.as_str().unwrap_or_default().contains("not allowed"),
        "{refusal}"
    );
}

#[test]
fn threat_03_a_page_from_elsewhere_in_the_main_window_may_call_nothing() {
    let shell = Shell::start();
    let window = shell.main_window();
    for page in [
        "https://evil.example/",
        "http://tauri.localhost.evil.example/",
        "http://tauri.evil.example/",
        "https://localhost/",
        "http://127.0.0.1:5173/",
        "file:///tmp/page.html",
        "data:text/html,x",
    ] {
        for command in interlock_desktop::commands::NAMES {
            let body = InvokeBody::Json(json!({ "request": {} }));
            let refusal = call_from(page, &window, command, body).unwrap_err();
            let text = refusal.as_str().unwrap_or_default();
            assert!(text.contains("not allowed"), "{page}, {command}: {refusal}");
        }
    }
}
