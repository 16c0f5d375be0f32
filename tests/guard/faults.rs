//! Every row of the fault table has a test that is named after it, as far as it is built.
//!
//! The table numbers what can go wrong between a request and its record: 56 rows. A row's test is
//! called `fault_NN_...`, in Rust or in Python.

use interlock_acceptance::repository::{files, has_extension, read};
use std::collections::BTreeSet;

const ROWS: u32 = 56;

/// Rows that the verification in the pipeline will decide, which is not built yet.
const OF_EXECUTION: &[u32] = &[22];

#[test]
fn every_row_of_the_fault_table_has_its_test() {
    let mut tested = BTreeSet::new();
    let tests = |path: &String| has_extension(path, &["rs", "py"]);
    for text in files().iter().filter(|path| tests(path)).map(read) {
        for (at, _) in text.match_indices("fault_") {
            let digits = &text[at + 6..].chars().take(2).collect::<String>();
            let is_test = text[..at].ends_with("fn ") || text[..at].ends_with("def test_");
            if let (true, Ok(row)) = (is_test, digits.parse::<u32>()) {
                tested.insert(row);
            }
        }
    }
    let missing: Vec<u32> = (1..=ROWS)
        .filter(|row| !tested.contains(row) && !OF_EXECUTION.contains(row))
        .collect();
    assert!(missing.is_empty(), "rows without a test: {missing:?}");
    let built: Vec<_> = OF_EXECUTION
        .iter()
        .filter(|row| tested.contains(row))
        .collect();
    assert!(
        built.is_empty(),
        "these rows have tests now, so list them no more: {built:?}"
    );
}
