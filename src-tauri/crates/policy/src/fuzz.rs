//! Body of the fuzz target for policy files and policy cases.
//!
//! Not for use: `fuzz/` calls it with whatever libFuzzer finds, the test below with files that
//! were changed. A body panics where a promise is broken.

use crate::{Authorizer, Freeze, Policy, PolicyError, parse, run_cases};
use interlock_domain::Timestamp;

/// Any text is a policy or problems with their places, and so for cases and Cedar policies.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let read = parse(text, "policy.toml", None, None);
    assert_eq!(
        read,
        parse(text, "policy.toml", None, None),
        "it is read two ways"
    );
    match &read {
        Ok(policy) => {
            for freeze in &policy.freezes {
                asked(freeze);
            }
        }
        Err(error) => has_places(error, text),
    }
    if let Err(error) = run_cases(&Policy::built_in(), text, "cases.toml") {
        has_places(&error, text);
    }
    if let Err(error) = Authorizer::new(text) {
        assert!(!error.problems.is_empty(), "an error without a problem");
    }
}

fn asked(freeze: &Freeze) {
    for at in [0, 1_795_000_000, 4_000_000_000] {
        if let Ok(at) = Timestamp::from_second(at)
            && let Some(next) = freeze.current_or_next(at)
        {
            assert!(next.starts < next.ends && at < next.ends);
        }
    }
}

fn has_places(error: &PolicyError, text: &str) {
    assert!(!error.problems.is_empty(), "an error without a problem");
    let lines = text.matches('\n').count() + 1;
    for problem in &error.problems {
        assert!(!problem.message.is_empty());
        assert!(problem.line >= 1 && problem.column >= 1);
        assert!(problem.line as usize <= lines, "beyond the end: {error}");
    }
}

#[cfg(test)]
#[path = "../../../../fuzz/mutated.rs"]
mod mutated;

#[cfg(test)]
mod tests {
    use super::{
        mutated::{foreign, soon, times},
        policy,
    };
    use proptest::prelude::*;

    const CASES: &str = "[[cases]]\nname = \"x\"\n[cases.facts]\nsoak = \"23h\"\nunknown = [\"tests\"]\n\
        changes = [\"Remove AWS::S3::Bucket\"]\n[cases.expect]\nblocks = true\n";

    proptest! {
        #![proptest_config(times(200))]

        #[test]
        fn any_text_is_a_policy_or_problems_with_their_places(
            bytes in foreign(vec![
                crate::tests::STRICT.as_bytes().to_vec(),
                crate::DEFAULT.as_bytes().to_vec(),
                CASES.as_bytes().to_vec(),
                crate::permits_text().as_bytes().to_vec(),
            ])
        ) {
            soon(|| policy(&bytes));
        }
    }
}
