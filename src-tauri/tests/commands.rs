//! Every row of the table is a command; requests are decoded and errors keep their code.

use crate::fake::{Fake, KNOWN_LINK, Shell, call, call_with};
use interlock_contract::commands;
use serde_json::json;
use tauri::ipc::InvokeBody;

#[test]
fn every_row_of_the_table_is_a_command_that_the_main_window_may_call() {
    let shell = Shell::start();
    let window = shell.main_window();
    for row in commands::rows() {
        let answer = call(&window, row.name, json!("no object")).unwrap_err();
        assert_eq!(answer["code"], "invalid-request", "{}: {answer}", row.name);
        let message = answer["message"].as_str().unwrap();
        assert!(message.contains(row.name), "{message}");
    }
}

#[test]
fn a_request_reaches_the_core_and_its_answer_comes_back() {
    let shell = Shell::start();
    let window = shell.main_window();
    assert_eq!(call(&window, "overview_cancel", json!({})), Ok(json!({})));
}

#[test]
fn an_error_envelope_comes_back_whole() {
    let shell = Shell::start();
    let answer = call(&shell.main_window(), "estate_view", json!({})).unwrap_err();
    assert_eq!(
        answer,
        json!({
            "code": "not-found", "message": "estate_view", "hints": ["a hint"],
            "retryable": true, "location": null, "correlation": "c-1",
        })
    );
}

#[test]
fn threat_02_what_nobody_sees_reaches_the_window_as_a_box() {
    let fake = Fake::default();
    *fake.twist.lock().unwrap() = vec![
        ("/summary/title", json!("pay\u{200b}ments")),
        ("/elements/0/name", json!("\u{202e}live\u{1b}[2J")),
    ];
    let shell = Shell::start_on(fake);
    let view = call(
        &shell.main_window(),
        "promotion_view",
        json!({ "id": "PR-1" }),
    )
    .unwrap();
    assert_eq!(view["summary"]["title"], "pay[U+200B]ments");
    assert_eq!(view["elements"][0]["name"], "[U+202E]live[U+001B][2J");
    // So does what an error says.
    let hostile = json!({ "id": "PR-1", "digest": "another", "comment": "" });
    let refused = call(&shell.main_window(), "promotion_approve", hostile).unwrap_err();
    assert_eq!(refused["code"], "manifest-moved");
    let refused = call(&shell.main_window(), "cell_view", json!({ "x\u{202e}": 1 })).unwrap_err();
    assert!(!refused.to_string().contains('\u{202e}'), "{refused}");
}

#[test]
fn a_missing_argument_and_raw_bytes_are_invalid_requests() {
    let shell = Shell::start();
    let window = shell.main_window();
    for body in [InvokeBody::Json(json!({})), InvokeBody::Raw(vec![1, 2])] {
        let answer = call_with(&window, "estate_view", body).unwrap_err();
        assert_eq!(answer["code"], "invalid-request");
    }
}

#[test]
fn a_defect_in_a_command_is_an_answer_and_the_next_command_works() {
    let shell = Shell::start();
    let window = shell.main_window();
    let answer = call(&window, "overview_refresh", json!({})).unwrap_err();
    assert_eq!(answer["code"], "internal");
    assert_eq!(call(&window, "overview_cancel", json!({})), Ok(json!({})));
}

#[test]
fn a_link_is_opened_only_if_the_core_agrees_and_it_is_a_web_page() {
    let shell = Shell::start();
    let window = shell.main_window();
    let open = |url: &str| call(&window, "open_link", json!({ "url": url }));

    assert_eq!(open(KNOWN_LINK), Ok(json!({})));
    assert_eq!(
        open("https://evil.example/").unwrap_err()["code"],
        "forbidden"
    );
    assert_eq!(
        open("file:///etc/passwd").unwrap_err()["code"],
        "invalid-request"
    );

    assert_eq!(*shell.opened_links.lock().unwrap(), [KNOWN_LINK]);
}
