//! Views as lines for people; one module a screen.
//!
//! These lines may change from release to release. Programs read `--format json`.

mod audit;
mod commits;
mod comparison;
mod diff;
mod doctor;
mod dossier;
mod drift;
mod freezes;
mod overview;
pub mod policy;
mod promotion;
mod run;
mod team;
mod values;
mod variables;

pub use audit::{audit, entries, entry, export, ledger_report};
pub use commits::places as commit_places;
pub use comparison::{comparison, comparison_summary};
pub use diff::report as judgement;
pub use doctor::connections;
pub use dossier::dossier;
pub use drift::{known as drift_known, report as drift};
pub use freezes::freezes;
pub use overview::{legend, overview};
pub use promotion::{promotion, promotions};
pub use run::{log_line, run};
pub use team::{beginning, own_key, proposal, roster};
pub use variables::variables;

/// A time of the contract to the second, in UTC; as it is when it is none.
pub fn time(at: &str) -> String {
    at.parse::<jiff::Timestamp>().map_or_else(
        |_| at.to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
    )
}

/// A text of ours that ends in `since` and a time, with the time to the second.
pub fn since(text: &str) -> String {
    match text.rsplit_once("since ") {
        Some((before, at)) => format!("{before}since {}", time(at)),
        None => text.to_owned(),
    }
}

/// A text of ours with every time in it to the second.
pub fn times(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let bare = word.trim_end_matches([':', ',', ';', '.']);
        // What is no time stays as it is.
        time(bare) + &word[bare.len()..]
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The heading of a table.
fn head(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_to_the_second_and_other_words_stay() {
        assert_eq!(time("2026-11-23T14:56:22.22Z"), "2026-11-23 14:56:22Z");
        assert_eq!(time("yesterday"), "yesterday");
        assert_eq!(
            since("PaymentsFn, since 2026-11-23T14:56:22.220000001Z"),
            "PaymentsFn, since 2026-11-23 14:56:22Z"
        );
        assert_eq!(
            times("frozen until 2026-11-23T14:56:22.2Z: weekend"),
            "frozen until 2026-11-23 14:56:22Z: weekend"
        );
        assert_eq!(since("1 of 2 approvals"), "1 of 2 approvals");
    }
}
