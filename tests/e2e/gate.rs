//! What stands between the page and the core: the isolation gate and the security policy, in the
//! real engine.

use interlock_acceptance::page::Page;
use interlock_acceptance::window::Desk;
use serde_json::{Value, json};

/// Calls a command from inside the page and tells how it ended.
fn invoke(page: &Page, command: &str, payload: &Value) -> (String, Value) {
    let script = "const [command, payload, done] = arguments;
        window.__TAURI_INTERNALS__.invoke(command, payload)
            .then((value) => done(['answered', value]), (error) => done(['refused', error]));";
    let ended = page
        .session()
        .async_script(script, &json!([command, payload]))
        .unwrap();
    (ended[0].as_str().unwrap().to_owned(), ended[1].clone())
}

fn run(page: &Page, script: &str) -> Value {
    page.session().async_script(script, &json!([])).unwrap()
}

#[test]
fn only_commands_of_the_table_with_plain_data_reach_the_core() {
    let desk = Desk::new();
    let page = desk.open();

    let (ended, answer) = invoke(&page, "promotions_view", &json!({ "request": {} }));
    assert!(
        ended == "answered" || answer["code"].is_string(),
        "{answer}"
    );

    let refusals = [
        ("estate_delete", json!({ "request": {} })),
        (
            "plugin:event|emit",
            json!({ "event": "interlock-event", "payload": {} }),
        ),
        (
            "plugin:event|listen",
            json!({ "event": "tauri://resize", "target": { "kind": "Any" }, "handler": 1 }),
        ),
        ("plugin:window|close", json!({})),
        ("promotions_view", json!({ "request": {}, "more": 1 })),
        (
            "run_log",
            json!({ "request": { "id": "x".repeat(300_000) } }),
        ),
    ];
    for (command, payload) in refusals {
        let (ended, answer) = invoke(&page, command, &payload);
        assert_eq!(ended, "refused", "{command}: {answer}");
        let text = answer.as_str().unwrap_or_default();
        assert!(text.contains("refused_by_isolation"), "{command}: {answer}");
    }
}

#[test]
fn the_page_has_no_way_to_the_network_and_runs_nothing_inline() {
    let desk = Desk::new();
    let page = desk.open();

    let fetched = run(
        &page,
        "const done = arguments[0];
         fetch('http://127.0.0.1:9/').then(() => done('fetched'), (error) => done(String(error)));",
    );
    assert_ne!(fetched, "fetched");
    let blocked = run(
        &page,
        "const done = arguments[0];
         const seen = [];
         addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
         const script = document.createElement('script');
         script.textContent = 'window.ranInline = true';
         document.head.append(script);
         const style = document.createElement('style');
         style.textContent = 'body { outline: 1px solid red }';
         document.head.append(style);
         const image = new Image();
         image.src = 'https://127.0.0.1:9/x.png';
         fetch('http://127.0.0.1:9/').catch(() => {});
         setTimeout(() => done({
             ranInline: window.ranInline ?? false,
             outline: getComputedStyle(document.body).outlineStyle,
             seen: seen.map((name) => name.replace('-elem', '')).sort(),
         }), 300);",
    );
    assert_eq!(
        blocked,
        json!({
            "ranInline": false,
            "outline": "none",
            "seen": ["connect-src", "img-src", "script-src", "style-src"],
        })
    );
}

#[test]
fn tauri_shows_the_page_no_more_than_its_one_door() {
    let desk = Desk::new();
    let page = desk.open();
    // The frame of the isolation gate comes with the page, not before it.
    page.find("heading", "Environments");
    let state = page
        .session()
        .script(
            "return {
                global: '__TAURI__' in window,
                frozen: Object.isFrozen(Object.prototype),
                frame: getComputedStyle(document.querySelector('#__tauri_isolation__')).display,
            }",
            &json!([]),
        )
        .unwrap();
    assert_eq!(
        state,
        json!({ "global": false, "frozen": true, "frame": "none" })
    );
}
