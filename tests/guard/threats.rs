//! Every row of the threat table has a test that is named after it, or a reason why not.
//!
//! The table numbers what somebody may try against the product: 27 rows. A row's test is called
//! `threat_NN_...`, in Rust or in Python, or `threat_NN ...` in TypeScript; one that proves two rows
//! is called `threat_NN_MM_...`.

use interlock_acceptance::repository::{files, has_extension, read};
use std::collections::{BTreeMap, BTreeSet};

const ROWS: u32 = 27;

/// Rows without a test of ours, and why.
const UNTESTED: &[(u32, &str)] = &[
    (
        13,
        "which rights a token has is given by the bank's Jenkins, GitLab and SonarQube, not by us",
    ),
    (
        14,
        "what a deploy job does with its parameters belongs to execution",
    ),
    (19, "there is no updater: the bank distributes the package"),
    (
        21,
        "the ledger limits no writer; how reading grows with its length is measured, not tested",
    ),
    (
        22,
        "an export holds the whole log; there are no profiles that leave parts out",
    ),
    (
        24,
        "WebKitGTK comes with the system and is updated by it; we do not ask for its version",
    ),
];

#[test]
fn every_row_of_the_threat_table_has_its_test_or_its_reason() {
    let tests = |path: &String| has_extension(path, &["rs", "py", "ts", "tsx"]);
    let mut tested: BTreeSet<u32> = BTreeSet::new();
    for text in files().iter().filter(|path| tests(path)).map(read) {
        for (at, _) in text.match_indices("threat_") {
            let before = ["fn ", "def test_", "describe(\"", "test(\"", "test.each("];
            if before.iter().any(|before| text[..at].ends_with(before)) {
                tested.extend(rows(&text[at + "threat_".len()..]));
            }
        }
    }
    let reasons: BTreeMap<u32, &str> = UNTESTED.iter().copied().collect();
    let missing: Vec<u32> = (1..=ROWS)
        .filter(|row| !tested.contains(row) && !reasons.contains_key(row))
        .collect();
    assert!(
        missing.is_empty(),
        "rows without a test or a reason: {missing:?}"
    );
    let built: Vec<_> = UNTESTED
        .iter()
        .filter(|(row, _)| tested.contains(row))
        .collect();
    assert!(
        built.is_empty(),
        "these rows have tests now, so list them no more: {built:?}"
    );
    assert!(
        tested.iter().all(|row| (1..=ROWS).contains(row)),
        "{tested:?}"
    );
}

/// The numbers at the beginning of a name: `10_11_no_secret` is about two rows.
fn rows(name: &str) -> Vec<u32> {
    let number = |part: &str| (part.len() == 2).then(|| part.parse().ok()).flatten();
    name.split(['_', ' ']).map_while(number).collect()
}

#[test]
fn a_name_tells_its_rows() {
    assert_eq!(rows("10_11_no_secret"), [10, 11]);
    assert_eq!(rows("01 foreign text"), [1]);
    assert_eq!(rows("5_of"), Vec::<u32>::new());
}
