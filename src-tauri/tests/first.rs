//! The page is opened with the last known state; without one it opens all the same.

use crate::fake::{Fake, Shell, envelope, once};
use interlock_contract::error::ErrorCode;
use interlock_contract::estate::EstateView;
use interlock_contract::first::{FIRST_LOOK, FirstLook};
use interlock_contract::overview::OverviewView;
use interlock_desktop::core::{Core, OpenCore};
use interlock_desktop::first;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;

const MOMENT: Duration = Duration::from_millis(100);

fn known(name: &str) -> FirstLook {
    FirstLook {
        estate: EstateView {
            name: name.into(),
            practice: false,
            file: "interlock.toml".into(),
            environments: Vec::new(),
            services: Vec::new(),
            people: Vec::new(),
        },
        overview: OverviewView {
            taken_at: None,
            refreshing: false,
            sources: Vec::new(),
            scopes: Vec::new(),
            rows: Vec::new(),
            unclaimed: Vec::new(),
        },
    }
}

#[test]
fn the_script_is_one_statement_whatever_the_estate_is_called() {
    let name = "Crédito \"O'Neil\" \\ `${x}` </script>\u{2028}); alert(1); //";
    let script = first::script(&known(name)).unwrap();
    let head = format!("Object.defineProperty(window, \"{FIRST_LOOK}\", {{ value: JSON.parse(");
    let tail = "), configurable: true });";
    let literal = script.strip_prefix(&head).unwrap();
    let literal = literal.strip_suffix(tail).unwrap();
    // A JSON string is a JavaScript string: what it holds cannot end it.
    let views: String = serde_json::from_str(literal).unwrap();
    let views: Value = serde_json::from_str(&views).unwrap();
    // Nobody sees a line separator: it is shown.
    let shown = name.replace('\u{2028}', "[U+2028]");
    assert_eq!(views["estate"]["name"], json!(shown));
    assert_eq!(views["overview"]["takenAt"], Value::Null);
}

#[test]
fn the_first_look_is_there_as_soon_as_the_core_is_open() {
    let (_events, receiver) = broadcast::channel(4);
    let (core, opener) = Core::pending();
    let open = OpenCore {
        commands: Arc::new(Fake::default()),
        events: receiver,
        first_look: Some(known("Meridian")),
    };
    let look = tauri::async_runtime::block_on(async {
        let attempt = once(async { Ok(open) });
        tauri::async_runtime::spawn(opener.run(attempt, |_| ()));
        core.first_look(Duration::from_secs(10)).await
    });
    assert_eq!(look.unwrap().estate.name, "Meridian");
}

#[test]
fn a_core_that_takes_long_or_fails_gives_none() {
    let (slow, _opener) = Core::<Fake>::pending();
    assert_eq!(
        tauri::async_runtime::block_on(slow.first_look(MOMENT)),
        None
    );

    let (failed, opener) = Core::<Fake>::pending();
    let look = tauri::async_runtime::block_on(async {
        let reason = envelope(ErrorCode::EstateInvalid, "line 3");
        let attempt = once(async { Err(reason) });
        tauri::async_runtime::spawn(opener.run(attempt, |_| ()));
        failed.first_look(Duration::from_secs(10)).await
    });
    assert_eq!(look, None);
}

#[test]
fn the_one_window_is_made_with_a_first_look_and_without() {
    for first_look in [Some(known("Meridian")), None] {
        let (events, receiver) = broadcast::channel(4);
        let open = OpenCore {
            commands: Arc::new(Fake::default()),
            events: receiver,
            first_look,
        };
        let shell = Shell::start_with(events, once(async { Ok(open) }));
        assert_eq!(shell.windows(), 1);
    }
}
