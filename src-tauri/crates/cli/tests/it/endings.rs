//! How the program ends when it does not simply succeed or fail.

use crate::support::{Bank, Desk, Ended};
use interlock_practice::faults::FaultKind;
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

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
    assert_eq!(own.json()["error"]["code"], "not-allowed");
    own.says(&["You requested this (policy guard-requester)"]);
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
    interrupt(&child);
    Ended::of(&child.wait_with_output().unwrap())
        .ends(130)
        .says(&["Cancelled. What had arrived is kept."]);
}

#[test]
fn leaving_a_run_whose_start_is_not_known_ends_with_seven_and_following_it_finds_out() {
    let bank = Bank::open();
    let id = approved(&bank);
    // The call is taken, its reply is lost, and for now nobody tells what became of it.
    let lost = FaultKind::DropReplyAfterAction;
    bank.fault("cloudformation", "ExecuteChangeSet", None, lost);
    let blind = FaultKind::Unavailable503;
    bank.fault("cloudformation", "DescribeStackEvents", None, blind);
    let words = ["promote", &id, "--execute", "--confirm", "prod"];
    let left = leave(&bank, &words, "finding out whether");
    assert_eq!(left.code, 7, "{left:?}");
    left.says(&["it is not known whether", "Do not start it again"]);
    bank.clear_faults();
    bank.run(&["follow", &id]).ends(0).prints(&["verified"]);
    let executed = bank.requests("ExecuteChangeSet");
    let log = bank.run(&["log"]).ends(0);
    let meant = log.out.matches("is about to ExecuteChangeSet").count();
    assert!(meant > 0 && executed == meant, "{executed} calls\n{log:?}");
}

#[test]
fn leaving_a_run_that_goes_on_ends_with_130() {
    let bank = Bank::open();
    let id = approved(&bank);
    let words = ["promote", &id, "--execute", "--confirm", "prod"];
    // However fast the bank is, there is something to wait for.
    let blind = FaultKind::Unavailable503;
    bank.fault("cloudformation", "DescribeStackEvents", None, blind);
    let left = leave(&bank, &words, "waiting for");
    bank.clear_faults();
    assert_eq!(left.code, 130, "{left:?}");
    left.says(&["Left. The deployment goes on"]);
    bank.run(&["follow", &id]).ends(0).prints(&["verified"]);
}

#[test]
fn a_run_that_fails_ends_with_one_and_what_it_left_out_has_no_times() {
    let bank = Bank::open();
    let id = approved(&bank);
    let rule = serde_json::json!({
        "stack": "payments-api-prod", "resource": "PaymentsFn", "times": 1,
        "reason": "The function's memory is above the account's quota",
    });
    let rule = serde_json::from_value(rule).unwrap();
    bank.practice().context().cloud.fail_next(rule);
    let words = ["promote", &id, "--execute", "--confirm", "prod"];
    let ended = bank.run(&[&words[..], &["--format", "json"]].concat());
    let result = ended.out.lines().last().unwrap();
    let result: serde_json::Value = serde_json::from_str(result).unwrap();
    assert_eq!(result["state"], "rolled back", "{ended:?}");
    let steps = result["steps"].as_array().unwrap();
    let left_out = steps.iter().find(|step| step["id"] == "verify").unwrap();
    assert_eq!(left_out["state"], "skipped");
    assert!(left_out["startedAt"].is_null(), "{left_out}");
    ended.ends(1);
}

/// A promotion through CloudFormation into prod that another person has approved.
fn approved(bank: &Bank) -> String {
    bank.run(&["status"]).ends(1);
    let prepare = ["promote", "payments-api", "--to", "prod", "--request"];
    let view = bank
        .run(&[&prepare[..], &["--format", "json"]].concat())
        .json();
    let id = view["summary"]["id"].as_str().unwrap().to_owned();
    let digest = view["digest"].as_str().unwrap();
    let approve = ["--as", "l.prado", "approve", &id, "--digest", digest];
    bank.run(&approve).ends(0);
    id
}

/// Runs a command until it says that, and interrupts it.
fn leave(bank: &Bank, words: &[&str], when: &str) -> Ended {
    let file = bank.practice().estate_file().display().to_string();
    let words = [&["--estate", &file], words].concat();
    let mut command = bank.desk.command(&words);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(when) {
        let read = talk.read_line(&mut said).unwrap();
        assert!(read > 0, "never said `{when}`: {said}");
    }
    interrupt(&child);
    std::io::Read::read_to_string(&mut talk, &mut said).unwrap();
    let mut ended = Ended::of(&child.wait_with_output().unwrap());
    ended.err = said;
    ended
}

fn interrupt(child: &Child) {
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}
