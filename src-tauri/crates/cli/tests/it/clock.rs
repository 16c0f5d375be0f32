//! A clock that was moved on a practice estate counts in every process.

use crate::support::Bank;
use std::time::Duration;

#[test]
fn a_moved_practice_clock_brings_the_freeze_and_ages_what_was_seen() {
    let bank = Bank::open();
    bank.run(&["status"]).ends(1);
    let prepare = ["promote", "payments-api", "--to", "prod"];
    bank.run(&prepare)
        .ends(0)
        .prints(&["Outside of freeze windows: freeze `weekend` begins"]);
    // The practice freeze begins within eight days of the first start and lasts for more than two.
    let practice = bank.practice();
    let text = bank.estate_text();
    let from = text
        .split("from = \"")
        .nth(2)
        .or_else(|| text.split("from = \"").nth(1));
    let from: jiff::Timestamp = from.unwrap().split('"').next().unwrap().parse().unwrap();
    let clock = &practice.context().shared.clock;
    let until = from.duration_since(clock.now()).as_secs() + 3_600;
    clock.advance(Duration::from_secs(u64::try_from(until).unwrap()));
    bank.run(&["status", "--offline"])
        .says(&["AWS is stale: not asked for more than 15 minutes"]);
    bank.run(&["promote", "transactions-table", "--to", "prod"])
        .ends(1)
        .prints(&["x Outside of freeze windows: freeze `weekend` holds until"]);
}
