//! What decides is agreed to outside the page, in words of the core, or does not happen.

use crate::fake::{DIGEST, Shell, call};
use serde_json::json;
use std::sync::atomic::Ordering;

#[test]
fn an_approval_is_asked_about_outside_the_page_with_environment_and_digest() {
    let shell = Shell::start();
    let window = shell.main_window();
    // What the page says it is about is not what is asked.
    let request = json!({ "id": "PR-1", "digest": DIGEST, "comment": "Approve for dev?" });
    let refused = call(&window, "promotion_approve", request.clone()).unwrap_err();
    assert_eq!(refused["code"], "cancelled", "{refused}");

    shell.agrees.store(true, Ordering::Relaxed);
    let approved = call(&window, "promotion_approve", request).unwrap();
    assert_eq!(approved["digest"], DIGEST);
    let asked = shell.asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].title, "Approve for prod?");
    assert_eq!(
        asked[1].text,
        "cards 9.3.1, from qa to prod (account 333333333333)\n\
         Promotion PR-1, manifest 3f2a 9c1d 77e0\n\
         As Luis Prado"
    );
}

#[test]
fn a_start_is_asked_about_and_only_then_reaches_the_core() {
    let shell = Shell::start();
    let window = shell.main_window();
    let request = json!({ "id": "PR-1", "digest": DIGEST, "comment": "" });
    let refused = call(&window, "promotion_execute", request.clone()).unwrap_err();
    assert_eq!(refused["code"], "cancelled");
    shell.agrees.store(true, Ordering::Relaxed);
    // The fake knows no run.
    let reached = call(&window, "promotion_execute", request).unwrap_err();
    assert_eq!(reached["message"], "promotion_execute");
    assert_eq!(shell.asked.lock().unwrap()[0].yes, "Start in prod");
}

#[test]
fn what_was_prepared_again_since_the_page_was_read_is_not_asked_about() {
    let shell = Shell::start();
    shell.agrees.store(true, Ordering::Relaxed);
    let request = json!({ "id": "PR-1", "digest": "another", "comment": "" });
    let refused = call(&shell.main_window(), "promotion_approve", request).unwrap_err();
    assert_eq!(refused["code"], "manifest-moved");
    assert!(shell.asked.lock().unwrap().is_empty());
}

#[test]
fn a_waiver_and_a_broken_glass_are_asked_about_and_only_then_reach_the_core() {
    let shell = Shell::start();
    let window = shell.main_window();
    let waiver = json!({
        "id": "PR-1", "digest": DIGEST, "gate": "tests", "owner": "a.ruiz", "reason": "known",
        "expires": "2026-12-01T00:00:00Z",
    });
    let glass = json!({ "id": "PR-1", "digest": DIGEST, "reason": "outage", "incident": "INC-1" });
    for (command, request, title) in [
        ("promotion_waive", waiver, "Waive a gate for prod?"),
        ("promotion_break_glass", glass, "Break the glass for prod?"),
    ] {
        shell.agrees.store(false, Ordering::Relaxed);
        let refused = call(&window, command, request.clone()).unwrap_err();
        assert_eq!(refused["code"], "cancelled");
        shell.agrees.store(true, Ordering::Relaxed);
        // The fake knows neither.
        let reached = call(&window, command, request).unwrap_err();
        assert_eq!(reached["message"], command);
        assert_eq!(shell.asked.lock().unwrap().last().unwrap().title, title);
    }
}
