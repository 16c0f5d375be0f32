//! How the program ends when it does not simply succeed or fail.

use crate::support::{Bank, Desk, Ended};
use interlock_practice::faults::FaultKind;
use std::process::{Command, Stdio};

#[test]
fn what_the_present_state_forbids_ends_with_five() {
    let bank = Bank::open();
    bank.run(&["status"]).ends(1);
    let asked = bank.run(&[
        "promote",
        "transactions-table",
        "--to",
        "prod",
        "--request",
        "--format",
        "json",
    ]);
    let view = asked.json();
    let id = view["summary"]["id"].as_str().unwrap();
    let digest = &view["digest"].as_str().unwrap()[..12];
    let approve = |digest: &str| {
        let words = ["approve", id, "--digest", digest, "--format", "json"];
        bank.run(&words)
    };
    // Who asked may not approve.
    let own = approve(digest).ends(5);
    assert_eq!(own.json()["error"]["code"], "precondition-failed");
    // Nor may anybody approve what is not there any more.
    let other = approve("0123456789ab").ends(5);
    assert_eq!(other.json()["error"]["code"], "manifest-moved");
    let short = approve("0123").ends(2);
    assert_eq!(short.json()["error"]["code"], "invalid-request");
    bank.run(&["promote", id, "--execute", "--confirm", "prod"])
        .ends(5)
        .says(&["error: "]);
}

#[test]
fn an_environment_that_must_be_confirmed_and_a_wrong_word_end_with_two() {
    let desk = Desk::new();
    desk.run(&["statsu"]).ends(2).says(&["'status'"]);
    desk.run(&["promote", "payments-api"])
        .ends(2)
        .says(&["--to"]);
    desk.run(&["diff", "only-one.yaml"]).ends(2);
}

#[test]
fn an_interrupted_question_ends_with_130_and_says_what_is_kept() {
    let bank = Bank::open();
    let latency = FaultKind::Latency { millis: 20_000 };
    bank.fault("cloudformation", "DescribeStacks", None, latency);
    let file = bank.practice().estate_file().display().to_string();
    let mut command = bank.desk.command(&["--estate", &file, "status"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = child.spawn().unwrap();
    // Long enough to be asking, far shorter than the answer takes.
    std::thread::sleep(std::time::Duration::from_secs(2));
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    Ended::of(&child.wait_with_output().unwrap())
        .ends(130)
        .says(&["Cancelled. What had arrived is kept."]);
}
