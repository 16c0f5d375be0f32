//! What outlives a restart of the server and of the process.

use super::{Fixture, Stacks, plan};
use crate::jenkins::Saved;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Starts another process on what the first one saved, through its stored form.
fn reopen(fixture: &Fixture) -> Fixture {
    let stored = serde_json::to_string(&fixture.jenkins.save()).unwrap();
    let saved: Saved = serde_json::from_str(&stored).unwrap();
    let again = Fixture::with(plan(), Arc::new(Stacks::default()));
    again
        .clock
        .store(fixture.clock.load(Ordering::SeqCst), Ordering::SeqCst);
    again.jenkins.restore(saved);
    again
}

#[test]
fn a_waiting_input_is_still_there_after_a_restart_and_can_be_answered() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/simple-input/", "");
    fixture.pass(3_000);
    let before = fixture.console(&build);
    let again = reopen(&fixture);
    assert_eq!(again.console(&build), before);
    let list = again.json("gil", &format!("{build}wfapi/pendingInputActions"));
    assert_eq!(list[0]["message"], "Continue?");
    assert_eq!(
        again
            .post("rita", &format!("{build}input/140e317e/proceedEmpty"), "")
            .status,
        200
    );
    again.pass(3_000);
    assert_eq!(again.result(&build), "SUCCESS");
}

#[test]
fn a_running_build_goes_on_and_a_queued_item_is_built() {
    let fixture = Fixture::new();
    let build = fixture.start("rita", "/job/long-log/", "");
    fixture.post("rita", "/job/serial/buildWithParameters", "X=9");
    fixture.pass(4_000);
    let again = reopen(&fixture);
    again.pass(60_000);
    assert_eq!(again.result(&build), "SUCCESS");
    let serial = again.json("rita", "/job/serial/1/api/json");
    assert_eq!(serial["actions"][0]["parameters"][0]["value"], "9");
    fixture.pass(60_000);
    assert_eq!(again.console(&build), fixture.console(&build));
}

#[test]
fn each_start_has_its_own_session_and_forgets_crumbs() {
    let fixture = Fixture::new();
    let session = |fixture: &Fixture| {
        let reply = fixture.get("admin", "/api/json");
        reply.get("x-jenkins-session").unwrap().to_owned()
    };
    let first = session(&fixture);
    fixture.jenkins.restart(1_000);
    fixture.pass(1_000);
    let second = session(&fixture);
    assert_ne!(first, second);
    assert_ne!(session(&reopen(&fixture)), second);
}
