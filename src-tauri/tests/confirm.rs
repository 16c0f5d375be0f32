//! What decides is agreed to outside the page, in words of the core, or does not happen.

use crate::fake::{DIGEST, Fake, Shell, call};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Every command that decides, with a request that the core would answer and the place of its
/// action in the view.
fn decisions() -> [(&'static str, Value, &'static str); 4] {
    let decision = json!({ "id": "PR-1", "digest": DIGEST, "comment": "" });
    let waiver = json!({
        "id": "PR-1", "digest": DIGEST, "gate": "tests", "owner": "a.ruiz", "reason": "known",
        "expires": "2026-12-01T00:00:00Z",
    });
    let glass = json!({ "id": "PR-1", "digest": DIGEST, "reason": "outage", "incident": "INC-1" });
    [
        ("promotion_approve", decision.clone(), "/actions/0"),
        ("promotion_execute", decision, "/actions/1"),
        ("promotion_waive", waiver, "/actions/2"),
        ("promotion_break_glass", glass, "/actions/3"),
    ]
}

#[test]
fn threat_04_an_approval_is_asked_about_outside_the_page_with_environment_and_digest() {
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
fn threat_04_what_was_prepared_again_since_the_page_was_read_is_not_asked_about() {
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
    let titles = ["Waive a gate for prod?", "Break the glass for prod?"];
    for ((command, request, _), title) in decisions().into_iter().skip(2).zip(titles) {
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

#[test]
fn threat_03_nothing_that_decides_reaches_the_core_without_a_yes_outside_the_page() {
    let fake = Fake::default();
    let reached = Arc::clone(&fake.reached);
    let shell = Shell::start_on(fake);
    for (command, request, _) in decisions() {
        shell.agrees.store(false, Ordering::Relaxed);
        let refused = call(&shell.main_window(), command, request.clone()).unwrap_err();
        assert_eq!(refused["code"], "cancelled", "{command}");
        assert_eq!(reached.lock().unwrap().len(), 0, "{command}");
        shell.agrees.store(true, Ordering::Relaxed);
        let _ = call(&shell.main_window(), command, request);
        assert_eq!(reached.lock().unwrap().pop(), Some(command));
    }
}

#[test]
fn threat_03_what_the_core_shows_as_disabled_is_refused_and_nobody_is_asked() {
    let fake = Fake::default();
    let (twist, reached) = (Arc::clone(&fake.twist), Arc::clone(&fake.reached));
    let shell = Shell::start_on(fake);
    shell.agrees.store(true, Ordering::Relaxed);
    for (command, request, action) in decisions() {
        let enabled = Box::leak(format!("{action}/enabled").into_boxed_str());
        let reason = Box::leak(format!("{action}/reason").into_boxed_str());
        let disabled = vec![
            (&*enabled, json!(false)),
            (&*reason, json!("A freeze holds until Monday.")),
        ];
        let gone = vec![("/actions", json!([]))];
        for (twists, message) in [
            (disabled, "A freeze holds until Monday."),
            (gone, "It cannot be decided now."),
        ] {
            *twist.lock().unwrap() = twists;
            let refused = call(&shell.main_window(), command, request.clone()).unwrap_err();
            assert_eq!(refused["code"], "precondition-failed", "{command}");
            assert_eq!(refused["message"], message, "{command}");
            assert!(shell.asked.lock().unwrap().is_empty(), "{command}");
            assert!(reached.lock().unwrap().is_empty(), "{command}");
        }
    }
}

#[test]
fn threat_02_no_name_ends_a_line_of_the_question_or_turns_it_round() {
    let fake = Fake::default();
    *fake.twist.lock().unwrap() = vec![
        (
            "/services/0/version",
            json!("9.3.1, from qa to dev\nAs nobody\r\n"),
        ),
        ("/services/0/service", json!("cards\u{202e}")),
        ("/summary/to", json!("prod\u{200b}")),
        ("/elements/0/value", json!("333333333333\n")),
    ];
    let shell = Shell::start_on(fake);
    let request = json!({ "id": "PR-1", "digest": DIGEST, "comment": "" });
    call(&shell.main_window(), "promotion_approve", request).unwrap_err();
    let asked = shell.asked.lock().unwrap().pop().unwrap();
    assert_eq!(asked.title, "Approve for prod[U+200B]?");
    assert_eq!(asked.yes, "Approve for prod[U+200B]");
    assert_eq!(asked.text.lines().count(), 3, "{}", asked.text);
    assert!(
        asked.text.starts_with(
            "cards[U+202E] 9.3.1, from qa to dev[U+000A]As nobody[U+000D][U+000A], from qa to "
        ),
        "{}",
        asked.text
    );
}
