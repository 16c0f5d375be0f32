//! The window is there before the core is, and says so when the core cannot be opened.

use crate::fake::{Fake, Shell, call, envelope, once};
use interlock_contract::error::ErrorCode;
use interlock_contract::events::{CHANNEL, HostEvent};
use interlock_desktop::core::OpenCore;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tauri::Listener as _;
use tokio::sync::{broadcast, oneshot};

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_command_that_comes_before_the_core_is_open_waits_for_it() {
    let (events, receiver) = broadcast::channel(4);
    let (go, gate) = oneshot::channel();
    let shell = Shell::start_with(
        events,
        once(async move {
            let _ = gate.await;
            Ok(OpenCore {
                commands: Arc::new(Fake::default()),
                events: receiver,
                first_look: None,
            })
        }),
    );
    let window = shell.main_window();
    let (sender, answers) = mpsc::channel();
    let early = std::thread::spawn(move || {
        sender.send("asked").unwrap();
        let answer = call(&window, "overview_cancel", json!({}));
        sender.send("answered").unwrap();
        answer
    });
    assert_eq!(answers.recv_timeout(PATIENCE), Ok("asked"));
    assert!(answers.recv_timeout(Duration::from_millis(100)).is_err());
    go.send(()).unwrap();
    assert_eq!(early.join().unwrap(), Ok(json!({})));
}

#[test]
fn a_core_that_cannot_be_opened_answers_every_command_with_the_reason() {
    let (events, _) = broadcast::channel(4);
    let mut reason = envelope(ErrorCode::EstateInvalid, "line 3: unknown key `acount`");
    reason.retryable = false;
    let shell = Shell::start_with(events, once(async { Err(reason) }));
    let window = shell.main_window();
    for command in ["estate_view", "overview_cancel", "promotions_view"] {
        let answer = call(&window, command, json!({})).unwrap_err();
        assert_eq!(answer["code"], "estate-invalid");
        assert_eq!(answer["message"], "line 3: unknown key `acount`");
        assert_eq!(answer["retryable"], true, "the next request opens again");
    }
}

#[test]
fn a_failed_core_is_tried_again_once_the_user_had_time_to_mend_it() {
    let (events, _) = broadcast::channel(4);
    let attempts = Arc::new(AtomicUsize::new(0));
    let (counted, sender) = (Arc::clone(&attempts), events.clone());
    let shell = Shell::start_with(events, move || {
        let attempt = counted.fetch_add(1, Ordering::SeqCst);
        let receiver = sender.subscribe();
        async move {
            if attempt == 0 {
                return Err(envelope(ErrorCode::EstateInvalid, "line 3"));
            }
            Ok(OpenCore {
                commands: Arc::new(Fake::default()),
                events: receiver,
                first_look: None,
            })
        }
    });
    let window = shell.main_window();
    for _ in 0..3 {
        let answer = call(&window, "overview_cancel", json!({})).unwrap_err();
        assert_eq!(answer["code"], "estate-invalid");
    }
    assert_eq!(
        attempts.load(Ordering::SeqCst),
        1,
        "a burst shares one failure"
    );

    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(call(&window, "overview_cancel", json!({})), Ok(json!({})));
    assert_eq!(attempts.load(Ordering::SeqCst), 2);
}

#[test]
fn events_of_the_core_reach_the_window() {
    let shell = Shell::start();
    let (sender, received) = mpsc::channel();
    shell.main_window().listen_any(CHANNEL, move |event| {
        let _ = sender.send(serde_json::from_str::<Value>(event.payload()).unwrap());
    });
    shell
        .events
        .send(HostEvent::RunChanged { id: "p-1".into() })
        .unwrap();
    assert_eq!(
        received.recv_timeout(PATIENCE).unwrap(),
        json!({ "kind": "run-changed", "id": "p-1" })
    );
}

#[test]
fn when_events_were_missed_everything_is_asked_for_again() {
    let (events, receiver) = broadcast::channel(1);
    for id in ["a", "b", "c"] {
        events
            .send(HostEvent::RunChanged { id: id.into() })
            .unwrap();
    }
    drop(events);
    let delivered = std::sync::Mutex::new(Vec::new());
    tauri::async_runtime::block_on(interlock_desktop::events::forward(receiver, |event| {
        delivered.lock().unwrap().push(event);
    }));
    assert_eq!(
        delivered.into_inner().unwrap(),
        [
            HostEvent::OverviewChanged,
            HostEvent::IdentityChanged,
            HostEvent::RunChanged { id: "c".into() }
        ]
    );
}
